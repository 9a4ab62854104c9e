"""OpenAPI documents of versions 3.0 and 3.1, in JSON or YAML.

`backward`: hosts of the new release read what hosts of the old one send, be it requests of old clients or answers of
old servers. `forward`: the other way.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from versioned_serde.check.contracts.contract import ContractError, Judgment
from versioned_serde.check.contracts.openapi.api import Api, api
from versioned_serde.check.contracts.openapi.documents import read
from versioned_serde.check.contracts.openapi.exchange import Exchange, Hit
from versioned_serde.check.contracts.openapi.schemas import Message
from versioned_serde.check.finding import Direction, Finding, Verdict
from versioned_serde.check.rules.rule import Rule, of_family

NAME: Final = "openapi"

_UNDECIDED: Final = "openapi-schema-undecided"
_EXCHANGES: Final[tuple[tuple[Message, Direction], ...]] = (
    ("request", "backward"),
    ("response", "backward"),
    ("request", "forward"),
    ("response", "forward"),
)
_begins = re.compile(r"""(^|[\s{,])["']?(openapi|swagger)["']?\s*:\s*["']?[0-9]""").search


def recognizes(path: Path) -> bool:
    """Whether a file says at its start that it is OpenAPI, or Swagger, as it was called before."""
    if path.suffix not in {".json", ".yaml", ".yml"} or not path.is_file():
        return False
    try:
        return _begins(path.read_text(encoding="utf-8-sig")) is not None
    except (OSError, ValueError):
        return False


def compare(old: Path, new: Path, rules: Sequence[str]) -> Judgment:
    """Compares two documents.

    Raises:
        ContractError: one of them is no OpenAPI; or there are rules to select, which this kind has not.
    """
    if rules:
        raise ContractError("OpenAPI has one set of rules, so there is nothing for --rules to select.")
    known = {module.RULE.name: module.RULE for module in of_family("openapi")}
    before, after = api(read(old)), api(read(new))
    try:
        hits = [hit for each in _EXCHANGES for hit in Exchange(*each, before, after, known).hits()]
    except RecursionError:
        raise ContractError(f"`{old}` or `{new}` is nested deeper than it can be followed.") from None
    findings = [hit.finding for hit in hits]
    findings += [*_notes(before, after, known), *_order(after, hits, known)]
    return Judgment(
        backward=_verdict(hit.finding for hit in hits if hit.finding.direction == "backward"),
        forward=_verdict(hit.finding for hit in hits if hit.finding.direction == "forward"),
        findings=tuple(sorted(findings, key=_position)),
    )


def _notes(before: Api, after: Api, rules: Mapping[str, Rule]) -> Iterator[Finding]:
    """What breaks no message, and is worth knowing."""
    for key, old in before.operations.items():
        new = after.operations.get(key)
        if new is None:
            continue
        if new.deprecated and not old.deprecated:
            until = f"until {new.sunset}" if new.sunset else "and does not say until when (`x-sunset`)"
            message = f"`{new.name}` is deprecated now, {until}."
            yield rules["openapi-deprecated"].finding(message, schema=new.name, place=new.node.place)
        if old.id != new.id:
            message = f"`{new.name}` has the operationId {_id(new.id)} now, and had {_id(old.id)}."
            yield rules["openapi-operation-id-changed"].finding(message, schema=new.name, place=new.node.place)
    for server in before.servers:
        if server not in after.servers:
            place = (after.root.get("servers") or after.root).place
            yield rules["openapi-server-removed"].finding(f"The server `{server}` is not listed any more.", place=place)


def _order(after: Api, hits: Sequence[Hit], rules: Mapping[str, Rule]) -> Iterator[Finding]:
    """Who may be deployed first, if that matters."""
    servers = _verdict(each.finding for each in hits if each.new_servers) == "compatible"
    clients = _verdict(each.finding for each in hits if not each.new_servers) == "compatible"
    if servers and clients:
        return
    if servers:
        message = "Deploy servers first: old clients work with new servers, but new clients not with all old servers."
    elif clients:
        message = "Deploy clients first: new clients work with old servers, but old clients not with all new servers."
    else:
        message = "Neither servers nor clients can be deployed first: each way somebody may fail while both run."
    yield rules["openapi-deployment-order"].finding(message, place=after.root.place)


def _verdict(findings: Iterable[Finding]) -> Verdict:
    findings = list(findings)
    if any(each.severity == "error" for each in findings):
        return "incompatible"
    return "undecided" if any(each.rule == _UNDECIDED for each in findings) else "compatible"


def _id(name: str | None) -> str:
    return "none" if name is None else f"`{name}`"


def _position(finding: Finding) -> tuple[str, int, int, str, str]:
    place = finding.place
    assert place is not None
    return place.path, place.line or 0, place.column or 0, finding.rule, finding.direction or ""
