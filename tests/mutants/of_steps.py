"""Mutations of the steps that split, merge, move and convert elements, and of what they keep."""

from __future__ import annotations

from tests.mutants.mutation import Mutation

COMPOSED = "laws/test_compositions.py"
RECORDS = "laws/test_reshaping.py"
PARTS = "evolution/test_split_and_merge.py"
MOVES = "evolution/test_move.py"
ELEMENTS = "evolution/test_retype_each.py"
KEYS = "evolution/test_rekey.py"

OF_STEPS = [
    Mutation(
        "element-restored-to-another-one",
        "elements",
        "evolution/elements.py",
        "        if len(names) == len(places):\n            found.update(zip(places, names, strict=True))",
        "        found.update(zip(places, names, strict=False))",
        (ELEMENTS,),
    ),
    Mutation(
        "element-comes-back",
        "elements",
        "evolution/elements.py",
        "    entry.gone = frozenset({*entry.kept} - {*found.values()})",
        "    entry.gone = frozenset()",
        (ELEMENTS,),
    ),
    Mutation(
        "equal-elements-told-apart",
        "elements",
        "evolution/lossy_elements.py",
        "                    if any(not same(value[index], value[group[0]]) for index in group):",
        "                    if False:",
        (ELEMENTS,),
    ),
    Mutation(
        "elements-not-renamed",
        "elements",
        "evolution/complement.py",
        "each=new if entry.each == old else entry.each",
        "each=entry.each",
        (ELEMENTS,),
    ),
    Mutation(
        "key-forgotten",
        "L3",
        "evolution/steps/rekey.py",
        "{} if self._returns(result, values) else self._lost(sources)",
        "{}",
        (KEYS, RECORDS),
    ),
    Mutation(
        "first-key-wins",
        "L3",
        "evolution/steps/rekey.py",
        "        return returning if returning in sources else min(sources)",
        "        return min(sources)",
        (KEYS,),
    ),
    Mutation(
        "equal-shape-read-as-newest",
        "L3",
        "evolution/steps/rekey.py",
        "            return replace(newer)",
        "            return newer",
        (KEYS,),
    ),
    Mutation(
        "object-goes-though-changed",
        "complement",
        "evolution/moving.py",
        "            entry.stale = bool(inside) or not self._as_made(entry, moved)",
        "            entry.stale = bool(inside)",
        (MOVES,),
    ),
    Mutation(
        "object-goes-with-its-content",
        "L3",
        "evolution/moving.py",
        "            if not inside and (moved or is_certain(self.holder)):",
        "            if moved or is_certain(self.holder):",
        (MOVES, COMPOSED),
    ),
    Mutation(
        "empty-object-forgotten",
        "L3",
        "evolution/moving.py",
        "            if not inside and (moved or is_certain(self.holder)):",
        "            if not inside:",
        (MOVES, COMPOSED),
    ),
    Mutation(
        "absence-of-parts-not-said",
        "L6",
        "evolution/steps/parts.py",
        "            if absent and not values:",
        "            if not values:",
        (PARTS,),
    ),
    Mutation(
        "overlap-under-another-name",
        "overlap",
        "evolution/steps/within.py",
        "                return (*outer, *inner)",
        "                return path",
        (MOVES,),
    ),
]
