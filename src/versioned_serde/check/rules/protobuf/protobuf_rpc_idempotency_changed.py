"""A call promises something else about being made twice."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from google.protobuf.descriptor_pb2 import MethodOptions

from versioned_serde.check.descriptors.difference import Difference
from versioned_serde.check.descriptors.elements import Method
from versioned_serde.check.descriptors.hit import Hit, of_method
from versioned_serde.check.rules.rule import Rule

BUF: Mapping[str, str] = {"RPC_SAME_IDEMPOTENCY_LEVEL": "CSR FILE PACKAGE WIRE_JSON WIRE"}
LOOKS_AT: tuple[str, ...] = ("methods",)
RULE = Rule(
    name="protobuf-rpc-idempotency-changed",
    severity="warning",
    finds="A call has another `idempotency_level`.",
    why=(
        "Clients decide by it whether to repeat a call, and some make calls without side effects as HTTP GET. A server"
        " that takes the promise back refuses those, or does twice what an old client repeats; this is an error."
    ),
    example="""\
```proto
service Orders {
  rpc Get(GetRequest) returns (Order) {
    option idempotency_level = IDEMPOTENT;   // was: NO_SIDE_EFFECTS
  }
}
```""",
    instead="Promise more when the server keeps it; take a promise back only in a call of a new name.",
    aliases=tuple(BUF),
    references=("docs/how-to/compare-contracts.md",),
    no_witness="A call is no record: what differs is whether it is sent twice.",
)


def check(old: Method, new: Method, _: Difference) -> Iterator[Hit]:
    """The call, if its level is another one."""
    before, now = old.proto.options.idempotency_level, new.proto.options.idempotency_level
    if before != now:
        was, is_ = MethodOptions.IdempotencyLevel.Name(before), MethodOptions.IdempotencyLevel.Name(now)
        text = f"`{new.name}` of `{new.service.full}` was `{was}`, and is `{is_}`."
        kept = before == MethodOptions.IDEMPOTENCY_UNKNOWN or (
            before == MethodOptions.IDEMPOTENT and now == MethodOptions.NO_SIDE_EFFECTS
        )
        yield of_method("RPC_SAME_IDEMPOTENCY_LEVEL", text, new, (4, 34), breaks=None if kept else "backward")
