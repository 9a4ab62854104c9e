"""A call of `Schema` or `Parameter` in a source file, and the edits that `fix` makes in it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import libcst as cst

from versioned_serde.check.fix.source import Entry, Source

_FORM = ("codec", "coding", "framing", "checksum")


class NotEditableError(Exception):
    """The declaration is written in a way in which `fix` does not edit it; the text says why."""


@dataclass(frozen=True, slots=True)
class VersionLine:
    """A `Version(...)` among the arguments of a `Schema(...)`.

    Attributes:
        number: the version.
        index: which argument of the schema it is.
        call: the call.
    """

    number: int
    index: int
    call: cst.Call

    def keyword(self, name: str) -> cst.Arg | None:
        """The argument of a name."""
        return _keyword(self.call, name)

    @property
    def steps(self) -> list[cst.Arg]:
        """The arguments that are steps."""
        plain = [arg for arg in self.call.args if arg.keyword is None]
        return plain if self.keyword("number") else plain[1:]


class SchemaCall:
    """A call of `Schema` whose versions stand in it one by one.

    Args:
        source: the file.
        call: the call.

    Raises:
        NotEditableError: they do not.
    """

    def __init__(self, source: Source, call: cst.Call) -> None:
        self.source = source
        self.call = call
        if any(arg.star for arg in call.args):
            raise NotEditableError("its versions are computed")
        positional = [index for index, arg in enumerate(call.args) if arg.keyword is None]
        keywords = {arg.keyword.value for arg in call.args if arg.keyword is not None}
        given = 2 - len({"name", "model"} & keywords)
        self.lines: list[VersionLine] = [self._line(index) for index in positional[given:]]
        if not self.lines:
            raise NotEditableError("it has no version lines")

    def _line(self, index: int) -> VersionLine:
        value = self.call.args[index].value
        if isinstance(value, cst.Call) and not any(arg.star for arg in value.args):
            number = _keyword(value, "number") or next((arg for arg in value.args if arg.keyword is None), None)
            if number is not None and isinstance(number.value, cst.Integer):
                return VersionLine(number.value.evaluated_value, index, value)
        raise NotEditableError(f"`{self.source.code(self.call.args[index])}` is not a `Version(...)` with a number")

    @property
    def prefix(self) -> str:
        """What stands in front of the library's names here, such as `serde.`."""
        func = self.lines[-1].call.func
        return f"{self.source.code(func.value)}." if isinstance(func, cst.Attribute) else ""

    def line(self, number: int) -> VersionLine:
        """The line of a version.

        Raises:
            NotEditableError: it does not stand here.
        """
        for each in self.lines:
            if each.number == number:
                return each
        raise NotEditableError(f"version {number} does not stand in the call")

    def append(self, number: int, steps: Sequence[Entry], writes: int) -> None:
        """Puts a new version line behind the last one.

        Args:
            number: the version.
            steps: its steps; those with comments get lines of their own.
            writes: the write version, which has to be said now; where it is said already, it stays.
        """
        last = self.lines[-1]
        entries = [Entry(self._version(self.source.code(last.call.func), number, steps))]
        if _keyword(self.call, "writes") is None:
            entries.append(Entry(f"writes={writes}"))
        self.source.insert_after(self.call.args, last.index, entries)

    def _version(self, name: str, number: int, steps: Sequence[Entry]) -> str:
        if not any(step.comment for step in steps):
            return f"{name}({', '.join([str(number), *(step.text for step in steps)])})"
        outer = self.source.indentation(self.source.span(self.lines[-1].call)[0])
        unit = "\t" if "\t" in outer else self.source.unit
        inner = f"{self.source.newline}{outer}{unit}"
        told = "".join(f"{inner}{each.text},{f'  # {each.comment}' if each.comment else ''}" for each in steps)
        return f"{name}({inner}{number},{told}{self.source.newline}{outer})"

    def prepend_steps(self, number: int, steps: Sequence[Entry]) -> None:
        """Puts steps in front of those of a version line."""
        line = self.line(number)
        index = next(at for at, arg in enumerate(line.call.args) if isinstance(arg.value, cst.Integer))
        if line.call.args[index].keyword is not None:
            raise NotEditableError(f"version {number} is given by name, so no step can follow")
        self.source.insert_after(line.call.args, index, steps)

    def set_writes(self, version: int) -> bool:
        """Says which version is written; whether that is an edit.

        Raises:
            NotEditableError: it is not said, or computed.
        """
        said = _keyword(self.call, "writes")
        if said is None:
            raise NotEditableError("it says no `writes`")
        if not isinstance(said.value, cst.Integer):
            raise NotEditableError("its `writes` is computed")
        if said.value.evaluated_value == version:
            return False
        self.source.replace(said.value, str(version))
        return True

    def form(self, number: int) -> Mapping[str, str]:
        """What decides the bytes of a version's records beside its shape, as the lines up to it say it."""
        form: dict[str, str] = {}
        for line in self.lines:
            if line.number > number:
                break
            said = {name: self.source.code(arg.value) for name in _FORM if (arg := line.keyword(name)) is not None}
            if "framing" in said:
                form.pop("checksum", None)  # its default depends on the framing
            form.update(said)
        return form

    def retire(self, version: int, first: str, reserved: Sequence[str]) -> None:
        """Takes out the lines up to a version.

        Args:
            version: the newest one that goes.
            first: the text of the line that is the first one then.
            reserved: names to be added to `reserved`, in the form that it has.

        Raises:
            NotEditableError: `reserved` is computed.
        """
        for line in self.lines:
            if line.number <= version:
                self.source.remove(self.call.args, line.index)
        rebased = self.line(version + 1)
        if first != self.source.code(rebased.call):
            self.source.replace(rebased.call, first)
        if reserved:
            self._reserve([json.dumps(each, ensure_ascii=False) for each in reserved])

    def _reserve(self, names: Sequence[str]) -> None:
        said = _keyword(self.call, "reserved")
        if said is None:
            last = len(self.call.args) - 1
            self.source.insert_after(self.call.args, last, [Entry(f"reserved={{{', '.join(names)}}}")])
            return
        value = said.value
        if not isinstance(value, cst.Set | cst.List | cst.Tuple):
            raise NotEditableError(f"its `reserved` is computed, and lacks {', '.join(names)}")
        known = {self.source.code(each.value).replace("'", '"') for each in value.elements}
        new = [Entry(each) for each in names if each not in known]
        if not value.elements:
            self.source.replace(value, f"{{{', '.join(names)}}}")
        elif new:
            self.source.insert_after(value.elements, len(value.elements) - 1, new)


