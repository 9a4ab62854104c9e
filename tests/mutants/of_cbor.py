"""Small mutations of the codec `cbor` and the coding `lz4`."""

from __future__ import annotations

from tests.mutants.mutation import Mutation

ITEMS = "adapters/test_cbor_items.py"
CBOR = "codecs/test_cbor.py"
LZ4 = "codings/test_lz4.py"

OF_CBOR = [
    Mutation(
        "cbor-trailing-bytes-pass",
        "cbor",
        "adapters/cbor_items.py",
        "if walk.run() != len(data):",
        "if walk.run() > len(data):",
        (ITEMS,),
    ),
    Mutation(
        "cbor-chains-of-tags-are-not-counted",
        "cbor",
        "adapters/cbor_items.py",
        "self._open[-1].major == TAG:\n                    self._count(1)",
        "self._open[-1].major == TAG:\n                    self._count(0)",
        (ITEMS,),
    ),
    Mutation(
        "cbor-decimals-in-decimals-are-not-counted",
        "cbor",
        "adapters/cbor_items.py",
        " or any(around.number for around in self._open)",
        "",
        (ITEMS,),
    ),
    Mutation(
        "cbor-parts-of-parts-pass",
        "cbor",
        "adapters/cbor_items.py",
        "if part != major or size == _INDEFINITE:",
        "if part != major:",
        (ITEMS,),
    ),
    Mutation(
        "cbor-key-without-a-value-passes",
        "cbor",
        "adapters/cbor_items.py",
        " or (closed.major == MAP and closed.left % 2 == 0)",
        "",
        (ITEMS,),
    ),
    Mutation(
        "cbor-anything-may-be-open",
        "cbor",
        "adapters/cbor_items.py",
        "_UNCOUNTED = ENTRY_NESTING + 2",
        "_UNCOUNTED = 10**9",
        (ITEMS,),
    ),
    Mutation(
        "cbor-duplicate-names-pass", "cbor", "adapters/cbor_reading.py", "if name in members:", "if False:", (CBOR,)
    ),
    Mutation("cbor-small-ints-as-tags-pass", "cbor", "adapters/cbor_reading.py", " or value in _SMALL", "", (CBOR,)),
    Mutation(
        "cbor-datetime-with-any-tag-passes",
        "cbor",
        "adapters/cbor_reading.py",
        "if tagged != (in_rfc3339(found) is not None):",
        "if False:",
        (CBOR,),
    ),
    Mutation(
        "cbor-long-uuid-passes",
        "cbor",
        "adapters/cbor_reading.py",
        "if len(found) != 16:",
        "if len(found) < 16:",
        (CBOR,),
    ),
    Mutation(
        "cbor-wrappers-lose-their-bytes",
        "cbor",
        "adapters/cbor_reading.py",
        " and encoded({WRAPPER: [codec, value]}) == data",
        "",
        (CBOR,),
    ),
    Mutation(
        "cbor-unread-lists-are-written",
        "cbor",
        "codecs/cbor.py",
        "if len(payload) > limits.max_items:",
        "if False:",
        (ITEMS,),
    ),
    Mutation(
        "lz4-a-lying-size-is-believed",
        "lz4",
        "codings/lz4.py",
        "if 0 < size <= _DENSEST * len(data):",
        "if 0 < size:",
        (LZ4,),
    ),
    Mutation("lz4-trailing-bytes-pass", "lz4", "codings/lz4.py", "inflater.unused_data or rest", "rest", (LZ4,)),
    Mutation("lz4-no-checksum", "lz4", "codings/lz4.py", "content_checksum=True", "content_checksum=False", (LZ4,)),
]
