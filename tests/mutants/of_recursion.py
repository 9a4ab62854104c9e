"""Small mutations of what makes recursive models work."""

from __future__ import annotations

from tests.mutants.mutation import Mutation

STEPS = "evolution/test_every_level.py"
BOUNDS = "test_levels.py"
DESCRIBED = "test_describing.py"
SCHEMAS = "test_recursive_schemas.py"

OF_RECURSION = [
    Mutation(
        "up-outer-level-first",
        "L3",
        "evolution/steps/binding.py",
        "bound.up, older, inner_first=True",
        "bound.up, newer, inner_first=False",
        (STEPS,),
    ),
    Mutation(
        "down-inner-level-first",
        "L3",
        "evolution/steps/binding.py",
        "bound.down, older, inner_first=False",
        "bound.down, newer, inner_first=True",
        (STEPS,),
    ),
    Mutation(
        "fill-outermost-alone",
        "L2",
        "evolution/steps/binding.py",
        "at_every_level(bound.fill, newer, inner_first=True)",
        "bound.fill",
        (STEPS,),
    ),
    Mutation(
        "inner-levels-computed",
        "L3",
        "evolution/steps/binding.py",
        "if attribute is not None and references(attribute.type):",
        "if False:",
        (STEPS,),
    ),
    Mutation(
        "class-around-means-the-newest",
        "L3",
        "evolution/steps/binding.py",
        "return referring(self._describer.type(annotation), self._shapes)",
        "return self._describer.type(annotation)",
        (STEPS,),
    ),
    Mutation(
        "levels-between-not-visited",
        "L3",
        "evolution/visits.py",
        "            return at_every_level(\n",
        "            return (lambda visit, *_, **__: visit)(\n",
        (STEPS,),
    ),
    Mutation(
        "path-goes-on",
        "keys",
        "evolution/patch.py",
        "            if outer is shape:\n",
        "            if False:\n",
        (SCHEMAS,),
    ),
    Mutation(
        "erasure-of-the-outermost-alone",
        "erasure",
        "evolution/erasure.py",
        "return at_every_level(lambda node: _forget(node, names), shape, inner_first=True)",
        "return lambda node: _forget(node, names)",
        (SCHEMAS,),
    ),
    Mutation(
        "no-room-is-counted",
        "L5",
        "levels.py",
        "        place = id(shape), form, room\n",
        "        place = id(shape), form, 0\n",
        (BOUNDS,),
    ),
    Mutation(
        "python-gives-up-while-writing",
        "L5",
        "serializer/instances.py",
        "        if room < 1:\n            return self._refuse_dump\n",
        "",
        (BOUNDS,),
    ),
    Mutation(
        "endless-models-pass",
        "declaration",
        "evolution/soundness.py",
        "    known = {**known, shape.name: False}\n",
        "    known = {**known, shape.name: True}\n",
        (DESCRIBED,),
    ),
    Mutation(
        "loose-references-pass",
        "declaration",
        "evolution/soundness.py",
        "        case RecursiveType():\n            _named(type_, around)\n",
        "",
        (DESCRIBED,),
    ),
    Mutation(
        "arms-of-other-levels-change",
        "declaration",
        "evolution/soundness.py",
        "and not _tells(told, tag)",
        "and False",
        (STEPS,),
    ),
    Mutation(
        "equal-where-names-are",
        "declaration",
        "shape.py",
        "            ours, theirs = shape.unrolled.attributes, another.unrolled.attributes\n",
        "            ours, theirs = shape.attributes, another.attributes\n",
        (DESCRIBED, SCHEMAS),
    ),
    Mutation(
        "names-clash",
        "declaration",
        "describing.py",
        "        while any(name == other for _, other in self._open):\n",
        "        while False:\n",
        (DESCRIBED,),
    ),
    Mutation(
        "as-described-from-one-root",
        "declaration",
        "shape.py",
        "                if outer.name in made.references:\n",
        "                if False:\n",
        (SCHEMAS,),
    ),
]
