"""What a project's settings say about findings: severities, and findings that are ignored."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from difflib import get_close_matches
from fnmatch import fnmatchcase
from typing import Any, Final, Literal, Self, TypeGuard, get_args

from versioned_serde.check.comments import Comment
from versioned_serde.check.finding import Finding, Place, Severity
from versioned_serde.check.fingerprints import path_from
from versioned_serde.check.rules.rule import Rule, UnknownRuleError, called
from versioned_serde.errors import SerdeError

Level = Severity | Literal["off"]
_LEVELS: Final[tuple[str, ...]] = (*get_args(Severity), "off")
_PATTERNS: Final = ("schema", "attribute", "path")
_KEYS: Final = ("rule", *_PATTERNS, "reason", "expires")


class PolicyError(SerdeError):
    """`[tool.serde-check.severity]` or `[[tool.serde-check.ignore]]` says what cannot be meant."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ignore:
    """Findings that do not count: an entry of `[[tool.serde-check.ignore]]`, or one rule of a comment.

    Patterns are those of a shell, but `*` stands for slashes and dots too. What has no such name has the empty one.

    Attributes:
        rules: names of the rules that it is about.
        text: what it is about, for people.
        place: where it stands.
        schema: pattern of the schema's name. `attribute`: of the attribute's path. `path`: of the file's.
        comment: the comment that it stands in; it covers a statement alone.
        reason: why; may be empty, and then it does not count.
        until: the last day on which it counts.
    """

    rules: frozenset[str]
    text: str
    place: Place
    schema: str = "*"
    attribute: str = "*"
    path: str = "*"
    comment: Comment | None = None
    reason: str = ""
    until: date | None = None

    @property
    def by(self) -> Literal["comment", "settings"]:
        """Where it stands, in a word."""
        return "settings" if self.comment is None else "comment"

    def matches(self, finding: Finding, root: str = ".") -> bool:
        """Whether it is about a finding, in a project at `root`."""
        return (
            finding.rule in self.rules
            and fnmatchcase(finding.schema or "", self.schema)
            and fnmatchcase(finding.attribute or "", self.attribute)
            and fnmatchcase(_path(finding, root), self.path)
            and (self.comment is None or self.comment.covers(finding.place))
        )


@dataclass(frozen=True, slots=True)
class Policy:
    """Which findings count, and as what.

    Attributes:
        levels: pattern of paths, rule's name, and severity or `off`; of those that match a finding, the last one holds.
        ignores: findings that do not count.
        root: the project's folder, as findings name it; its patterns of paths count from there.
    """

    levels: tuple[tuple[str, str, Level], ...] = ()
    ignores: tuple[Ignore, ...] = ()
    root: str = "."

    @classmethod
    def of(cls, severity: Mapping[str, Any], ignore: Sequence[Mapping[str, Any]], root: str = ".") -> Self:
        """The policy of a project's settings.

        Args:
            severity: the table `[tool.serde-check.severity]`: rule -> severity; and pattern of paths -> such a table.
            ignore: the entries of `[[tool.serde-check.ignore]]`.
            root: the project's folder, as findings name it.

        Raises:
            PolicyError: they name a rule or severity that does not exist, or have a key or value of a wrong type.
        """
        levels: list[tuple[str, str, Level]] = []
        # The severities of a path come last, and so hold, wherever they stand.
        for key, value in sorted(severity.items(), key=lambda item: type(item[1]) is dict):
            pattern, table = (key, value) if type(value) is dict else ("*", {key: value})
            levels += _levels(pattern, table)
        place = Place(path=posixpath.join("" if root == "." else root, "pyproject.toml"))
        return cls(tuple(levels), tuple(_ignore(each, place) for each in ignore), root)

    def judged(self, finding: Finding) -> Finding | None:
        """A finding with the severity that it has here; None if its rule is off."""
        said: Level = finding.severity
        for pattern, rule, level in self.levels:
            if rule == finding.rule and fnmatchcase(_path(finding, self.root), pattern):
                said = level
        return None if said == "off" else replace(finding, severity=said)


def _path(finding: Finding, root: str) -> str:
    return path_from(root, finding.place) if finding.place else ""


def _levels(pattern: str, table: Mapping[str, Any]) -> Iterator[tuple[str, str, Level]]:
    for name, said in table.items():
        if not _is_level(said):
            raise PolicyError(
                f"`{name}` in [tool.serde-check.severity] is {said!r}.", hint=f"Say one of {', '.join(_LEVELS)}."
            )
        for rule in _rules(name, "[tool.serde-check.severity]"):
            yield pattern, rule.name, said


def _is_level(said: object) -> TypeGuard[Level]:
    return said in _LEVELS


def _ignore(table: Mapping[str, Any], place: Place) -> Ignore:
    for key, value in table.items():
        if key not in _KEYS:
            close = get_close_matches(key, _KEYS, n=1)
            raise PolicyError(
                f"[[tool.serde-check.ignore]] has no `{key}`.",
                hint=f"Did you mean `{close[0]}`?" if close else f"Known are {', '.join(_KEYS)}.",
            )
        if key == "expires":
            if not isinstance(value, date) or isinstance(value, datetime):
                raise PolicyError(f"`expires` is no day: {value!r}.", hint="Write it as in `expires = 2027-01-31`.")
        elif type(value) is not str:
            raise PolicyError(f"`{key}` in [[tool.serde-check.ignore]] is no text: {value!r}.")
    if "rule" not in table:
        raise PolicyError(f"An entry of [[tool.serde-check.ignore]] has no `rule`: {dict(table)!r}.")
    patterns = {key: table[key] for key in _PATTERNS if key in table}
    about = [f"`{table['rule']}`", *(f"{key} `{pattern}`" for key, pattern in patterns.items())]
    return Ignore(
        rules=frozenset(each.name for each in _rules(table["rule"], "[[tool.serde-check.ignore]]")),
        text=", ".join(about),
        place=place,
        reason=table.get("reason", "").strip(),
        until=table.get("expires"),
        **patterns,
    )


def _rules(name: str, where: str) -> list[Rule]:
    try:
        return called(name)
    except UnknownRuleError as error:
        raise PolicyError(f"{where}: {error.problem}", hint=error.hint) from None
