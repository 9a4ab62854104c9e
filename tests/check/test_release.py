"""Releases as their locks tell of them."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.check.releases import heartbeat, orders, release
from versioned_serde.check.release import Release
from versioned_serde.errors import LockError
from versioned_serde.lock.files import write_lock


def texts(folder: Path) -> dict[str, str]:
    return {file.name: file.read_text() for file in folder.glob("*.json")}


def test_a_release_in_files_is_the_one_that_was_declared(tmp_path: Path) -> None:
    declared: list[Any] = [orders(1, 4, 3), heartbeat({1: 5.0, 2: 10.0}, 1, "one_of")]
    write_lock(declared, tmp_path)
    assert Release.of_texts("v1", texts(tmp_path)) == Release.of_declared("v1", declared)


def test_what_releases_before_wrote_is_remembered(tmp_path: Path) -> None:
    for said in ((1, 1, 1), (1, 3, 1), (1, 3, 3), (3, 3, 3)):
        write_lock([orders(*said)], tmp_path)
    lock = Release.of_texts("v4", texts(tmp_path)).schemas["shop.order"]
    assert (sorted(lock.written), lock.listed, sorted(lock.versions)) == ([1, 3], (3,), [1, 2, 3])
    assert Release.of_declared("this release", [orders(3, 4, 3)], tmp_path).schemas["shop.order"].written == {1, 3}


@pytest.mark.parametrize(
    ("edit", "told"),
    [
        (lambda content: content.pop("writes"), "lacks something: KeyError('writes')"),
        (lambda content: content.update(format=99), "It has the format 99"),
        (lambda content: content.update(written=[1, 9]), "It names version 9, and does not hold it."),
        (lambda content: content["versions"]["1"].pop("digest"), "lacks something: KeyError('digest')"),
        (lambda content: content.update(versions=[]), "It is not a lock."),
        (lambda content: content.update(listed=5), "lacks something: TypeError"),
    ],
)
def test_an_edited_lock_is_refused_with_its_name(tmp_path: Path, edit: Any, told: str) -> None:
    write_lock([orders(1, 1, 1)], tmp_path)
    content = json.loads((tmp_path / "shop.order.json").read_text())
    edit(content)
    with pytest.raises(LockError, match="of v1") as caught:
        Release.of_texts("v1", {"shop.order.json": json.dumps(content)})
    assert told in str(caught.value)
    assert "Restore it from version control" in str(caught.value)


def test_a_damaged_lock_in_this_tree_does_not_stop_the_check(tmp_path: Path) -> None:
    (tmp_path / "shop.order.json").write_text("<<<<<<< HEAD")
    assert Release.of_declared("this release", [orders(1, 1, 1)], tmp_path).schemas["shop.order"].written == {1}


READS = [
    # what the reader lists, the writer's version, whether it reads it
    ((1, 1), 1, True),
    ((1, 1), 2, True),  # an attribute more, that it keeps
    ((1, 1), 3, False),
    ((1, 2), 3, False),
    ((1, 3), 4, True),
    ((3, 3), 2, False),  # retired
    ((2, 3), 2, True),
]


@pytest.mark.parametrize(("lists", "version", "reads"), READS)
def test_what_a_release_reads(lists: tuple[int, int], version: int, reads: bool) -> None:
    reader = release("reader", orders(*lists, lists[1])).schemas["shop.order"]
    writer = release("writer", orders(1, 4, 4)).schemas["shop.order"]
    assert reader.reads(writer, version) is reads


def test_a_tag_is_not_believed_from_far_above() -> None:
    reader = release("reader", orders(1, 1, 1)).schemas["shop.order"]
    far = replace(reader.versions[1], number=102)
    writer = replace(reader, versions={**reader.versions, 102: far, 101: replace(far, number=101)})
    assert reader.reads(writer, 101)
    assert not reader.reads(writer, 102)


def test_a_newer_version_is_read_only_as_what_its_tag_says_that_it_can_be() -> None:
    reader = release("reader", orders(1, 1, 1)).schemas["shop.order"]
    newer = replace(reader.versions[1], number=2)

    def reads(**changed: Any) -> bool:
        return reader.reads(replace(reader, versions={**reader.versions, 2: replace(newer, **changed)}), 2)

    assert reads()
    assert not reads(min_reader=2)
    assert not reads(form={**newer.form, "checksum": False})


KNOWN = {"x": "int", "y": 'Literal["a"] | str = "a"'}


@pytest.mark.parametrize(
    ("newer", "copes"),
    [
        ({}, True),
        ({"z": "int"}, True),
        ({"x": "str"}, False),
        ({"x": "int = 0"}, False),  # it is required here, and a record may lack it
        ({"x": None}, False),
        ({"y": None}, True),
        ({"y": 'Literal["a", "b"] | str = "a"'}, True),
        ({"y": 'Literal["a"] = "a"'}, False),
        ({"y": 'Literal["a"] | str = "b"'}, False),
    ],
)
@pytest.mark.parametrize("codec", ["json", "avro", "of nobody"])
def test_a_newer_version_is_read_where_all_that_is_known_is_in_it(
    newer: dict[str, str | None], copes: bool, codec: str
) -> None:
    (first,) = release("v1", orders(1, 1, 1)).schemas["shop.order"].versions.values()
    known = replace(first, shape=KNOWN, form={**first.form, "codec": codec})
    shape = {path: line for path, line in {**KNOWN, **newer}.items() if line is not None}
    other = replace(known, shape=shape, digest=first.digest if shape == KNOWN else "another")
    assert known.copes(other) is (copes if codec == "json" else shape == KNOWN)


@pytest.mark.parametrize(
    ("fields", "copes"),
    [
        ({"x": "1 int64", "y": "2 string", "z": "3 int64"}, True),
        ({"x": "1 int64"}, True),
        ({"x": "4 int64", "y": "2 string"}, False),
        ({"x": "1 int64", "z": "2 string"}, False),  # what it knows as `y` is another attribute
    ],
)
def test_an_attribute_that_is_known_is_in_the_field_that_it_had(fields: dict[str, str], copes: bool) -> None:
    (first,) = release("v1", orders(1, 1, 1)).schemas["shop.order"].versions.values()
    known = replace(first, shape={"x": "int", "y": "str = absent"}, fields={"x": "1 int64", "y": "2 string"})
    newer = replace(known, shape={path: known.shape.get(path, "int") for path in fields}, fields=fields)
    assert known.copes(newer) is copes
