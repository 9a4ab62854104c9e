"""A call takes or gives another message."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from versioned_serde.check.descriptors.difference import Difference
from versioned_serde.check.descriptors.elements import Method
from versioned_serde.check.descriptors.hit import Hit, of_method
from versioned_serde.check.rules.rule import Rule

BUF: Mapping[str, str] = {
    "RPC_SAME_REQUEST_TYPE": "CSR FILE PACKAGE WIRE_JSON WIRE",
    "RPC_SAME_RESPONSE_TYPE": "CSR FILE PACKAGE WIRE_JSON WIRE",
}
LOOKS_AT: tuple[str, ...] = ("methods",)
RULE = Rule(
    name="protobuf-rpc-type-changed",
    severity="error",
    finds="A call takes or gives a message of another type.",
    why=(
        "The bytes do not name their type, so client and server of two releases take the same bytes for two messages."
        " Only where both have the same fields does that do no harm, and nothing keeps it so."
    ),
    example="""\
```proto
service Orders {
  rpc Cancel(OrderId) returns (Order);   // was: rpc Cancel(CancelRequest) returns (Order);
}
```""",
    instead="Change the message by adding fields to it, or add a call with the new message.",
    aliases=tuple(BUF),
    references=("docs/how-to/compare-contracts.md",),
    no_witness=(
        "The types are told apart by name; whether the one reads the records of the other, the fields of both say."
    ),
)


def check(old: Method, new: Method, _: Difference) -> Iterator[Hit]:
    """The call, if its request or its response is of another type."""
    call = f"`{new.name}` of `{new.service.full}`"
    before, now = old.proto, new.proto
    if before.input_type != now.input_type:
        text = f"{call} took `{before.input_type[1:]}`, and takes `{now.input_type[1:]}`."
        yield of_method("RPC_SAME_REQUEST_TYPE", text, new, (2,), breaks="full")
    if before.output_type != now.output_type:
        text = f"{call} gave `{before.output_type[1:]}`, and gives `{now.output_type[1:]}`."
        yield of_method("RPC_SAME_RESPONSE_TYPE", text, new, (3,), breaks="full")
