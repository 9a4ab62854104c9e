"""A service is gone from its file or from its package."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from versioned_serde.check.descriptors.difference import Difference
from versioned_serde.check.descriptors.hit import Hit
from versioned_serde.check.rules.rule import Rule

BUF: Mapping[str, str] = {"SERVICE_NO_DELETE": "FILE", "PACKAGE_SERVICE_NO_DELETE": "PACKAGE"}
LOOKS_AT: tuple[str, ...] = ("sets",)
RULE = Rule(
    name="protobuf-service-deleted",
    severity="error",
    finds="A service is gone from its file, or from its package.",
    why=(
        "Clients of older releases still call it, and the new server answers that it does not know it. A service that"
        " has only moved to another file of the same package is the same for every client."
    ),
    example="""\
```proto
// service Orders { rpc Get(GetRequest) returns (Order); }    is gone
```""",
    instead="""\
Mark it `option deprecated = true`, keep answering, and remove it once no client that calls it runs.""",
    aliases=tuple(BUF),
    references=("docs/how-to/compare-contracts.md", "docs/explanation/two-phases.md"),
    no_witness="A call is no record: the server answers `UNIMPLEMENTED` whatever is sent.",
)


def check(difference: Difference) -> Iterator[Hit]:
    """Each service that its file, or its package, does not have any more."""
    before, after = difference.before.services, difference.after.services
    files = {(each.file.path, each.name) for each in after.values()}
    packages = {(each.file.package, each.name) for each in after.values()}
    left = {file.package for file in difference.new.files.values()}
    for each in before.values():
        package, file = each.file.package, difference.new.files.get(each.file.path)
        if file is not None and (file.path, each.name) not in files:
            text = f"Service `{each.name}` is gone from the file."
            yield Hit("SERVICE_NO_DELETE", text, file, schema=each.full)
        if package in left and (package, each.name) not in packages:
            text = f"Service `{each.name}` is gone from package `{package}`."
            yield Hit("PACKAGE_SERVICE_NO_DELETE", text, file, schema=each.full, breaks="backward")
