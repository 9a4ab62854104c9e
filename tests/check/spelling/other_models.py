"""Refactors of dataclasses, Structs and TypedDicts, and from one kind to another."""

from __future__ import annotations

PRELUDE = """
import enum
from collections.abc import Mapping, MutableSequence, Sequence
from dataclasses import KW_ONLY, InitVar, dataclass, field
from decimal import Decimal
from typing import Annotated, Any, ClassVar, Final, Generic, List, Literal, NamedTuple, NewType, NotRequired, Optional
from typing import Required, TypeVar, Union
import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType
from pydantic import BaseModel, Field
from typing_extensions import TypeAliasType, TypedDict
"""

CASES: dict[str, tuple[str, str]] = {
    "dataclass: an optional attribute with a bar": (
        "@dataclass\nclass Model:\n    note: Optional[str] = None",
        "@dataclass\nclass Model:\n    note: None | str = None",
    ),
    "dataclass: slots, frozen, keywords only": (
        "@dataclass\nclass Model:\n    id: int\n    note: str = ''",
        "@dataclass(slots=True, frozen=True, kw_only=True)\nclass Model:\n    note: str = ''\n    id: int",
    ),
    "dataclass: a default in a field": (
        "@dataclass\nclass Model:\n    amount: int = 1",
        "@dataclass\nclass Model:\n    _: KW_ONLY\n    amount: int = field(default=1, repr=False, compare=False)",
    ),
    "dataclass: a default factory in other words": (
        "@dataclass\nclass Model:\n    lines: list[int] = field(default_factory=list)",
        "@dataclass\nclass Model:\n    lines: List[int] = field(default_factory=list, hash=False)",
    ),
    "dataclass: inherited attributes": (
        "@dataclass\nclass Model:\n    id: int\n    name: str",
        "@dataclass\nclass Base:\n    id: int\n@dataclass\nclass Model(Base):\n    name: str",
    ),
    "dataclass: annotations as text": (
        "@dataclass\nclass Model:\n    lines: Sequence[int]\n    note: str | None = None",
        "from __future__ import annotations\n@dataclass\nclass Model:\n    lines: list[int]\n    note: str | None = None",
    ),
    "dataclass: annotated, final, aliased": (
        "@dataclass\nclass Model:\n    id: int\n    name: str\n    tags: list[str]",
        "Tags = TypeAliasType('Tags', list[str])\nName = NewType('Name', str)\n@dataclass\nclass Model:\n"
        "    id: Annotated[int, 'of the shop']\n    name: Name\n    tags: Tags",
    ),
    "dataclass: methods, properties, constants": (
        "@dataclass\nclass Model:\n    id: int",
        "@dataclass\nclass Model:\n    '''An order.'''\n    LIMIT: ClassVar[int] = 5\n    id: int\n"
        "    def _text(self) -> str:\n        return str(self.id)\n    @property\n    def url(self) -> str:\n"
        "        return self._text()",
    ),
    "dataclass: a nested class renamed": (
        "@dataclass\nclass Line:\n    sku: str\n@dataclass\nclass Model:\n    lines: dict[str, Line]",
        "@dataclass\nclass Item:\n    sku: str\n@dataclass\nclass Model:\n    lines: Mapping[str, Item]",
    ),
    "dataclass: an enum renamed, its members in another order": (
        "class Color(enum.Enum):\n    RED = 'red'\n    BLUE = 'blue'\n@dataclass\nclass Model:\n    color: Color",
        "class Paint(enum.Enum):\n    B = 'blue'\n    R = 'red'\n@dataclass\nclass Model:\n    color: Paint",
    ),
    "msgspec: an optional attribute with a bar": (
        "class Model(Struct):\n    note: Optional[str] = None",
        "class Model(Struct):\n    note: str | None = None",
    ),
    "msgspec: keywords only, frozen, another order": (
        "class Model(Struct):\n    id: int\n    note: str = ''",
        "class Model(Struct, kw_only=True, frozen=True, gc=False):\n    note: str = ''\n    id: int",
    ),
    "msgspec: an attribute that may be absent": (
        "class Model(Struct):\n    note: str | UnsetType = UNSET",
        "class Model(Struct):\n    note: Union[UnsetType, str] = UNSET",
    ),
    "msgspec: a wire name said otherwise": (
        "class Model(Struct, rename='camel'):\n    order_id: int",
        "class Model(Struct):\n    number: int = msgspec.field(name='orderId')",
    ),
    "msgspec: a bound with a description": (
        "class Model(Struct):\n    amount: Annotated[int, Meta(gt=0)]",
        "Amount = Annotated[int, Meta(gt=0, description='how many')]\nclass Model(Struct):\n    'An order.'\n"
        "    amount: Amount",
    ),
    "msgspec: a nested Struct renamed": (
        "class Line(Struct):\n    sku: str\nclass Model(Struct):\n    lines: list[Line]",
        "class Item(Struct):\n    sku: str\nclass Model(Struct):\n    lines: List[Item]",
    ),
    "msgspec: inherited attributes": (
        "class Model(Struct):\n    id: int\n    name: str",
        "class Base(Struct):\n    id: int\nclass Model(Base):\n    name: str",
    ),
    "TypedDict: required said otherwise": (
        "class Model(TypedDict, total=False):\n    id: Required[int]\n    note: str",
        "class Model(TypedDict):\n    id: int\n    note: NotRequired[str]",
    ),
    "TypedDict: as a call": (
        "class Model(TypedDict):\n    id: int\n    note: Optional[str]",
        "Model = TypedDict('Model', {'note': str | None, 'id': int})",
    ),
    "TypedDict: inherited attributes": (
        "class Model(TypedDict):\n    id: int\n    note: NotRequired[str]",
        "class Base(TypedDict):\n    id: int\nclass Model(Base, total=False):\n    note: str",
    ),
    "TypedDict: a nested class renamed": (
        "class Line(TypedDict):\n    sku: str\nclass Model(TypedDict):\n    lines: list[Line]",
        "class Item(TypedDict):\n    sku: str\nclass Model(TypedDict):\n    lines: MutableSequence[Item]",
    ),
    "from a dataclass to pydantic": (
        "@dataclass\nclass Line:\n    sku: str\n@dataclass\nclass Model:\n    id: int\n    lines: list[Line]\n"
        "    note: str | None = None",
        "class Line(BaseModel):\n    sku: str\nclass Model(BaseModel):\n    id: int\n    lines: list[Line]\n"
        "    note: str | None = None",
    ),
    "from pydantic to msgspec": (
        "class Line(BaseModel):\n    sku: str\nclass Model(BaseModel):\n    id: int\n    lines: list[Line]\n"
        "    total: Decimal = Decimal('0')",
        "class Line(Struct):\n    sku: str\nclass Model(Struct):\n    id: int\n    lines: list[Line]\n"
        "    total: Decimal = Decimal('0')",
    ),
    "from msgspec to a dataclass": (
        "class Model(Struct):\n    id: int\n    tags: list[str] = msgspec.field(default_factory=list)\n    size: float = 1.0",
        "@dataclass\nclass Model:\n    id: int\n    tags: list[str] = field(default_factory=list)\n    size: float = 1.0",
    ),
    "from a TypedDict to a dataclass": (
        "class Model(TypedDict):\n    id: int\n    name: str | None",
        "@dataclass\nclass Model:\n    id: int\n    name: Optional[str]",
    ),
    "from one kind within another": (
        "@dataclass\nclass Line:\n    sku: str\nclass Model(BaseModel):\n    line: Line",
        "class Line(TypedDict):\n    sku: str\nclass Model(BaseModel):\n    line: Line",
    ),
}
