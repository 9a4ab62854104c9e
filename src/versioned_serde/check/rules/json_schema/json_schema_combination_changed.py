"""What one side writes does not go with a combination of schemas of the other side."""

from __future__ import annotations

from versioned_serde.check.rules.rule import Rule

RULE = Rule(
    name="json-schema-combination-changed",
    severity="error",
    finds="What one side writes does not go with a combination of schemas of the other side.",
    why=(
        "`anyOf`, `oneOf`, `not`, `if` and their like refuse it as a whole. An alternative that is gone"
        " is the common case; two alternatives of `oneOf` that both allow something is the one that is"
        " easily missed."
    ),
    example="""\
```json
{"oneOf": [{"type": "string"}, {"type": "integer"}]}
```

becomes

```json
{"oneOf": [{"type": "string"}]}
```""",
    instead=(
        "Add alternatives to what is read before they are written, and remove them when nothing of theirs"
        " is stored. Prefer `anyOf`, or alternatives that a property with a `const` tells apart."
    ),
    references=("https://json-schema.org/draft/2020-12/json-schema-core#section-10.2",),
)
