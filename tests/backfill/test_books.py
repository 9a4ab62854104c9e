from __future__ import annotations

from dataclasses import replace

from versioned_serde.backfill.books import Books, Outcome


def test_books_balance_whatever_becomes_of_records() -> None:
    books = Books()
    for number, outcome in enumerate(Outcome, 1):
        for _ in range(number):
            books.enter(outcome)
        assert books.balanced
    assert (books.scanned, books.migrated, books.quarantined) == (15, 1, 5)
    assert (books + books).plain() == {name: 2 * number for name, number in books.plain().items()}
    assert Books.parsed(books.plain()) == books


def test_one_record_more_or_less_is_noticed() -> None:
    books = Books(15, 1, 2, 3, 4, 5)
    assert books.balanced
    for name in books.plain():
        assert not replace(books, **{name: getattr(books, name) + 1}).balanced
