"""A file is gone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from versioned_serde.check.descriptors.difference import Difference
from versioned_serde.check.descriptors.hit import Hit
from versioned_serde.check.rules.rule import Rule

BUF: Mapping[str, str] = {"FILE_NO_DELETE": "CSR FILE"}
LOOKS_AT: tuple[str, ...] = ("sets",)
RULE = Rule(
    name="protobuf-file-deleted",
    severity="note",
    finds="A file is gone.",
    why=(
        "The bytes do not name files. What was declared in it may be in another file of the package now; if it is"
        " not, other rules find that. Files that import it, and code that is generated from it, no longer compile."
    ),
    example="""\
```text
shop/v1/order.proto      is gone
```""",
    instead="Keep the file, and let it `import public` the one that its content has moved to.",
    aliases=tuple(BUF),
    references=("docs/how-to/compare-contracts.md",),
)


def check(difference: Difference) -> Iterator[Hit]:
    """Each file whose path the new side does not have."""
    for path in difference.old.files:
        if path not in difference.new.files:
            yield Hit("FILE_NO_DELETE", f"File `{path}` is gone.", None, attribute=path)
