"""Members of sets of nulls, booleans, numbers and strings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from math import ceil, floor, lcm
from typing import Final

from versioned_serde.check.contracts.json_schema.answers import EMPTY, Answer, found, unknown
from versioned_serde.check.contracts.json_schema.automata import text_between
from versioned_serde.check.contracts.json_schema.patterns import NotRegularError, matches
from versioned_serde.check.contracts.json_schema.terms import Term
from versioned_serde.check.contracts.json_schema.values import Key, number_of, value_of

_PERIODS: Final = 20_000
"""How many multiples are tried before the search for one that is no multiple of others is given up."""
_LETTERS: Final = 1_000
"""How long a string may be that is made to be longer than something."""


def of_kind(literals: Iterable[Term], kind: str) -> list[Term]:
    """The terms of one kind."""
    return [each for each in literals if each.kind == kind]


def candidates(literals: Sequence[Term]) -> frozenset[Key] | None:
    """The only keys that are possible; None if they are not enumerated."""
    allowed: frozenset[Key] | None = None
    for each in of_kind(literals, "values"):
        allowed = each.args[0] if allowed is None else allowed & each.args[0]
    return allowed


def excluded(literals: Sequence[Term]) -> frozenset[Key]:
    """Keys that are not possible."""
    return frozenset().union(*(each.args[0] for each in of_kind(literals, "not_values")))


def constant(literals: Sequence[Term], known: Sequence[Key]) -> Answer:
    """A null or boolean."""
    allowed = candidates(literals)
    forbidden = excluded(literals)
    for key in known:
        if key not in forbidden and (allowed is None or key in allowed):
            return found(value_of(key))
    return EMPTY


def number(literals: Sequence[Term]) -> Answer:
    """A number; exact, with no regard to how floats would round."""
    allowed = candidates(literals)
    forbidden = {key[1] for key in excluded(literals) if key[0] == "number"}
    if allowed is not None:
        numbers = sorted(key[1] for key in allowed if key[0] == "number")
        fitting = (each for each in numbers if each not in forbidden and _has(literals, each))
        chosen = next(fitting, None)
        return EMPTY if chosen is None else found(number_of(chosen))
    interval = _Interval(literals)
    factors = [each.args[0] for each in of_kind(literals, "multiple")]
    avoided = [each.args[0] for each in of_kind(literals, "not_multiple")]
    if factors:
        return _multiple(interval, _common(factors), avoided, forbidden)
    for each in interval.dense(len(forbidden) + 8 * (len(avoided) + 1)):
        if each not in forbidden and _has(literals, each):
            return found(number_of(each))
    return EMPTY if interval.is_small() else unknown("`multipleOf`: no number was found that is not a multiple")


def _has(literals: Sequence[Term], value: Fraction) -> bool:
    for each in literals:
        match each.kind:
            case "at_least":
                fits = value > each.args[0] if each.args[1] else value >= each.args[0]
            case "at_most":
                fits = value < each.args[0] if each.args[1] else value <= each.args[0]
            case "multiple":
                fits = (value / each.args[0]).denominator == 1
            case "not_multiple":
                fits = (value / each.args[0]).denominator != 1
            case _:
                fits = True
        if not fits:
            return False
    return True


def _common(factors: Sequence[Fraction]) -> Fraction:
    """The least number that is a multiple of all."""
    below = lcm(*(each.denominator for each in factors))
    return Fraction(lcm(*(int(each * below) for each in factors)), below)


class _Interval:
    def __init__(self, literals: Sequence[Term]) -> None:
        # An exclusive bound is the tighter one of two equal ones.
        lows = [(each.args[0], each.args[1]) for each in of_kind(literals, "at_least")]
        highs = [(-each.args[0], each.args[1]) for each in of_kind(literals, "at_most")]
        self.low: Fraction | None = None
        self.high: Fraction | None = None
        self.above = self.below = False
        if lows:
            self.low, self.above = max(lows)
        if highs:
            high, self.below = max(highs)
            self.high = -high

    def is_small(self) -> bool:
        """Whether it has one number or none."""
        return self.low is not None and self.high is not None and self.low >= self.high

    def dense(self, count: int) -> Iterator[Fraction]:
        """Different numbers in it, round ones first; `count` or more if it has as many."""
        low, high = self.low, self.high
        if low is not None and high is not None:
            yield from (Fraction(each) for each in range(ceil(low), min(floor(high), ceil(low) + count) + 1))
            yield low
            yield high
            if low < high:
                step = Fraction(1, 10)
                while step * 2 * (count + 2) > high - low:
                    step /= 10
                start = ceil(low / step) * step
                yield from (start + step * each for each in range(1, 2 * count + 2))
            return
        start = Fraction(ceil(low)) if low is not None else Fraction(floor(high)) if high is not None else Fraction(0)
        sign = -1 if low is None and high is not None else 1
        yield from (bound for bound in (low, high) if bound is not None)
        for each in range(count + 2):
            yield start + sign * each
            yield start + sign * (each + Fraction(1, 2))
            yield start + sign * (each + Fraction(1, 1000))

    def multiples(self, factor: Fraction) -> tuple[int | None, int | None]:
        """The first and the last factor by which `factor` is in it."""
        first = last = None
        if self.low is not None:
            first = ceil(self.low / factor)
            first += self.above and first * factor == self.low
        if self.high is not None:
            last = floor(self.high / factor)
            last -= self.below and last * factor == self.high
        return first, last


def _multiple(interval: _Interval, factor: Fraction, avoided: Sequence[Fraction], forbidden: set[Fraction]) -> Answer:
    if any((factor / each).denominator == 1 for each in avoided):
        return EMPTY
    first, last = interval.multiples(factor)
    begin = max(first, 0) if first is not None else 0
    begin = min(last, begin) if last is not None else begin
    # Among so many that follow each other all remainders occur that can, and more often than they are forbidden.
    count = (int(_common([factor, *avoided]) / factor) if avoided else 1) * (len(forbidden) + 1)
    for step in (1, -1):
        for each in range(min(count, _PERIODS)):
            times = begin + step * each
            if (last is not None and times > last) or (first is not None and times < first):
                break
            value = times * factor
            if value not in forbidden and all((value / other).denominator != 1 for other in avoided):
                return found(number_of(value))
        else:
            if count > _PERIODS:
                return unknown("`multipleOf`: too many remainders to be tried")
    return EMPTY


def string(literals: Sequence[Term]) -> Answer:
    """A string; expressions are those of ECMA-262."""
    least = max((each.args[0] for each in of_kind(literals, "min_length")), default=0)
    most = min((each.args[0] for each in of_kind(literals, "max_length")), default=None)
    matching = sorted(each.args[0] for each in of_kind(literals, "pattern"))
    missing = sorted(each.args[0] for each in of_kind(literals, "not_pattern"))
    forbidden = {key[1] for key in excluded(literals) if key[0] == "string"}
    allowed = candidates(literals)
    try:
        if allowed is not None:
            for text in sorted(key[1] for key in allowed if key[0] == "string"):
                long_enough = least <= len(text) and (most is None or len(text) <= most)
                if long_enough and text not in forbidden and _fits(text, matching, missing):
                    return found(text)
            return EMPTY
        if most is not None and least > most:
            return EMPTY
        if not matching and not missing:
            return _of_length(least, most, forbidden)
        return _of_patterns(matching, missing, least, most, forbidden)
    except NotRegularError as error:
        return unknown(f"`pattern`: {error}")


def _fits(text: str, matching: Sequence[str], missing: Sequence[str]) -> bool:
    return all(matches(each, text) for each in matching) and not any(matches(each, text) for each in missing)


def _of_length(least: int, most: int | None, forbidden: set[str]) -> Answer:
    if most == 0:
        return EMPTY if "" in forbidden else found("")
    if least > _LETTERS * 100:
        return unknown(f"`minLength`: a string of {least} characters is not made")
    length = max(least, min(1, most or 1))
    for each in range(len(forbidden) + 1):
        # Different texts of one length: the number in letters, after as many of the first as are left.
        text = _counted(each, length)
        if text not in forbidden:
            return found(text)
    return unknown(f"`enum`: {len(forbidden)} strings are excluded")


def _counted(count: int, length: int) -> str:
    """The text of a number; for short ones, characters beyond the letters are its digits."""
    base = 26 if length > 3 else 20_000  # U+0061 and the 20,000 after it are no surrogates
    digits: list[str] = []
    for _ in range(length):
        count, digit = divmod(count, base)
        digits.append(chr(ord("a") + digit))
    return "".join(reversed(digits))


def _of_patterns(
    matching: Sequence[str], missing: Sequence[str], least: int, most: int | None, forbidden: set[str]
) -> Answer:
    if set(matching) & set(missing):
        return EMPTY
    if least > _LETTERS:
        return unknown(f"`pattern` together with `minLength` {least}")
    try:
        text = text_between(matching, missing, least, most, forbidden)
    except NotRegularError as error:
        guess = _guessed(matching, missing, least, most, forbidden)
        return unknown(f"`pattern`: {error}") if guess is None else found(guess)
    return EMPTY if text is None else found(text)


def _guessed(
    matching: Sequence[str], missing: Sequence[str], least: int, most: int | None, forbidden: set[str]
) -> str | None:
    """A text that the expressions which are understood suggest, where it happens to go with the others."""
    for each in [*([one] for one in matching), []]:
        try:
            text = text_between(each, [], least, most, forbidden)
            if text is not None and _fits(text, matching, missing):
                return text
        except NotRegularError:
            continue
    return None
