"""The part of the build that pyproject.toml cannot say: the native core, where it can be built."""

import sysconfig
from pathlib import Path

from setuptools import Extension, setup

# Without a compiler the installation goes on, and the pure path is in use. So it is where Python runs without the GIL:
# the core borrows what the GIL keeps alive.
EXTENSIONS = [
    Extension(f"versioned_serde.native.{path.stem}", [path.as_posix()], optional=True)
    for path in sorted(Path("src/versioned_serde/native").glob("*.pyx"))
]

setup(ext_modules=[] if sysconfig.get_config_var("Py_GIL_DISABLED") else EXTENSIONS)
