"""A file of known findings that knows more than there is."""

from __future__ import annotations

from versioned_serde.check.rules.rule import Rule

RULE = Rule(
    name="known-finding-gone",
    severity="note",
    finds="A finding in the file of `--baseline` is not found any more.",
    why=(
        "That is good news. But as long as the file knows it, the same finding would not be reported if somebody made"
        " it again."
    ),
    example="""\
```console
$ serde-check --baseline serde-known.json
```""",
    instead="Write the file again: `serde-check --write-baseline FILE`.",
    references=("docs/how-to/ci.md",),
)
