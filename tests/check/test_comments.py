from __future__ import annotations

from datetime import date

import pytest

from versioned_serde.check.comments import Comment, comments_of
from versioned_serde.check.finding import Place

SOURCE = '''\
"""Not one: # serde-check: ignore[text]: it is in a text."""
from shop import Order

# serde-check: ignore[above]: it is about the next statement
orders = Schema(
    "shop.order",
    Order,
    Version(1, codec="json"),
    # serde-check: ignore[within]: it is about the statement around it
    Version(2, add("note")),  # serde-check: ignore[behind]: it too
)

carts = Schema("shop.cart", Cart)  # serde-check: ignore[line]: it is about its line


# serde-check: ignore[head]: it is about the class's head
@frozen
class Order:  # serde-check: ignore[head-too]: the same
    # serde-check: ignore[attribute]: it is about the attribute
    buyer: str

    note: str = ""  # serde-check: ignore[note]: it is about the note


def declare():
    return Schema(  # serde-check: ignore[inner]: it is about the return
        "shop.total",
    )
# serde-check: ignore[end]: it is about nothing
'''
LINES = {
    "above": (5, 11),
    "within": (5, 11),
    "behind": (5, 11),
    "line": (13, 13),
    "head": (17, 19),
    "head-too": (17, 19),
    "attribute": (20, 20),
    "note": (22, 22),
    "inner": (26, 28),
    "end": (29, 29),
}


def test_what_comments_are_about() -> None:
    assert {each.rules: (each.first, each.last) for each in comments_of("shop.py", SOURCE)} == {
        (rule,): lines for rule, lines in LINES.items()
    }


def test_where_a_comment_is() -> None:
    first, *_ = comments_of("shop.py", SOURCE)
    assert first.place == Place(path="shop.py", line=4, column=1, end_line=4, end_column=61)


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("if x: y = (  # {}\n    1,\n)\n", (1, 3)),
        ("if x:\n    y = 1\nelse:  # {}\n    y = 2\n", (4, 4)),
        ("match x:  # {}\n    case 1:\n        y = 1\n", (1, 1)),
        ("match x:\n    case 1:\n        y = 1\n    case 2:  # {}\n        y = 2\n", (5, 5)),
        ("match x:\n    case 1:\n        # {}\n        y = (\n        )\n", (4, 5)),
        ("try:\n    y = 1  # {}\nexcept KeyError:\n    y = 2\n", (2, 2)),
        ("with x as y:\n    # {}\n    @z\n    def f(): ...\n", (3, 4)),
    ],
    ids=["in one line", "else", "match", "case", "in a case", "try", "with"],
)
def test_statements_with_bodies(text: str, lines: tuple[int, int]) -> None:
    (found,) = comments_of("a.py", text.format("serde-check: ignore[a]: b"))
    assert (found.first, found.last) == lines


@pytest.mark.parametrize(
    ("text", "rules", "until", "reason"),
    [
        ("ignore[a]: b", ("a",), None, "b"),
        ("ignore[a,b-c , D_E]: f", ("a", "b-c", "D_E"), None, "f"),
        ("  ignore[a]  :  b: c [d]  ", ("a",), None, "b: c [d]"),
        ("ignore[a] until 2027-01-31: b", ("a",), date(2027, 1, 31), "b"),
        ("ignore[a]until 2027-01-31 : b", ("a",), date(2027, 1, 31), "b"),
        ("ignore[a] until 2027-01-31", ("a",), date(2027, 1, 31), ""),
        ("ignore[a]", ("a",), None, ""),
        ("ignore[a]:", ("a",), None, ""),
        ("ignore[a]: 日本", ("a",), None, "日本"),
        # These cannot be understood, so they have no rules.
        ("ignore", (), None, ""),
        ("ignore: why", (), None, ""),
        ("ignore[]: why", (), None, ""),
        ("ignore[ , ]: why", (), None, "why"),
        ("ignore[a] because", (), None, ""),
        ("ignore[a] until tomorrow: b", (), None, ""),
        ("ignore[a] until 2027-02-30: b", (), None, ""),
        ("ignore[a][b]: c", (), None, ""),
        ("off", (), None, ""),
        ("", (), None, ""),
    ],
)
def test_what_a_comment_says(text: str, rules: tuple[str, ...], until: date | None, reason: str) -> None:
    (found,) = comments_of("a.py", f"x = 1  # serde-check:{text}\n")
    assert (found.rules, found.until, found.reason) == (rules, until, reason)


@pytest.mark.parametrize(
    "text",
    [
        "x = 1  # another comment\n",
        "x = 1  # see serde-check: ignore[a]: b\n",
        "x = '# serde-check: ignore[a]: b'\n",
        "x = (  # serde-check: ignore[a]: this is no Python\n",
        "x = 1 1  # serde-check: ignore[a]: nor this\n",
        "x = '\0'  # serde-check: ignore[a]: nor this\n",
        "",
    ],
)
def test_what_is_no_comment_of_ours(text: str) -> None:
    assert comments_of("a.py", text) == []


def test_a_file_as_editors_of_windows_write_it() -> None:
    (found,) = comments_of("a.py", "\ufeffx = 1\r\n# serde-check: ignore[a]: b\r\ny = (\r\n)\r\n")
    assert (found.first, found.last, found.reason) == (3, 4, "b")


def test_warnings_about_the_projects_code_are_not_ours() -> None:
    (found,) = comments_of("a.py", "x = '\\d'  # serde-check: ignore[a]: b\n")
    assert found.rules == ("a",)


@pytest.mark.parametrize(
    ("place", "covered"),
    [
        (Place(path="a.py", line=5), True),
        (Place(path="a.py", line=7, column=4), True),
        (Place(path="a.py", line=4), False),
        (Place(path="a.py", line=8), False),
        (Place(path="b.py", line=5), False),
        (Place(path="a.py"), False),
        (None, False),
    ],
)
def test_what_a_comment_covers(place: Place | None, covered: bool) -> None:
    comment = Comment(place=Place(path="a.py", line=6), first=5, last=7)
    assert comment.covers(place) is covered
