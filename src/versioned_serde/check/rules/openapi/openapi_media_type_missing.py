"""A media type is sent that is not read."""

from __future__ import annotations

from versioned_serde.check.rules.rule import Rule

RULE = Rule(
    name="openapi-media-type-missing",
    severity="error",
    finds="A body is sent in a media type that the other side does not read.",
    why=(
        "A server answers 415, and a client has no parser for the response. For responses it is enough that one "
        "media type is left that both have, because clients ask for what they read (`Accept`)."
    ),
    example="""\
```diff
 content:
-  application/xml: ...
   application/json: ...
```""",
    instead=(
        "Keep reading the media type until nobody sends it any more. Send a new one only after every reader knows it."
    ),
    references=(
        "https://spec.openapis.org/oas/v3.1.1.html#media-types",
        "docs/how-to/compare-openapi.md",
    ),
)
