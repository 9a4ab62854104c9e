"""Files and folders -> descriptor sets."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import yaml

from versioned_serde.check.contracts.contract import ContractError
from versioned_serde.check.contracts.protobuf.compiling import compiled
from versioned_serde.check.descriptors.difference import DescriptorSet
from versioned_serde.check.descriptors.wire import WireError

SUFFIXES: Final = (".binpb", ".pb", ".desc", ".protoset", ".bin")
"""Of descriptor sets, and of buf's images."""

_FILE_TAG: Final = 0x0A  # of the first file of a set, and of that file's name


@dataclass(frozen=True, slots=True)
class Source:
    """One side.

    Attributes:
        files: what it declares.
        shown: path of a file in it -> the path to show people.
        lines: path of a file in it -> its lines; None if it was not compiled here.
    """

    files: DescriptorSet
    shown: Callable[[str], str]
    lines: Callable[[str], Sequence[str]] | None = None


class _Lines:
    """The lines of source files, read when somebody asks for them."""

    def __init__(self, files: Mapping[str, Path]) -> None:
        self._files = files
        self._read: dict[str, Sequence[str]] = {}

    def __call__(self, name: str) -> Sequence[str]:
        if name not in self._read:
            path = self._files.get(name)
            text = path.read_text(encoding="utf-8", errors="replace") if path is not None else ""
            self._read[name] = text.split("\n")
        return self._read[name]


def recognized(path: Path) -> bool:
    """Whether this looks like protobuf, by names and first bytes."""
    try:
        if path.is_dir():
            return next(path.rglob("*.proto"), None) is not None
        if path.suffix == ".proto":
            return path.is_file()
        if path.suffix not in SUFFIXES:
            return False
        with path.open("rb") as file:
            head = file.read(16)
    except OSError:
        return False
    return head[:1] == bytes([_FILE_TAG]) and _FILE_TAG in head[2:7]


def read(path: Path, *, name: str | None = None) -> Source:
    """A .proto file, a folder of them, or a descriptor set.

    Args:
        path: of the file or folder.
        name: what to call the file, if it is a .proto file; by default as it is called.

    Raises:
        ContractError: it cannot be read as any of these, or does not compile.
    """
    if path.is_dir():
        return _folder(path)
    if path.suffix == ".proto":
        return _single(path, name or path.name)
    try:
        data = path.read_bytes()
    except OSError as error:
        raise ContractError(f"`{path}` cannot be read: {error.strerror}.") from None
    return Source(_set(data, str(path)), shown=str)


def _single(path: Path, name: str) -> Source:
    files = _set(compiled([path.parent], {path.name: path}), str(path))
    asked = files.files.pop(path.name)
    asked.path = name
    for file in files.files.values():
        file.imported = True
    return Source(
        DescriptorSet([asked, *files.files.values()]),
        shown=lambda each: path.as_posix() if each == name else (path.parent / each).as_posix(),
        lines=_Lines({name: path}),
    )


def _folder(path: Path) -> Source:
    roots = _roots(path)
    files: dict[str, Path] = {}
    for root in roots:
        for each in sorted(root.rglob("*.proto")):
            other = files.setdefault(each.relative_to(root).as_posix(), each)
            if other is not each and len(roots) > 1:
                raise ContractError(
                    f"`{other}` and `{each}` are imported by the same name, from two roots of `{path}`."
                )
    if not files:
        raise ContractError(f"`{path}` holds no .proto file.")
    found = _set(compiled(roots, files), str(path))
    for name, file in found.files.items():
        file.imported = name not in files
    return Source(found, shown=lambda name: files[name].as_posix() if name in files else name, lines=_Lines(files))


def _roots(path: Path) -> list[Path]:
    """The folders from which imports are named: what buf's configuration says, otherwise the folder itself."""
    for name in ("buf.yaml", "buf.work.yaml"):
        if not (file := path / name).is_file():
            continue
        try:
            content: Any = yaml.safe_load(file.read_text(encoding="utf-8"))
        except (yaml.YAMLError, UnicodeDecodeError) as error:
            raise ContractError(f"`{file}` is not YAML: {error}") from None
        content = content if isinstance(content, dict) else {}
        modules = content.get("modules") or []
        named = [each.get("path", ".") for each in modules if isinstance(each, dict)]
        named += content.get("directories") or []
        if named:
            return [path / str(each) for each in named]
    return [path]


def _set(data: bytes, name: str) -> DescriptorSet:
    try:
        return DescriptorSet.of_bytes(data)
    except (WireError, IndexError) as error:
        raise ContractError(
            f"`{name}` is not a descriptor set: {error}.",
            hint="Write one with `protoc --include_imports --include_source_info --descriptor_set_out`.",
        ) from None
