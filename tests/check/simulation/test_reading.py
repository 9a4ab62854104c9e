"""The model of a reader against the real one."""

from __future__ import annotations

from random import Random

from hypothesis import event, given

from tests.check.made_up import moves, real
from tests.check.made_up.counts import times
from tests.check.simulation.declaring import SchemaCode, schema
from tests.check.simulation.reading import answer, new
from versioned_serde import ReadError, SerdeError
from versioned_serde.testing.strategies import sources


def declarations(random: Random) -> list[SchemaCode]:
    """Up to four, each made from the one before, of which the real library accepts every one."""
    found: list[SchemaCode] = []
    code = moves.first(random, "made.up")
    for _ in range(4):
        try:
            real.schema(code)
            found.append(code)
            code = random.choice(moves.MOVES)(random, code)
        except (SerdeError, ValueError):
            code = found[-1] if found else moves.first(random, "made.up")
    return found


@times(5, 10)
@given(random=sources())
def test_the_model_reads_what_the_library_reads(random: Random) -> None:
    codes = declarations(random)
    if not codes:
        return
    writer, reader = random.choice(codes), random.choice(codes)
    record = new(schema(writer))
    expected = answer(schema(reader), record)
    event(expected)
    told = f"{schema(writer)}\n{schema(reader)}"
    packed = real.schema(writer).pack(real.instance(writer))
    try:
        value = real.schema(reader).unpack(*packed)
    except ReadError as error:
        assert expected != "reads", f"{error}\n{told}"
    except SerdeError:
        assert expected == "misreads", told
    else:
        assert expected != "refuses", told
        if expected == "reads":
            known = record.line.shape & schema(reader).newest.shape & schema(writer).newest.shape
            assert {each.name: value[each.name] for each in known} == {each.name: real.value(each) for each in known}


@times(1, 10)
@given(random=sources())
def test_the_model_knows_what_takes_two_releases(random: Random) -> None:
    for code in declarations(random):
        expected = [(line.number, line.min_reader) for line in code.lines()]
        assert [(line.number, line.min_reader) for line in real.schema(code).lines] == expected


@times(1, 1)
@given(random=sources())
def test_what_is_written_is_what_the_model_says(random: Random) -> None:
    """The version, and the attributes that a writer knows and its version does not."""
    for code in declarations(random):
        made, record = real.schema(code), new(schema(code))
        document = made.read(*made.pack(real.instance(code)))
        assert document.version == record.line.number
        if document.origin.tag is not None:
            assert document.origin.mixed == bool(record.extras), f"{schema(code)}\n{record}"
