"""JSON Schemas as contracts: files, or folders of them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final

from jsonschema.exceptions import SchemaError

from versioned_serde.check.contracts.contract import ContractError, Judgment
from versioned_serde.check.contracts.json_schema.documents import Document, steps
from versioned_serde.check.contracts.json_schema.files import ENDINGS, loaded, neighbours
from versioned_serde.check.contracts.json_schema.formats import format_changes
from versioned_serde.check.contracts.json_schema.inclusion import Inclusion, Obstacle, included
from versioned_serde.check.contracts.located import Located
from versioned_serde.check.finding import Direction, Finding, Verdict
from versioned_serde.check.rules.rule import Rule, of_family

NAME: Final = "json-schema"
_BY_NAME: Final = re.compile(r"\.schema\.(json|ya?ml)$")
_DIALECT: Final = re.compile(r"""["']?\$schema["']?\s*:\s*["']?https?://json-schema\.org/""")
_OTHERS: Final = re.compile(r"""^\s*\{?\s*["']?(openapi|swagger)["']?\s*:""", re.MULTILINE)
_KEYWORDS: Final = {
    *("type", "enum", "const", "$ref", "allOf", "anyOf", "oneOf", "not", "if", "properties", "patternProperties"),
    *("additionalProperties", "propertyNames", "required", "items", "prefixItems", "contains", "minimum", "maximum"),
    *("exclusiveMinimum", "exclusiveMaximum", "multipleOf", "minLength", "maxLength", "pattern", "format", "minItems"),
    *("maxItems", "uniqueItems", "minProperties", "maxProperties", "$defs", "definitions"),
}
_OTHER_KEYS: Final = {"openapi", "swagger", "fields", "symbols"}
_HEAD: Final = 64 * 1024
"""How many characters of a file are looked at to tell what it is."""


def recognizes(path: Path) -> bool:
    """Whether a file is a JSON Schema, or a folder has one that says so, or nothing else.

    A file says so by its name, `*.schema.json`, or by `$schema` of JSON Schema. JSON that says nothing is one, too, if
    it has a keyword, and no other kind's sign.
    """
    try:
        if path.is_dir():
            plain = [each for each in _files(path) if each.suffix == ".json"]
            return any(map(_is_schema, _files(path))) or bool(plain and all(map(_has_keyword, plain)))
        return _is_schema(path) or (path.suffix == ".json" and _has_keyword(path))
    except OSError:
        return False


def _is_schema(path: Path) -> bool:
    if not path.is_file() or path.suffix not in ENDINGS:
        return False
    if _BY_NAME.search(path.name):
        return True
    try:
        with path.open(encoding="utf-8-sig") as file:
            head = file.read(_HEAD)
    except (OSError, UnicodeDecodeError):
        return False
    return _DIALECT.search(head) is not None and _OTHERS.search(head) is None


def _has_keyword(path: Path) -> bool:
    try:
        content = json.loads(path.read_bytes())
    except (ValueError, RecursionError):
        return False
    if isinstance(content, dict):
        return not content or bool(_KEYWORDS & content.keys() and not _OTHER_KEYS & content.keys())
    return isinstance(content, bool)


def _files(folder: Path) -> Iterator[Path]:
    return (each for each in sorted(folder.rglob("*")) if each.suffix in ENDINGS and each.is_file())


def compare(old: Path, new: Path, rules: Sequence[str]) -> Judgment:
    """Compares two schemas, or the schemas of two folders that have the same relative paths.

    Args:
        old: a file or a folder.
        new: the same of the newer side.
        rules: must be empty: there is one set of rules.

    Raises:
        ContractError: a file cannot be read, or is no valid JSON Schema; one side is a folder and the other is not.
    """
    if rules:
        raise ContractError(f"JSON Schema has one set of rules, so that `--rules {','.join(rules)}` chooses nothing.")
    if old.is_dir() != new.is_dir():
        raise ContractError(f"One of `{old}` and `{new}` is a folder and the other is not; compare two of a kind.")
    if not old.is_dir():
        return _compared(old, new, old.parent, new.parent)
    before = {each.relative_to(old) for each in _files(old) if _is_schema(each)}
    after = {each.relative_to(new) for each in _files(new)}
    judgments = [
        _compared(old / each, new / each, old, new) if each in after else _gone(old / each) for each in sorted(before)
    ]
    return Judgment(
        backward=_worst([each.backward for each in judgments]),
        forward=_worst([each.forward for each in judgments]),
        findings=tuple(finding for each in judgments for finding in each.findings),
    )


