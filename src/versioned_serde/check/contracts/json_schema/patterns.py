"""Regular expressions of ECMA-262 as automata, as far as they are regular and small.

`greenery` parses them; what it spells otherwise is written in its way first. The automata are run side by side by
`automata.py`, because greenery's own know no bound on their size.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from greenery.charclass import NUM_UNICODE_CHARS, Charclass
from greenery.parse import NoMatch, parse
from greenery.rxelems import Conc, Mult, Pattern

Ranges = tuple[tuple[int, int], ...]

_LENGTH: Final = 2_000
_STATES: Final = 20_000
_RUNS_WILD: Final = 20
"""How long a text may be that Python's own `re`, which backtracks, is given with any expression."""
_QUANTIFIER = re.compile(r"\{\d+(,\d*)?\}")
_NESTED = re.compile(r"[*+}]\)*\)[*+{]|\|.*\)[*+{]|\\[1-9]")
_ANY: Final[Ranges] = ((0, NUM_UNICODE_CHARS - 1),)
_DOT: Final = "[^\n\r\u2028\u2029]"
_SAME_ESCAPES: Final = frozenset("dDwWsStnrfv")
_SPECIAL_IN_CLASS: Final = Charclass.classSpecial


class NotRegularError(ValueError):
    """An expression is not understood, or too large."""


def is_risky(pattern: str) -> bool:
    """Whether an engine that backtracks could take very long over it."""
    return _NESTED.search(pattern) is not None


def matches(pattern: str, text: str) -> bool:
    """Whether the expression is found in the text.

    Raises:
        NotRegularError: that cannot be told in bounded time, or it is no expression.
    """
    try:
        automaton = automaton_of(pattern)
    except NotRegularError:
        if is_risky(pattern) and len(text) > _RUNS_WILD:
            raise
        try:
            return re.search(pattern, text) is not None
        except (re.error, OverflowError, RecursionError) as error:
            raise NotRegularError(f"`{pattern}` is no regular expression of Python's: {error}") from None
    states = automaton.start
    for char in text:
        states = automaton.step(states, ord(char))
    return automaton.accepts(states)


class Automaton:
    """An automaton that may be in several states at once; it accepts the texts in which its expression is found."""

    def __init__(self) -> None:
        self._edges: list[list[tuple[Ranges, int]]] = []
        self._free: list[list[int]] = []
        self._final = self._state()
        self._edges[self._final].append((_ANY, self._final))
        self._end = self._state()
        self._first = self._state()
        self.start: frozenset[int] = frozenset()

    def _state(self) -> int:
        if len(self._edges) >= _STATES:
            raise NotRegularError("it is too large")
        self._edges.append([])
        self._free.append([])
        return len(self._edges) - 1

    def add(self, branch: Pattern, *, from_start: bool, to_end: bool) -> None:
        """One alternative. `from_start`: it began with `^`. `to_end`: it ended with `$`."""
        first = self._state()
        self._free[self._first].append(first)
        if not from_start:
            self._edges[first].append((_ANY, first))
        self._pattern(branch, first, self._end if to_end else self._final)

    def done(self) -> None:
        """All alternatives are in."""
        self.start = self._closed([self._first])

    def _pattern(self, pattern: Pattern, first: int, last: int) -> None:
        for conc in pattern.concs:
            self._conc(conc, first, last)

    def _conc(self, conc: Conc, first: int, last: int) -> None:
        for mult in conc.mults:
            first = self._mult(mult, first)
        self._free[first].append(last)

    def _mult(self, mult: Mult, first: int) -> int:
        least, most = mult.multiplier.min.v or 0, mult.multiplier.max.v
        for _ in range(least):
            first = self._once(mult.multiplicand, first)
        if most is None:
            # A state of its own, so that the loop cannot be entered from what stands before it.
            loop = self._state()
            self._free[first].append(loop)
            self._free[self._once(mult.multiplicand, loop)].append(loop)
            return loop
        last = self._state()
        for _ in range(most - least):
            self._free[first].append(last)
            first = self._once(mult.multiplicand, first)
        self._free[first].append(last)
        return last

    def _once(self, what: Charclass | Pattern, first: int) -> int:
        last = self._state()
        if isinstance(what, Charclass):
            ranges = tuple(what.ord_ranges)
            self._edges[first].append((_complement(ranges) if what.negated else ranges, last))
        else:
            self._pattern(what, first, last)
        return last

    def _closed(self, states: list[int]) -> frozenset[int]:
        found = set(states)
        todo = list(states)
        while todo:
            for each in self._free[todo.pop()]:
                if each not in found:
                    found.add(each)
                    todo.append(each)
        return frozenset(found)

    def step(self, states: frozenset[int], char: int) -> frozenset[int]:
        """Where one more character leads."""
        reached = {
            target
            for state in states
            for ranges, target in self._edges[state]
            if any(low <= char <= high for low, high in ranges)
        }
        return self._closed(list(reached))

    def accepts(self, states: frozenset[int]) -> bool:
        """Whether a text that leads here is accepted."""
        return self._final in states or self._end in states

    def accepts_all_that_follows(self, states: frozenset[int]) -> bool:
        """Whether the text is accepted whatever comes after it."""
        return self._final in states

    def ranges(self) -> set[Ranges]:
        """The sets of characters that it tells apart."""
        return {ranges for edges in self._edges for ranges, _ in edges}


