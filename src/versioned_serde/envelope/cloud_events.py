"""CloudEvents: attributes of an event say which schema its data is of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal
from urllib.parse import quote

from versioned_serde.envelope.foreign import another
from versioned_serde.errors import DeclarationError

Binding = Literal["http", "kafka", "attributes"]
_AS_IS = "".join(chr(code) for code in range(0x21, 0x7F) if chr(code) not in '"%')
"""Printable ASCII that stands in headers as it is."""
_PREFIXES: dict[Binding, str] = {"http": "ce-", "kafka": "ce_", "attributes": ""}


@dataclass(frozen=True)
class CloudEvents:
    """Data of CloudEvents, told by `dataschema` and `datacontenttype`; the payload is the event's data.

    The other attributes of an event (`id`, `source`, `type`, ...) are the service's own: `pack` gives the attributes
    of this framing, to be sent beside them. An event in structured mode is taken apart by an SDK of CloudEvents first;
    its attributes and its data are then given to `unpack`, with the binding `attributes`.

    Source: CloudEvents 1.0.2, and its bindings for HTTP and Kafka.

    Args:
        dataschema: URI of the schema that the data adheres to; compared as text.
        datacontenttype: media type of the data; compared without regard to case and to parameters. Events that lack it
            are JSON, as the specification says.
        binding: how attributes are named in headers: `http` (`ce-dataschema`, `content-type`), `kafka`
            (`ce_dataschema`, `content-type`), or `attributes`, as in the specification.

    Raises:
        DeclarationError: `dataschema` is empty, or the binding is not one of these.
    """

    dataschema: str
    datacontenttype: str = "application/json"
    binding: Binding = "http"

    def __post_init__(self) -> None:
        if not self.dataschema:
            raise DeclarationError(
                "A CloudEvents framing needs the `dataschema` by which its events are told.",
                hint="Events without one cannot be told from each other: send them to another place.",
            )
        if self.binding not in _PREFIXES:
            raise DeclarationError(
                f"There is no binding `{self.binding}` of CloudEvents here.", hint=f"Known are {', '.join(_PREFIXES)}."
            )

    @property
    def name(self) -> str:
        return "cloudevents"

    @property
    def prefix(self) -> bytes:
        return b""

    @property
    def headers(self) -> Mapping[str, str]:
        return {self._schema: self._spelled, self._type: self.datacontenttype}

    @property
    def _schema(self) -> str:
        return f"{_PREFIXES[self.binding]}dataschema"

    @property
    def _spelled(self) -> str:
        # HTTP headers have attributes percent-encoded, so a `%` of the URI too (binding for HTTP, 3.1.3.2).
        return quote(self.dataschema, safe=_AS_IS) if self.binding == "http" else self.dataschema

    @property
    def _type(self) -> str:
        return "datacontenttype" if self.binding == "attributes" else "content-type"

    def open(self, data: bytes, headers: Mapping[str, str] | None) -> bytes | None:
        found = [value for name, value in (headers or {}).items() if name.lower() == self._schema]
        if not found:
            return None
        if found != [self._spelled]:
            raise another(self.name, "the `dataschema`")
        types = [value for name, value in (headers or {}).items() if name.lower() == self._type]
        if [_media_type(value) for value in types or ["application/json"]] != [_media_type(self.datacontenttype)]:
            raise another(self.name, "the `datacontenttype`")
        return data


def _media_type(text: str) -> str:
    return text.partition(";")[0].strip().lower()
