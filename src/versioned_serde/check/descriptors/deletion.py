"""What is gone from a file or from a package, and where to say so."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Protocol, TypeVar

from versioned_serde.check.descriptors.difference import Difference
from versioned_serde.check.descriptors.elements import File, Message
from versioned_serde.check.descriptors.hit import Breaks, Hit


class Named(Protocol):
    """A message, an enum or an extension."""

    @property
    def file(self) -> File: ...
    @property
    def nested(self) -> str: ...
    @property
    def full(self) -> str: ...


_K = TypeVar("_K")
_N = TypeVar("_N", bound=Named)


def from_files(
    alias: str, what: str, difference: Difference, before: Mapping[_K, _N], after: Mapping[_K, _N]
) -> Iterator[Hit]:
    """What a file has not any more that has stayed itself. `what` is for people, such as `Message`."""
    there = {(each.file.path, each.nested) for each in after.values()}
    for each in before.values():
        path = each.file.path
        file = difference.new.files.get(path)
        if file is not None and (path, each.nested) not in there:
            text = f"{what} `{each.nested}` is gone from the file."
            yield Hit(alias, text, file, _message_around(difference, each.nested, file=file), schema=each.full)


def from_packages(
    alias: str,
    what: str,
    difference: Difference,
    before: Mapping[_K, _N],
    after: Mapping[_K, _N],
    *,
    has_any: Callable[[str], bool],
    breaks: Breaks,
    anywhere: bool = False,
) -> Iterator[Hit]:
    """What a package has not any more that has stayed itself.

    Args:
        alias: buf's id.
        what: for people, such as `Message`.
        difference: both sides.
        before: what may be gone.
        after: what there is now.
        has_any: whether a package still has anything of the kind; if not, buf finds nothing.
        breaks: whom it breaks.
        anywhere: whether the message around it is looked for in all files of the package.
    """
    there = {(each.file.package, each.nested) for each in after.values()}
    for each in before.values():
        package = each.file.package
        if (package, each.nested) in there or not has_any(package):
            continue
        text = f"{what} `{each.nested}` is gone from package `{package}`."
        file = difference.new.files.get(each.file.path)
        if file is None:
            yield Hit(alias, text, None, schema=each.full, breaks=breaks)
            continue
        if anywhere:
            around = _message_around(difference, each.nested, package=package)
        else:
            around = _message_around(difference, each.nested, file=file)
        inside = file if around is None else around.file
        yield Hit(alias, text, inside, around, schema=each.full, breaks=breaks)


def _message_around(
    difference: Difference, nested: str, *, file: File | None = None, package: str = ""
) -> Message | None:
    """The innermost message around something that is still there, in a file or in a package."""
    scope = nested.rpartition(".")[0]
    while scope:
        full = file.full(scope) if file is not None else f"{package}.{scope}" if package else scope
        message = difference.after.messages.get(full)
        if message is not None and (file is None or message.file is file):
            return message
        scope = scope.rpartition(".")[0]
    return None
