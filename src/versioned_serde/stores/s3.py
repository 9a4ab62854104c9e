"""Records as objects in a bucket of S3, or of a service that speaks like it."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from hashlib import sha256
from heapq import merge
from itertools import islice
from json import dumps
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from versioned_serde.adapters import s3_client, s3_names, s3_parts
from versioned_serde.errors import DeclarationError, StoreError
from versioned_serde.protocols import Page, Stored

if TYPE_CHECKING:
    import obstore.store

_AT_ONCE: Final = 16
"""Records of a page that are fetched at the same time."""
_RETRIES: Final = 3
"""How often a request that only reads is sent again."""
_OURS: Final = frozenset(("bucket", "prefix", "config", "retry_config", "disable_bulk_delete"))
"""Options of obstore that are said otherwise."""
_END: Final = "~"
"""Comes after all that our own names go on with."""
# What can be sent as an ETag. `*` and lists mean more than one; text that is no header would end the library's thread.
_TOKEN: Final = re.compile(r'(?P<etag>"[!#-~]+"|[0-9A-Za-z-]+)(?: (?P<headers>[0-9a-f]{16}))?')


class _Here(NamedTuple):
    """What one process has open: clients for what reads and what writes, and threads that fetch records."""

    reads: Any
    writes: Any
    pool: ThreadPoolExecutor


class S3Store:
    """A `ScannedStore` over the objects below a prefix. Safe among threads, processes and after a fork.

    `S3Store("s3://bucket/orders")` keeps the record `2024/17.json` in the object `orders/2024/17.json`. Objects that
    were there before are records. A key that cannot be an object's name, such as one with `//`, is in
    `.versioned-serde/keys/` within the prefix; what `beside` gives is in `.versioned-serde/beside/`.

    **Compare-and-set** is the service's own: a put with `If-None-Match: *` or `If-Match`, a delete with `If-Match`. A
    service that ignores these conditions loses updates, and nothing here notices. Amazon S3 knows all three. Where the
    delete's condition alone is ignored, a record that was changed between a delete's look at it and the delete itself,
    some milliseconds, is deleted all the same.

    **A token** is the object's ETag. For most objects that is the MD5 of the bytes, so equal bytes have an equal token,
    which is enough for a compare-and-set of whole values. For a record with headers the token has their digest, too.
    The service does not compare it, so `update` and `delete` of such a record look at the headers just before: a change
    of the headers alone, in the milliseconds between, is not noticed.

    **A write that fails with `transient=True` may have been done**, if its answer was lost. It is never sent twice: who
    sends it again, with the same token, is told that the record is no longer at it, and has to read. Reads are sent up
    to three times more. Where the service answers 409 because it was busy with another write, the record is read again:
    if it is no longer at the token, the answer is None, and else the error is transient.

    An update replaces the whole object: its content type and its other properties are then what the options say.

    A store holds its options with the credentials in them, also when it is pickled. Without credentials in the options
    each process finds its own, in the environment or from the host.
    """

    def __init__(
        self,
        where: str | obstore.store.S3Store,
        *,
        timeout: float = 30.0,
        content_type: str = "application/octet-stream",
        **options: Any,
    ) -> None:
        """Opens nothing yet: a wrong name or wrong credentials show at the first call.

        Args:
            where: `s3://bucket` or `s3://bucket/prefix`; or obstore's store, whose options are taken, and not itself.
            timeout: seconds for one request.
            content_type: of the objects that are written.
            **options: those of `obstore.store.S3Store`: `region`, `endpoint`, `access_key_id`, `secret_access_key`,
                `session_token`, `credential_provider`, `client_options` and so on.

        Raises:
            DeclarationError: the URL names no bucket, or a prefix that cannot be one, or obstore refuses an option.
            MissingExtraError: obstore is not installed.
        """
        if not isinstance(where, str):
            options = _options(where) | options
            where = f"s3://{options.pop('bucket')}/{where.prefix or ''}"
        scheme, _, rest = where.partition("://")
        self._bucket, _, prefix = rest.partition("/")
        prefix = prefix.removesuffix("/")
        if scheme != "s3" or not self._bucket or (prefix and not s3_names.is_name(prefix)):
            raise DeclarationError(
                f"`{where}` is not the URL of a bucket and a prefix.",
                hint="Write `s3://bucket/prefix`, with no part of the prefix empty, `.` or `..`.",
            )
        if refused := sorted(options.keys() & _OURS):
            raise DeclarationError(
                f"`{refused[0]}` cannot be given.",
                hint="The URL says where, `timeout` how long; writes are never sent twice, and reads a few times.",
            )
        self._prefix = f"{prefix}/" if prefix else ""
        self._timeout = timeout
        self._content_type = content_type
        self._options = options
        # A forked child can use nothing of its parent's.
        self._by_process: dict[int, _Here] = {}
        self._here()

    def __reduce__(self) -> tuple[Any, ...]:
        return _again(self._bucket, self._prefix, self._timeout, self._content_type, self._options), ()

    def get(self, key: str) -> Stored | None:
        """The record, or None."""
        return self._get(key, self._name(key))

    def insert(self, key: str, payload: bytes, headers: Mapping[str, str]) -> str | None:
        """Stores a record under a free key: the new token, or None if the key is taken."""
        return self._put(key, "create", payload, headers)

    def update(self, key: str, token: str, payload: bytes, headers: Mapping[str, str]) -> str | None:
        """Replaces a record that is still at `token`: the new token, or None."""
        self._name(key)
        match = _TOKEN.fullmatch(token)
        if match is None or (match["headers"] and self._token(key) != token):
            return None
        return self._put(key, {"e_tag": match["etag"]}, payload, headers, token)

    def delete(self, key: str, token: str) -> bool:
        """Removes a record that is still at `token`; False if it is not. It opens a client of its own to do so."""
        name = self._name(key)
        match = _TOKEN.fullmatch(token)
        if match is None or self._token(key) != token:
            return False
        client = s3_client.opened(self._bucket, self._options, self._timeout, retries=0, condition=match["etag"])
        library = s3_client.library()
        try:
            library.calls.delete(client, self._prefix + name)
        except library.errors as error:
            if s3_client.is_missing(error) or s3_client.is_unmet(error):
                return False
            if s3_client.is_busy(error) and self._token(key) != token:
                return False
            raise s3_client.refusal(error, key, writes=True) from error
        return True

    def keys(self) -> Iterator[str]:
        """The keys in ascending order of code points, as the bucket lists them."""
        plain = self._names("", s3_names.RESERVED)
        odd = self._names("", "", within=s3_names.ODD)
        # Each of the two is in the order of its keys.
        yield from merge(_keys(plain), _keys(odd))

    def scan(self, after: str, until: str, limit: int) -> Page:
        """The next records after a position, in the order of the objects' names; 16 are fetched at once."""
        names = list(islice(self._names(after, s3_names.BESIDE, limit), limit))
        position = names[-1] if len(names) == limit else ""
        if until and position >= until:
            position = ""
        keys = {name: s3_names.key_of(name) for name in names if not until or name <= until}
        wanted = [(key, name) for name, key in keys.items() if key is not None]
        found = self._here().pool.map(lambda each: self._get(*each), wanted)
        records = [(key, stored) for (key, _), stored in zip(wanted, found, strict=True) if stored is not None]
        return Page(records, position)

    def partition(self, parts: int) -> list[str]:
        """Positions between parts of the same size up to some 10,000 records, and beyond that by an estimate.

        The estimate takes at most 32 lists for each part and 256 more, of a thousand names each, and mostly far fewer,
        however many records there are.
        """

        def listing(after: str) -> list[str]:
            return list(islice(self._names(after, s3_names.BESIDE), s3_parts.PAGE))

        return s3_parts.positions(listing, parts)

    def beside(self, name: str) -> S3Store:
        """The prefix `.versioned-serde/beside/<name>` within this one."""
        prefix = f"{self._prefix}{s3_names.BESIDE}{name}"
        return _again(self._bucket, prefix, self._timeout, self._content_type, self._options)()

    def _name(self, key: str) -> str:
        return s3_names.name_of(key, self._prefix)

    def _here(self) -> _Here:
        process = os.getpid()
        found = self._by_process.get(process)
        if found is None:
            reads = s3_client.opened(self._bucket, self._options, self._timeout, retries=_RETRIES)
            writes = s3_client.opened(self._bucket, self._options, self._timeout, retries=0)
            found = self._by_process.setdefault(process, _Here(reads, writes, ThreadPoolExecutor(_AT_ONCE)))
        return found

    def _get(self, key: str, name: str) -> Stored | None:
        library = s3_client.library()
        try:
            found = library.calls.get(self._here().reads, self._prefix + name)
            payload = bytes(found.bytes())
        except library.errors as error:
            if s3_client.is_missing(error):
                return None
            raise s3_client.refusal(error, key) from error
        headers = s3_names.from_metadata(found.attributes)
        return Stored(payload, headers, _token(found.meta["e_tag"], headers, key))

    def _token(self, key: str) -> str | None:
        """The token of the record as it is now, without its bytes, or None if there is none."""
        library = s3_client.library()
        try:
            found = library.calls.get(self._here().reads, self._prefix + self._name(key), options={"head": True})
        except library.errors as error:
            if s3_client.is_missing(error):
                return None
            raise s3_client.refusal(error, key) from error
        return _token(found.meta["e_tag"], s3_names.from_metadata(found.attributes), key)

    def _put(
        self, key: str, mode: str | dict[str, str], payload: bytes, headers: Mapping[str, str], token: str | None = None
    ) -> str | None:
        """The new token, or None if the record is not at `token`; None stands for a record that is not there."""
        name = self._name(key)
        attributes = {"Content-Type": self._content_type, **s3_names.to_metadata(headers, key)}
        library = s3_client.library()
        try:
            done = library.calls.put(
                self._here().writes, self._prefix + name, payload, mode=mode, attributes=attributes
            )
        except library.errors as error:
            if s3_client.is_unmet(error):
                return None
            if s3_client.is_busy(error) and self._token(key) != token:
                return None
            raise s3_client.refusal(error, key, writes=True) from error
        return _token(done["e_tag"], headers, key)

    def _names(self, after: str, without: str, chunk: int = s3_parts.PAGE, within: str = "") -> Iterator[str]:
        """Names within the prefix after one of them, in order, without those that begin with `without`."""
        library = s3_client.library()
        folder = (self._prefix + within).removesuffix("/") or None
        while True:
            offset = self._prefix + after if after else None
            passed_over = ""
            with s3_client.refusals(""):
                pages = library.calls.list(
                    self._here().reads, folder, offset=offset, chunk_size=min(chunk, s3_parts.PAGE)
                )
            for each in self._paths(pages):
                name = each[len(self._prefix) :]
                # An object `a/` is listed as `a`, which is another one. Its place is wrong, unless it follows at once.
                if name <= after:
                    continue
                after = name
                if without and name.startswith(without):
                    passed_over = without + _END
                    break
                yield name
            if not passed_over:
                return
            after = passed_over

    def _paths(self, pages: Iterator[Any]) -> Iterator[str]:
        while True:
            with s3_client.refusals(""):
                page = next(pages, None)
            if page is None:
                return
            for each in page:
                yield each["path"]


def _keys(names: Iterator[str]) -> Iterator[str]:
    return (key for name in names if (key := s3_names.key_of(name)) is not None)


def _again(bucket: str, prefix: str, timeout: float, content_type: str, options: Mapping[str, Any]) -> partial[S3Store]:
    return partial(S3Store, f"s3://{bucket}/{prefix}", timeout=timeout, content_type=content_type, **options)


def _options(store: obstore.store.S3Store) -> dict[str, Any]:
    """What opens obstore's store once more."""
    options: dict[str, Any] = dict(store.config)
    if store.client_options:
        options["client_options"] = dict(store.client_options)
    if store.credential_provider is not None:
        options["credential_provider"] = store.credential_provider
    return options


def _token(etag: str | None, headers: Mapping[str, str], key: str) -> str:
    if not etag:
        raise StoreError("The service gave no ETag.", key=key, hint="Use a service with conditional writes.")
    if not headers:
        return etag
    return f"{etag} {sha256(dumps(dict(headers), sort_keys=True).encode()).hexdigest()[:16]}"
