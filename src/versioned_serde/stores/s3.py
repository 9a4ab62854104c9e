"""Records as objects in a bucket of S3, or of a service that speaks like it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from hashlib import sha256
from itertools import islice
from json import dumps
from typing import Any, Final

from versioned_serde.adapters import s3_client, s3_names, s3_parts
from versioned_serde.errors import DeclarationError, StoreError
from versioned_serde.protocols import Page, Stored

_END: Final = "~"
"""Comes after all that names in the reserved place go on with."""
# What can be sent as an ETag. `*` and lists mean more than one.
_TOKEN: Final = re.compile(r'(?P<etag>"[!#-~]+"|[0-9A-Za-z-]+)(?: (?P<headers>[0-9a-f]{16}))?')


class S3Store:
    """A `ScannedStore` over the objects below a prefix. Safe among threads, processes and after a fork.

    `S3Store("s3://bucket/orders")` keeps the record `2024/17.json` in the object `orders/2024/17.json`: a key is the
    name of its object, whatever is in it, and objects that were there before are records. Two things are not: what
    `beside` gives, in `.versioned-serde/` within the prefix, with which no key may begin; and an object without bytes
    whose name ends in `/`, as consoles make for a folder, unless a store wrote it.

    **Compare-and-set** is the service's own: a put with `If-None-Match: *` or `If-Match`, a delete with `If-Match`. A
    service that ignores one of these conditions loses updates, and nothing here notices. Amazon S3 knows all three.

    **A token** is the object's ETag. For most objects that is the MD5 of the bytes, so equal bytes have an equal token,
    which is enough for a compare-and-set of whole values. Headers are metadata, which no ETag stands for and no
    condition compares. So the token of a record with headers has their digest, too, and `update` and `delete` with
    such a token look at the headers just before: a change of the headers alone, in the milliseconds between, is not
    noticed. With the token of a record that had none, headers which came since to the same bytes are not noticed.

    **A write that fails with `transient=True` may have been done**, if its answer was lost. It is never sent twice
    (unless the service sends it on to the bucket's region): who sends it again, with the same token, is told that the
    record is no longer at it, and has to read. Reads are sent up to three times more. Where the service answers 409
    because it was busy with another write, the record is read again: if it is no longer at the token, the answer is
    None, and else the error is transient.

    An update replaces the whole object: its content type is then what the store was told, and its other properties
    those of the bucket.

    Each process has a client of its own. A store holds its options with the credentials in them, also when it is
    pickled. Without credentials in the options each process finds its own, as boto3 does.
    """

    def __init__(
        self, where: str, *, timeout: float = 30.0, content_type: str = "application/octet-stream", **options: Any
    ) -> None:
        """Sends nothing yet: a wrong name or wrong credentials show at the first call.

        Args:
            where: `s3://bucket` or `s3://bucket/prefix`.
            timeout: seconds to wait for an answer, and for each piece of it.
            content_type: of the objects that are written.
            **options: those of boto3's `Session.client`: `region_name`, `endpoint_url`, `aws_access_key_id`,
                `aws_secret_access_key`, `aws_session_token`, `verify`, `config` and so on; and `profile_name`. In
                `config`, a `botocore.config.Config`, are for example `s3={"addressing_style": "virtual"}` and
                `max_pool_connections`; its retries and timeouts are not used.

        Raises:
            DeclarationError: the URL names no bucket, or boto3 refuses an option.
            MissingExtraError: boto3 is not installed.
        """
        scheme, _, rest = where.partition("://")
        self._bucket, _, prefix = rest.partition("/")
        prefix = prefix.removesuffix("/")
        if scheme != "s3" or not self._bucket:
            raise DeclarationError(
                f"`{where}` is not the URL of a bucket and a prefix.", hint="Write `s3://bucket/prefix`."
            )
        self._prefix = f"{prefix}/" if prefix else ""
        self._timeout = timeout
        self._content_type = content_type
        self._options = options
        self._clients = s3_client.Clients(options, timeout)

    def __reduce__(self) -> tuple[Any, ...]:
        state = (self._bucket, self._prefix, self._timeout, self._content_type, self._options)
        return _again, state

    def get(self, key: str) -> Stored | None:
        """The record, or None."""
        return self._get(self._name(key))

    def insert(self, key: str, payload: bytes, headers: Mapping[str, str]) -> str | None:
        """Stores a record under a free key: the new token, or None if the key is taken."""
        return self._put(key, None, {"IfNoneMatch": "*"}, payload, headers)

    def update(self, key: str, token: str, payload: bytes, headers: Mapping[str, str]) -> str | None:
        """Replaces a record that is still at `token`: the new token, or None."""
        condition = self._condition(key, token)
        return self._put(key, token, condition, payload, headers) if condition else None

    def delete(self, key: str, token: str) -> bool:
        """Removes a record that is still at `token`; False if it is not."""
        condition = self._condition(key, token)
        if not condition:
            return False
        client = self._clients.here().client
        ask = {"Bucket": self._bucket, "Key": self._name(key), **condition}
        return self._written(key, token, lambda: client.delete_object(**ask)) is not None

    def keys(self) -> Iterator[str]:
        """The keys in ascending order of code points, as the bucket lists them."""
        for name in self._names(""):
            yield name[len(self._prefix) :]

    def scan(self, after: str, until: str, limit: int) -> Page:
        """The next records after a position, in the order of the objects' names; 16 are fetched at once.

        A position is an object's whole name, or what one begins with.
        """
        names = list(islice(self._names(after, limit), limit))
        position = names[-1] if len(names) == limit else ""
        if until and position >= until:
            position = ""
        wanted = [name for name in names if not until or name <= until]
        found = self._clients.here().pool.map(self._get, wanted)
        records = [
            (name[len(self._prefix) :], stored)
            for name, stored in zip(wanted, found, strict=True)
            if stored is not None
        ]
        return Page(records, position)

    def partition(self, parts: int) -> list[str]:
        """Positions between parts of the same size up to some 10,000 records, and beyond that by an estimate.

        The estimate takes at most 32 lists for each part and 256 more, of a thousand names each, and mostly far fewer,
        however many records there are.
        """
        return s3_parts.positions(lambda after: list(islice(self._names(after), s3_parts.PAGE)), parts)

    def beside(self, name: str) -> S3Store:
        """The prefix `.versioned-serde/beside/<name>` within this one, by the same clients."""
        prefix = f"{self._prefix}{s3_names.BESIDE}{name}/"
        store = S3Store.__new__(S3Store)
        vars(store).update(vars(self), _prefix=prefix)
        return store

    def _name(self, key: str) -> str:
        return s3_names.name_of(key, self._prefix)

    def _get(self, name: str) -> Stored | None:
        key = name[len(self._prefix) :]
        client = self._clients.here().client

        def fetch() -> tuple[Mapping[str, Any], bytes] | None:
            try:
                found = client.get_object(Bucket=self._bucket, Key=name)
            except s3_client.library().errors as error:
                if s3_client.is_missing(error):
                    return None
                raise
            return found, found["Body"].read()

        answer = s3_client.read(fetch, key)
        if answer is None:
            return None
        found, payload = answer
        if _is_folder(name, len(payload)) and not s3_names.is_ours(found["Metadata"]):
            return None
        headers = s3_names.from_metadata(found["Metadata"])
        return Stored(payload, headers, _token(found, headers, key))

    def _token(self, key: str) -> str | None:
        """The token of the record as it is now, without its bytes, or None if there is none."""
        name = self._name(key)
        client = self._clients.here().client

        def fetch() -> Mapping[str, Any] | None:
            try:
                found: Mapping[str, Any] = client.head_object(Bucket=self._bucket, Key=name)
            except s3_client.library().errors as error:
                if s3_client.is_missing(error):
                    return None
                raise
            return found

        found = s3_client.read(fetch, key)
        return None if found is None else _token(found, s3_names.from_metadata(found["Metadata"]), key)

    def _condition(self, key: str, token: str) -> dict[str, str] | None:
        """What asks for a token, or None if the record cannot be at it."""
        self._name(key)
        match = _TOKEN.fullmatch(token)
        if match is None or (match["headers"] and self._token(key) != token):
            return None
        return {"IfMatch": match["etag"]}

    def _put(
        self, key: str, token: str | None, condition: dict[str, str], payload: bytes, headers: Mapping[str, str]
    ) -> str | None:
        """The new token, or None if the record is not at `token`; None stands for a record that is not there."""
        name = self._name(key)
        metadata = s3_names.to_metadata(headers, key, empty_folder=_is_folder(name, len(payload)))
        client = self._clients.here().client
        ask = {"Bucket": self._bucket, "Key": name, "ContentType": self._content_type, "Metadata": metadata}
        done = self._written(key, token, lambda: client.put_object(Body=payload, **ask, **condition))
        return None if done is None else _token(done, headers, key)

    def _written(self, key: str, token: str | None, write: Callable[[], Mapping[str, Any]]) -> Mapping[str, Any] | None:
        """The service's answer, or None if the record is not at `token`."""
        try:
            return write()
        except s3_client.library().errors as error:
            if s3_client.is_unmet(error) or (token is not None and s3_client.is_missing(error)):
                return None
            if s3_client.is_busy(error) and self._token(key) != token:
                return None
            raise s3_client.refusal(error, key, writes=True) from error

    def _names(self, after: str, chunk: int = s3_parts.PAGE) -> Iterator[str]:
        """Names of records' objects after a position, in order."""
        reserved = self._prefix + s3_names.RESERVED
        ask = {"Bucket": self._bucket, "Prefix": self._prefix, "MaxKeys": min(chunk, s3_parts.PAGE)}
        place: dict[str, str] | None = {"StartAfter": after} if after else {}
        while place is not None:
            page = self._page(ask | place)
            place = {"ContinuationToken": page["NextContinuationToken"]} if page.get("IsTruncated") else None
            for each in page.get("Contents", ()):
                name: str = each["Key"]
                if name <= after:
                    raise StoreError(
                        "The service does not list names in order, from a place on.",
                        key=name[len(self._prefix) :],
                        hint="Use a general purpose bucket of Amazon S3, or a service that lists like it.",
                    )
                after = name
                if name.startswith(reserved):
                    after = reserved + _END
                    place = {"StartAfter": after}
                    break
                if not _is_folder(name, each["Size"]) or self._get(name) is not None:
                    yield name

    def _page(self, ask: Mapping[str, Any]) -> Mapping[str, Any]:
        client = self._clients.here().client
        return s3_client.read(lambda: client.list_objects_v2(**ask), "")


def _again(bucket: str, prefix: str, timeout: float, content_type: str, options: Mapping[str, Any]) -> S3Store:
    return S3Store(f"s3://{bucket}/{prefix}", timeout=timeout, content_type=content_type, **options)


def _is_folder(name: str, size: int) -> bool:
    """Whether this looks like what consoles make for a folder."""
    return size == 0 and name.endswith("/")


def _token(found: Mapping[str, Any], headers: Mapping[str, str], key: str) -> str:
    etag: str = found.get("ETag", "")
    if not etag:
        raise StoreError("The service gave no ETag.", key=key, hint="Use a service with conditional writes.")
    if not headers:
        return etag
    return f"{etag} {sha256(dumps(dict(headers), sort_keys=True).encode()).hexdigest()[:16]}"
