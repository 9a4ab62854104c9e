"""boto3, as a store uses it: a client for each process, with bounded patience, and what its errors mean."""

from __future__ import annotations

import os
import random
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from types import SimpleNamespace
from typing import Any, Final, NamedTuple, TypeVar

from versioned_serde.errors import DeclarationError, MissingExtraError, StoreError

_AT_ONCE: Final = 16
"""Records of a page that are fetched at the same time."""
PAUSES: Final = (0.1, 0.3, 1.0)
"""Seconds before a request that only reads is sent again; then it is given up."""
_PASSING: Final = frozenset((408, 409, 425, 429, 500, 502, 503, 504))
_PASSING_CODES: Final = frozenset(("RequestTimeout", "SlowDown", "InternalError", "ServiceUnavailable", "Throttling"))
_CREDENTIALS: Final = frozenset(
    ("AccessDenied", "ExpiredToken", "InvalidAccessKeyId", "InvalidToken", "RequestTimeTooSkewed")
)

Answer = TypeVar("Answer")


class Library(NamedTuple):
    """The library.

    Attributes:
        session: its class `Session`.
        config: its class `Config`.
        exceptions: the module of its exceptions.
        errors: all that its calls raise.
        unread: those of them that are raised where an answer cannot be read.
    """

    session: Any
    config: Any
    exceptions: Any
    errors: tuple[type[Exception], ...]
    unread: tuple[type[Exception], ...]


@cache
def library() -> Library:
    """The library, which is imported by the first call.

    Raises:
        MissingExtraError: it is not installed.
    """
    try:
        import boto3  # noqa: PLC0415 - an extra: looked for when a store is opened
        from botocore import exceptions  # noqa: PLC0415
        from botocore.config import Config  # noqa: PLC0415
        from botocore.parsers import ResponseParserError  # noqa: PLC0415
        from urllib3.exceptions import HTTPError  # noqa: PLC0415
    except ModuleNotFoundError as error:
        raise MissingExtraError(
            f"`S3Store` needs `{error.name}`, which is not installed.", hint="Run: pip install 'versioned-serde[s3]'"
        ) from error
    # The body of an answer is read by urllib3, not all of whose errors botocore makes its own.
    errors = (exceptions.ClientError, exceptions.BotoCoreError, ResponseParserError, HTTPError)
    return Library(boto3.Session, Config, exceptions, errors, unread=(ResponseParserError, HTTPError))


class Here(NamedTuple):
    """What one process has open: a client, which threads may share, and threads that fetch records."""

    client: Any
    pool: ThreadPoolExecutor


class Clients:
    """A client for each process. A forked child makes its own: it must not read from the connections of its parent."""

    def __init__(self, options: Mapping[str, Any], timeout: float) -> None:
        """Makes the one of this process, so that an option which is wrong shows at once.

        Args:
            options: what the caller says of region, endpoint and credentials, in boto3's words.
            timeout: seconds to wait for an answer, and for each piece of it.

        Raises:
            DeclarationError: an option that boto3 does not know, or a value that it does not take.
            MissingExtraError: boto3 is not installed.
        """
        self._options = options
        self._timeout = timeout
        self._by_process: dict[int, Here] = {}
        self.here()

    def here(self) -> Here:
        """What this process has open."""
        process = os.getpid()
        found = self._by_process.get(process)
        if found is None:
            opened = Here(_client(self._options, self._timeout), ThreadPoolExecutor(_AT_ONCE))
            found = self._by_process.setdefault(process, opened)
        return found


def _client(options: Mapping[str, Any], timeout: float) -> Any:
    boto = library()
    given = dict(options)
    refused: tuple[type[Exception], ...] = (*boto.errors, ValueError, TypeError, AttributeError)
    try:
        config = boto.config(
            max_pool_connections=2 * _AT_ONCE,
            # Unless asked not to, the library sends a CRC with each put, over https in a trailer. Some services that
            # are not Amazon's refuse that. The signature has the SHA-256 of the body anyway.
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
        )
        ours = boto.config(
            connect_timeout=min(timeout, 5),
            read_timeout=timeout,
            # A write whose answer was lost would meet itself, and be told that somebody else was faster. What reads is
            # sent again by `read`, also where the library would not do it: when the body of an answer breaks off.
            retries={"total_max_attempts": 1, "mode": "standard"},
        )
        config = config.merge(given.pop("config", None) or boto.config()).merge(ours)
        # A session of our own: the library's common one is not for more than one thread.
        client = boto.session(profile_name=given.pop("profile_name", None)).client("s3", config=config, **given)
    except refused as error:
        raise DeclarationError(
            f"boto3 cannot open a client: {_line(error)}.",
            hint="The options are `profile_name` and those of boto3's `Session.client`, such as `region_name`.",
        ) from error
    client.meta.events.register("before-sign.s3.PutObject", _at_once)
    client.meta.events.register("before-call.s3.HeadBucket", _no_region)
    return client


