"""How many items an XML payload holds, told before a tree of it is made.

An item is an element, a comment or the like. Two XML attributes come with each, which is what our own elements have.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lxml import etree


def exceeds(data: bytes, most: int) -> bool:
    """Whether a payload has more elements, comments and the like; of the XML attributes of one, two come with it."""
    if len(data) <= most or data.count(b"<") - data.count(b"</") + data.count(b"=") <= most:
        return False
    try:
        etree.fromstring(data, _parser(_Counter(most)))
    except _Enough:
        return True
    except etree.XMLSyntaxError:
        pass  # the parser that is asked next stops at the same place, and says where
    return False


def _parser(target: Any) -> Any:  # `Any`: the stubs' class for targets wants methods that the library does not
    return etree.XMLParser(target=target, encoding="utf-8", resolve_entities=False, load_dtd=False, no_network=True)


class _Enough(Exception):  # noqa: N818  no error: a count has come to its end
    pass


class _Counter:
    """What the parser calls in place of making elements."""

    def __init__(self, most: int) -> None:
        self._left = most + 1  # and the root

    def start(self, _: str, attributes: Mapping[str, str]) -> None:
        self._left -= max(1, len(attributes) - 1)
        if self._left < 0:
            raise _Enough

    def comment(self, _: str) -> None:
        self.start("", {})

    def pi(self, _: str, __: str | None = None) -> None:
        self.start("", {})

    def doctype(self, *_: str | None) -> None:
        raise _Enough  # it is refused anyway, with all that it defines

    def close(self) -> None:
        pass
