"""Runs the Python examples of README.md and docs/ as tests, so that the documentation cannot be wrong for long.

The blocks of one page share one namespace, from top to bottom. A page starts in an empty directory of its own, so an
example may write files. Setup that a reader need not see goes into a comment, and a block that cannot run says why:

    <!--- invisible-code-block: python
    ...
    --->

    <!--- skip: next "needs a running server" --->
"""

from __future__ import annotations

import contextlib
import os
import sys
import tempfile
from types import ModuleType
from typing import Any

from sybil import Document, Sybil
from sybil.parsers.markdown import PythonCodeBlockParser, SkipParser


class Page(Document):
    """A Markdown page whose examples run as a module, so that a class that they define has a home like any other."""

    def __init__(self, text: str, path: str) -> None:
        super().__init__(text, path)
        name = "page_" + "".join(letter if letter.isalnum() else "_" for letter in os.path.relpath(path))
        module = ModuleType(name)
        sys.modules[name] = module
        self.namespace = module.__dict__


def enter_directory(namespace: dict[str, Any]) -> None:
    stack = contextlib.ExitStack()
    directory = stack.enter_context(tempfile.TemporaryDirectory())
    stack.callback(forget_imports, sys.path.copy(), os.path.realpath(directory))
    stack.enter_context(contextlib.chdir(directory))
    namespace["_page"] = stack


def forget_imports(path: list[str], directory: str) -> None:
    """A page's modules are gone with its directory, so that the next page or test may have others of their names."""
    sys.path[:] = path
    for name, module in list(sys.modules.items()):
        file = getattr(module, "__file__", None)
        if file is not None and os.path.realpath(file).startswith(directory + os.sep):
            del sys.modules[name]


def leave_directory(namespace: dict[str, Any]) -> None:
    namespace["_page"].close()


pytest_collect_file = Sybil(
    parsers=[PythonCodeBlockParser(), SkipParser()],
    patterns=["README.md", "docs/**/*.md", "docs/*.md"],
    excludes=[
        "docs/adr/*",  # a decision keeps the code that it was about, also when the code has moved on
        "docs/reference/rules.md",  # a rule's example is the smallest change that it finds, not a program
    ],
    document_types={".md": Page},
    setup=enter_directory,
    teardown=leave_directory,
).pytest()
