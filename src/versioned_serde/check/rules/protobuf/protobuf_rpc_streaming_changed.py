"""A call takes or gives one message instead of several, or several instead of one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from versioned_serde.check.descriptors.difference import Difference
from versioned_serde.check.descriptors.elements import Method
from versioned_serde.check.descriptors.hit import Hit, of_method
from versioned_serde.check.rules.rule import Rule

BUF: Mapping[str, str] = {
    "RPC_SAME_CLIENT_STREAMING": "CSR FILE PACKAGE WIRE_JSON WIRE",
    "RPC_SAME_SERVER_STREAMING": "CSR FILE PACKAGE WIRE_JSON WIRE",
}
LOOKS_AT: tuple[str, ...] = ("methods",)
RULE = Rule(
    name="protobuf-rpc-streaming-changed",
    severity="error",
    finds="A call takes or gives a stream where it took or gave one message, or the other way round.",
    why="Client and server of two releases do not agree on how many messages follow, and the call fails, or waits.",
    example="""\
```proto
service Orders {
  rpc List(ListRequest) returns (stream Order);   // was: returns (Order)
}
```""",
    instead="Add a call that streams, and remove the other once no client that makes it runs.",
    aliases=tuple(BUF),
    references=("docs/how-to/compare-contracts.md",),
    no_witness="A call is no record: its messages are the same, and how many are sent is not.",
)


def check(old: Method, new: Method, _: Difference) -> Iterator[Hit]:
    """The call, if its request or its response is a stream on one side alone."""
    call = f"`{new.name}` of `{new.service.full}`"
    if old.proto.client_streaming != new.proto.client_streaming:
        text = (
            f"{call} takes {_messages(new.proto.client_streaming)}, and took {_messages(old.proto.client_streaming)}."
        )
        yield of_method("RPC_SAME_CLIENT_STREAMING", text, new, breaks="full")
    if old.proto.server_streaming != new.proto.server_streaming:
        text = (
            f"{call} gives {_messages(new.proto.server_streaming)}, and gave {_messages(old.proto.server_streaming)}."
        )
        yield of_method("RPC_SAME_SERVER_STREAMING", text, new, breaks="full")


def _messages(streaming: bool) -> str:
    return "a stream" if streaming else "one message"