def _worst(verdicts: Sequence[Verdict]) -> Verdict:
    if "incompatible" in verdicts:
        return "incompatible"
    return "undecided" if "undecided" in verdicts else "compatible"


def _gone(path: Path) -> Judgment:
    finding = _rules()["json-schema-removed"].finding(
        f"`{path.as_posix()}` has no counterpart, so that nothing says any more how to read what was written under it.",
        schema=path.name,
        direction="backward",
    )
    return Judgment(backward="incompatible", forward="compatible", findings=(finding,))


def _compared(old: Path, new: Path, old_folder: Path, new_folder: Path) -> Judgment:
    file, newer = loaded(old), loaded(new)
    before, after = _document(file, old_folder), _document(newer, new_folder)
    backward = included(before.content, after.content, sub_root=before, sup_root=after)
    forward = included(after.content, before.content, sub_root=after, sup_root=before)
    if "undecided" in (backward.verdict, forward.verdict):
        _checked(old, before)
        _checked(new, after)
    found = [
        *_findings("backward", backward, after, newer),
        *_findings("forward", forward, after, newer),
        *_notes(before, after, newer),
    ]
    return Judgment(
        backward=backward.verdict,
        forward=forward.verdict,
        findings=tuple(
            sorted(found, key=lambda each: (each.place.line or 0, each.place.column or 0) if each.place else (0, 0))
        ),
    )


def _document(file: Located, folder: Path) -> Document:
    if not isinstance(file.value, (Mapping, bool)):
        raise ContractError(f"`{file.path}` is no JSON Schema: it holds neither an object nor a boolean.")
    return Document(file.value, uri=file.path.resolve().as_uri(), registry=neighbours(folder))


def _checked(path: Path, document: Document) -> None:
    """Says what is wrong with a schema of which something could not be understood.

    Checking all would take longer than comparing, and what is the same on both sides needs not to be understood.
    """
    try:
        document.validator.check_schema(document.content)
    except SchemaError as error:
        pointer = "/".join(map(str, error.absolute_path))
        raise ContractError(f"`{path}` is no valid JSON Schema: at `#/{pointer}`, {error.message[:200]}") from None


@cache
def _rules() -> Mapping[str, Rule]:
    return {module.RULE.name: module.RULE for module in of_family("json_schema")}


def _findings(direction: Direction, inclusion: Inclusion, newer: Document, file: Located) -> Iterator[Finding]:
    reader = "new" if direction == "backward" else "old"
    for each in inclusion.obstacles:
        yield _rules()[each.rule].finding(
            f"{each.message} (`#{each.sup_pointer}` of the {reader} schema).",
            schema=_title(newer, file.path),
            attribute=each.attribute or None,
            direction=direction,
            place=file.place(steps(_in_newer(each, direction))),
            witness=None if each.witness is None else json.dumps(each.witness.instance, ensure_ascii=False),
        )


def _in_newer(obstacle: Obstacle, direction: Direction) -> str:
    return obstacle.sup_pointer if direction == "backward" else obstacle.sub_pointer or ""


def _notes(before: Document, after: Document, file: Located) -> Iterator[Finding]:
    for each in format_changes(before.node(before.content), after.node(after.content)):
        pointer = each.pointer or ""
        yield _rules()["json-schema-format-changed"].finding(
            f"`{each.attribute or 'the whole'}`: `format` was {_shown(each.old)} and is {_shown(each.new)}.",
            schema=_title(after, file.path),
            attribute=each.attribute or None,
            place=file.place(steps(pointer if each.new is None else f"{pointer}/format")),
        )


def _shown(format_: Any) -> str:
    return "missing" if format_ is None else f"`{format_}`"


def _title(document: Document, path: Path) -> str:
    title = document.content.get("title") if isinstance(document.content, Mapping) else None
    return title if isinstance(title, str) else path.name
