"""JUnit's XML, as Jenkins and others read it.

A finding that fails the run is a failed test, a note one that passed with output, an ignored finding a skipped one.
"""

from __future__ import annotations

from collections import Counter
from typing import Final
from xml.etree import ElementTree

from versioned_serde.check.finding import Finding
from versioned_serde.check.outcome import Outcome
from versioned_serde.check.reports.texts import about, at, example, one_line, printable

NAME = "junit"
_CLEAN: Final = "nothing breaks"
"""Name of the test that stands for a run without findings: a report without a test counts as a mistake."""


def report(outcome: Outcome, *, colour: bool = False) -> str:
    """One suite, with a test for each finding."""
    failing = sum(each.severity != "note" for each in outcome.findings)
    counts = {"failures": str(failing), "errors": "0"}
    tests = str(len(outcome.findings) + len(outcome.ignored) or 1)
    root = ElementTree.Element("testsuites", {"name": "serde-check", "tests": tests, **counts})
    suite = ElementTree.SubElement(
        root, "testsuite", {"name": "serde-check", "tests": tests, **counts, "skipped": str(len(outcome.ignored))}
    )
    names: Counter[tuple[str, str]] = Counter()
    for each in outcome.findings:
        case = _case(suite, each, names)
        if each.severity == "note":
            ElementTree.SubElement(case, "system-out").text = _told(each)
        else:
            message = {"type": each.severity, "message": one_line(each.message)}
            ElementTree.SubElement(case, "failure", message).text = _told(each)
    for ignored in outcome.ignored:
        case = _case(suite, ignored.finding, names)
        ElementTree.SubElement(case, "skipped", {"message": one_line(ignored.reason)})
    if not len(suite):
        ElementTree.SubElement(suite, "testcase", {"classname": "serde-check", "name": _CLEAN})
    ElementTree.indent(root)
    # As ASCII, which is right in whatever encoding it is written.
    content: bytes = ElementTree.tostring(root, encoding="us-ascii", xml_declaration=True)
    return content.decode("ascii") + "\n"


def _case(suite: ElementTree.Element, each: Finding, names: Counter[tuple[str, str]]) -> ElementTree.Element:
    name = about(each) or (one_line(each.place.path) if each.place else each.rule)
    names[each.rule, name] += 1
    if (number := names[each.rule, name]) > 1:  # two tests of one name are taken for two runs of it
        name = f"{name} ({number})"
    return ElementTree.SubElement(suite, "testcase", {"classname": f"serde-check.{one_line(each.rule)}", "name": name})


def _told(each: Finding) -> str:
    lines = [f"{at(each.place)}: {each.message}" if each.place else each.message]
    lines += [f"For example: {shown}"] if (shown := example(each)) else []
    lines += [f"Instead: {each.help}"] if each.help else []
    return printable("\n".join(lines))
