"""Small mutations of framings, adoption, presence and erasure."""

from __future__ import annotations

from tests.mutants.mutation import Mutation

FOREIGN = "test_foreign_records.py"
SIGNS = "envelope/test_foreign.py"
CENSUS = "envelope/test_census.py"
PRESENCE = "test_presence.py"
ERASURE = "traps/test_erasure.py"
ENUMS = "traps/test_enums_and_unions.py"
PICKLE = "codecs/test_pickle.py"

OF_FRAMINGS = [
    Mutation(
        "two-signs-pass",
        "foreign",
        "envelope/recognize.py",
        "        if _bears(foreign, data, headers):",
        "        if False:",
        (FOREIGN,),
    ),
    Mutation(
        "headers-and-a-sign-pass",
        "foreign",
        "envelope/recognize.py",
        "if _bears([each for each in foreign if each.headers], data, headers):",
        "if False:",
        (FOREIGN,),
    ),
    Mutation(
        "first-sign-decides",
        "foreign",
        "envelope/recognize.py",
        "            other = error\n            continue",
        "            raise error",
        (FOREIGN,),
    ),
    Mutation(
        "sign-not-compared",
        "foreign",
        "envelope/cloud_events.py",
        "        if found != [self._spelled]:",
        "        if False:",
        (SIGNS,),
    ),
    Mutation(
        "id-little-endian",
        "foreign",
        "envelope/confluent.py",
        'self.id.to_bytes(4, "big")',
        'self.id.to_bytes(4, "little")',
        (SIGNS,),
    ),
    Mutation(
        "ours-added-to-foreign",
        "foreign",
        "serializer/line.py",
        'return self.framing == "bare" or not isinstance(self.framing, str)',
        'return self.framing == "bare"',
        (FOREIGN,),
    ),
    Mutation(
        "census-not-asked",
        "census",
        "evolution/locations.py",
        "    if census is None:",
        "    if False:",
        (CENSUS,),
    ),
    Mutation(
        "census-not-read",
        "census",
        "evolution/locations.py",
        "    if census.reserved:",
        "    if False:",
        (CENSUS,),
    ),
    Mutation(
        "census-passes-damage",
        "census",
        "envelope/census.py",
        "        except SerdeError:\n            reserved += 1",
        "        except SerdeError:\n            pass",
        (CENSUS,),
    ),
    Mutation(
        "implied-left-out",
        "presence",
        "serializer/instances.py",
        "        return _with_implied(shape, dump) if every else dump",
        "        return dump",
        (PRESENCE,),
    ),
    Mutation(
        "default-not-held",
        "presence",
        "serializer/instances.py",
        "kind.take(all_present(shape) if every else shape)",
        "kind.take(shape)",
        (PRESENCE,),
    ),
    Mutation(
        "reserved-not-erased",
        "erasure",
        "evolution/erasure.py",
        "            del node[name]",
        "            pass",
        (ERASURE,),
    ),
    Mutation(
        "kept-not-erased",
        "erasure",
        "evolution/erasure.py",
        "int(version) <= first",
        "int(version) < first",
        (ERASURE,),
    ),
    Mutation(
        "oneof-not-a-slot",
        "L2",
        "evolution/min_reader.py",
        "    reasons += _changed_slots(change.shape, span)",
        "",
        (ENUMS,),
    ),
    Mutation(
        "pickled-class-unlisted",
        "L5",
        "adapters/unpickling.py",
        "found = self._classes.get(named) or self._values.get(named)",
        "found = self._classes.get(named) or self._values.get(named) or super().find_class(module, name)",
        (PICKLE,),
    ),
    Mutation(
        "pickle-counts-once",
        "L5",
        "adapters/unpickling.py",
        "        self._room[limit] -= size",
        "        self._room[limit] -= 0",
        (PICKLE,),
    ),
]
