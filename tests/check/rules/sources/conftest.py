"""Small projects, each of one module that is imported for real."""

from __future__ import annotations

import importlib.util
import sys
import warnings
from collections.abc import Callable
from pathlib import Path
from textwrap import dedent
from types import ModuleType

import pytest

from versioned_serde import KeylessListWarning
from versioned_serde.check.comparison import Comparison
from versioned_serde.check.release import Release
from versioned_serde.check.sources import Sources, parsed_modules

Project = Callable[..., Sources]
_START = """\
from __future__ import annotations
from dataclasses import dataclass, field
from typing import Annotated, Any
import json, pickle, struct
import msgspec
from pydantic import BaseModel, Field, field_validator, model_validator
from versioned_serde import Registry, Schema, Version
FIRST = Version(1, codec="json", framing="envelope")
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    """Code of a module, which names its schema `orders` -> its sources, held against those of older code."""

    def imported(code: str, name: str) -> ModuleType:
        file = tmp_path / f"{name}.py"
        file.write_text(_START + dedent(code))
        spec = importlib.util.spec_from_file_location(name, file)
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        monkeypatch.setitem(sys.modules, name, module)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", KeylessListWarning)
            spec.loader.exec_module(module)
        return module

    def sources(code: str, before: str = "") -> Sources:
        now = imported(code, "shop_now").orders
        old = imported(before, "shop_before").orders if before else now
        comparison = Comparison(
            now=Release.of_declared("this tree", [now]),
            beside=[Release.of_declared("v1", [old])],
            declared={now.name: now},
        )
        return Sources(comparison=comparison, modules=parsed_modules([tmp_path / "shop_now.py"]))

    return sources
