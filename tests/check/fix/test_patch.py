"""Files written all or none."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from versioned_serde.check.fix.patch import Patch
from versioned_serde.settings import SettingsError


def test_everything_is_written(tmp_path: Path) -> None:
    old, new = tmp_path / "a.py", tmp_path / "b" / "c.json"
    old.write_bytes(b"# -*- coding: latin-1 -*-\r\nx = '\xe9'\r\n")
    old.chmod(0o640)
    patch = Patch()
    patch.edit(old, patch.text(old) + "y = 'é'\r\n")
    patch.write(new, "{}\n")
    assert patch.changed == [old, new]
    assert patch.texts() == {old: "# -*- coding: latin-1 -*-\r\nx = 'é'\r\ny = 'é'\r\n"}
    patch.apply()
    assert old.read_bytes() == b"# -*- coding: latin-1 -*-\r\nx = '\xe9'\r\ny = '\xe9'\r\n"
    assert stat.S_IMODE(old.stat().st_mode) == 0o640
    assert new.read_text() == "{}\n"
    assert sorted(file.name for file in tmp_path.rglob("*")) == ["a.py", "b", "c.json"]


def test_a_byte_order_mark_stays(tmp_path: Path) -> None:
    file = tmp_path / "a.py"
    file.write_bytes(b"\xef\xbb\xbfx = 1\n")
    patch = Patch()
    assert patch.text(file) == "x = 1\n"
    patch.edit(file, "x = 2\n")
    patch.apply()
    assert file.read_bytes() == b"\xef\xbb\xbfx = 2\n"


def test_nothing_is_written_if_something_cannot_be(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first, new, last = tmp_path / "a.json", tmp_path / "b.json", tmp_path / "c.json"
    first.write_text("1")
    last.write_text("1")
    patch = Patch()
    for file in (first, new, last):
        patch.write(file, "2")
    replaced = Path.replace

    def failing(self: Path, target: Path) -> Path:
        if target == last:
            raise PermissionError(13, "Permission denied", str(target))
        return replaced(self, target)

    monkeypatch.setattr(Path, "replace", failing)
    with pytest.raises(SettingsError, match=r"c\.json` cannot be written: Permission denied"):
        patch.apply()
    assert (first.read_text(), last.read_text()) == ("1", "1")
    assert sorted(file.name for file in tmp_path.iterdir()) == ["a.json", "c.json"]


def test_a_file_that_somebody_changed_meanwhile(tmp_path: Path) -> None:
    file = tmp_path / "a.json"
    file.write_text("1")
    patch = Patch()
    patch.write(file, "2")
    file.write_text("3")
    with pytest.raises(SettingsError, match="was changed while this command ran"):
        patch.apply()
    assert file.read_text() == "3"


def test_a_diff(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_bytes(b"1\r\n2\r\n3")
    patch = Patch()
    patch.write(tmp_path / "a.json", "1\r\n3")
    patch.write(tmp_path / "b.json", "1\n")
    patch.write(tmp_path / "a.json", "1\r\n3")
    assert patch.diff(tmp_path) == (
        "--- a/a.json\n+++ b/a.json\n@@ -1,3 +1,2 @@\n 1\n-2\n 3\n\\ No newline at end of file\n"
        "--- /dev/null\n+++ b/b.json\n@@ -0,0 +1 @@\n+1\n"
    )


@pytest.mark.parametrize("data", [b"\xff\xfe", b"# coding: nowhere\n"])
def test_a_file_that_cannot_be_read(tmp_path: Path, data: bytes) -> None:
    file = tmp_path / "a.py"
    file.write_bytes(data)
    with pytest.raises(SettingsError, match="cannot be read"):
        Patch().text(file)
    with pytest.raises(SettingsError, match="cannot be read"):
        Patch().text(tmp_path / "b.py")
