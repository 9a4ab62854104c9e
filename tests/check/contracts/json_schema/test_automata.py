from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from versioned_serde.check.contracts.json_schema.automata import text_between
from versioned_serde.check.contracts.json_schema.patterns import NotRegularError, is_risky, matches

ATOMS = st.sampled_from(["a", "b", "[ab]", "[^a]", "\\w", "\\d", "(?:ab)", "(a|b)", "\\.", "\\-", "[a\\-c]", "[a-]"])
PATTERNS = st.builds(
    lambda start, pieces, end: start + "".join(f"{atom}{quantifier}" for atom, quantifier in pieces) + end,
    st.sampled_from(["", "^"]),
    st.lists(st.tuples(ATOMS, st.sampled_from(["", "*", "+", "?", "{2}", "{1,2}", "{2,}", "+?"])), max_size=3),
    st.sampled_from(["", "$", "|b", "$|^a"]),
)
TEXTS = st.text("ab.-1", max_size=5)


@given(PATTERNS, TEXTS)
def test_an_automaton_finds_what_python_finds(pattern: str, text: str) -> None:
    assert matches(pattern, text) is (re.search(pattern, text) is not None)


@given(PATTERNS, PATTERNS, st.integers(0, 3), st.integers(0, 6), st.sets(TEXTS, max_size=2), TEXTS)
def test_a_text_between_is_one_and_none_is_missed(
    one: str, other: str, least: int, more: int, excluded: set[str], text: str
) -> None:
    def fits(text: str) -> bool:
        sized = least <= len(text) <= least + more
        return bool(sized and text not in excluded and re.search(one, text) and not re.search(other, text))

    found = text_between([one], [other], least, least + more, excluded)
    if found is None:
        assert not fits(text)
    else:
        assert fits(found)


@pytest.mark.parametrize(
    ("pattern", "text", "found"),
    [
        (".", "\n", False),
        (".", "\u2028", False),
        ("^\\u0061$", "a", True),
        ("^\\x61$", "a", True),
        ("^\\0$", "\0", True),
        ("^a{,2}$", "a{,2}", True),
        ("^}$", "}", True),
        ("^(?<name>a)$", "a", True),
        ("^(?P<name>a)$", "a", True),
        ("^[.*]$", "*", True),
        ("^[\\w-]+$", "a-b", True),
        ("^[^\\d]$", "1", False),
        ("^\\/$", "/", True),
        ("", "anything", True),
        ("^$", "", True),
        ("^$", "a", False),
        ("^(?!a)", "b", True),  # what is not regular is left to Python
        ("(a)\\1", "aa", True),
    ],
)
def test_an_expression_is_that_of_ecma(pattern: str, text: str, found: bool) -> None:
    assert matches(pattern, text) is found


@pytest.mark.parametrize(
    "pattern",
    [
        "(",
        ")",
        "[",
        "[]",
        "[a",
        "a**",
        "\\",
        "\\x1",
        "\\u00",
        "\\k",
        "(?i)a",
        "a^b",
        "a$b",
        "[a-\\d]",
        "x" * 2001,
        "a{9}" * 900 + "b{999}{99}",
    ],
)
def test_what_is_no_regular_expression_says_so(pattern: str) -> None:
    with pytest.raises(NotRegularError):
        text_between([pattern], [], 0, None, [])


def test_a_text_is_the_shortest_that_is_left() -> None:
    assert text_between(["^a*$"], [], 0, None, ["", "a"]) == "aa"
    assert text_between(["^a*$"], [], 3, None, []) == "aaa"
    assert text_between(["^a{0,2}$"], [], 0, None, ["", "a", "aa"]) is None
    assert text_between(["^(ab)*$"], [], 3, 3, []) is None
    assert text_between([], ["^[^b]*$"], 0, None, []) == "b"


@pytest.mark.parametrize(("pattern", "risky"), [("(a+)+", True), ("(a|b)*", True), ("(a)\\1", True), ("^a+b*$", False)])
def test_expressions_that_backtrack_are_known(pattern: str, risky: bool) -> None:
    assert is_risky(pattern) is risky


def test_a_risky_expression_is_not_run_on_a_long_text() -> None:
    with pytest.raises(NotRegularError):
        matches("^(?=(a+)+$)", "a" * 50 + "!")
