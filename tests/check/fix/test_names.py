"""The names of a new step: found under what the file calls them, and imported where it does not."""

from __future__ import annotations

import datetime
from typing import Any

import pytest

import versioned_serde
from versioned_serde.check.fix.declaring import NotEditableError
from versioned_serde.check.fix.names import KNOWN, local_names, translated
from versioned_serde.check.fix.source import Source

STEP = 'add("x")'


def imported(text: str, *steps: str, prefix: str = "") -> str:
    namespace: dict[str, Any] = {}
    exec(compile(text, "a file", "exec"), namespace)  # noqa: S102  this test's own text
    source = Source(text)
    told = translated(steps or (STEP,), source, local_names(namespace), prefix)
    edited = source.edited
    assert all(line in edited.splitlines() or "import" in line for line in text.splitlines())
    return edited + "".join(f"{each}\n" for each in told)


IMPORTS = {
    "sorted as tools do it": (
        "from versioned_serde import Schema, Version, rename\n",
        'from versioned_serde import Schema, Version, add, rename\nadd("x")\n',
    ),
    "first": ("from versioned_serde import rename\n", 'from versioned_serde import add, rename\nadd("x")\n'),
    "by letters": (
        "from versioned_serde import Parameter, remove, Schema\n",
        'from versioned_serde import add, Parameter, remove, Schema\nadd("x")\n',
    ),
    "unsorted": (
        "from versioned_serde import Version, Schema, rename  # noqa\n",
        'from versioned_serde import Version, Schema, rename, add  # noqa\nadd("x")\n',
    ),
    "in parentheses": (
        "from versioned_serde import (\n    Schema,\n    Version,  # lines\n)\n",
        'from versioned_serde import (\n    Schema,\n    Version,  # lines\n    add,\n)\nadd("x")\n',
    ),
    "in parentheses, first": (
        "from versioned_serde import (\n    rename\n)\n",
        'from versioned_serde import (\n    add,\n    rename\n)\nadd("x")\n',
    ),
    "there already": ("from versioned_serde import add\n", 'from versioned_serde import add\nadd("x")\n'),
    "under another name": (
        "from versioned_serde import add as more\n",
        'from versioned_serde import add as more\nmore("x")\n',
    ),
    "with a star": ("from versioned_serde import *\n", 'from versioned_serde import *\nadd("x")\n'),
}


@pytest.mark.parametrize(("before", "after"), IMPORTS.values(), ids=IMPORTS)
def test_a_name_more(before: str, after: str) -> None:
    assert imported(before) == after


def test_a_name_of_a_module() -> None:
    text = "import versioned_serde as vs\n"
    assert imported(text, STEP, "remove('x', was=Decimal, default=FACTORY)", prefix="vs.") == (
        "from decimal import Decimal\n\nimport versioned_serde as vs\n"
        "vs.add(\"x\")\nvs.remove('x', was=Decimal, default=vs.FACTORY)\n"
    )


def test_names_of_the_standard_library() -> None:
    text = (
        "from __future__ import annotations\n\nimport json  # text\nfrom uuid import UUID\n\n"
        "from versioned_serde import remove\n"
    )
    step = 'remove("x", was=dict[str, Decimal] | Literal["Any"] | UUID | timedelta)'
    assert imported(text, step) == (
        "from __future__ import annotations\n\nfrom decimal import Decimal\nfrom datetime import timedelta\n"
        "import json  # text\nfrom typing import Literal\nfrom uuid import UUID\n\n"
        f"from versioned_serde import remove\n{step}\n"
    )


def test_names_that_are_not_public() -> None:
    text = "from versioned_serde import remove\n"
    assert imported(text, 'remove("x", was=int, default=ABSENT)') == (
        "from versioned_serde import remove\nfrom versioned_serde.shape import ABSENT\n"
        'remove("x", was=int, default=ABSENT)\n'
    )


def test_keywords_and_texts_are_no_names() -> None:
    text = "from versioned_serde import retype\n"
    assert imported(text, 'retype("add", was=int, up=str, down=int)').count("import") == 1


@pytest.mark.parametrize("text", ["from operator import add\n", "add = 1\n", "def add(): ...\n"])
def test_a_name_that_means_something_else(text: str) -> None:
    with pytest.raises(NotEditableError, match="`add` means something else"):
        imported(text)


def test_a_file_without_imports() -> None:
    with pytest.raises(NotEditableError, match="no imports beside which `add`"):
        translated([STEP], Source("orders = 1\n"), {}, "")


def test_what_is_known_is_what_it_is_called() -> None:
    assert KNOWN["add"] == ("versioned_serde", versioned_serde.add)
    assert local_names({"datetime": datetime, "dt": datetime.datetime}) == {"datetime": "dt"}
    assert local_names({"datetime": datetime}) == {"datetime": ""}
