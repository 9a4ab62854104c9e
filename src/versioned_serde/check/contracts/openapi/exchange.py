"""One side's messages, read by the other side: all that can be wrong with them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from versioned_serde.check.contracts.json_schema.inclusion import Witness, included
from versioned_serde.check.contracts.openapi import texts
from versioned_serde.check.contracts.openapi.api import Api, Body, Operation, Parameter, Response
from versioned_serde.check.contracts.openapi.discriminators import changes
from versioned_serde.check.contracts.openapi.documents import Node
from versioned_serde.check.contracts.openapi.pairs import Pair, pairs, same
from versioned_serde.check.contracts.openapi.schemas import DIALECT, FLAGS, Key, Message, Schemas, meant
from versioned_serde.check.finding import Direction, Finding, Place
from versioned_serde.check.rules.rule import Rule


@dataclass(frozen=True, slots=True)
class _At:
    """Where in the contracts something is.

    Attributes:
        operation: name of the operation.
        part: of its message, such as `request body`.
        node: where it is in the new contract.
        from_server: whether the server calls.
    """

    operation: str
    part: str
    node: Node
    from_server: bool


@dataclass(frozen=True, slots=True)
class Hit:
    """A finding, and between which hosts it is.

    Attributes:
        finding: the finding.
        new_servers: whether new servers and old clients meet there; else old servers and new clients do.
    """

    finding: Finding
    new_servers: bool


@dataclass(frozen=True, slots=True)
class _Link:
    """Two schemas that are compared, and those that refer to them.

    Attributes:
        pair: the schemas.
        around: whose parts they are; None for those of a message.
    """

    pair: Pair
    around: _Link | None

    @property
    def attribute(self) -> str:
        return _joined(self.around.attribute, self.pair.attribute) if self.around else ""


class Exchange:
    """The requests, or the responses, that hosts of one release send to hosts of the other."""

    def __init__(self, message: Message, direction: Direction, old: Api, new: Api, rules: Mapping[str, Rule]) -> None:
        """Compares two documents one way.

        Args:
            message: what is sent.
            direction: `backward`: the old release sends it.
            old: the old contract.
            new: the new one.
            rules: the rules of this family by their names.
        """
        self._message: Message = message
        self._direction: Direction = direction
        self._writer, self._reader = (old, new) if direction == "backward" else (new, old)
        self._new = new
        self._rules = rules
        self._hits: list[Hit] = []
        self._compared: dict[tuple[Any, ...], tuple[int, int]] = {}
        self._again: dict[int, int] = {}
        self._samples: dict[Key, Witness | None] = {}
        self._discriminators: set[tuple[Any, ...]] = set()

    def hits(self) -> tuple[Hit, ...]:
        """All that is wrong. What is wrong with a schema is told once, for the first message that has it."""
        for key, written in self._writer.operations.items():
            read = self._reader.operations.get(key)
            if self._message == "request":
                self._request(key, written, read)
            elif read is not None:
                self._responses(written, read)
        return tuple(
            replace(each, finding=_told(each.finding, self._again.get(index, 0)))
            for index, each in enumerate(self._hits)
        )

    def _request(self, key: tuple[str, ...], written: Operation, read: Operation | None) -> None:
        if read is None:
            self._operation_missing(written)
            return
        self._parameters(written, read)
        self._security(written, read)
        at = self._at(written, read, "request body", _node(written.body), _node(read.body))
        if read.body is None:
            if written.body is not None:
                self._add("openapi-input-ignored", at, "it is sent, and no body is read")
            return
        if read.body.required and (written.body is None or not written.body.required):
            what = "it is required where it is read, and may be left out where it is sent"
            self._add("openapi-body-required", at, what, witness=self._request_text(written))
        if written.body is not None:
            for media, content in written.body.content.items():
                found = _matching(media, read.body.content)
                if found is None:
                    what = f"`{media}` is sent, and what is read is {_list(read.body.content)}"
                    shown = self._request_text(written, media=media)
                    self._add("openapi-media-type-missing", at, what, witness=shown)
                else:
                    self._content(written, read, f"request body as `{media}`", content, found)

    def _parameters(self, written: Operation, read: Operation) -> None:
        for key, theirs in read.parameters.items():
            mine = written.parameters.get(key)
            at = self._at(written, read, _named(theirs), _node(mine), theirs.node)
            if theirs.required and (mine is None or not mine.required):
                what = f"it is required where it is read, and {'may be left out' if mine else 'is not there'}"
                self._add(
                    "openapi-parameter-required", at, f"{what} where it is sent", witness=self._request_text(written)
                )
        for key, mine in written.parameters.items():
            other = read.parameters.get(key)
            at = self._at(written, read, _named(mine), mine.node, _node(other))
            if other is None:
                self._add("openapi-input-ignored", at, "it is sent, and is not read")
                continue
            if mine.form != other.form:
                what = f"it is sent as {mine.form}, and read as {other.form}"
                value = texts.value_of(mine, self._value)
                differs = texts.form(mine, value) != texts.form(mine, value, other.form)
                shown = self._request_text(written, also=mine) if differs else None
                self._add("openapi-parameter-form-changed", at, what, witness=shown)
            self._schemas(at, mine.schema, other.schema)

    def _security(self, written: Operation, read: Operation) -> None:
        given = written.security or (frozenset(),)
        wanted = read.security or (frozenset(),)
        missing = [each for each in given if not any(alternative <= each for alternative in wanted)]
        if missing:
            at = self._at(written, read, "security", written.node, read.node)
            what = " or ".join(_list(sorted(each)) or "no credentials" for each in wanted)
            sent = _list(sorted(missing[0])) or "no credentials"
            # What a token allows is not in the request.
            known = not any(" with " in each or each == "oauth2" for each in missing[0])
            shown = self._request_text(written, credentials=sorted(missing[0])) if known else None
            self._add(
                "openapi-security-required", at, f"{sent} may be sent, and what is taken is {what}", witness=shown
            )

    def _responses(self, written: Operation, read: Operation) -> None:
        for status, response in written.responses.items():
            expected = _expected(status, read.responses)
            part = f"response `{status}`"
            at = self._at(written, read, part, response.node, expected.node if expected else read.node)
            if expected is None:
                error = status[0] in "45d"
                rule = "openapi-error-status-missing" if error else "openapi-status-missing"
                concrete = texts.status_of(status, read.responses)
                told = None if error else texts.response(concrete, response, self._value)
                self._add(rule, at, f"it is sent, and what is read is {_list(read.responses)}", witness=told)
                continue
            self._headers(written, read, status, response, expected)
            if not expected.content:
                continue
            pairs = [(media, each, _matching(media, expected.content)) for media, each in response.content.items()]
            if not pairs:
                shown = texts.response(texts.status_of(status, ()), response, self._value)
                self._add("openapi-body-missing", at, "it is read with a body, and sent without one", witness=shown)
            elif all(found is None for _, _, found in pairs):
                what = f"{_list(response.content)} is sent, and what is read is {_list(expected.content)}"
                shown = texts.response(texts.status_of(status, ()), response, self._value, next(iter(response.content)))
                self._add("openapi-media-type-missing", at, what, witness=shown)
            for media, content, found in pairs:
                if found is not None:
                    self._content(written, read, f"{part} as `{media}`", content, found)

    def _headers(self, written: Operation, read: Operation, status: str, sent: Response, expected: Response) -> None:
        for name, theirs in expected.headers.items():
            mine = sent.headers.get(name)
            place = mine.node if mine else sent.node
            at = self._at(written, read, f"response `{status}`, header `{name}`", place, theirs.node)
            if theirs.required and (mine is None or not mine.required):
                what = "it is required where it is read, and may be left out where it is sent"
                shown = texts.response(texts.status_of(status, ()), sent, self._value)
                self._add("openapi-header-missing", at, what, witness=shown)
            if mine is not None:
                self._schemas(at, mine.schema, theirs.schema)

    def _content(self, written: Operation, read: Operation, part: str, sent: Node, expected: Node) -> None:
        at = self._at(written, read, part, sent, expected)
        self._schemas(at, sent.raw("schema"), expected.raw("schema"))

    def _schemas(self, at: _At, written: Node | None, read: Node | None) -> None:
        if written is None or read is None:
            return  # anything may be there
        waiting = [_Link(Pair((), written, read), None)]
        while waiting:
            link = waiting.pop()
            mine, theirs = meant(link.pair.written, self._writer.version), meant(link.pair.read, self._reader.version)
            if (mine.key, theirs.key) in self._compared:
                for index in range(*self._compared[mine.key, theirs.key]):
                    self._again[index] = self._again.get(index, 0) + 1
                continue
            first = len(self._hits)
            waiting += [_Link(each, link) for each in self._pair(at, link, mine, theirs)]
            self._compared[mine.key, theirs.key] = (first, len(self._hits))

    def _pair(self, at: _At, link: _Link, written: Node, read: Node) -> list[Pair]:
        """Compares two schemas but for what they refer to in the same places, which it returns."""
        inner = pairs(written, read, FLAGS[self._message])
        cut = frozenset(key for each in inner for key in (each.written.key, each.read.key))
        if self._writer.version != self._reader.version or not same(written, read, cut):
            samples = [(each, sample) for each in inner if (sample := self._sample(each.written)) is not None]
            inner = [each for each, _ in samples]
            cuts = {key: sample.instance for each, sample in samples for key in (each.written.key, each.read.key)}
            self._compare(at, link, written, read, cuts)
        return inner

    def _compare(self, at: _At, link: _Link, written: Node, read: Node, cuts: Mapping[Key, Any]) -> None:
        writer = Schemas(self._writer.version, "writer", self._message, cuts)
        reader = Schemas(self._reader.version, "reader", self._message, cuts)
        sub, sup = writer.schema(written), reader.schema(read)
        attribute = link.attribute
        for each in included(sub, sup, sub_root=writer.root, sup_root=reader.root, dialect=DIALECT).obstacles:
            if self._direction == "backward":
                place = reader.place(each.sup_pointer) or read.place
            else:
                place = writer.place(each.sub_pointer or "") or written.place
            undecided = each.witness is None
            rule = "openapi-schema-undecided" if undecided else f"openapi-{self._message}-schema"
            self._add(
                rule,
                at,
                f"{f'`{attribute}`: ' if attribute else ''}{each.message.rstrip('.')}",
                attribute=_joined(attribute, each.attribute),
                place=place,
                witness=None if each.witness is None else self._whole(link, each.witness),
                aliases=(each.rule,),
            )
        for what, mine, theirs in changes(written, read, self._discriminators):
            place = (theirs if self._direction == "backward" else mine).place
            self._add("openapi-discriminator-changed", at, what, place=place)

    def _whole(self, link: _Link, witness: Witness) -> str:
        """A value of the whole message that holds a witness at its place; the witness alone if none is found."""
        found = witness
        above: _Link | None = link
        while above is not None and above.around is not None:
            node = meant(above.around.pair.written, self._writer.version)
            inner = pairs(node, meant(above.around.pair.read, self._reader.version), FLAGS[self._message])
            samples = {each.written.key: self._sample(each.written) for each in inner}
            cuts = {key: sample.instance for key, sample in samples.items() if sample is not None}
            writer = Schemas(
                self._writer.version, "writer", self._message, cuts | {above.pair.written.key: found.instance}
            )
            inclusion = included(writer.schema(node), above.pair.absent(), sub_root=writer.root, dialect=DIALECT)
            holding = next((each.witness for each in inclusion.obstacles if each.witness is not None), None)
            if holding is None:
                return json.dumps(witness.instance, ensure_ascii=False)
            found = holding
            above = above.around
        return json.dumps(found.instance, ensure_ascii=False)

    def _sample(self, node: Node) -> Witness | None:
        """A value that a writer's schema allows, if one is found."""
        node = meant(node, self._writer.version)
        if node.key not in self._samples:
            written = Schemas(self._writer.version, "writer", self._message)
            inclusion = included(written.schema(node), False, sub_root=written.root, dialect=DIALECT)
            self._samples[node.key] = next((each.witness for each in inclusion.obstacles), None)
        return self._samples[node.key]

    def _operation_missing(self, written: Operation) -> None:
        if self._direction == "backward":
            path = written.node.pointer[-2]
            node = self._new.root.get("paths", path) or self._new.root.get("paths") or self._new.root
        else:
            node = written.node
        at = _At(written.name, "", node, written.from_server)
        was = " It was deprecated before." if written.deprecated and self._direction == "backward" else ""
        until = f" Its sunset is {written.sunset}." if was and written.sunset else ""
        what = f"it is not there{'.' if was else ''}{was}{until}".rstrip(".")
        self._add("openapi-operation-missing", at, what, witness=self._request_text(written))

    def _request_text(self, operation: Operation, **more: Any) -> str:
        return texts.request(operation, self._value, **more)

    def _value(self, node: Node) -> Any:
        found = self._sample(node)
        return None if found is None else found.instance

    def _at(self, written: Operation, read: Operation, part: str, writer: Node | None, reader: Node | None) -> _At:
        mine, theirs = (read, reader) if self._direction == "backward" else (written, writer)
        return _At(mine.name, part, theirs or mine.node, written.from_server)

    def _add(
        self, rule: str, at: _At, what: str, *, place: Place | None = None, attribute: str = "", **more: Any
    ) -> None:
        finding = self._rules[rule].finding(
            f"{self._hosts(at.from_server)}, `{at.operation}`{', ' if at.part else ''}{at.part}: {what}.",
            schema=at.operation,
            attribute=": ".join(each for each in (at.part.replace("`", ""), attribute) if each) or None,
            direction=self._direction,
            place=place or at.node.place,
            **more,
        )
        server_writes = (self._message == "response") != at.from_server
        self._hits.append(Hit(finding, new_servers=server_writes == (self._direction == "forward")))

    def _hosts(self, from_server: bool) -> str:
        writing, reading = ("old", "new") if self._direction == "backward" else ("new", "old")
        client, server = ("servers", "clients") if from_server else ("clients", "servers")
        if self._message == "request":
            return f"{writing.capitalize()} {client} calling {reading} {server}"
        return f"{reading.capitalize()} {client} reading answers of {writing} {server}"


def _joined(around: str, attribute: str) -> str:
    return f"{around}{'.' if around and attribute and not attribute.startswith('[') else ''}{attribute}"


def _told(finding: Finding, more: int) -> Finding:
    return replace(finding, message=f"{finding.message[:-1]}; also in {more} more.") if more else finding


def _node(part: Body | Parameter | None) -> Node | None:
    return None if part is None else part.node


def _expected(status: str, responses: Mapping[str, Response]) -> Response | None:
    """The response that a reader takes a status for."""
    for each in (status, f"{status[0]}XX", "default"):
        if each in responses:
            return responses[each]
    return None


def _matching(media: str, content: Mapping[str, Node]) -> Node | None:
    """What a reader takes for a media type: its own entry, or the closest range."""
    essence = media.partition(";")[0].strip().lower()
    by_essence = {each.partition(";")[0].strip().lower(): node for each, node in content.items()}
    for each in (essence, f"{essence.partition('/')[0]}/*", "*/*"):
        if each in by_essence:
            return by_essence[each]
    return None


def _named(parameter: Parameter) -> str:
    return f"{parameter.where} parameter `{parameter.node.value['name']}`"


def _list(names: Any) -> str:
    return ", ".join(f"`{each}`" for each in names)
