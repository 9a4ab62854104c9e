"""What a store makes of answers that no service gives on demand."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest

from tests.services.scripted import HANG, Answer, Scripted, error, found, scripted
from versioned_serde.errors import StoreError
from versioned_serde.protocols import Stored
from versioned_serde.stores.s3 import S3Store

DONE = Answer(200, b"", {"ETag": '"new"'})
GONE = error(404, "NoSuchKey")
BUSY = error(409, "ConditionalRequestConflict")
UNMET = error(412, "PreconditionFailed")
SLOW = error(503, "SlowDown")
LOST = Answer(0)
OLD = found(b"old", '"old"')
NEWER = found(b"newer", '"newer"')

Call = Callable[[S3Store], Any]


def insert(store: S3Store) -> str | None:
    return store.insert("a", b"a secret", {})


def update(store: S3Store) -> str | None:
    return store.update("a", '"old"', b"a secret", {})


def delete(store: S3Store) -> bool:
    return store.delete("a", '"old"')


def get(store: S3Store) -> Stored | None:
    return store.get("a")


def keys(store: S3Store) -> list[str]:
    return list(store.keys())


def opened(script: Scripted, **options: Any) -> S3Store:
    credentials: dict[str, Any] = {"access_key_id": "x", "secret_access_key": "y", "region": "eu-west-1"}
    return S3Store("s3://bucket", endpoint=script.endpoint, **credentials, **options)


@pytest.mark.parametrize(
    ("call", "answers", "result"),
    [
        (insert, [DONE], '"new"'),
        (insert, [UNMET], None),
        (insert, [BUSY, NEWER], None),
        (update, [DONE], '"new"'),
        (update, [UNMET], None),
        (update, [GONE], None),
        (update, [BUSY, NEWER], None),
        (update, [BUSY, GONE], None),
        (delete, [OLD, Answer(204)], True),
        (delete, [NEWER], False),
        (delete, [GONE], False),
        (delete, [OLD, UNMET], False),
        (delete, [OLD, GONE], False),
        (delete, [OLD, BUSY, NEWER], False),
    ],
)
def test_an_answer_is_a_result(call: Call, answers: list[Answer], result: Any) -> None:
    with scripted(*answers) as script:
        assert call(opened(script)) == result
        assert len(script.asked) == len(answers)


@pytest.mark.parametrize(
    ("call", "answers"),
    [
        (insert, [BUSY, GONE]),
        (update, [BUSY, OLD]),
        (delete, [OLD, BUSY, OLD]),
        *((call, [answer]) for call in (insert, update) for answer in (SLOW, LOST, error(500, "InternalError"))),
        *((call, [error(400, "RequestTimeout")]) for call in (insert, update)),
        (delete, [OLD, SLOW]),
        (delete, [OLD, LOST]),
    ],
)
def test_a_write_that_may_succeed_later_is_sent_once(call: Call, answers: list[Answer]) -> None:
    # The library would send it again by itself, also where the connection broke after the service had done it.
    with scripted(*answers) as script:
        with pytest.raises(StoreError) as caught:
            call(opened(script))
        assert len(script.asked) == len(answers)
    assert caught.value.transient
    assert (caught.value.key, type(caught.value)) == ("a", StoreError)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("answer", [SLOW, LOST, error(500, "InternalError")])
def test_a_read_is_sent_again_a_few_times(answer: Answer) -> None:
    with scripted(answer, answer, OLD, *[answer] * 9) as script:
        store = opened(script)
        stored = store.get("a")
        assert stored is not None
        assert stored.payload == b"old"
        with pytest.raises(StoreError) as caught:
            store.get("a")
        assert caught.value.transient
        assert len(script.asked) == 3 + 4


def test_nobody_waits_longer_than_was_said() -> None:
    for call in (insert, update):
        with scripted(HANG) as script:
            start = time.monotonic()
            with pytest.raises(StoreError, match=r"in time\. Whether it was written is not known\.") as caught:
                call(opened(script, timeout=0.1))
            assert time.monotonic() - start < 10
            assert caught.value.transient
            assert len(script.asked) == 1


def test_a_connection_that_was_closed_meanwhile_is_no_lost_answer() -> None:
    with scripted(OLD, Answer(200, b"", {"ETag": '"new"', "Connection": "close"}), DONE) as script:
        store = opened(script)
        store.get("a")
        assert update(store) == '"new"'
        assert update(store) == '"new"'


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (error(403, "AccessDenied"), "S3 refused: 403 AccessDenied. Check the credentials"),
        (error(400, "ExpiredToken"), "S3 refused: 400 ExpiredToken. Check the credentials"),
        (error(404, "NoSuchBucket"), "S3 refused: 404 NoSuchBucket. Make the bucket"),
        (error(301, "PermanentRedirect"), "S3 refused: 301. Check `region`: the bucket is in another one."),
        (error(400, "InvalidArgument"), "S3 refused: 400 InvalidArgument. Check `region`, `endpoint`"),
        (error(501, "NotImplemented"), "S3 refused: 501"),
    ],
)
@pytest.mark.parametrize("call", [insert, update, get, keys])
def test_what_will_not_change_says_what_to_do(call: Call, answer: Answer, said: str) -> None:
    with scripted(*[answer] * 8) as script, pytest.raises(StoreError) as caught:
        call(opened(script))
    assert said in str(caught.value)
    assert not caught.value.transient


def test_nobody_there() -> None:
    with scripted() as script:
        store = opened(script)
    with pytest.raises(StoreError, match="The connection to S3 failed") as caught:
        update(store)
    assert caught.value.transient
    assert "endpoint" in caught.value.hint


def test_no_credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name, raising=False)
    with scripted() as script:
        store = S3Store("s3://bucket", endpoint=script.endpoint, metadata_endpoint=script.endpoint)
        with pytest.raises(StoreError, match="No credentials were found") as caught:
            update(store)
    assert "access_key_id" in caught.value.hint


def test_a_service_without_etags_is_refused() -> None:
    with (
        scripted(Answer(200, b"x", {"Last-Modified": "Mon, 30 Nov 2026 09:00:00 GMT"})) as script,
        pytest.raises(StoreError) as caught,
    ):
        opened(script).get("a")
    assert not caught.value.transient


def test_a_delete_says_what_it_deletes() -> None:
    with scripted(OLD, Answer(204)) as script:
        assert delete(opened(script, client_options={"default_headers": {"x-mine": "1"}}))
        assert script.asked == [("HEAD", "/bucket/a", ""), ("DELETE", "/bucket/a", '"old"')]