def _at_once(request: Any, **_: object) -> None:
    """Sends the bytes with the question. To ask first costs a round trip, or a second where nobody answers that."""
    del request.headers["Expect"]


def _no_region(**_: object) -> tuple[Any, dict[str, Any]]:
    """Answers where the library asks in which region a bucket is, because another answer did not say.

    The service would say once more that it is elsewhere, and the library would ask once more, without end.
    """
    return SimpleNamespace(status_code=200), {"ResponseMetadata": {"HTTPHeaders": {}}}


def read(call: Callable[[], Answer], key: str) -> Answer:
    """The answer to a request that changes nothing, which is sent up to four times.

    Raises:
        StoreError: the service refused, or did not answer.
    """
    pauses = iter(PAUSES)
    while True:
        try:
            return call()
        except library().errors as error:
            refused = refusal(error, key)
            pause = next(pauses, None)
            if pause is None or not refused.transient:
                raise refused from error
        time.sleep(pause * random.uniform(0.5, 1))  # noqa: S311 - no secret


def is_missing(error: Exception) -> bool:
    """Whether there is no such object, in a bucket that there is."""
    return _status(error) == 404 and _code(error) != "NoSuchBucket"


def is_unmet(error: Exception) -> bool:
    """Whether a condition was not met."""
    return _status(error) == 412


def is_busy(error: Exception) -> bool:
    """Whether the service did not look at the condition, because it was busy with another write of the object."""
    return _status(error) == 409


def refusal(error: Exception, key: str, *, writes: bool = False) -> StoreError:
    """What an error of the library means, and what to do.

    Args:
        error: what it raised.
        key: the record's key.
        writes: whether a request without an answer may have changed the record.
    """
    boto = library()
    known = boto.exceptions
    if isinstance(error, known.ClientError):
        number, code = _status(error), _code(error)
        passing = number in _PASSING or code in _PASSING_CODES
        told = " ".join(dict.fromkeys((str(number), code)))
        return StoreError(f"S3 refused: {told}.", key=key, hint=_hint(number, code, passing=passing), transient=passing)
    doubt = " Whether it was written is not known." if writes else ""
    if isinstance(error, (known.ConnectTimeoutError, known.ReadTimeoutError)):
        problem = "S3 did not answer in time"
    elif isinstance(error, boto.unread):
        problem = "The answer of S3 cannot be read"
    elif isinstance(error, (known.HTTPClientError, known.ConnectionError, known.IncompleteReadError)):
        problem = "The connection to S3 failed"
    elif isinstance(error, (known.NoCredentialsError, known.PartialCredentialsError)):
        hint = "Give `aws_access_key_id` and `aws_secret_access_key`, a profile or a role."
        return StoreError("No credentials were found.", key=key, hint=hint)
    else:
        return StoreError(f"boto3 refused: {_line(error)}.", key=key, hint="Check the options and the bucket's name.")
    return StoreError(
        f"{problem}.{doubt}", key=key, hint="Check `endpoint_url` and the network; try again.", transient=True
    )


def _hint(number: int, code: str, *, passing: bool) -> str:
    if code == "SlowDown" or number in (429, 503):
        return "The service asks for fewer requests: try again, more slowly."
    if code == "NoSuchBucket" or number == 404:
        return "Make the bucket, or check its name, `region_name` and `endpoint_url`."
    if 300 <= number < 400 or code in ("PermanentRedirect", "AuthorizationHeaderMalformed"):
        return "Check `region_name`: the bucket is in another one."
    if code in _CREDENTIALS or number in (401, 403):
        return "Check the credentials, the clock, and that they allow to get, put, delete and list in this prefix."
    if passing:
        return "Try again."
    return "Check `region_name`, `endpoint_url` and the other options of the store."


def _status(error: Exception) -> int:
    """The status that the service answered, or 0 if it did not answer."""
    status: int = _answer(error)["ResponseMetadata"].get("HTTPStatusCode", 0)
    return status


def _code(error: Exception) -> str:
    code: str = _answer(error)["Error"].get("Code", "")
    return code


def _answer(error: Any) -> Mapping[str, Any]:
    # Other errors of the library have an attribute of this name, too, and nothing in it.
    answered = isinstance(error, library().exceptions.ClientError)
    return error.response if answered else {"ResponseMetadata": {}, "Error": {}}


def _line(error: Exception) -> str:
    return str(error).partition("\n")[0].rstrip(".:")
