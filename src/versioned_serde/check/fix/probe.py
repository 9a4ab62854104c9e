"""What a project declares, found by importing it: the part of `fix` that runs in a process of its own.

The files may be given with other texts than they have on the disk, so that an edit is tried before it is made.
"""

from __future__ import annotations

import inspect
import json
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, SourceFileLoader
from pathlib import Path
from types import CodeType, FrameType, ModuleType
from typing import Any

from versioned_serde.check.fix.names import local_names
from versioned_serde.check.project import load_registries
from versioned_serde.check.settings import Settings
from versioned_serde.declaration import left_open
from versioned_serde.describing import Describer
from versioned_serde.errors import DeclarationError, SerdeError
from versioned_serde.evolution.version import Version
from versioned_serde.lock.files import Declared, check_lock, write_lock
from versioned_serde.lock.suggestion import ObjectChange, object_changes
from versioned_serde.parameter import Parameter
from versioned_serde.registry import Registry
from versioned_serde.schema import Schema
from versioned_serde.shape import Shape


@dataclass(slots=True)
class Seen:
    """A call of `Schema` or `Parameter`, as it was made.

    Attributes:
        name: of the schema or parameter.
        file: where the call stands. `line` and `column` are where it ends, as code objects tell it.
        called: what the file calls the names of steps, as `local_names` gives it.
        numbers: the listed versions.
        writes: the write version, if it was said.
        open: whether a version line says `...`.
        view: whether the schema is another team's.
        error: why the declaration was refused; empty if it was not.
        change: of a schema: what no version declares, object by object.
        since: the version after which that was changed.
        raised: the versions that raise min_reader. `min_readers`: version -> min_reader.
        registry: the registry that has it, as `module:name`; empty if none has.
    """

    name: str
    file: str
    line: int
    column: int
    called: dict[str, str]
    numbers: list[int]
    writes: int | None
    open: bool = False
    view: bool = False
    error: str = ""
    change: list[ObjectChange] = field(default_factory=list)
    since: int = 0
    raised: list[int] = field(default_factory=list)
    min_readers: dict[int, int] = field(default_factory=dict)
    registry: str = ""


def probe(root: Path, texts: Mapping[str, str], locks: Locks, drafts: Mapping[str, int]) -> Any:
    """What a project declares, as plain JSON.

    Args:
        root: the project's folder.
        texts: file -> the text that it is taken to have.
        locks: schema -> version -> shape in lines: those that a release has.
        drafts: as for `write_lock`.

    Returns:
        `seen`: each declaration. `error`: why the project could not be imported, or an empty text. `differences`: what
        `check_lock` finds that writing the lock does not put right; `lock`: file -> text, of what writing it changes.
    """
    sys.meta_path.insert(0, _Overlay(texts))
    settings = Settings.load(root)
    error = ""
    declared: list[Declared] = []
    with _watched() as calls:
        try:
            declared = load_registries(settings)
        except SerdeError as failed:
            error = str(failed)
    registries = {} if error else {name: _registry(name) for name in settings.registries}
    seen = [_seen(*call, locks) for call in calls]
    for each, (_, _, made, _) in zip(seen, calls, strict=True):
        each.registry = next((name for name in registries if any(made is one for one in registries[name])), "")
    answer: dict[str, Any] = {"seen": list(map(asdict, seen)), "error": error, "differences": [], "lock": {}}
    if not error:
        answer["differences"], answer["lock"] = _locked(declared, settings.lock_folder, drafts)
    return answer


def _registry(name: str) -> Registry:
    """A registry that has been imported."""
    module, _, attribute = name.partition(":")
    found: Registry = getattr(sys.modules[module], attribute)
    return found


