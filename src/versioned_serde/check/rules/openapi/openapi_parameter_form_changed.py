"""A parameter is written in another way."""

from __future__ import annotations

from versioned_serde.check.rules.rule import Rule

RULE = Rule(
    name="openapi-parameter-form-changed",
    severity="error",
    finds="A parameter has another `style`, `explode`, `allowReserved` or media type where it is read.",
    why="The same value has another text: `ids=1,2` is one id where `ids=1&ids=2` is read.",
    example="""\
```diff
   - name: ids
     in: query
+    explode: false
```""",
    instead="Add a second parameter with the other form, and read both until no supported client sends the first.",
    references=(
        "https://spec.openapis.org/oas/v3.1.1.html#style-values",
        "docs/how-to/compare-openapi.md",
    ),
    no_witness="A value that both forms write alike, such as a number, shows nothing, and no other one may be allowed.",
)
