from __future__ import annotations

import multiprocessing
import os
import pickle
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from functools import cache, partial
from itertools import islice, pairwise
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import pytest
from botocore.config import Config
from hypothesis import settings

from tests.services.s3 import Service, ask, make_bucket
from versioned_serde.adapters import s3_client, s3_parts
from versioned_serde.errors import DeclarationError, MissingExtraError, StoreError
from versioned_serde.protocols import Stored
from versioned_serde.stores.s3 import S3Store
from versioned_serde.testing.conformance.scans import ScanConformance, scanned
from versioned_serde.testing.conformance.stores import ODD_KEYS, Opener, add_one

HONEST = ("ministack", "moto")
CARELESS = "nanio"
TAG = '1;schema="shop.order";version=3;min-reader=2;codec=1;coding=0;mixed;crc32="00c0ffee"'


@cache
def whole(service: Service) -> S3Store:
    """The whole bucket, by a client that all tests use: to open another takes as long as fifty requests."""
    return S3Store(service.url, **service.options)


def opened(service: Service, name: str = "") -> S3Store:
    """A store of its own in the bucket."""
    return whole(service).beside(name or uuid4().hex)


def at(service: Service, prefix: str) -> S3Store:
    return S3Store(f"{service.url}/{prefix}", **service.options)


@pytest.fixture
def service(request: pytest.FixtureRequest) -> Service:
    service: Service = request.getfixturevalue(request.param)
    return service


@pytest.fixture
def store(ministack: Service) -> S3Store:
    return opened(ministack)


@pytest.fixture
def bucket(ministack: Service) -> str:
    """One of its own, for stores without a prefix."""
    name = uuid4().hex
    make_bucket(ministack, name)
    return name


