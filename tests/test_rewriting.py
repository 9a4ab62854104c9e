from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.laws.fleets import Fleet
from tests.laws.oracle import may_read
from tests.laws.reference import same_plain
from versioned_serde import Schema, Version, add, remove, rename, retype
from versioned_serde.errors import DeclarationError, PayloadError, TagError, UnreadableVersionError, WriteError
from versioned_serde.protocols import Stored
from versioned_serde.rewriting import NotTheSameError, Rewriting, Target, counted_as, reason
from versioned_serde.serializer.line import Packed
from versioned_serde.testing.histories import History, Nested, key_paths
from versioned_serde.testing.releases import KINDS, Release
from versioned_serde.testing.strategies import histories, sources

assert settings.default is not None
FEWER = settings(max_examples=max(10, settings.default.max_examples // 4))
"""Each case makes up a history, and classes and schemas for it."""


def stored(packed: Packed | bytes) -> Stored:
    payload, headers = (packed, {}) if isinstance(packed, bytes) else packed
    return Stored(payload, headers, "token")


# Made-up histories, in all framings, with records that hosts of several releases edited -------------------------------


def backfiller(fleet: Fleet) -> Release:
    """The release that carries out the backfill: it lists all versions."""
    return Release(fleet.history, fleet.history.newest, fleet.history.newest, fleet.kind)


def seen_by(release: Release, fleet: Fleet, packed: Packed) -> Any:
    """What a release sees of a record, presence included, and what it does not understand."""
    document = release.schema.read(*packed)
    return fleet.plain(release, document.value), sorted(document.unknown)


def shown_by(release: Release, fleet: Fleet, packed: Packed) -> Any:
    """The same with defaults, whether present or not."""
    return release.plain(Nested(fleet.history.root), release.schema.unpack(*packed), presence=False)


@FEWER
@given(data=st.data(), random=sources(), edits=st.integers(0, 4))
def test_rewriting_is_an_edit_that_changes_nothing(data: st.DataObject, random: Random, edits: int) -> None:
    """Up: the record is afterwards what the reference model says of an edit without a change; and edits go on."""
    kind = random.choice(list(KINDS))
    history: History = data.draw(histories(kind))
    fleet = Fleet(random, kind, history)
    for _ in range(edits):
        fleet.edit()
    release = backfiller(fleet)
    to = random.randrange(1, history.newest + 1)
    rewriting = Rewriting(release.schema, Target(to))
    before = fleet.packed
    new = rewriting(stored(before))
    if new is None:
        assert fleet.record.version >= to, fleet
        return
    value, unknown = seen_by(release, fleet, before)
    again, still_unknown = seen_by(release, fleet, new)
    assert same_plain(again, value), fleet
    assert set(still_unknown) <= set(unknown), fleet
    assert release.schema.identify(*new).version == max(fleet.record.version, to)
    assert rewriting(stored(new)) is None, f"a second time it is rewritten again: {fleet}"
    plain = fleet.plain(release, release.schema.read(*before).value)
    keys = key_paths(history, release.newest)
    fleet.record = fleet.record.edited(release.newest, to, plain, plain, keys)
    fleet.packed = new
    fleet.told.append(("backfill", to))
    fleet.check(release)
    for _ in range(2):
        fleet.edit()


@FEWER
@given(data=st.data(), random=sources(), edits=st.integers(0, 3))
def test_what_is_lowered_is_whole(data: st.DataObject, random: Random, edits: int) -> None:
    """Down, and up again: the newest release sees what it saw, and so does a release that reads before and after."""
    kind = random.choice(list(KINDS))
    history: History = data.draw(histories(kind))
    fleet = Fleet(random, kind, history)
    for _ in range(edits):
        fleet.edit()
    release = backfiller(fleet)
    to = random.randrange(1, history.newest + 1)
    if history.forms[to - 1].framing == "bare":
        return  # it keeps nothing that it does not declare
    lowered = Rewriting(release.schema, Target(to, lower=True))(stored(fleet.packed))
    if lowered is None:
        assert fleet.record.version == to
        return
    assert release.schema.identify(*lowered).version == to
    # An older version writes out defaults that a newer one implies, so that presence may differ.
    before = shown_by(release, fleet, fleet.packed)
    assert same_plain(shown_by(release, fleet, lowered), before), fleet
    raised = Rewriting(release.schema, Target(history.newest))(stored(lowered)) or lowered
    assert same_plain(shown_by(release, fleet, raised), before), fleet
    old = fleet.host(random.randrange(to, history.newest + 1))
    if old.schema.versions[0] <= to and may_read(history, old.newest, fleet.record.version):
        told = old.schema.unpack(*fleet.packed), old.schema.unpack(*lowered)
        assert same_plain(*(old.plain(Nested(history.root), each, presence=False) for each in told)), fleet


@FEWER
@given(data=st.data(), random=sources(), edits=st.integers(0, 3))
def test_what_is_newer_than_the_backfill_stays_as_it_is(data: st.DataObject, random: Random, edits: int) -> None:
    """A backfill of an older release: what it reads of newer records it leaves; the rest it refuses."""
    kind = random.choice(list(KINDS))
    history: History = data.draw(histories(kind))
    fleet = Fleet(random, kind, history)
    for _ in range(edits):
        fleet.edit()
    newest = random.randrange(1, history.newest + 1)
    release = Release(history, newest, newest, kind)
    rewriting = Rewriting(release.schema, Target(random.randrange(1, newest + 1), lower=random.random() < 0.5))
    if not may_read(history, newest, fleet.record.version):
        if "bare" in {form.framing for form in history.forms[:newest]}:
            return  # what has no tag that this release knows could be one of those, and is looked at by a read alone
        with pytest.raises((TagError, UnreadableVersionError, PayloadError)):
            rewriting(stored(fleet.packed))
    elif fleet.record.version > newest:
        assert rewriting(stored(fleet.packed)) is None
        purging = Rewriting(release.schema, Target(newest, purge=True))(stored(fleet.packed))
        if purging is not None:  # another spelling of the same
            reader = backfiller(fleet)
            assert same_plain(seen_by(reader, fleet, purging)[0], seen_by(reader, fleet, fleet.packed)[0])


# What is said of one record -------------------------------------------------------------------------------------------


@dataclass
class Cents:
    total: int
    fax: str


@dataclass
class Euros:
    total: Decimal


FIRST = Version(1, codec="json", framing="envelope")


@dataclass
class Named:
    name: str


@dataclass
class Faxed:
    name: str
    fax: str | None = None


def cents() -> Schema[Cents]:
    return Schema("shop.bill", Cents, FIRST)


def euros(up: Callable[[int], Decimal], *, writes: int = 2, view: bool = False) -> Schema[Euros]:
    steps = (retype("total", was=int, up=up, down=lambda total: int(total * 100)), remove("fax", was=str, fill=""))
    return Schema("shop.bill", Euros, FIRST, Version(2, *steps), writes=writes, view=view)


def hundredth(total: int) -> Decimal:
    return Decimal(total) / 100


def test_a_record_at_the_target_is_left_alone_and_the_tag_alone_decides(monkeypatch: pytest.MonkeyPatch) -> None:
    schema = euros(hundredth)
    at_target = schema.dumps(Euros(Decimal(1)))
    monkeypatch.setattr(schema, "read", None)
    assert Rewriting(schema, Target(2))(stored(at_target)) is None
    assert Rewriting(schema, Target(1))(stored(at_target)) is None, "it lowers nothing unless told"


def test_lowering_across_a_removed_attribute_is_no_loss() -> None:
    """What the older version must have is filled in; the newer one never held it."""
    schema = euros(hundredth)
    record = schema.dumps(Euros(Decimal("1.25")))
    lowered = Rewriting(schema, Target(1, lower=True))(stored(record))
    assert lowered is not None
    assert cents().loads(lowered.payload) == Cents(125, "")
    assert schema.loads(lowered.payload) == Euros(Decimal("1.25"))


def test_what_a_bare_record_cannot_keep_is_not_lowered_into_one() -> None:
    schema = Schema("a.b", Faxed, Version(1, codec="json", framing="bare"), Version(2, framing="envelope"),
                    Version(3, add("fax")), writes=3)  # fmt: skip
    with pytest.raises(NotTheSameError) as raised:
        Rewriting(schema, Target(1, lower=True))(stored(schema.dumps(Faxed("ada", "1"))))
    assert raised.value.hint
    assert isinstance(raised.value, WriteError)
    assert "a.b version 1" in str(raised.value)


@pytest.mark.parametrize("lost", [Euros(Decimal(2)), Euros(Decimal("1.0"))], ids=["value", "digits"])
def test_a_codec_that_loses_something_is_found(lost: Euros, monkeypatch: pytest.MonkeyPatch) -> None:
    schema = euros(hundredth)
    record = cents().dumps(Cents(100, ""))
    monkeypatch.setattr(schema, "write_as", lambda document, version: schema.pack(lost))
    with pytest.raises(NotTheSameError):
        Rewriting(schema, Target(2))(stored(record))


def test_a_codec_that_loses_what_is_not_understood_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    schema = Schema("a.b", Named, FIRST, Version(2, remove("fax", was=str | None)), writes=2)
    record = Schema("a.b", Faxed, FIRST).dumps(Faxed("ada", "1"))
    wrote = schema.write_as

    def forgetful(document: Any, version: int) -> Packed:
        return schema.pack(Named("ada")) if version == 2 else wrote(document, version)

    monkeypatch.setattr(schema, "write_as", forgetful)
    with pytest.raises(NotTheSameError):
        Rewriting(schema, Target(2))(stored(record))


def test_what_has_to_go_is_purged_and_what_has_not_stays() -> None:
    old = Schema("a.b", Faxed, FIRST)
    new = Schema("a.b", Named, Version(2, codec="json", framing="envelope", min_reader=1), reserved=["fax"])
    both = Schema("a.b", Named, FIRST, Version(2, remove("fax", was=str | None)), writes=2)
    raised = Rewriting(both, Target(2))(stored(old.dumps(Faxed("ada", "secret"))))
    assert raised is not None
    assert b"secret" in raised.payload
    assert Rewriting(new, Target(2))(stored(raised)) is None
    purged = Rewriting(new, Target(2, purge=True))(stored(raised))
    assert purged is not None
    assert b"secret" not in purged.payload
    assert new.loads(purged.payload) == Named("ada")
    assert Rewriting(new, Target(2, purge=True))(stored(purged)) is None


def test_what_cannot_be_declared_is_refused() -> None:
    with pytest.raises(DeclarationError, match="Version 3 is not listed"):
        Rewriting(euros(hundredth), Target(3))
    view = Schema("shop.bill", Named, Version(1, codec="json", framing="envelope"), view=True)
    with pytest.raises(DeclarationError, match="view"):
        Rewriting(view, Target(1))


def test_a_census_counts_what_the_tag_says() -> None:
    schema = euros(hundredth)
    assert counted_as(schema, stored(cents().dumps(Cents(1, "")))) == (1, 1, False)
    assert counted_as(schema, stored(schema.dumps(Euros(Decimal(1))))) == (2, 2, False)
    bare = Schema("shop.bill", Cents, Version(1, codec="json", framing="bare"))
    assert counted_as(bare, stored(bare.dumps(Cents(1, "")))) == (1, 1, False)


def test_reasons_are_words_of_the_specification_or_kinds_of_errors() -> None:
    schema = euros(hundredth)
    with pytest.raises(TagError) as raised:
        schema.identify(b"no record")
    assert reason(raised.value) == raised.value.reason
    assert reason(NotTheSameError("")) == "NotTheSameError"
    failing = euros(lambda total: Decimal(1) / total)
    with pytest.raises(Exception, match="failed on the way up") as converting:
        Rewriting(failing, Target(2))(stored(cents().dumps(Cents(0, ""))))
    assert reason(converting.value) == "ConversionError"


def test_an_older_editor_s_record_is_settled() -> None:
    """Nobody has to fill it in any more; what cannot be settled stays mixed, and is left alone."""
    newer = Schema("a.b", Faxed, FIRST, Version(2, add("fax")), writes=2)
    older = Schema("a.b", Named, FIRST)
    document = older.read(newer.dumps(Faxed("ada", "1")))
    document.set(Named("eve"))
    mixed = older.write(document)
    assert newer.identify(mixed).mixed
    settled = Rewriting(newer, Target(2))(stored(mixed))
    assert settled is not None
    assert not newer.identify(*settled).mixed
    assert newer.loads(settled.payload) == Faxed("eve", "1")
    renamed = Schema("a.b", Named, FIRST, Version(2, rename("title", "name")), writes=2)
    assert Rewriting(renamed, Target(2))(stored(renamed.dumps(Named("x")))) is None
