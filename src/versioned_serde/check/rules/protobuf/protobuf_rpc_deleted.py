"""A call is gone from a service."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from versioned_serde.check.descriptors.difference import Difference
from versioned_serde.check.descriptors.elements import Service
from versioned_serde.check.descriptors.hit import Hit, of_service
from versioned_serde.check.rules.rule import Rule

BUF: Mapping[str, str] = {"RPC_NO_DELETE": "FILE PACKAGE"}
LOOKS_AT: tuple[str, ...] = ("services",)
RULE = Rule(
    name="protobuf-rpc-deleted",
    severity="error",
    finds="A call is gone from a service.",
    why="Clients of older releases still make it, and the new server answers that it does not know it.",
    example="""\
```proto
service Orders {
  // rpc Cancel(CancelRequest) returns (CancelResponse);    is gone
}
```""",
    instead="""\
Mark it `option deprecated = true`, keep answering it, and remove it once no client that makes it runs.""",
    aliases=tuple(BUF),
    references=("docs/how-to/compare-contracts.md", "docs/explanation/two-phases.md"),
    no_witness="A call is no record: the server answers `UNIMPLEMENTED` whatever is sent.",
)


def check(old: Service, new: Service, _: Difference) -> Iterator[Hit]:
    """Each call that the service does not have any more."""
    names = {each.name for each in new.proto.method}
    for method in old.proto.method:
        if method.name not in names:
            text = f"`{method.name}` of `{new.full}` is gone."
            yield of_service("RPC_NO_DELETE", text, new, method.name, "backward")
