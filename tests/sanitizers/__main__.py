"""Runs tests on a native core that is built with AddressSanitizer, then on the usual one with Python's debug allocator.

    python -m tests.sanitizers [TEST ...]

Without arguments, the whole suite. Needs gcc with its libasan, on Linux. Ends with 1 if a run fails or cannot be made.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).resolve().parents[2]
FLAGS = "-fsanitize=address -fno-omit-frame-pointer -g -O1"
LOADED = """
import versioned_serde, versioned_serde.native as native
print(versioned_serde.__file__, native.in_use(), "libasan" in open("/proc/self/maps").read())
"""


def main(tests: list[str]) -> int:
    # The other library is for modules in C++, whose exceptions the sanitizer looks at.
    libraries = [_library(name) for name in ("libasan.so", "libstdc++.so.6")]
    if None in libraries:
        print("This needs gcc and its libasan.")
        return 1
    with TemporaryDirectory() as folder:
        source = Path(folder) / "src"
        shutil.copytree(ROOT / "src", source, ignore=shutil.ignore_patterns("*.so", "*.c", "__pycache__"))
        shutil.copy(ROOT / "setup.py", folder)
        _say("building with AddressSanitizer")
        build = [sys.executable, "setup.py", "--quiet", "build_ext", "--build-lib", str(source)]
        environment = {**os.environ, "CFLAGS": FLAGS, "PYTHONPATH": ""}
        subprocess.run(build, cwd=folder, env=environment, check=True, capture_output=True)
        checked = {
            **os.environ,
            "PYTHONPATH": str(source),
            "PYTHONDONTWRITEBYTECODE": "1",
            "PYTHONMALLOC": "malloc",  # Python's own allocator would hide what is freed from the sanitizer
            "LD_PRELOAD": " ".join(map(str, libraries)),
            "ASAN_OPTIONS": "detect_leaks=0",  # an interpreter never frees all that it has; see tests.leaks
        }
        # What is freed is held back a while, so that tests which weigh memory would fail.
        less = ["-k", "not leak", *tests]
        if not _run("AddressSanitizer", checked, less, f"{source}/versioned_serde/__init__.py True True"):
            return 1
    debugging = {**os.environ, "PYTHONMALLOC": "debug"}
    usual = f"{ROOT}/src/versioned_serde/__init__.py True False"
    return 0 if _run("Python's debug allocator", debugging, tests, usual) else 1


def _library(name: str) -> Path | None:
    compiler = shutil.which("gcc")
    if compiler is None:
        return None
    asked = subprocess.run([compiler, f"-print-file-name={name}"], capture_output=True, text=True, check=True)
    found = Path(asked.stdout.strip())
    return found if found.is_file() else None


def _run(name: str, environment: dict[str, str], tests: list[str], expected: str) -> bool:
    loaded = subprocess.run([sys.executable, "-c", LOADED], env=environment, capture_output=True, text=True, check=True)
    if loaded.stdout.strip() != expected:
        print(f"Expected {expected}, found {loaded.stdout}")
        return False
    _say(f"testing with {name}")
    start = time.monotonic()
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-n", "2", "--dist", "loadfile"]
    done = subprocess.run([*command, "-o", "faulthandler_timeout=0", *tests], env=environment, cwd=ROOT, check=False)
    _say(f"{name}: {'passed' if done.returncode == 0 else 'FAILED'} in {time.monotonic() - start:.0f} s")
    return done.returncode == 0


def _say(text: str) -> None:
    print(text, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
