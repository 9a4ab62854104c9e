"""Neither a proof nor a counterexample was found."""

from __future__ import annotations

from versioned_serde.check.rules.rule import Rule

RULE = Rule(
    name="json-schema-undecided",
    severity="warning",
    finds="It could be neither proved nor disproved that one side reads all that the other writes.",
    why=(
        "There is a keyword, a reference or a regular expression that cannot be compared, or the schemas"
        " combine in too many ways. The message names which. It may be a break."
    ),
    example="""\
```json
{"pattern": "^a+$"}
```

becomes

```json
{"pattern": "^(?=a)"}
```""",
    instead=(
        "Compare the part that the message names by eye, or say it in simpler words: without looking"
        " around in regular expressions, for instance."
    ),
    references=("https://json-schema.org/draft/2020-12/json-schema-core",),
)
