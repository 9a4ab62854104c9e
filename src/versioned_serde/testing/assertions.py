"""`assert_laws`: a service's own schema put to the laws, with its own step functions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.errors import FailedHealthCheck, Flaky, Unsatisfiable

from versioned_serde.errors import DeclarationError
from versioned_serde.schema import Schema
from versioned_serde.testing.law_of_editors import old_editors
from versioned_serde.testing.law_of_records import defaults, refusals, round_trip
from versioned_serde.testing.law_of_steps import there_and_back
from versioned_serde.testing.subject import LawBrokenError, Subject
from versioned_serde.view import no_new_record

T = TypeVar("T")
_LAWS = (there_and_back, round_trip, defaults, old_editors, refusals)
"""The steps first: what is wrong with one of them would show in the others, less plainly."""
_IMPURE = (
    "The same value broke it one time and not another, so something is not pure: a step's function or a validator that"
    " looks at the clock, draws random numbers or remembers what it has seen."
)


def assert_laws(
    schema: Schema[T],
    *,
    values: st.SearchStrategy[T] | None = None,
    older: Mapping[int, st.SearchStrategy[dict[str, Any]]] | None = None,
    cases: int | None = None,
    edits: bool = True,
) -> None:
    """Puts a declared schema to the laws, with made-up values and the service's own functions.

    L1, what is written in any listed version is read again. L2, a release of each older version that may read the
    newest one edits such a record and harms nothing. L3, each step leads there and back, is total and pure, and lands
    valid. L4, a step touches what it declares. L5, damaged records and wrong tags are refused. L6, absence means the
    default of the record's version.

    The service's counters stay as they are.

    Args:
        schema: the schema.
        values: values of the newest model, where its types and constraints do not say what is valid: a model whose
            validators refuse nearly everything.
        older: version -> what its releases could write, as `values_of(schema, version)` gives it; where only some of
            the values that the version's types allow were ever written.
        cases: values for each law; as many as the profile of Hypothesis says by default.
        edits: whether to put L2 to it.

    Raises:
        LawBrokenError: one does not hold. The text has the law, the version, the step, the simplest value found, and
            what to do.
        DeclarationError: no valid values were found.
        UnwritableValueError: the schema is a view, which makes no records.
    """
    __tracebackhide__ = True
    if schema.view:
        raise no_new_record().located(schema=schema.name)
    subject = Subject(schema, values, older)
    parent = settings.default
    assert parent is not None
    chosen = settings(
        parent,
        max_examples=parent.max_examples if cases is None else cases,
        deadline=None,
        database=None,  # its keys would mix up the schemas
        phases=[Phase.generate, Phase.shrink],
        report_multiple_bugs=False,
        print_blob=False,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large],
    )
    for law in _LAWS:
        if law is old_editors and not edits:
            continue

        _run(law, subject, chosen)


def _run(law: Callable[[Subject, st.DataObject], None], subject: Subject, chosen: settings) -> None:
    __tracebackhide__ = True

    last: list[LawBrokenError] = []

    @chosen
    @given(st.data())
    def check(data: st.DataObject) -> None:
        try:
            law(subject, data)
        except LawBrokenError as error:
            last[:] = [error]
            raise

    try:
        check()
    except LawBrokenError as error:
        error.__notes__ = []  # Hypothesis' own words, which repeat the value
        raise
    except Flaky as error:
        if not last:
            raise
        last[0].__notes__ = [_IMPURE]
        raise last[0] from error
    except (Unsatisfiable, FailedHealthCheck) as error:
        raise DeclarationError(
            "Among the values that the model's types and constraints allow, none were found that the model accepts.",
            hint="Give a strategy of valid ones, `assert_laws(schema, values=...)`.",
        ).located(schema=subject.schema.name) from error
