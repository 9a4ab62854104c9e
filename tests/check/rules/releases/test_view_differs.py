"""Views, held against what their owners declare."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from tests.check.witnessed import check_witnessed
from versioned_serde import Schema, Version, add, redefault, rename, retype, theirs, within, write_lock
from versioned_serde.check.comparison import Comparison
from versioned_serde.check.finding import Finding
from versioned_serde.check.imports import FOLDER, fetched
from versioned_serde.check.proof import proved, proved_by_code
from versioned_serde.check.release import Release
from versioned_serde.check.rules.releases.view_differs import check
from versioned_serde.cli.check.command import main
from versioned_serde.lock.description import described

NAME = "billing.charge"


@dataclass
class Item:
    sku: str
    price: int = 0


@dataclass
class Charge:
    payer: str
    total: int
    due: str | None = None
    items: list[Item] = field(default_factory=list)


def first(codec: Any = "json", **named: Any) -> Version:
    return Version(1, codec=codec, framing="envelope", **named)


def owner(writes: int = 3, codec: Any = "json", **named: Any) -> Schema[Charge]:
    lines = (first(codec, **named), Version(2, add("due")), Version(3, rename("customer", "payer")))
    return Schema(NAME, Charge, *lines, writes=writes, keys={"items": "sku"})


def found(view: Schema[Any], of: Schema[Any] | None) -> list[Finding]:
    comparison = held(view, of)
    findings = list(check(comparison))
    check_witnessed(findings, comparison)
    return findings


def held(view: Schema[Any], of: Schema[Any] | None) -> Comparison:
    locks = {} if of is None else {NAME: Release.of_texts("theirs", {"a": json.dumps(described(of))}).schemas[NAME]}
    now = Release.of_declared("this tree", [view])
    assert now.schemas == {}
    return Comparison(now=now, beside=[], declared={NAME: view}, imported=locks)


def view(model: type, *lines: Version, **named: Any) -> Schema[Any]:
    return Schema(
        NAME, model, *(lines or (first(), Version(2, min_reader=1), Version(3, min_reader=3))), view=True, **named
    )


@dataclass
class Total:
    total: int


@dataclass
class Sku:
    sku: str


@dataclass
class Items:
    items: list[Sku] = field(default_factory=list)


@dataclass
class Payer:
    payer: str


@dataclass
class Odd:
    payer: str
    total: str
    due: str | None = "soon"
    stamp: int = 0


def test_passes_a_part_of_what_the_owner_has() -> None:
    assert found(view(Total), owner()) == []
    assert found(view(Items, keys={"items": "sku"}), owner()) == []
    assert found(view(Payer, first(), Version(2, min_reader=1), Version(3, rename("customer", "payer"))), owner()) == []


def test_an_error_is_proven_with_a_record_of_the_owner() -> None:
    comparison = held(view(Total, first()), owner())
    [finding] = check(comparison)
    proof = proved(finding, comparison)
    assert proof is not None
    assert (proof.result, proof.witness.direction, proof.witness.version) == ("refused", "backward", 3)
    assert "payer" in proof.witness.written


def test_an_error_is_proven_with_a_record_that_the_view_writes() -> None:
    @dataclass
    class Text:
        total: str

    comparison = held(view(Text), owner())
    findings = [replace(each, direction="forward") for each in check(comparison)]
    # The code of the owner is in another repository, so its lock is asked in both ways.
    nowhere: Any = {"registries": ["nobodys:registry"], "repository": Path("nowhere")}
    for proofs in (
        [proved(each, comparison) for each in findings],
        [proved_by_code(each, comparison, **nowhere) for each in findings],
    ):
        told = {(each.result, each.witness.other.name) for each in proofs if each is not None}
        assert told == {("refused", f"the owner of `{NAME}`")}


def test_passes_a_newer_version_that_old_readers_read() -> None:
    assert (
        found(
            view(Total, first()), Schema(NAME, Charge, first(), Version(2, add("due")), writes=2, keys={"items": "sku"})
        )
        == []
    )


def test_fails_what_the_owner_writes_and_the_view_cannot_read() -> None:
    [finding] = found(view(Total, first()), owner())
    assert (finding.severity, finding.version) == ("error", 3)
    assert finding.message == "The owner writes version 3, which the view cannot read; it reads version 1."
    [finding] = found(view(Total, first()), owner(writes=2))
    assert (finding.severity, finding.version) == ("warning", 3)
    two = [Version(2, codec="json", framing="envelope", min_reader=1), Version(3, min_reader=3)]
    [finding] = found(view(Total, *two), owner())
    assert (finding.severity, finding.message.startswith("The owner lists version 1, which")) == ("warning", True)


def test_fails_an_older_version_whatever_its_min_reader() -> None:
    one = Schema(NAME, Charge, first(), Version(2, add("due")), writes=2, keys={"items": "sku"})
    [finding] = found(view(Total, Version(2, codec="json", framing="envelope", min_reader=1)), one)
    assert finding.message == "The owner lists version 1, which the view cannot read; it reads version 2."


def test_fails_attributes_that_are_others() -> None:
    told = [
        (each.version, each.attribute, each.message)
        for each in found(view(Odd, first(), Version(2, min_reader=1), Version(3, min_reader=3)), owner())
    ]
    assert (1, "payer", "Version 1 of the owner has no attribute `payer`.") in told
    assert (3, "total", "`total` of version 3 is `int` at the owner, and `str` here.") in told
    assert (3, "due", '`due` of version 3 is `str | None = null` at the owner, and `str | None = "soon"` here.') in told
    assert (2, "stamp", "Version 2 of the owner has no attribute `stamp`.") in told
    assert len(told) == 3 * 4 - 1  # all but `payer` of version 3


def test_fails_forms_and_versions_that_are_others() -> None:
    told = {each.message for each in found(view(Total), owner(checksum=False))}
    assert told == {f"`checksum` of version {number} is False at the owner, and True here." for number in (1, 2, 3)}
    told = {
        each.message
        for each in found(view(Total, first(), Version(2, min_reader=2), Version(3, min_reader=3)), owner())
    }
    assert told == {"The min_reader of version 2 is 1 at the owner, and 2 here: say `min_reader=1`."}
    lines = (first(), Version(2, min_reader=1), Version(3, min_reader=3), Version(4, min_reader=3))
    told = {each.message for each in found(view(Total, *lines), owner())}
    assert told == {"The view lists version 4, which the owner does not have."}


def test_fails_steps_that_do_not_stand_where_the_owners_do() -> None:
    cents = retype("total", was=str, up=int, down=str)
    item = within(Item, add("price"), redefault("sku", was="x"))
    lines = (first(), Version(2, rename("customer", "payer"), cents, item))
    one = Schema(NAME, Charge, *lines, writes=1, keys={"items": "sku"})

    def of_total(*steps: Any) -> list[str]:
        return [each.message for each in found(view(Total, first(), Version(2, *steps, min_reader=2)), one)]

    assert of_total(theirs(), cents) == of_total(theirs(), cents, theirs()) == []
    [told] = of_total(cents)
    assert told.startswith(
        'Step 1 of version 2 is `rename("customer", "payer")` at the owner, and `retype("total", was=..., up=..., down'
    )
    assert of_total(theirs(), cents, theirs(), theirs()) == []
    [told] = of_total(theirs(), theirs(), cents)
    assert told.startswith("Step 3 of version 2 is `within(..., add(")
    nested = Version(2, theirs(), theirs(), within("items", theirs(), redefault("sku", was="x")), min_reader=2)
    assert found(view(Items, first(), nested, keys={"items": "sku"}), one) == []
    nested = Version(2, theirs(), theirs(), within("items", redefault("sku", was="x")), min_reader=2)
    assert len(found(view(Items, first(), nested, keys={"items": "sku"}), one)) == 1


def test_keys_that_are_others() -> None:
    with pytest.warns(UserWarning, match="has no key"):
        keyless = view(Items)
    [finding] = found(keyless, owner())
    assert (finding.attribute, finding.message) == (
        "items",
        "The owner's key of the list `items` is `sku`: say it in `keys`.",
    )


def test_a_codec_that_keeps_nothing_undeclared() -> None:
    @dataclass
    class Most:
        payer: str
        total: int

    one = Schema(NAME, Charge, first("avro"), keys={"items": "sku"})
    told = [(each.attribute, each.message) for each in found(view(Most, first("avro")), one)]
    assert [attribute for attribute, _ in told] == ["due", "items", "items.price", "items.sku"]
    assert told[0][1] == "The codec `avro` keeps nothing that is not declared, and the view lacks `due`."


def test_fields_that_are_others() -> None:
    one, other = described(view(Total)), described(owner())
    for lock, numbers in ((one, (7, 7, 8)), (other, (7, 7, 7))):
        for version, number in zip(lock["versions"].values(), numbers, strict=True):
            version["fields"] = {"total": f"{number} int64"}
    ours = Release.of_texts("this tree", {"a": json.dumps(one)})
    theirs = Release.of_texts("theirs", {"a": json.dumps(other)})
    [finding] = check(Comparison(now=ours, beside=[], imported=theirs.schemas))
    assert finding.message == "Field 7 int64 of version 3 carries `total` at the owner, and 8 int64 here."


def test_an_owner_that_was_not_imported() -> None:
    [finding] = found(view(Total), None)
    assert finding.help == f"Run `serde-check lock --import {NAME} --from PATH-OR-REPOSITORY`."


def test_the_whole_way(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    write_lock([owner()], tmp_path / "theirs")
    (tmp_path / "pyproject.toml").write_text('[tool.serde-check]\nregistries = ["view_of_charges:registry"]\n')
    (tmp_path / "view_of_charges.py").write_text(
        "from dataclasses import dataclass\nfrom versioned_serde import Registry, Schema, Version\n\n"
        "@dataclass\nclass Total:\n    total: int\n\n"
        'registry = Registry(Schema("billing.charge", Total, Version(1, codec="json", framing="envelope"), view=True)'
        ")\n"
    )
    monkeypatch.chdir(tmp_path)
    assert main(["lock"]) == 0
    assert main(["lock", "--import", NAME, "--from", "theirs"]) == 0
    capsys.readouterr()
    assert main(["check", "--format", "json"]) == 1
    rules = {each["rule"] for each in json.loads(capsys.readouterr().out)["findings"]}
    assert rules == {"view-differs"}
    assert fetched(NAME, "theirs", tmp_path).text() == (tmp_path / "serde-lock" / FOLDER / f"{NAME}.json").read_text()
