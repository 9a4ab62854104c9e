"""One recursive model in every kind, through five versions, and values of any depth.

Every kind has the same wire names, so a value is the same plain tree in all of them. What changed from version 1 to 5:

    2: add("note"), the nested author's mail became absent, and `rank` is new
    3: rename("text", "body")
    4: retype("score", was=int) from cents, and remove("fax")
    5: within(Author, rename("nick", "name"))
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from random import Random
from typing import Any, NotRequired, Optional, TypedDict

import msgspec
from pydantic import BaseModel

from tests.protos.build import classes
from versioned_serde import Schema, Version, add, remove, rename, retype, within
from versioned_serde.codecs.protobuf import Protobuf
from versioned_serde.shape import (
    ABSENT,
    Attribute,
    Constant,
    ListType,
    MapType,
    NullableType,
    ObjectType,
    RecursiveType,
    Scalar,
    Shape,
)

TEXT = Scalar("str")


class Author(BaseModel):
    name: str
    friend: Optional[Comment] = None  # noqa: UP045


class Comment(BaseModel):
    id: int
    body: str
    score: Decimal
    replies: list[Comment] = []
    quoted: Optional[Comment] = None  # noqa: UP045
    by_tag: dict[str, Comment] = {}
    author: Optional[Author] = None  # noqa: UP045
    note: str = "-"


@dataclass
class DataAuthor:
    name: str
    friend: Optional[DataComment] = None  # noqa: UP045


@dataclass
class DataComment:
    id: int
    body: str
    score: Decimal
    replies: list[DataComment] = field(default_factory=list)
    quoted: Optional[DataComment] = None  # noqa: UP045
    by_tag: dict[str, DataComment] = field(default_factory=dict)
    author: Optional[DataAuthor] = None  # noqa: UP045
    note: str = "-"


class StructAuthor(msgspec.Struct):
    name: str
    friend: Optional[StructComment] = None  # noqa: UP045


class StructComment(msgspec.Struct):
    id: int
    body: str
    score: Decimal
    replies: list[StructComment] = []
    quoted: Optional[StructComment] = None  # noqa: UP045
    by_tag: dict[str, StructComment] = {}
    author: Optional[StructAuthor] = None  # noqa: UP045
    note: str = "-"


class DictAuthor(TypedDict):
    name: str
    friend: NotRequired[Optional[DictComment]]  # noqa: UP045


class DictComment(TypedDict):
    id: int
    body: str
    score: Decimal
    replies: NotRequired[list[DictComment]]
    quoted: NotRequired[Optional[DictComment]]  # noqa: UP045
    by_tag: NotRequired[dict[str, DictComment]]
    author: NotRequired[Optional[DictAuthor]]  # noqa: UP045
    note: NotRequired[str]


LEVEL = RecursiveType("Comment")
DECLARED = Shape(
    "Comment",
    (
        Attribute("id", Scalar("int")),
        Attribute("body", TEXT),
        Attribute("score", Scalar("decimal")),
        Attribute("replies", ListType(LEVEL), Constant([])),
        Attribute("quoted", NullableType(LEVEL), Constant(None)),
        Attribute("by_tag", MapType(LEVEL), Constant({})),
        Attribute(
            "author",
            NullableType(
                ObjectType(
                    Shape("Author", (Attribute("name", TEXT), Attribute("friend", NullableType(LEVEL), Constant(None))))
                )
            ),
            Constant(None),
        ),
        Attribute("note", TEXT, ABSENT),
    ),
)
PROTO = classes(
    """
    message Author
    string name = 1
    string nick = 3
    optional Comment friend = 2
    message Comment
    int64 id = 1
    string body = 2
    string text = 9
    string score = 3
    repeated Comment replies = 4
    optional Comment quoted = 5
    map Comment by_tag = 6
    optional Author author = 7
    optional string note = 8
    optional string fax = 10
    """
)["Comment"]
AUTHORS: dict[str, Any] = {
    "pydantic": Author,
    "dataclass": DataAuthor,
    "msgspec": StructAuthor,
    "mapping": DictAuthor,
}
MODELS: dict[str, Any] = {
    "pydantic": Comment,
    "dataclass": DataComment,
    "msgspec": StructComment,
    "mapping": DictComment,
    "declared": DECLARED,
}
CODECS: dict[str, Any] = {
    **{name: name for name in ("json", "msgpack", "xml", "cbor")},
    "protobuf": Protobuf(PROTO),
}
KEYS = {"replies": "id"}


def lines(codec: Any, author: Any) -> list[Version]:
    """The five versions. Steps are declared once, and concern every level.

    `score` had another type under its name, which a protobuf field cannot follow; there it stays.
    """
    steps: list[Any] = [remove("fax", was=str | None)]
    if not isinstance(codec, Protobuf):
        steps.append(retype("score", was=int, up=lambda cents: Decimal(cents) / 100, down=lambda d: int(d * 100)))
    return [
        Version(1, codec=codec, framing="envelope"),
        Version(2, add("note")),
        Version(3, rename("text", "body")),
        Version(4, *steps),
        Version(5, within(author, rename("nick", "name"))),
    ]


@cache
def schema(kind: str, codec: str, writes: int = 5, newest: int = 5) -> Schema[Any]:
    versions = lines(CODECS[codec], AUTHORS[kind])[:newest]
    return Schema("talk.comment", MODELS[kind], *versions, writes=writes, keys=KEYS)


@cache
def plain_schema(kind: str, codec: str) -> Schema[Any]:
    """One version."""
    return Schema("talk.comment", MODELS[kind], Version(1, codec=CODECS[codec], framing="envelope"), keys=KEYS)


def plain(kind: str, value: Any) -> Any:
    """An instance as a dict of what it holds, without what it does not."""
    if value is None:
        return None
    if isinstance(value, dict):
        held = value
    else:
        names = ("id", "body", "score", "replies", "quoted", "by_tag", "author", "note", "name", "friend")
        held = {name: getattr(value, name) for name in names if hasattr(value, name)}
    told = {name: _plain_item(kind, name, item) for name, item in held.items()}
    told = {name: item for name, item in told.items() if item not in (None, [], {})}
    if told.get("note") == "-":
        del told["note"]
    return told


def _plain_item(kind: str, name: str, item: Any) -> Any:
    if name == "replies":
        return [plain(kind, each) for each in item]
    if name == "by_tag":
        return {key: plain(kind, each) for key, each in item.items()}
    return plain(kind, item) if name in ("quoted", "friend", "author") else item


def made(kind: str, told: Any) -> Any:
    """The other way."""
    model = AUTHORS[kind] if "name" in told and kind in AUTHORS else MODELS[kind]
    values = dict(told)
    for name in ("quoted", "friend", "author"):
        if name in values:
            values[name] = made(kind, values[name])
    if "replies" in values:
        values["replies"] = [made(kind, each) for each in values["replies"]]
    if "by_tag" in values:
        values["by_tag"] = {key: made(kind, each) for key, each in values["by_tag"].items()}
    return values if kind in ("mapping", "declared") else model(**values)


def comment(random: Random, depth: int = 4) -> dict[str, Any]:
    """A plain tree of up to so many levels; replies to one comment have ids of their own."""
    told: dict[str, Any] = {
        "id": random.randrange(9),
        "body": random.choice(["", "a", "b c"]),
        # More digits than version 3 can hold, so that the way down loses some.
        "score": Decimal(random.randrange(2_000)) / 1_000,
    }
    if random.random() < 0.5:
        told["note"] = random.choice("no")
    if depth and random.random() < 0.7:
        ids = random.sample(range(9), random.randrange(1, 4))
        told["replies"] = [{**comment(random, random.randrange(depth)), "id": each} for each in ids]
    if depth and random.random() < 0.3:
        told["quoted"] = comment(random, depth - 1)
    if depth and random.random() < 0.3:
        told["by_tag"] = {tag: comment(random, random.randrange(depth)) for tag in random.sample("xyz", 2)}
    if depth and random.random() < 0.4:
        told["author"] = {"name": random.choice("pq")}
        if random.random() < 0.7:
            told["author"]["friend"] = comment(random, depth - 1)
    return told


def nodes(told: Any) -> list[dict[str, Any]]:
    """All comments in a plain tree, outermost first."""
    found: list[dict[str, Any]] = []
    waiting = [told]
    while waiting:
        node = waiting.pop()
        if "id" in node:
            found.append(node)
        waiting += node.get("replies", [])
        waiting += node.get("by_tag", {}).values()
        waiting += [node[name] for name in ("quoted", "friend", "author") if name in node]
    return found
