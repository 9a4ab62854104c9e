"""Small mutations of what is made at the first use."""

from __future__ import annotations

from tests.mutants.mutation import Mutation

COMPILED = "test_compiled.py"

OF_COMPILED = [
    Mutation(
        "a-subclass-is-passed-over",
        "compiled",
        "compiled.py",
        "        if getattr(owner, name) is not self._method:",
        "        if False:",
        (COMPILED,),
    ),
    Mutation(
        "compiled-each-time",
        "compiled",
        "compiled.py",
        "        function = instance.__dict__[name] = self._make(instance) or bound",
        "        function = self._make(instance) or bound",
        (COMPILED,),
    ),
]
