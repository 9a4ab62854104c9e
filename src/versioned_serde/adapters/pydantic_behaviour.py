"""What pydantic models do beyond their shapes."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel

from versioned_serde.adapters.behaviour import annotation_facts, body, factory_facts, metadata_facts

_CONFIG = (
    *("strict", "extra", "allow_inf_nan", "coerce_numbers_to_str", "validate_default"),
    *("str_max_length", "str_min_length", "str_strip_whitespace", "str_to_lower", "str_to_upper"),
)
"""Settings of a model that decide which values it takes, and as which it keeps them."""

_LIBRARY = BaseModel.__module__.partition(".")[0]
"""Its own functions are no behaviour of the service, such as the one that makes private attributes."""


def behaviour(cls: type[BaseModel], wire_names: dict[str, str]) -> dict[str, list[str]]:
    """See `protocols.HasBehaviour`.

    Args:
        cls: the model.
        wire_names: name in Python -> wire name, of what is stored.
    """
    config = {name: cls.model_config.get(name) for name in _CONFIG}
    own = [f"{name}={value!r}" for name, value in config.items() if value is not None]
    decorators = cls.__pydantic_decorators__
    own += [f"{_when(each)}validator {body(each.func)}" for each in decorators.model_validators.values()]
    if cls.model_post_init.__module__.partition(".")[0] != _LIBRARY:
        own.append(f"model_post_init {body(cls.model_post_init)}")
    found = {"": own}
    for name, wire_name in wire_names.items():
        field = cls.model_fields[name]
        facts = [*annotation_facts(field.annotation), *metadata_facts(field.metadata)]
        if field.default_factory is not None:
            facts += factory_facts(field.default_factory)
        for each in decorators.field_validators.values():
            if {name, "*"} & set(each.info.fields):
                facts.append(f"{_when(each)}validator {body(each.func)}")
        found[wire_name] = facts
    return found


def _when(decorator: Any) -> str:
    return "" if decorator.info.mode == "after" else f"{decorator.info.mode} "
