"""The model of a reader against the real one."""

from __future__ import annotations

from collections import Counter
from random import Random

import pytest
from hypothesis import event, given

from tests.check.made_up import moves, real
from tests.check.made_up.histories import sources_of_schema
from tests.check.simulation.declaring import SchemaCode, schema
from tests.check.simulation.reading import answer, new
from versioned_serde import ReadError, SerdeError
from versioned_serde.testing.strategies import sources


def compare(writer: SchemaCode, reader: SchemaCode) -> str:
    """Writes a record by one release, reads it by another; says what the model expects."""
    record, expected = new(schema(writer)), answer(schema(reader), new(schema(writer)))
    packed = real.schema(writer).pack(real.instance(writer))
    try:
        value = real.schema(reader).unpack(*packed)
    except ReadError as error:
        assert expected != "reads", f"{error}\n{schema(writer)}\n{schema(reader)}"
        return expected
    except SerdeError:
        assert expected == "misreads", f"{schema(writer)}\n{schema(reader)}"
        return expected
    assert expected != "refuses", f"read as {value}\n{schema(writer)}\n{schema(reader)}"
    if expected == "reads":
        same = record.shape & schema(reader).newest.shape
        assert all(value[each.name] == real.value(each) for each in same), (value, writer, reader)
    return expected
