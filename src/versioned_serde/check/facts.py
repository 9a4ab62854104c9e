"""The kinds of facts that a lock tells of a model's behaviour."""

from __future__ import annotations

from collections.abc import Iterable

_CODE = ("validator", "check", "model_post_init", "__post_init__")


def checks(facts: Iterable[str]) -> tuple[str, ...]:
    """Those that are code which runs when an instance is made: `before validator 1f3ac02e`."""
    return tuple(each for each in facts if _is_code(each))


def factories(facts: Iterable[str]) -> tuple[str, ...]:
    """Those that are code which computes a default: `factory 1f3ac02e`."""
    return tuple(each for each in facts if each.startswith("factory "))


def constraints(facts: Iterable[str]) -> tuple[str, ...]:
    """All others: `ge=0`, `each max_length=3`, `strict=True`."""
    return tuple(each for each in facts if not _is_code(each) and not each.startswith("factory "))


def _is_code(fact: str) -> bool:
    words = fact.split(" ")
    return len(words) > 1 and words[-2] in _CODE