def retire_value(source: Source, call: cst.Call, version: int) -> None:
    """Takes the values up to a version out of a call of `Parameter`.

    Raises:
        NotEditableError: they do not stand in it one by one.
    """
    plain = [arg for arg in call.args if arg.keyword is None]
    values = _keyword(call, "versions") or (plain[1] if len(plain) > 1 else None)
    if values is None or not isinstance(values.value, cst.Dict):
        raise NotEditableError("its values are computed")
    elements = values.value.elements
    for index, each in enumerate(elements):
        if not isinstance(each, cst.DictElement) or not isinstance(each.key, cst.Integer):
            raise NotEditableError("its values are computed")
        if each.key.evaluated_value <= version:
            if index == len(elements) - 1:
                raise NotEditableError("its values do not stand in ascending order")
            source.remove(elements, index)


def find(source: Source, line: int, column: int) -> cst.Call:
    """The call that ends at a place, as code objects tell it.

    Raises:
        NotEditableError: none does.
    """
    found = [call for call in source.calls() if source.ends_at(call, line, column)]
    if not found:
        raise NotEditableError("its declaration was not found in the file")
    return min(found, key=lambda call: source.span(call)[1] - source.span(call)[0])


def _keyword(call: cst.Call, name: str) -> cst.Arg | None:
    return next((arg for arg in call.args if arg.keyword is not None and arg.keyword.value == name), None)
