"""Names -> plug-ins."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from versioned_serde import DeclarationError, MissingExtraError, plugins

ROOT = Path(__file__).parents[1]
FOLDERS = {"codecs": plugins.codec, "codings": plugins.coding}
NAMES = [
    (folder, path.stem)
    for folder in FOLDERS
    for path in sorted((ROOT / "src/versioned_serde" / folder).glob("[a-z]*.py"))
    if path.stem != "pickle"  # never by its name alone: it takes the list of classes
]


@pytest.mark.parametrize(("folder", "name"), NAMES)
def test_a_plug_in_is_found_by_the_name_of_its_module(folder: str, name: str) -> None:
    found = FOLDERS[folder](name)
    assert found is not None
    assert found.name == name


def test_ids_are_never_used_twice() -> None:
    for folder, find in FOLDERS.items():
        ids = [getattr(find(name), "id", None) for other, name in NAMES if other == folder]
        assert len(set(ids)) == len(ids)


def test_no_coding_is_none() -> None:
    assert plugins.coding("none") is None


@pytest.mark.parametrize("name", ["jsonn", "os.path", "../json", "__init__", ""])
def test_another_name_is_refused_and_imports_nothing(name: str) -> None:
    before = set(sys.modules)
    with pytest.raises(DeclarationError, match="among the codecs"):
        plugins.codec(name)
    assert set(sys.modules) == before


MISSING = """
import sys
from dataclasses import dataclass
from versioned_serde import MissingExtraError, Schema, Version

for library in ("msgspec", "lxml", "google", "cbor2", "zstandard", "lz4"):
    sys.modules[library] = None  # as if it were not installed


@dataclass
class Point:
    x: int


for form in ({form}):
    try:
        Schema("a.b", Point, Version(1, framing="envelope", **form))
    except MissingExtraError as error:
        print(error)
"""


def test_a_missing_library_says_the_exact_install_command() -> None:
    forms = ", ".join(
        [
            "{'codec': 'msgpack'}",
            "{'codec': 'xml'}",
            "{'codec': 'protobuf'}",
            "{'codec': 'cbor'}",
            "{'codec': 'json', 'coding': 'zstd'}",
            "{'codec': 'json', 'coding': 'lz4'}",
        ]
    )
    run = subprocess.run(
        [sys.executable, "-c", MISSING.replace("{form}", forms)], capture_output=True, text=True, check=True
    )
    assert run.stdout.splitlines() == [
        f"a.b version 1: `{name}` needs `{library}`, which is not installed. Run: pip install 'versioned-serde[{name}]'"
        for name, library in (
            ("msgpack", "msgspec"),
            ("xml", "lxml"),
            ("protobuf", "google.protobuf"),
            ("cbor", "cbor2"),
            ("zstd", "zstandard"),
            ("lz4", "lz4.frame"),
        )
    ]


def test_a_model_of_no_kind_is_none() -> None:
    assert plugins.kind(int) is None
    assert plugins.kind(5) is None


def test_missing_extra_is_a_declaration_error() -> None:
    assert issubclass(MissingExtraError, DeclarationError)