class TestS3Store(ScanConformance):
    scale = 0.15

    @pytest.fixture
    def name(self) -> str:
        return uuid4().hex

    @pytest.fixture
    def opener(self, ministack: Service, name: str) -> Opener:
        return partial(S3Store, f"{ministack.url}/.versioned-serde/beside/{name}", **ministack.options)

    @pytest.fixture
    def store(self, ministack: Service, name: str) -> S3Store:
        return opened(ministack, name)

    @pytest.fixture(autouse=True)
    def short_pages(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """So that a few records are many pages."""
        monkeypatch.setattr(s3_parts, "PAGE", 50)

    @pytest.fixture(autouse=True)
    def fewer_cases(self) -> Iterator[None]:
        """A tenth: a case is up to a hundred requests."""
        profile = settings.get_current_profile_name()
        settings.register_profile("over a network", max_examples=settings().max_examples // 10)
        settings.load_profile("over a network")
        yield
        settings.load_profile(profile)


on_both = pytest.mark.parametrize("service", HONEST, indirect=True)


def test_threads_lose_no_update_at_another_service(moto: Service) -> None:
    store = opened(moto)
    store.insert("a", b"0", {})
    threads = [threading.Thread(target=add_one, args=(store, "a", 5)) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    stored = store.get("a")
    assert stored is not None
    assert stored.payload == b"30"


@on_both
def test_one_of_many_inserts(service: Service) -> None:
    store = opened(service)
    won: list[int] = []
    start = threading.Barrier(8)

    def insert() -> None:
        start.wait()
        won.extend(number for number in range(10) if store.insert(str(number), b"", {}) is not None)

    threads = [threading.Thread(target=insert) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(won) == list(range(10))


@on_both
def test_the_service_itself_compares_at_a_delete(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    store = opened(service)
    old = store.insert("a", b"old", {"h": "x"})
    assert old is not None
    assert store.update("a", old, b"new", {"h": "x"}) is not None
    monkeypatch.setattr(S3Store, "_token", lambda *_: old)  # as if the change came after the look at the token
    assert store.delete("a", old) is False
    assert store.get("a") is not None


@on_both
def test_odd_keys_are_records_of_their_own(service: Service, request: pytest.FixtureRequest) -> None:
    store = opened(service)
    odd = {*ODD_KEYS, "a//b", "a/./b", "a/../b", "a/.versioned-serde/b", ".versioned-serde"}
    if service is request.getfixturevalue("moto"):
        odd -= {"\0", "a\0b", "\n", "\uffff"}  # some of these it loses, and some make it fail at lists
    for key in odd:
        assert store.insert(key, key.encode(), {"h": "ü"}) is not None
    assert list(store.keys()) == sorted(odd)
    assert {key: stored.payload.decode() for key, stored in scanned(store, 7)} == {key: key for key in odd}


@on_both
@pytest.mark.parametrize(
    "headers",
    [
        {"serde-tag": TAG},
        {"Serde-Tag": "capitals", "serde-tag": "none"},
        {
            "": "",
            "a": "",
            "b": " ",
            "c": "a  b",
            "d": " a",
            "e": "\n",
            "f": "\ud800",
            "g": "ü",
            "h": "=?UTF-8?B?w7w=?=",
        },
        {"content-type": "a/b", "Content-Type": "c/d", "storage-class": "x", "versioned-serde-headers": "e30="},
        {"etag": "a", "key": "b", "metadata": "c"},
    ],
)
def test_headers_come_back(service: Service, headers: Mapping[str, str]) -> None:
    store = opened(service)
    token = store.insert("a", b"x", headers)
    assert token is not None
    assert store.get("a") == Stored(b"x", headers, token)


def test_the_tag_is_readable_metadata(ministack: Service) -> None:
    at(ministack, "readable").insert("a", b"x", {"serde-tag": TAG, "ü": "x"})
    answer = ask(ministack, "GET", "/records/readable/a")
    assert answer.headers["x-amz-meta-serde-tag"] == TAG
    assert answer.headers["x-amz-meta-versioned-serde-headers"] == "eyJcdTAwZmMiOiAieCJ9"
    assert answer.headers["content-type"] == "application/octet-stream"


def test_a_change_of_the_headers_alone_makes_a_token_stale(store: S3Store) -> None:
    first = store.insert("a", b"x", {"serde-tag": "one"})
    assert first is not None
    second = store.update("a", first, b"x", {"serde-tag": "two"})
    assert second not in (None, first)
    assert store.update("a", first, b"y", {}) is None
    assert store.delete("a", first) is False
    assert store.get("a") == Stored(b"x", {"serde-tag": "two"}, str(second))


@pytest.mark.parametrize("token", ["*", 'W/"x"', '"a", "b"', '"\n"', '"a"\r\nIf-None-Match: "b"', ""])
def test_a_token_that_would_match_more_than_one_record_matches_none(store: S3Store, token: str) -> None:
    store.insert("a", b"x", {})
    assert store.update("a", token, b"y", {}) is None
    assert store.delete("a", token) is False


def test_headers_that_are_more_than_an_object_may_have_are_refused(store: S3Store) -> None:
    with pytest.raises(StoreError, match="at most 2048") as caught:
        store.insert("a", b"", {"a": "x" * 2_048})
    assert caught.value.key == "a"
    assert store.get("a") is None


@pytest.mark.parametrize("service", [CARELESS], indirect=True)
def test_a_careless_service_takes_a_stale_update(service: Service) -> None:
    store = opened(service)
    first = store.insert("a", b"one", {})
    assert first is not None
    assert store.update("a", first, b"two", {}) is not None
    assert store.update("a", first, b"three", {}) is not None, "it compares now: it is no control any more"
    stored = store.get("a")
    assert stored is not None
    assert stored.payload == b"three"


def test_objects_that_were_there_are_records_under_their_own_names(ministack: Service) -> None:
    names = [
        "orders/2024/17.json",
        "100%.json",
        "a%2Fb",
        "a b",
        " a",
        "a ",
        "a+b",
        "a\\b",
        "é",
        "&<>\"'",
        ".a",
        "...",
        "~",
        "a//b",
        "a/./b",
        "/",
        "full/",
    ]
    for name in names:
        ask(ministack, "PUT", f"/records/theirs/{quote(name)}", name.encode())
    store = at(ministack, "theirs")
    assert list(store.keys()) == sorted(names)
    for key, stored in scanned(store, 3):
        assert stored.payload.decode() == key
        assert store.update(key, stored.token, b"ours", {}) is not None
    assert ask(ministack, "HEAD", "/records/theirs/orders/2024/17.json").headers["content-length"] == "4"


def test_folders_that_others_made_are_no_records_and_stop_no_scan(ministack: Service) -> None:
    for name in ("", "a", "f", "f!", "f/", "f/x", "f/y/", "z"):
        ask(ministack, "PUT", f"/records/folders/{name}", b"")
    store = at(ministack, "folders")
    for limit in (1, 2, 3, 100):
        assert [key for key, _ in islice(scanned(store, limit), 9)] == ["a", "f", "f!", "f/x", "z"]
    assert list(store.keys()) == ["a", "f", "f!", "f/x", "z"]
    assert store.get("f/") is None
    assert store.insert("f/", b"x", {}) is None


def test_a_record_that_looks_like_a_folder_is_one(store: S3Store) -> None:
    for key in ("", "f/"):
        token = store.insert(key, b"", {"h": "x"})
        assert token is not None
        assert store.get(key) == Stored(b"", {"h": "x"}, token)
        assert store.update(key, token, b"", {}) is not None
    assert list(store.keys()) == [key for key, _ in scanned(store, 1)] == ["", "f/"]


def test_what_is_beside_is_in_no_scan_without_a_prefix_too(ministack: Service, bucket: str) -> None:
    store = S3Store(f"s3://{bucket}", **ministack.options)
    other = store.beside("progress")
    for number in range(4):
        other.insert(str(number), b"progress", {})
    ours = [".", ".versioned-serde", ".versioned-serde0", "a"]
    for key in ours:
        assert store.insert(key, key.encode(), {}) is not None
    for limit in (1, 2, 10):
        assert [key for key, _ in scanned(store, limit)] == list(store.keys()) == ours
    assert list(other.keys()) == ["0", "1", "2", "3"]
    assert ask(ministack, "HEAD", f"/{bucket}/.versioned-serde/beside/progress/1").status == 200


def test_no_key_is_in_the_place_of_what_is_beside(store: S3Store) -> None:
    for operation in (store.get, lambda key: store.insert(key, b"", {})):
        with pytest.raises(StoreError, match="do not begin with") as caught:
            operation(".versioned-serde/beside/a")
        assert caught.value.hint


def test_a_key_that_is_too_long_is_refused(store: S3Store) -> None:
    assert store.insert("a" * 900, b"", {}) is not None
    for operation in (lambda: store.get("é" * 500), lambda: store.insert("a" * 1_000, b"", {})):
        with pytest.raises(StoreError, match="1 to 1024 bytes"):
            operation()


def test_an_empty_key_needs_a_prefix(ministack: Service) -> None:
    with pytest.raises(StoreError, match="needs 0") as caught:
        whole(ministack).insert("", b"", {})
    assert "prefix" in caught.value.hint


def test_it_goes_to_other_processes(ministack: Service) -> None:
    config = Config(s3={"addressing_style": "path"})
    options = {"timeout": 7, "content_type": "application/json", "config": config}
    store = S3Store("s3://records/pickled//", **options, **ministack.options)
    again = pickle.loads(pickle.dumps(store))  # noqa: S301 - our own
    again.insert("a", b"{}", {})
    assert store.get("a") is not None
    assert ask(ministack, "GET", "/records/pickled//a").headers["content-type"] == "application/json"
    client = again._clients.here().client
    assert client.meta.config.read_timeout == 7
    assert client.meta.config.s3 == {"addressing_style": "path"}


@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_forked_children_and_their_children_have_clients_of_their_own(store: S3Store) -> None:
    assert store.insert("a", b"0", {}) is not None
    clients = {id(store._clients.here().client)}

    def child() -> None:
        add_one(store, "a", 3)
        clients.add(id(store._clients.here().client))
        assert len(clients) == 2
        grandchild = multiprocessing.get_context("fork").Process(target=add_one, args=(store, "a", 3))
        grandchild.start()
        grandchild.join(60)
        os._exit(grandchild.exitcode or 0)

    process = multiprocessing.get_context("fork").Process(target=child)
    process.start()
    process.join(60)
    process.kill()
    process.join()
    assert process.exitcode == 0
    add_one(store, "a", 1)
    stored = store.get("a")
    assert stored is not None
    assert stored.payload == b"7"


def test_the_library_is_imported_when_a_store_is_opened() -> None:
    code = "import sys; from versioned_serde.stores import s3; assert not {'boto3', 'botocore'} & sys.modules.keys()"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_without_the_library_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    s3_client.library.cache_clear()
    monkeypatch.setitem(sys.modules, "boto3", None)
    with pytest.raises(MissingExtraError) as caught:
        S3Store("s3://records")
    assert str(caught.value) == (
        "`S3Store` needs `boto3`, which is not installed. Run: pip install 'versioned-serde[s3]'"
    )


@pytest.mark.parametrize("url", ["", "records", "s3://", "s3:///a", "http://records/a"])
def test_what_is_no_url_of_a_bucket_is_refused(url: str) -> None:
    with pytest.raises(DeclarationError, match="is not the URL"):
        S3Store(url)


@pytest.mark.parametrize(
    "options",
    [{"nonsense": 1}, {"region_name": "no region"}, {"config": 3}, {"service_name": "a"}, {"profile_name": "no such"}],
)
def test_options_that_boto3_does_not_take_are_refused(options: dict[str, Any]) -> None:
    with pytest.raises(DeclarationError) as caught:
        S3Store("s3://records", **options)
    assert caught.value.hint


def test_an_estimated_partition_parts_the_scan(store: S3Store, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(100):
        store.insert(f"orders/{number:03}", b"", {})
    store.insert("/", b"", {})
    monkeypatch.setattr(s3_parts, "PAGE", 10)
    monkeypatch.setattr(s3_parts, "EXACT", 30)
    positions = store.partition(4)
    assert len(positions) == 3
    ends = list(pairwise(["", *positions, ""]))
    found = [[key for key, _ in scanned(store, 1_000, *span)] for span in ends]
    assert sorted(key for part in found for key in part) == list(store.keys())
    assert all(10 <= len(part) <= 50 for part in found)
