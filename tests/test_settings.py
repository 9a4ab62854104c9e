"""Tables of `pyproject.toml`, and what they name."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from versioned_serde.errors import DeclarationError
from versioned_serde.settings import (
    SettingsError,
    another_thing,
    import_path,
    named,
    result_of,
    table_above,
    unknown_setting,
)

_SERVICE = """\
from versioned_serde import DeclarationError

thing = 1


def fails():
    raise KeyError("a bug")


def refuses():
    raise DeclarationError("It cannot be.")
"""


@pytest.fixture
def service(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The name of a module that can be imported."""
    name = f"service_of_{tmp_path.name}"
    (tmp_path / f"{name}.py").write_text(_SERVICE)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, name, raising=False)
    return name


def test_the_nearest_table_counts(tmp_path: Path) -> None:
    inner = tmp_path / "a" / "b"
    inner.mkdir(parents=True)
    assert table_above(inner, "some-tool-of-nobody") is None
    (tmp_path / "pyproject.toml").write_text("[tool.this]\nx = 1\n[tool.that]\n")
    (tmp_path / "a" / "pyproject.toml").write_text("[tool.that]\ny = 2\n")
    assert table_above(inner, "this") == (tmp_path, {"x": 1})
    assert table_above(inner, "that") == (tmp_path / "a", {"y": 2})
    (inner / "pyproject.toml").write_bytes(b"\xff")
    with pytest.raises(SettingsError, match="is no TOML"):
        table_above(inner, "this")


def test_where_things_are_imported_from(tmp_path: Path) -> None:
    assert import_path(tmp_path, ()) == (tmp_path,)
    (tmp_path / "src").mkdir()
    assert import_path(tmp_path, ()) == (tmp_path / "src", tmp_path)
    assert import_path(tmp_path, ("lib", ".")) == (tmp_path / "lib", tmp_path)


def test_an_unknown_setting_is_told_with_what_may_be_meant() -> None:
    assert unknown_setting("[tool.x]", "pth", ["path", "lock"]).hint == "Did you mean `path`?"
    assert unknown_setting("[tool.x]", "zzz", ["path", "lock"]).hint == "Known are path, lock."


def test_what_is_named_is_imported(service: str) -> None:
    assert named(f"{service}:thing", "store", ()) == 1


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("{0}", "`{0}` as `store` is not of the form `module:name`."),
        ("{0}:", "`{0}:` as `store` is not of the form `module:name`."),
        ("{0}:nothing", "`{0}` has no `nothing`, which `store` names."),
        (
            "no_such_module:x",
            (
                "Importing `no_such_module` failed: No module named 'no_such_module'."
                " Is the service installed, or its folder in `path`? Looked in `lib` too."
            ),
        ),
    ],
)
def test_what_is_not_there_is_told(service: str, name: str, told: str) -> None:
    with pytest.raises(SettingsError) as raised:
        named(name.format(service), "store", [Path("lib")])
    assert str(raised.value) == told.format(service)


def test_code_of_the_project_that_fails_is_told_with_its_place(service: str, tmp_path: Path) -> None:
    fails, refuses = (named(f"{service}:{name}", "store", ()) for name in ("fails", "refuses"))
    assert callable(fails)
    assert callable(refuses)
    with pytest.raises(SettingsError) as raised:
        result_of(fails, "service:fails")
    place = tmp_path / f"{service}.py"
    assert str(raised.value) == f"`service:fails()` raised KeyError: 'a bug' (`{place}`, line 7)."
    with pytest.raises(DeclarationError, match="It cannot be"):
        result_of(refuses, "service:refuses")
    place.with_name("broken_of_nobody.py").write_text("1 / 0\n")
    with pytest.raises(SettingsError, match="Importing `broken_of_nobody` raised ZeroDivisionError"):
        named("broken_of_nobody:x", "store", ())


def test_another_thing_is_told_with_what_it_has_to_be() -> None:
    told = str(another_thing("a:b", "store", 1, "a store"))
    assert told == "`a:b` as `store` is a `int`; it has to be a store."
