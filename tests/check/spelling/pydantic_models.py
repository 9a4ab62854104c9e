"""Refactors of pydantic models: what it was, what it is now. `Model` is the schema's."""

from __future__ import annotations

PRELUDE = """
from collections.abc import Sequence, Mapping
from decimal import Decimal
from enum import Enum, IntEnum, StrEnum
from typing import Annotated, Any, ClassVar, Dict, Generic, List, Literal, NewType, Optional, Tuple, TypeVar, Union
from pydantic import AwareDatetime, BaseModel, ConfigDict, EmailStr, Field, PrivateAttr, computed_field, field_validator
from pydantic import PositiveInt, conint, constr
from datetime import datetime
from typing_extensions import TypeAliasType
"""
PAYMENTS = """
class Card(BaseModel):
    kind: Literal["card"]
    number: str
class Cash(BaseModel):
    kind: Literal["cash"]
"""

CASES: dict[str, tuple[str, str]] = {
    "an optional attribute with a bar": (
        "class Model(BaseModel):\n    note: Optional[str] = None",
        "class Model(BaseModel):\n    note: str | None = None",
    ),
    "None first": (
        "class Model(BaseModel):\n    note: str | None = None",
        "class Model(BaseModel):\n    note: Union[None, str] = None",
    ),
    "arms of a union in another order": (
        PAYMENTS + "class Model(BaseModel):\n    pay: Card | Cash",
        PAYMENTS + "class Model(BaseModel):\n    pay: Union[Cash, Card]",
    ),
    "a discriminator that is said": (
        PAYMENTS + "class Model(BaseModel):\n    pay: Card | Cash",
        PAYMENTS + "class Model(BaseModel):\n    pay: Annotated[Card | Cash, Field(discriminator='kind')]",
    ),
    "a type alias": (
        "class Model(BaseModel):\n    tags: list[str]",
        "Tags = list[str]\nclass Model(BaseModel):\n    tags: Tags",
    ),
    "a named type alias": (
        "class Model(BaseModel):\n    tags: list[str]",
        "Tags = TypeAliasType('Tags', list[str])\nclass Model(BaseModel):\n    tags: Tags",
    ),
    "a new type": (
        "class Model(BaseModel):\n    id: int",
        "OrderId = NewType('OrderId', int)\nclass Model(BaseModel):\n    id: OrderId",
    ),
    "a renamed class": (
        "class Line(BaseModel):\n    sku: str\nclass Model(BaseModel):\n    lines: list[Line]",
        "class OrderLine(BaseModel):\n    sku: str\nclass Order(BaseModel):\n    lines: list[OrderLine]\nModel = Order",
    ),
    "a renamed recursive class": (
        "class Node(BaseModel):\n    name: str\n    parts: list['Node'] = []\nModel = Node",
        "class Tree(BaseModel):\n    name: str\n    parts: list['Tree'] = []\nModel = Tree",
    ),
    "a class within the class": (
        "class Line(BaseModel):\n    sku: str\nclass Model(BaseModel):\n    line: Line",
        "class Model(BaseModel):\n    class Line(BaseModel):\n        sku: str\n    line: Line",
    ),
    "attributes in another order": (
        "class Model(BaseModel):\n    a: int\n    b: str | None = None\n    c: str = 'x'",
        "class Model(BaseModel):\n    c: str = 'x'\n    a: int\n    b: str | None = None",
    ),
    "annotated with a description": (
        "class Model(BaseModel):\n    total: Decimal",
        "class Model(BaseModel):\n    total: Annotated[Decimal, Field(description='all lines', title='Total')]",
    ),
    "a bound in the annotation": (
        "class Model(BaseModel):\n    amount: int = Field(1, gt=0, lt=100)",
        "class Model(BaseModel):\n    amount: Annotated[int, Field(gt=0, lt=100)] = 1",
    ),
    "a bound spelled otherwise": (
        "class Model(BaseModel):\n    amount: conint(gt=0)\n    name: constr(max_length=5)",
        "class Model(BaseModel):\n    amount: PositiveInt\n    name: Annotated[str, Field(max_length=5)]",
    ),
    "a default in a field": (
        "class Model(BaseModel):\n    amount: int = 1\n    note: str | None = None",
        "class Model(BaseModel):\n    amount: int = Field(1)\n    note: str | None = Field(default=None)",
    ),
    "a required attribute with dots": (
        "class Model(BaseModel):\n    amount: int",
        "class Model(BaseModel):\n    amount: int = Field(...)",
    ),
    "a default factory in the annotation": (
        "class Model(BaseModel):\n    lines: list[int] = Field(default_factory=list)",
        "class Model(BaseModel):\n    lines: Annotated[list[int], Field(default_factory=list)]",
    ),
    "a default that is equal": (
        "class Model(BaseModel):\n    rate: float = 2.0\n    total: Decimal = Decimal('1.10')",
        "class Model(BaseModel):\n    rate: float = 4 / 2\n    total: Decimal = Decimal('1.10') * 1",
    ),
    "a generic model by hand": (
        "T = TypeVar('T')\nclass Order(BaseModel):\n    id: int\n"
        "class Page(BaseModel, Generic[T]):\n    items: list[T]\n    after: str | None = None\nModel = Page[Order]",
        "class Order(BaseModel):\n    id: int\n"
        "class OrderPage(BaseModel):\n    items: list[Order]\n    after: str | None = None\nModel = OrderPage",
    ),
    "inherited attributes": (
        "class Model(BaseModel):\n    id: int\n    made: datetime\n    name: str",
        "class Stamped(BaseModel):\n    made: datetime\nclass Kept(Stamped):\n    id: int\n"
        "class Model(Kept):\n    name: str",
    ),
    "docstrings and comments": (
        "class Model(BaseModel):\n    id: int",
        "class Model(BaseModel):\n    '''An order.'''\n    id: int  # of the shop\n    '''Its number.'''",
    ),
    "a title of the model and examples": (
        "class Model(BaseModel):\n    id: int",
        "class Model(BaseModel):\n    model_config = ConfigDict(title='Order', json_schema_extra={'example': {}})\n    id: int",
    ),
    "annotations as text": (
        "class Line(BaseModel):\n    sku: str\nclass Model(BaseModel):\n    lines: list[Line]\n    note: str | None = None",
        "from __future__ import annotations\nclass Line(BaseModel):\n    sku: str\n"
        "class Model(BaseModel):\n    lines: list[Line]\n    note: str | None = None",
    ),
    "a list from typing": (
        "class Model(BaseModel):\n    a: List[int]\n    b: Dict[str, int]\n    c: Tuple[int, ...]",
        "class Model(BaseModel):\n    a: list[int]\n    b: dict[str, int]\n    c: tuple[int, ...]",
    ),
    "a list that is a sequence": (
        "class Model(BaseModel):\n    a: list[int]\n    b: dict[str, int]",
        "class Model(BaseModel):\n    a: Sequence[int]\n    b: Mapping[str, int]",
    ),
    "members of a literal in another order": (
        "class Model(BaseModel):\n    color: Literal['red', 'green']",
        "class Model(BaseModel):\n    color: Literal['green', 'red']",
    ),
    "a literal of literals": (
        "class Model(BaseModel):\n    color: Literal['red', 'green']",
        "Warm = Literal['red']\nclass Model(BaseModel):\n    color: Literal[Warm, 'green']",
    ),
    "a literal that may be null": (
        "class Model(BaseModel):\n    color: Literal['red', 'green', None] = None",
        "class Model(BaseModel):\n    color: Literal['red', 'green'] | None = None",
    ),
    "a renamed enum with renamed members": (
        "class Color(Enum):\n    RED = 'red'\n    GREEN = 'green'\nclass Model(BaseModel):\n    color: Color = Color.RED",
        "class Paint(Enum):\n    Green = 'green'\n    Red = 'red'\nclass Model(BaseModel):\n    color: Paint = Paint.Red",
    ),
    "an enum as text enum": (
        "class Color(str, Enum):\n    RED = 'red'\nclass Model(BaseModel):\n    color: Color",
        "class Color(StrEnum):\n    RED = 'red'\nclass Model(BaseModel):\n    color: Color",
    ),
    "an enum as literal": (
        "class Size(IntEnum):\n    S = 1\n    L = 2\nclass Model(BaseModel):\n    size: Size = Size.S",
        "class Model(BaseModel):\n    size: Literal[1, 2] = 1",
    ),
    "an open enum in another order": (
        "class Color(Enum):\n    RED = 'red'\nclass Model(BaseModel):\n    color: Color | str",
        "class Color(Enum):\n    RED = 'red'\nclass Model(BaseModel):\n    color: Union[str, Color]",
    ),
    "methods and properties": (
        "class Model(BaseModel):\n    id: int",
        "class Model(BaseModel):\n    id: int\n    _cache: dict = PrivateAttr(default_factory=dict)\n"
        "    LIMIT: ClassVar[int] = 5\n    def _twice(self) -> int:\n        return self.id * 2\n"
        "    @property\n    def text(self) -> str:\n        return str(self.id)\n"
        "    @computed_field\n    @property\n    def url(self) -> str:\n        return f'/orders/{self.id}'",
    ),
    "a validator under another name": (
        "class Model(BaseModel):\n    name: str\n    @field_validator('name')\n    @classmethod\n"
        "    def _known(cls, value: str) -> str:\n        return value",
        "class Order(BaseModel):\n    name: str\n    @field_validator('name')\n    @classmethod\n"
        "    def _named(cls, value: str) -> Any:\n        'All are.'\n        return value\nModel = Order",
    ),
    "a post init beside private attributes": (
        "class Model(BaseModel):\n    id: int\n    def model_post_init(self, context: Any) -> None:\n        self.id",
        "class Model(BaseModel):\n    id: int\n    _cache: dict = {}\n"
        "    def model_post_init(self, context: Any) -> None:\n        self.id",
    ),
    "another name in Python": (
        "class Model(BaseModel):\n    klass: str = Field(alias='class')",
        "class Model(BaseModel):\n    kind_of: str = Field(alias='class')",
    ),
    "an alias for serialization": (
        "class Model(BaseModel):\n    klass: str = Field(alias='class')",
        "class Model(BaseModel):\n    klass: str = Field(serialization_alias='class', validation_alias='cls')",
    ),
    "an alias generator": (
        "class Model(BaseModel):\n    order_id: int = Field(alias='orderId')",
        "from pydantic.alias_generators import to_camel\nclass Model(BaseModel):\n"
        "    model_config = ConfigDict(alias_generator=to_camel)\n    order_id: int",
    ),
    "a frozen model": (
        "class Model(BaseModel):\n    id: int",
        "class Model(BaseModel):\n    model_config = ConfigDict(frozen=True, arbitrary_types_allowed=True)\n    id: int",
    ),
    "an aware moment": (
        "class Model(BaseModel):\n    at: AwareDatetime\n    ends: AwareDatetime | None = None",
        "Moment = AwareDatetime\nclass Model(BaseModel):\n    at: Moment\n    ends: Optional[Moment] = None",
    ),
    "any value as an object": (
        "class Model(BaseModel):\n    payload: Any = None",
        "class Model(BaseModel):\n    payload: object = None",
    ),
}
