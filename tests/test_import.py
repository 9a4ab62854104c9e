"""What it costs to import the package: nothing that is not used."""

from __future__ import annotations

import json
import subprocess
import sys

import versioned_serde

LISTING = "import json, sys; before = set(sys.modules); {}; print(json.dumps(sorted(set(sys.modules) - before)))"


def imported_by(code: str) -> list[str]:
    """The modules that a bare interpreter, without site packages' start-up hooks, loads for a piece of code."""
    source = f"import sys; sys.path[:0] = {sys.path!r}; " + LISTING.format(code)
    run = subprocess.run([sys.executable, "-S", "-c", source], capture_output=True, text=True, check=True)
    modules: list[str] = json.loads(run.stdout)
    return modules


def test_the_package_imports_the_standard_library_alone() -> None:
    modules = imported_by("import versioned_serde")
    assert {name.partition(".")[0] for name in modules} <= {"versioned_serde", *sys.stdlib_module_names}
    # Nothing else of our own is loaded either: names come when they are first used.
    assert [name for name in modules if name.startswith("versioned_serde")] == ["versioned_serde"]


def test_a_service_of_dataclasses_and_json_needs_no_library() -> None:
    code = "; ".join(
        [
            "sys.modules['msgspec'] = None",  # where it is installed, it parses what is read
            "import versioned_serde as v, dataclasses",
            "Point = dataclasses.make_dataclass('Point', [('x', int)])",
            "schema = v.Schema('a.b', Point, v.Version(1, codec='json', coding='gzip', framing='envelope'))",
            "assert schema.loads(schema.dumps(Point(1))) == Point(1)",
        ]
    )
    roots = {name.partition(".")[0] for name in imported_by(code)}
    roots = {name for name in roots if "cython" not in name}  # what a compiled module keeps its own types in
    assert roots - {"msgspec"} <= {"versioned_serde", *sys.stdlib_module_names}


def test_every_public_name_resolves() -> None:
    for name in versioned_serde.__all__:
        assert getattr(versioned_serde, name) is not None
    assert set(versioned_serde.__all__) <= set(dir(versioned_serde))


def test_an_unknown_name_is_an_attribute_error() -> None:
    assert not hasattr(versioned_serde, "Shcema")
