"""Writes the page that says how far our findings are those of buf.

    python -m tests.check.contracts.protobuf.agreement

Everything on it is found out by running both on the cases of this folder and on random changes.
"""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tests.check.contracts.protobuf.cases.case import all_cases
from tests.check.contracts.protobuf.drawing import Drawing
from tests.check.contracts.protobuf.rendering import rendered
from tests.check.contracts.protobuf.side_by_side import SETS, Found, image, ours, set_of_protoc, theirs, write
from versioned_serde.check.contracts.protobuf.selection import ids, rule_modules

PAGE = Path(__file__).parents[4] / "docs" / "reference" / "buf-agreement.md"
PAIRS = 60
"""How many random changes the page counts."""

_INTRODUCTION = """\
# Agreement with buf

`serde-check compare --rules buf:…` finds what `buf breaking` finds. This page is written by running both: on {cases}
cases, at least one that each of buf's {rules} rules finds and one near miss, and on {pairs} random changes of random
files. A finding is the same if buf's id, the file, and the line and column of both ends are.
`python -m tests.check.contracts.protobuf.agreement` writes the page, and a test holds it to be current.

| what both are given | findings of buf | the same | share |
| --- | --- | --- | --- |
"""

_ROW = "| {name} | {theirs:,} | {same:,} | {share:.2%} |"

_DISAGREEMENTS = """
## Where they differ

Given the same descriptor set, they do not differ in any of these. Given .proto files, each compiles them itself, and
the compilers record other places for some things. Mended are columns after tabs and after characters that are not
ASCII, the place of a default, which begins at the word `default`, and that of a group's type, which is the word
`group`. Left is:

| what | buf | here | why it stays |
| --- | --- | --- | --- |
| `features = {{ enum_type: CLOSED }}`, and the like | `enum_type: CLOSED` | the whole option | protoc does not tell |
| what is in no file any more | no path, line 1 | no path and no line | a line of no file says nothing |

These are decisions and not places:

- A finding has our own text, not buf's.
- What buf's configuration waves through (`ignore`, `ignore_only`, `ignore_unstable_packages`) is found here;
  `serde-check` has ignores of its own.
- Of `buf.yaml` and `buf.work.yaml` the folders of modules are read; dependencies that buf would download are not.
- A field that an edition requires (`field_presence = LEGACY_REQUIRED`), and that is only on one side, is found by none
  of buf's rules. It is found here unless rules are asked for.
- Without `--rules`, findings are judged by whom they break: see
  [comparing contracts](../how-to/compare-contracts.md#what-is-found).

## Rule by rule

Findings of buf in the cases and random changes, and how many of them are the same here, given the same descriptor set.

| rule of buf | sets | rule here | findings | the same |
| --- | --- | --- | --- | --- |
"""


@dataclass(frozen=True, slots=True)
class Agreement:
    """What both said.

    Attributes:
        theirs: what buf said.
        ours: what we said.
    """

    theirs: Counter[Found]
    ours: Counter[Found]

    @property
    def same(self) -> Counter[Found]:
        return self.theirs & self.ours

    @property
    def share(self) -> float:
        """Of all that either said, how much both did."""
        return self.same.total() / (self.theirs | self.ours).total()


class Trees:
    """Two trees of files, old and new, with all cases and some random changes in them."""

    def __init__(self, folder: Path, seeds: range, *, cases: bool = True) -> None:
        self.old, self.new = folder / "old", folder / "new"
        for case in all_cases() if cases else ():
            write(self.old, case.files(case.old))
            write(self.new, case.files(case.new))
        for seed in seeds:
            drawing = Drawing(seed, f"case_{seed}")
            before = drawing.tree()
            write(self.old, rendered(before))
            write(self.new, rendered(drawing.changed(before)))

    def agreements(self) -> dict[str, Agreement]:
        """What both are given -> what both said."""
        images = image(self.old), image(self.new)
        compiled = set_of_protoc(self.old), set_of_protoc(self.new)
        of_images = theirs(*images)
        return {
            "descriptor sets, made by buf": Agreement(of_images, ours(*images)),
            "descriptor sets, made by protoc": Agreement(theirs(*compiled), ours(*compiled)),
            "folders of .proto files": Agreement(of_images, ours(self.old, self.new)),
        }


@cache
def measured() -> dict[str, Agreement]:
    """All cases, and the random changes of the page."""
    with tempfile.TemporaryDirectory() as folder:
        return Trees(Path(folder), range(PAIRS)).agreements()


def page() -> str:
    """The whole page."""
    found = measured()
    head = _INTRODUCTION.format(cases=len(all_cases()), rules=len(ids()), pairs=PAIRS)
    rows = [
        _ROW.format(name=name, theirs=each.theirs.total(), same=each.same.total(), share=each.share)
        for name, each in found.items()
    ]
    both = next(iter(found.values()))
    return head + "\n".join(rows) + "\n" + _DISAGREEMENTS.format() + "\n".join(_rules(both)) + "\n"


def _rules(both: Agreement) -> Iterator[str]:
    def of(found: Counter[Found]) -> Callable[[str], int]:
        counts: Counter[str] = Counter()
        for each, number in found.items():
            counts[each.rule] += number
        return counts.__getitem__

    said, same = of(both.theirs), of(both.same)
    owners = {name: module.RULE.name for module in rule_modules() for name in module.BUF}
    for name, sets in sorted(ids().items()):
        shown = " ".join(each for each in (*SETS, "CSR") if each in sets)
        yield f"| `{name}` | {shown} | `{owners[name]}` | {said(name)} | {same(name)} |"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
