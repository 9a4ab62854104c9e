"""What a store makes of answers that no service gives on demand."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.services.scripted import HANG, Answer, Scripted, error, found, scripted
from versioned_serde.adapters import s3_client
from versioned_serde.errors import StoreError
from versioned_serde.protocols import Stored
from versioned_serde.stores.s3 import S3Store

DONE = Answer(200, b"", {"ETag": '"new"'})
GONE = error(404, "NoSuchKey")
BUSY = error(409, "ConditionalRequestConflict")
UNMET = error(412, "PreconditionFailed")
SLOW = error(503, "SlowDown")
LOST = Answer(0)
BROKEN = error(500, "InternalError")
SHORT = Answer(200, b"half", {"ETag": '"x"', "Content-Length": "8"})
OLD = found(b"old", '"old"')
NEWER = found(b"newer", '"newer"')


def listed(*names: str) -> Answer:
    """A list that is complete."""
    found = "".join(f"<Contents><Key>{name}</Key><Size>1</Size></Contents>" for name in names)
    return Answer(200, f"<ListBucketResult><IsTruncated>false</IsTruncated>{found}</ListBucketResult>".encode())


LISTED = listed("a", "b")

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
    credentials: dict[str, Any] = {"aws_access_key_id": "x", "aws_secret_access_key": "y"}
    return S3Store("s3://bucket", endpoint_url=script.endpoint, region_name="eu-west-1", **credentials, **options)


@pytest.fixture(scope="module")
def script() -> Iterator[Scripted]:
    """One server for all tests, and one store: to open one takes longer than to ask it."""
    with scripted() as script:
        yield script


@pytest.fixture(scope="module")
def store(script: Scripted) -> S3Store:
    return opened(script)


@pytest.fixture(autouse=True)
def without_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(s3_client, "PAUSES", (0.0, 0.0, 0.0))


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
        (delete, [Answer(204)], True),
        (delete, [UNMET], False),
        (delete, [GONE], False),
        (delete, [BUSY, NEWER], False),
        (get, [OLD], Stored(b"old", {}, '"old"')),
        (get, [GONE], None),
    ],
)
def test_an_answer_is_a_result(
    script: Scripted, store: S3Store, call: Call, answers: list[Answer], result: Any
) -> None:
    script.will_answer(*answers)
    assert call(store) == result
    assert len(script.asked) == len(answers)


@pytest.mark.parametrize(
    ("call", "answers"),
    [
        (insert, [BUSY, GONE]),
        (insert, [GONE]),
        (update, [BUSY, OLD]),
        (delete, [BUSY, OLD]),
        *((call, [answer]) for call in (insert, update, delete) for answer in (SLOW, LOST, BROKEN)),
        *((call, [error(400, "RequestTimeout")]) for call in (insert, update)),
        (insert, [Answer(200, b"<Error><Code>InternalError</Code></Error>")]),
    ],
)
def test_a_write_that_failed_is_sent_once(
    script: Scripted, store: S3Store, call: Call, answers: list[Answer], monkeypatch: pytest.MonkeyPatch
) -> None:
    # The library would send it again by itself, also where the connection broke after the service had done it.
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "5")
    script.will_answer(*answers)
    with pytest.raises(StoreError) as caught:
        call(store)
    assert len(script.asked) == len(answers)
    assert caught.value.transient == (answers != [GONE])
    assert (caught.value.key, type(caught.value)) == ("a", StoreError)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("answer", [SLOW, LOST, BROKEN, SHORT, Answer(200, b"<Li", {"ETag": '"x"'})])
@pytest.mark.parametrize("call", [get, keys])
def test_a_read_is_sent_again_a_few_times(script: Scripted, store: S3Store, call: Call, answer: Answer) -> None:
    if call is get and answer.body == b"<Li":
        answer = SLOW
    good = OLD if call is get else LISTED
    script.will_answer(answer, answer, good, *[answer] * 9)
    assert call(store)
    with pytest.raises(StoreError) as caught:
        call(store)
    assert caught.value.transient
    assert len(script.asked) == 3 + 4


def test_it_pauses_before_it_asks_again(script: Scripted, store: S3Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(s3_client, "PAUSES", (0.1,))
    script.will_answer(SLOW, OLD)
    start = time.monotonic()
    assert store.get("a")
    assert time.monotonic() - start >= 0.05


@pytest.mark.parametrize("call", [insert, update, delete])
def test_nobody_waits_longer_than_was_said(call: Call) -> None:
    with scripted(HANG) as script:
        start = time.monotonic()
        with pytest.raises(StoreError, match=r"in time\. Whether it was written is not known\.") as caught:
            call(opened(script, timeout=0.1))
        assert time.monotonic() - start < 10
        assert caught.value.transient
        assert len(script.asked) == 1


def test_a_connection_that_was_closed_meanwhile_is_no_lost_answer(script: Scripted, store: S3Store) -> None:
    script.will_answer(OLD, Answer(200, b"", {"ETag": '"new"', "Connection": "close"}), DONE)
    store.get("a")
    assert update(store) == '"new"'
    assert update(store) == '"new"'


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (error(403, "AccessDenied"), "S3 refused: 403 AccessDenied. Check the credentials"),
        (error(400, "ExpiredToken"), "S3 refused: 400 ExpiredToken. Check the credentials"),
        (error(404, "NoSuchBucket"), "S3 refused: 404 NoSuchBucket. Make the bucket"),
        (error(301, "PermanentRedirect"), "S3 refused: 301 PermanentRedirect. Check `region_name`: the bucket is in"),
        (error(400, "InvalidArgument"), "S3 refused: 400 InvalidArgument. Check `region_name`, `endpoint_url`"),
        (error(501, "NotImplemented"), "S3 refused: 501 NotImplemented. Check"),
    ],
)
@pytest.mark.parametrize("call", [insert, update, delete, get, keys])
def test_what_will_not_change_says_what_to_do(
    script: Scripted, store: S3Store, call: Call, answer: Answer, said: str
) -> None:
    script.will_answer(*[answer] * 8)
    with pytest.raises(StoreError) as caught:
        call(store)
    assert said in str(caught.value)
    assert not caught.value.transient
    assert len(script.asked) == 1


def test_nobody_there() -> None:
    with scripted() as script:
        store = opened(script)
    with pytest.raises(StoreError, match="The connection to S3 failed") as caught:
        update(store)
    assert caught.value.transient
    assert "endpoint_url" in caught.value.hint


def test_no_credentials(script: Scripted, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    for name in ("AWS_SHARED_CREDENTIALS_FILE", "AWS_CONFIG_FILE"):
        monkeypatch.setenv(name, str(tmp_path / "none"))
    store = S3Store("s3://bucket", endpoint_url=script.endpoint)
    with pytest.raises(StoreError, match="No credentials were found") as caught:
        update(store)
    assert "aws_access_key_id" in caught.value.hint
    assert not caught.value.transient


def test_a_bucket_that_cannot_be_is_refused(script: Scripted) -> None:
    store = S3Store("s3://no bucket", endpoint_url=script.endpoint, aws_access_key_id="x", aws_secret_access_key="y")  # noqa: S106
    with pytest.raises(StoreError, match="boto3 refused") as caught:
        store.get("a")
    assert not caught.value.transient


def test_a_service_without_etags_is_refused(script: Scripted, store: S3Store) -> None:
    script.will_answer(Answer(200, b"x"))
    with pytest.raises(StoreError, match="no ETag") as caught:
        store.get("a")
    assert not caught.value.transient


@pytest.mark.parametrize("names", [["b", "a"], ["a", "a"]])
def test_lists_out_of_order_are_refused(script: Scripted, store: S3Store, names: list[str]) -> None:
    script.will_answer(listed(*names))
    with pytest.raises(StoreError, match="in order") as caught:
        keys(store)
    assert not caught.value.transient


def test_lists_that_begin_anew_are_refused(script: Scripted, store: S3Store) -> None:
    script.will_answer(listed("a", "b"))
    with pytest.raises(StoreError, match="from a place on"):
        store.scan("a", "", 10)


def test_what_is_asked(script: Scripted, store: S3Store) -> None:
    script.will_answer(DONE, DONE, Answer(204))
    assert insert(store)
    assert update(store)
    assert delete(store)
    assert script.asked == [
        ("PUT", "/bucket/a", "", "*"),
        ("PUT", "/bucket/a", '"old"', ""),
        ("DELETE", "/bucket/a", '"old"', ""),
    ]
    # Services that are not Amazon's refuse what the library adds by itself, or leave it waiting.
    assert not script.named & {"expect", "x-amz-trailer", "x-amz-checksum-crc32", "x-amz-sdk-checksum-algorithm"}


def test_a_delete_looks_at_headers_if_the_token_has_some(script: Scripted, store: S3Store) -> None:
    script.will_answer(Answer(200, b"", {"ETag": '"old"', "X-Amz-Meta-Serde-Tag": "two"}))
    assert store.delete("a", '"old" 0123456789abcdef') is False
    assert [method for method, *_ in script.asked] == ["HEAD"]