def _complement(ranges: Ranges) -> Ranges:
    found: list[tuple[int, int]] = []
    low = 0
    for first, last in ranges:
        if low < first:
            found.append((low, first - 1))
        low = last + 1
    if low < NUM_UNICODE_CHARS:
        found.append((low, NUM_UNICODE_CHARS - 1))
    return tuple(found)


@lru_cache(maxsize=1024)
def _automaton_or_reason(pattern: str) -> Automaton | str:
    try:
        automaton = Automaton()
        for text, from_start, to_end in _Rewriting(pattern).branches():
            automaton.add(parse(text), from_start=from_start, to_end=to_end)
        automaton.done()
    except (NotRegularError, NoMatch, ValueError) as error:
        return f"the regular expression `{pattern[:80]}` is not understood: {error}"
    except (RecursionError, IndexError, OverflowError):
        return f"the regular expression `{pattern[:80]}` is not understood"
    return automaton


def automaton_of(pattern: str) -> Automaton:
    """The automaton of an expression.

    Raises:
        NotRegularError: it looks around, refers back, is wrong or too large.
    """
    found = _automaton_or_reason(pattern)
    if isinstance(found, str):
        raise NotRegularError(found)
    return found


class _Rewriting:
    """An expression in the words of greenery, one text for each alternative of its top level."""

    def __init__(self, pattern: str) -> None:
        if len(pattern) > _LENGTH:
            raise NotRegularError("it is too long")
        self._pattern = pattern
        self._at = 0

    def branches(self) -> list[tuple[str, bool, bool]]:
        found: list[tuple[str, bool, bool]] = []
        parts: list[str] = []
        from_start = to_end = False
        depth = 0
        while self._at < len(self._pattern):
            char = self._pattern[self._at]
            if char == "|" and depth == 0:
                found.append(("".join(parts), from_start, to_end))
                parts, from_start, to_end = [], False, False
                self._at += 1
            elif char == "^" and depth == 0 and not parts:
                from_start = True
                self._at += 1
            elif char == "$" and depth == 0 and self._pattern[self._at + 1 : self._at + 2] in ("", "|"):
                to_end = True
                self._at += 1
            elif char in "^$":
                raise NotRegularError(f"`{char}` in the middle")
            else:
                depth += (char == "(") - (char == ")")
                if depth < 0:
                    raise NotRegularError("an unbalanced `)`")
                parts.append(self._piece(char))
        if depth:
            raise NotRegularError("an unbalanced `(`")
        found.append(("".join(parts), from_start, to_end))
        return found

    def _piece(self, char: str) -> str:
        if char == "\\":
            return self._escape(in_class=False)
        if char == "[":
            return self._class()
        if char == "{" and (quantifier := _QUANTIFIER.match(self._pattern, self._at)):
            self._at = quantifier.end()
            return quantifier.group()
        if char == "(" and self._pattern.startswith("(?", self._at):
            named = re.compile(r"\(\?(?::|P?<[A-Za-z_]\w*>)").match(self._pattern, self._at)
            if not named:
                raise NotRegularError("it looks around or has flags")
            self._at = named.end()
            return "(?:"
        self._at += 1
        return _DOT if char == "." else f"\\{char}" if char in "{}]" else char

    def _escape(self, *, in_class: bool) -> str:
        letter = self._pattern[self._at + 1 : self._at + 2]
        if letter in _SAME_ESCAPES and letter:
            self._at += 2
            return f"\\{letter}"
        if letter in ("x", "u", "0"):
            digits = {"x": 2, "u": 4, "0": 0}[letter]
            text = self._pattern[self._at + 2 : self._at + 2 + digits]
            if len(text) < digits:
                raise NotRegularError("an unfinished escape")
            self._at += 2 + digits
            return _literal(chr(int(text, 16)) if digits else "\0", in_class=in_class)
        if not letter or letter.isalnum():
            raise NotRegularError(f"`\\{letter}`")
        self._at += 2
        return _literal(letter, in_class=in_class)

    def _class(self) -> str:
        self._at += 1
        parts = ["["]
        if self._pattern.startswith("^", self._at):
            parts.append("^")
            self._at += 1
        members: list[str] = []
        while not self._pattern.startswith("]", self._at):
            if self._at >= len(self._pattern):
                raise NotRegularError("an unfinished `[`")
            member = self._member()
            dash = self._pattern.startswith("-", self._at)
            if dash and not self._pattern.startswith("]", self._at + 1) and not _is_shorthand(member):
                self._at += 1
                last = self._member()
                if _is_shorthand(last):
                    raise NotRegularError("a range to a class")
                member = f"{member}-{last}"
            members.append(member)
        if not members:
            raise NotRegularError("an empty `[]`")
        self._at += 1
        return "".join([*parts, *members, "]"])

    def _member(self) -> str:
        char = self._pattern[self._at : self._at + 1]
        if char == "\\":
            return self._escape(in_class=True)
        if not char:
            raise NotRegularError("an unfinished `[`")
        self._at += 1
        return _literal(char, in_class=True)


def _is_shorthand(member: str) -> bool:
    return len(member) == 2 and member[0] == "\\" and member[1] in "dDwWsS"


def _literal(char: str, *, in_class: bool) -> str:
    special = _SPECIAL_IN_CLASS if in_class else Charclass.allSpecial
    return f"\\{char}" if char in special else char
