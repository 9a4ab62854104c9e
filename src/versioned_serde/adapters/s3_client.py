"""obstore, as one process uses it: clients with bounded patience, and what their errors mean.

The library sends requests from threads of its own, which a forked child does not have: every call of it there waits
forever. So a child loads the library once more, from a copy of its file, and has one that never ran anywhere else.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from importlib.machinery import ExtensionFileLoader
from importlib.util import module_from_spec, spec_from_loader
from typing import Any, Final

from versioned_serde.errors import DeclarationError, MissingExtraError, StoreError

_FIRST: Final = os.getpid()
"""The process that imported this; any other is a fork of it."""
_STATUS: Final = re.compile(r" - Server returned (?:non-2xx status code|error response): (\d{3})")
_CODE: Final = re.compile(r"<Code>(\w{1,80})</Code>")
_PASSING: Final = frozenset((408, 409, 425, 429, 500, 502, 503, 504))
_PASSING_CODES: Final = frozenset(("RequestTimeout", "SlowDown", "InternalError", "ServiceUnavailable", "Throttling"))
_CREDENTIALS: Final = frozenset(
    ("AccessDenied", "ExpiredToken", "InvalidAccessKeyId", "InvalidToken", "RequestTimeTooSkewed")
)
_METADATA_SERVICE: Final = re.compile(r"https?://[^/]+/latest/(?:api/token|meta-data)")
"""Where a host of the provider is asked for credentials, when nothing else gave any."""


@dataclass(frozen=True)
class Library:
    """The library.

    Attributes:
        calls: `get`, `put`, `delete` and `list`, as functions of a client.
        client: its class for S3.
        exceptions: the module of its exceptions.
    """

    calls: Any
    client: Any
    exceptions: Any

    @property
    def errors(self) -> tuple[type[Exception], ...]:
        """All that its calls raise. Some of its errors are those of the language."""
        return (self.exceptions.BaseError, OSError, ValueError, TypeError, NotImplementedError)


def library() -> Library:
    """The library as this process can use it.

    Raises:
        MissingExtraError: it is not installed.
        StoreError: in a forked process, the copy of its file cannot be made or loaded.
    """
    return _library(os.getpid())


@lru_cache(maxsize=2)
def _library(process: int) -> Library:
    try:
        import obstore  # noqa: PLC0415 - an extra: looked for when a store is opened
        from obstore import exceptions, store  # noqa: PLC0415
    except ModuleNotFoundError as error:
        raise MissingExtraError(
            f"`S3Store` needs `{error.name}`, which is not installed.", hint="Run: pip install 'versioned-serde[s3]'"
        ) from error
    if process == _FIRST:
        return Library(obstore, store.S3Store, exceptions)
    name = "obstore._obstore"
    native = sys.modules[name]
    # Loading puts the copy's inner modules in place of those that the rest of the process knows.
    known = {each: module for each, module in sys.modules.items() if each.partition(".")[0] == "obstore"}
    try:
        with tempfile.NamedTemporaryFile(suffix=".so") as file:
            with open(str(native.__file__), "rb") as original:  # noqa: PTH123 - a path of the import system, a text
                shutil.copyfileobj(original, file)
            file.flush()
            loader = ExtensionFileLoader(name, file.name)
            spec = spec_from_loader(name, loader)
            assert spec is not None
            copy: Any = module_from_spec(spec)
            loader.exec_module(copy)
    except (OSError, ImportError) as error:
        raise StoreError(
            f"This process was forked, and its own copy of obstore cannot be loaded: {error}.",
            key="",
            hint="Start processes by `spawn` or `forkserver`, or let `TMPDIR` be a place for programs.",
        ) from error
    finally:
        sys.modules.update(known)
    return Library(copy, copy._store.S3Store, copy.exceptions)  # noqa: SLF001 - of the copy, whose public face is the original's


def opened(bucket: str, options: Mapping[str, Any], timeout: float, *, retries: int, condition: str = "") -> Any:
    """A client of this process.

    Args:
        bucket: its name.
        options: what the caller says of region, endpoint, credentials.
        timeout: seconds for one request.
        retries: how often a request is sent again. It must be 0 for what writes: a write whose answer was lost would
            meet itself, and be told that somebody else was faster.
        condition: an ETag that every request is to name in `If-Match`. The library has no other way to say it of a
            `DELETE`.

    Raises:
        DeclarationError: an option that the library does not know, or a value that it does not take.
    """
    found = library()
    options = dict(options)
    client = {
        "timeout": timedelta(seconds=timeout),
        "connect_timeout": timedelta(seconds=min(timeout, 5)),
        # S3 closes connections that are idle for longer; who writes at that moment gets no answer.
        "pool_idle_timeout": timedelta(seconds=10),
        **(options.pop("client_options", None) or {}),
    }
    # The library asks to be told so once more, and does not look at its variable where it is given other options.
    if str(options.get("endpoint", "")).startswith("http://") or os.environ.get("AWS_ALLOW_HTTP") in ("true", "1"):
        client.setdefault("allow_http", True)
    if condition:
        client["default_headers"] = {**client.get("default_headers", {}), "If-Match": condition}
    retry = {
        "max_retries": retries,
        "retry_timeout": timedelta(seconds=timeout),
        "backoff": {"init_backoff": timedelta(milliseconds=100), "max_backoff": timedelta(seconds=1)},
    }
    try:
        # One object by one request: the request for many takes no condition.
        return found.client(
            bucket, client_options=client, retry_config=retry, **{**options, "disable_bulk_delete": True}
        )
    except found.errors as error:
        raise DeclarationError(
            f"obstore cannot open the bucket: {_line(error)}.",
            hint="The options are those of `obstore.store.S3Store`; the extra `s3` asks for its release 0.11 or newer.",
        ) from error


def is_missing(error: Exception) -> bool:
    """Whether there is no such object, in a bucket that there is."""
    return isinstance(error, FileNotFoundError) and _code(error) != "NoSuchBucket"


def is_unmet(error: Exception) -> bool:
    """Whether a condition was not met, such as that of a put on an object that is gone."""
    exceptions = library().exceptions
    if isinstance(error, exceptions.AlreadyExistsError):
        return _status(error) != 409
    return isinstance(error, exceptions.PreconditionError) and _code(error) != "NoSuchBucket"


def is_busy(error: Exception) -> bool:
    """Whether the service did not look at the condition, because it was busy with another write of the object."""
    return isinstance(error, library().exceptions.AlreadyExistsError) and _status(error) == 409


@contextmanager
def refusals(key: str, *, writes: bool = False) -> Iterator[None]:
    """Errors of the library within become `StoreError`.

    Args:
        key: the record's key.
        writes: whether a request without an answer may have changed the record.
    """
    try:
        yield
    except library().errors as error:
        raise refusal(error, key, writes=writes) from error


def refusal(error: Exception, key: str, *, writes: bool = False) -> StoreError:
    """What an error of the library means, and what to do."""
    number, code = _status(error), _code(error)
    if isinstance(error, library().exceptions.InvalidPathError):
        return StoreError(
            f"An object's name cannot be listed: {_line(error)}.",
            key=key,
            hint="Rename that object, or open the store with a prefix that has none with an empty part or `..`.",
        )
    if not number and "HTTP error" in str(error):
        doubt = " Whether it was written is not known." if writes else ""
        problem = "S3 did not answer in time" if "TimedOut" in str(error) else "The connection to S3 failed"
        if _METADATA_SERVICE.search(_line(error)):
            problem, hint = "No credentials were found", "Give `access_key_id` and `secret_access_key`, or a role."
        else:
            hint = "Check `endpoint` and the network; try again."
        return StoreError(f"{problem}.{doubt}", key=key, hint=hint, transient=True)
    passing = number in _PASSING or code in _PASSING_CODES
    if not number and "redirect without LOCATION" in _line(error):
        number = 301
    told = " ".join(each for each in (str(number or ""), code) if each) or _line(error)
    return StoreError(f"S3 refused: {told}.", key=key, hint=_hint(number, code, passing=passing), transient=passing)


def _hint(number: int, code: str, *, passing: bool) -> str:
    if code == "SlowDown" or number in (429, 503):
        return "The service asks for fewer requests: try again, more slowly."
    if code == "NoSuchBucket" or number == 404:
        return "Make the bucket, or check its name, `region` and `endpoint`."
    if code in _CREDENTIALS or number in (401, 403):
        return "Check the credentials, the clock, and that they allow to get, put, delete and list in this prefix."
    if 300 <= number < 400 or code in ("PermanentRedirect", "AuthorizationHeaderMalformed"):
        return "Check `region`: the bucket is in another one."
    if passing:
        return "Try again."
    return "Check `region`, `endpoint` and the other options of the store."


def _status(error: Exception) -> int:
    """The status that the service answered, or 0 if it did not answer."""
    found = _STATUS.search(str(error))
    return int(found[1]) if found else 0


def _code(error: Exception) -> str:
    found = _CODE.search(str(error))
    return found[1] if found else ""


def _line(error: Exception) -> str:
    """What the library says, without the dump that follows."""
    return str(error).partition("\n")[0].rstrip(".")
