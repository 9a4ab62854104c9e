"""How many items a payload holds, told before it is parsed: list elements, and members of objects and maps.

A parser takes twenty to a hundred times the bytes of a short item. Nothing is counted in a payload that is too small to
hold more than the bound; the functions here are for all others.
"""

from __future__ import annotations

from versioned_serde.errors import LimitError, UnwritableValueError
from versioned_serde.limits import Limits


def too_many(limits: Limits) -> LimitError:
    """The error for a payload that is not parsed."""
    return LimitError(
        f"The payload has more than {limits.max_items} list elements and members of objects.", limit="max_items"
    )


def unwritably_many(limits: Limits) -> UnwritableValueError:
    """The error for a payload that every reader with these bounds would refuse."""
    return UnwritableValueError(
        f"The payload has more than {limits.max_items} list elements and members of objects; every reader refuses it.",
        hint="Split the value, or raise `Limits.max_items` in all releases before you write such values.",
    )


def json_exceeds(data: bytes, most: int) -> bool:
    """Whether JSON text holds more items. Says either for what is no JSON, but a parser then stops before them."""
    if len(data) <= 2 * most:  # an item is followed by a comma or a bracket
        return False
    if data.count(b",") + data.count(b"[") + data.count(b"{") <= most:
        return False
    return json_items(data, most) > most


def json_items(data: bytes, most: int) -> int:
    """How many items JSON text holds; any number above `most` if it is more."""
    # Neither white space nor an escape is of interest, and backslashes are in strings alone.
    plain = data.translate(None, b" \t\n\r").replace(b"\\\\", b"").replace(b'\\"', b"")
    outside = bytearray()
    at = strings = 0
    while (begin := plain.find(b'"', at)) >= 0:
        outside += plain[at : begin + 1]
        at = plain.find(b'"', begin + 1) + 1 or len(plain)
        strings += 1
        if strings > 2 * most + 1:  # of an item there are two, its name and its value
            return most + 1
    outside += plain[at:]
    found = outside.count(b",") + outside.count(b"[") + outside.count(b"{")
    return found - outside.count(b"[]") - outside.count(b"{}")


# By the first byte of a MessagePack value; the table of the format's specification.
_LIST, _MAP, _SIZED = range(3)
_WIDTHS = [1] * 0x80 + [0] * 0x20 + list(range(1, 0x21))  # 0: it is in `_LENGTHS`
_WIDTHS += [1, 1, 1, 1, *[0] * 6, 5, 9, 2, 3, 5, 9, 2, 3, 5, 9, 3, 4, 6, 10, 18, *[0] * 7] + [1] * 0x20
_LENGTHS = dict.fromkeys(range(0x80, 0x90), (_MAP, 0, 0)) | dict.fromkeys(range(0x90, 0xA0), (_LIST, 0, 0))
_LENGTHS |= {0xC4: (_SIZED, 1, 0), 0xC5: (_SIZED, 2, 0), 0xC6: (_SIZED, 4, 0)}
_LENGTHS |= {0xC7: (_SIZED, 1, 1), 0xC8: (_SIZED, 2, 1), 0xC9: (_SIZED, 4, 1)}
_LENGTHS |= {0xD9: (_SIZED, 1, 0), 0xDA: (_SIZED, 2, 0), 0xDB: (_SIZED, 4, 0)}
_LENGTHS |= {0xDC: (_LIST, 2, 0), 0xDD: (_LIST, 4, 0), 0xDE: (_MAP, 2, 0), 0xDF: (_MAP, 4, 0)}


def msgpack_exceeds(data: bytes, most: int) -> bool:
    """Whether the first MessagePack value in some bytes says that it holds more items."""
    if len(data) <= most:
        return False
    at, left, items, size = 0, 1, 0, len(data)
    while left and at < size:
        head = data[at]
        left -= 1
        width = _WIDTHS[head]
        if width:
            at += width
            continue
        kind, digits, beside = _LENGTHS[head]
        at += 1
        number = int.from_bytes(data[at : at + digits], "big") if digits else head & 0x0F
        at += digits
        if kind == _SIZED:
            at += number + beside
            continue
        items += number
        left += number * (1 + kind)
        if items > most:
            return True
    return False