class _Overlay(MetaPathFinder):
    """Finds modules as the other finders do, and gives some of them other texts."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        self._texts = texts

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        for finder in sys.meta_path:
            find = getattr(finder, "find_spec", None)
            if finder is self or find is None:
                continue
            spec: ModuleSpec | None = find(fullname, path, target)
            if spec is not None:
                if spec.origin in self._texts and spec.origin is not None:
                    spec.loader = _Overlaid(fullname, spec.origin, self._texts[spec.origin])
                return spec
        return None


class _Overlaid(SourceFileLoader):
    def __init__(self, fullname: str, path: str, text: str) -> None:
        super().__init__(fullname, path)
        self._text = text

    def get_code(self, fullname: str) -> CodeType:
        code: CodeType = compile(self._text, self.path, "exec", dont_inherit=True)
        return code


Locks = Mapping[str, Mapping[str, Mapping[str, str]]]
"""Schema -> version -> shape in lines. Versions are texts, as keys in JSON are."""
_Call = tuple[FrameType, Mapping[str, Any], Any, str]
"""Who called, with what, what was made, and why it was refused."""


@contextmanager
def _watched() -> Iterator[list[_Call]]:
    """Notes each schema and parameter that is declared."""
    calls: list[_Call] = []
    originals = [(kind, kind.__init__) for kind in (Schema, Parameter)]

    def watching(original: Any) -> Any:
        signature = inspect.signature(original)

        def init(self: Any, *args: Any, **named: Any) -> None:
            here = inspect.currentframe()
            assert here is not None
            assert here.f_back is not None
            frame, refused = here.f_back, ""
            place = _place(frame)
            try:
                original(self, *args, **named)
            except DeclarationError as error:
                refused = str(error)
                raise
            finally:
                try:
                    given = signature.bind(self, *args, **named).arguments
                except TypeError:
                    given = {}
                if "name" in given:
                    calls.append((frame, {**given, "place": place}, self, refused))

        return init

    for kind, original in originals:
        kind.__init__ = watching(original)  # type: ignore[method-assign]
    try:
        yield calls
    finally:
        for kind, original in originals:
            kind.__init__ = original  # type: ignore[method-assign]


def _place(frame: FrameType) -> tuple[int, int]:
    """Where the call that a frame is at ends: line, and column in bytes."""
    positions = list(frame.f_code.co_positions())[frame.f_lasti // 2]
    return positions[1] or frame.f_lineno, positions[3] or 0


def _seen(frame: FrameType, given: Mapping[str, Any], made: Any, refused: str, locks: Locks) -> Seen:
    versions = given.get("versions", ())
    numbers = sorted(versions) if isinstance(made, Parameter) else [_number(each) for each in versions]
    line, column = given["place"]
    seen = Seen(
        name=str(given["name"]),
        file=frame.f_code.co_filename,
        line=line,
        column=column,
        called=local_names(frame.f_globals),
        numbers=numbers,
        writes=given.get("writes"),
        view=bool(given.get("view")),
        error=refused,
    )
    if isinstance(made, Parameter):
        return seen
    seen.open = any(isinstance(each, Version) and left_open(each) for each in versions)
    if not refused:
        seen.raised = [line.number for line in made.lines if line.raised_by]
        seen.min_readers = {line.number: line.min_reader for line in made.lines}
    known = {int(number): shape for number, shape in locks.get(seen.name, {}).items()}
    common = [number for number in numbers if number in known]
    if common and not seen.view and not seen.open:
        seen.since = common[-1]
        shape = _shape(made, seen, given.get("model"))
        seen.change = [] if shape is None else _named(object_changes(known[seen.since], shape), frame)
    return seen


def _number(version: Any) -> int:
    return version.number if isinstance(version, Version) and isinstance(version.number, int) else 0


def _shape(made: Schema[Any], seen: Seen, model: Any) -> Shape | None:
    """The shape of the newest released version, as the model now has it; None where drafts stand in between."""
    if not seen.error:
        return made.lines[seen.since - made.versions[0]].shape
    if seen.numbers[-1] != seen.since:
        return None
    try:
        return Describer().shape(model)
    except SerdeError:
        return None


def _named(changes: list[ObjectChange], frame: FrameType) -> list[ObjectChange]:
    """The changes, with a class only where the file knows it under its name."""
    for each in changes:
        if not isinstance(frame.f_globals.get(each.cls), type):
            each.cls = ""
    return changes


def _locked(declared: Sequence[Declared], folder: Path, drafts: Mapping[str, int]) -> tuple[list[str], dict[str, str]]:
    """What the lock would be: written into a copy of it."""
    with tempfile.TemporaryDirectory() as name:
        copy = Path(name)
        for file in folder.glob("*.json"):
            (copy / file.name).write_bytes(file.read_bytes())
        named = {each.name for each in declared}
        try:
            changed = write_lock(declared, copy, drafts={key: each for key, each in drafts.items() if key in named})
        except SerdeError as error:
            return str(error).splitlines(), {}
        left = [str(each) for each in check_lock(declared, copy)]
        return left, {file.name: file.read_text(encoding="utf-8") for file in changed}


def main(text: str) -> None:
    """Does what it is asked, as JSON; writes the answer into the file that is named there."""
    sys.dont_write_bytecode = True
    asked = json.loads(text)
    answer = probe(Path(asked["root"]), asked["texts"], asked["locks"], asked["drafts"])
    Path(asked["answer"]).write_text(json.dumps(answer), encoding="utf-8")


if __name__ == "__main__":
    main(sys.stdin.read())
