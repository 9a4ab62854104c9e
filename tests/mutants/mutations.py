"""Small mutations, each of which breaks a law or a rule of the format, and the tests that must notice."""

from __future__ import annotations

from dataclasses import dataclass

LAWS = "tests/laws/"


@dataclass(frozen=True)
class Mutation:
    """One change of the source.

    Attributes:
        id: unique; names what is broken.
        rule: the law or rule.
        file: below `src/versioned_serde`.
        old: text that occurs exactly once in the file.
        new: what takes its place.
        tests: files as seen from `tests/laws`, the likeliest to notice first.
    """

    id: str
    rule: str
    file: str
    old: str
    new: str
    tests: tuple[str, ...]


FLEETS = "test_fleets.py"
TRIPS = "test_round_trip.py"
EDITORS = "test_old_editors.py"
BACK = "test_there_and_back.py"
REFUSAL = "test_refusal.py"
DEFAULTS = "test_defaults.py"
LOWEST = "test_min_reader.py"
LISTS = "test_lists.py"
KEPT = "test_complement.py"
UNKNOWN = "test_unknown.py"
RARE = "test_rare.py"

MUTATIONS = [
    Mutation("presence-lost", "L1", "models/pydantic.py", " if always or python in given}", "}", (TRIPS,)),
    Mutation(
        "enum-stays-raw",
        "L1",
        "serializer/instances.py",
        "            return cls(value)",
        "            return value",
        (TRIPS,),
    ),
    Mutation(
        "map-loses-conversion",
        "L1",
        "serializer/instances.py",
        "                tree[name] = item(element, trace)",
        "                tree[name] = element",
        (TRIPS,),
    ),
    Mutation(
        "unknown-dropped",
        "L2",
        "evolution/patch.py",
        "        result = dict(base)",
        "        result = {name: base[name] for name in base if name in before or name in after}",
        (LISTS, EDITORS),
    ),
    Mutation(
        "unknown-in-maps-dropped",
        "L2",
        "evolution/patch.py",
        "            if name in base and name in before",
        "            if False",
        (RARE,),
    ),
    Mutation(
        "edit-lost",
        "L2",
        "evolution/patch.py",
        "            case _:\n                return base if same(before, after) else after",
        "            case _:\n                return base",
        (LISTS, EDITORS),
    ),
    Mutation(
        "nothing-kept",
        "L3",
        "evolution/complement.py",
        "            if not self._returns(result, present):",
        "            if False:",
        (BACK,),
    ),
    Mutation(
        "way-back-not-restored",
        "L3",
        "evolution/complement.py",
        "        if entry is not None and self._witnessed(entry, present):",
        "        if False:",
        (BACK,),
    ),
    Mutation(
        "enum-not-narrowed",
        "L3",
        "evolution/steps/widen_enum.py",
        "value is None or value in members",
        "True",
        (RARE,),
    ),
    Mutation(
        "add-overwrites",
        "L4",
        "evolution/steps/add.py",
        "            if always and name not in tree:",
        "            if always:",
        (RARE,),
    ),
    Mutation(
        "remove-drops",
        "L4",
        "evolution/steps/remove.py",
        "                if not purge:",
        "                if False:",
        (BACK, FLEETS),
    ),
    Mutation(
        "rename-copies",
        "L4",
        "evolution/steps/rename.py",
        "tree[target] = tree.pop(source)",
        "tree[target] = tree[source]",
        (BACK, FLEETS),
    ),
    Mutation(
        "fill-sees-raw",
        "L4",
        "evolution/steps/step.py",
        "copied(typed(each.name, each.type, tree[each.name]))",
        "copied(tree[each.name])",
        (RARE,),
    ),
    Mutation(
        "unknown-not-wrapped",
        "L2",
        "evolution/steps/add.py",
        "                tree[name] = Typed(type_, tree[name])",
        "                del tree[name]",
        (UNKNOWN, BACK),
    ),
    Mutation(
        "not-filled",
        "L4",
        "evolution/lineage.py",
        "            if min_reader < link.version <= version:",
        "            if False:",
        (RARE,),
    ),
    Mutation(
        "too-new-is-read",
        "L5",
        "serializer/reader.py",
        "        if tag.min_reader > newest:",
        "        if False:",
        (REFUSAL,),
    ),
    Mutation(
        "any-version-is-believed",
        "L5",
        "serializer/reader.py",
        "        if tag.version > newest + self._limits.version_window:",
        "        if False:",
        (REFUSAL,),
    ),
    Mutation(
        "damage-passes",
        "L5",
        "envelope/binary.py",
        "    if first & _CHECKSUM and crc32(",
        "    if False and crc32(",
        (REFUSAL,),
    ),
    Mutation(
        "implied-default-not-written",
        "L6",
        "evolution/steps/redefault.py",
        "                if isinstance(default, Constant) and name not in tree:",
        "                if False:",
        (RARE,),
    ),
    Mutation(
        "computed-default-not-written",
        "L6",
        "shape.py",
        "        return self.default is REQUIRED or self.default is FACTORY",
        "        return self.default is REQUIRED",
        (DEFAULTS, TRIPS),
    ),
    Mutation(
        "retyped-default-not-written",
        "L6",
        "evolution/steps/retype.py",
        "                if name not in tree:",
        "                if False:",
        (RARE,),
    ),
    Mutation(
        "old-editor-not-mixed",
        "tag, mixed",
        "serializer/writer.py",
        "newest.frame(mixed=True, version=version)",
        "newest.frame(mixed=False, version=version)",
        (FLEETS,),
    ),
    Mutation(
        "never-mixed",
        "tag, mixed",
        "serializer/writer.py",
        "self._frames[version, undeclared]",
        "self._frames[version, False]",
        (FLEETS,),
    ),
    Mutation(
        "always-mixed",
        "tag, mixed",
        "serializer/writer.py",
        "self._frames[version, undeclared]",
        "self._frames[version, True]",
        (FLEETS,),
    ),
    Mutation(
        "tag-not-compared",
        "tag, mixed",
        "serializer/reader.py",
        "tag.schema_id != self._schema_id",
        "tag is None",
        (REFUSAL,),
    ),
    Mutation(
        "bare-holds-undeclared",
        "tag, mixed",
        "serializer/writer.py",
        '        if undeclared and line.framing == "bare":',
        "        if False:",
        (RARE,),
    ),
    Mutation(
        "remove-of-required-keeps",
        "min_reader",
        "evolution/steps/remove.py",
        "all(attribute is None or attribute.optional for attribute in known)",
        "True",
        (LOWEST,),
    ),
    Mutation(
        "purge-keeps", "min_reader", "evolution/steps/remove.py", "return not self.purge and ", "return ", (LOWEST,)
    ),
    Mutation(
        "closed-enum-keeps",
        "min_reader",
        "evolution/steps/widen_enum.py",
        "            if found is None or not found.open:",
        "            if found is None:",
        (LOWEST,),
    ),
    Mutation(
        "span-starts-late",
        "min_reader",
        "evolution/min_reader.py",
        "if before <= other.number < change.number",
        "if before < other.number < change.number",
        (LOWEST,),
    ),
    Mutation(
        "form-keeps",
        "min_reader",
        "evolution/min_reader.py",
        "    reasons = list(change.form)",
        "    reasons = []",
        (LOWEST,),
    ),
    Mutation(
        "edit-lowers",
        "edits",
        "schema.py",
        "        version = max(document.version, self.writes)",
        "        version = self.writes",
        (FLEETS,),
    ),
    Mutation(
        "edit-never-raises",
        "edits",
        "schema.py",
        "        version = max(document.version, self.writes)",
        "        version = document.version",
        (FLEETS,),
    ),
    Mutation(
        "stale-stays",
        "complement",
        "evolution/complement.py",
        "[drop_gone(entry) for entry in held if not entry.stale]",
        "held",
        (KEPT,),
    ),
    Mutation(
        "stale-on-the-way-up-stays",
        "complement",
        "evolution/complement.py",
        '    if any(entry.direction == "up" for entry in entries):',
        "    if False:",
        (KEPT,),
    ),
    Mutation(
        "restored-regardless",
        "complement",
        "evolution/complement.py",
        "        if entry is not None and self._witnessed(entry, present):",
        "        if entry is not None:",
        (KEPT, FLEETS),
    ),
    Mutation(
        "what-was-absent-not-asked",
        "complement",
        "evolution/complement.py",
        "    if any(name in node for name in entry.absent):",
        "    if False:",
        (KEPT,),
    ),
    Mutation(
        "what-was-absent-not-renamed",
        "complement",
        "evolution/complement.py",
        "absent=tuple(new if name == old else name for name in entry.absent)",
        "absent=entry.absent",
        (KEPT,),
    ),
    Mutation(
        "sorted-list-by-position",
        "lists",
        "evolution/lists.py",
        "    if not any(found.values()):",
        "    if True:",
        (LISTS,),
    ),
    Mutation(
        "keyless-element-forgotten",
        "lists",
        "evolution/lists.py",
        "    if keyless:\n",
        "    if False:\n",
        (LISTS,),
    ),
    Mutation(
        "identity-not-asked",
        "lists",
        "evolution/lists.py",
        "        if source is not None and result[target] is None and source not in used:",
        "        if False:",
        (LISTS,),
    ),
    Mutation(
        "twins-by-position",
        "lists",
        "evolution/lists.py",
        "            if len(sources) == len(targets) == 1:\n                result[targets[0]] = sources[0]",
        "            for index, target in zip(sources, targets, strict=False):\n                result[target] = index",
        (LISTS, FLEETS),
    ),
    Mutation(
        "never-ambiguous",
        "lists",
        "evolution/lists.py",
        "    if _fresh(result) and any(holds_undeclared(base[source]) for source in lost):",
        "    if False:",
        (LISTS,),
    ),
    Mutation(
        "duplicate-keys-pass",
        "lists",
        "evolution/lists.py",
        "        elif any(holds_undeclared(base[source]) for source in sources):",
        "        elif False:",
        (LISTS,),
    ),
    Mutation(
        "arms-are-one-object",
        "objects",
        "evolution/patch.py",
        "                if arm is not None and arm is type_.arm(before.get(discriminator)):",
        "                if arm is not None:",
        (LISTS,),
    ),
    Mutation(
        "object-is-another",
        "objects",
        "evolution/patch.py",
        "(shape=shape):\n                return self._object(shape, base, before, after, path)",
        "(shape=shape):\n                return after",
        (LISTS,),
    ),
]
