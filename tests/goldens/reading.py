"""Reads frozen records with the code of the tree that this file stands in.

    python -m tests.goldens.reading RECORDS

Tells what it could not read, or read as something else, and ends with 1 if there is any, or if records are missing of a
sample that this tree has. Records of samples that came later are passed over. A later release runs this file of the
release before it.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import versioned_serde
from tests.goldens.frozen import Frozen, told
from tests.goldens.samples import samples
from versioned_serde import SerdeError

ROOT = Path(__file__).parents[2]


def unread(records: list[Frozen]) -> list[str]:
    """What is wrong, one line each."""
    known = {sample.name: sample.reader for sample in samples()}
    wrong = [f"{name}: no record" for name in known.keys() - {each.sample for each in records}]
    for each in records:
        if each.sample not in known:
            continue
        try:
            value = told(known[each.sample].unpack(bytes.fromhex(each.payload), each.headers))
        except SerdeError as error:
            wrong.append(f"{each.sample}, {each.record}: {error}")
        else:
            if value != each.value:
                wrong.append(f"{each.sample}, {each.record}: read as another value")
    return wrong


def main(path: str) -> int:
    if not Path(versioned_serde.__file__).is_relative_to(ROOT):
        print(f"The library is imported from elsewhere: {versioned_serde.__file__}")
        return 1
    lines = Path(path).read_text().splitlines()
    wrong = unread([Frozen(**json.loads(line)) for line in lines])
    print("\n".join(wrong) or f"read {len(lines)} records")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
