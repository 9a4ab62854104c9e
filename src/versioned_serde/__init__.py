"""Change how a Python service serializes its data, and still be able to roll back.

Every name of the public API is imported here when it is first used, and nothing before. What needs an extra stays in
its module: `from versioned_serde.codecs.protobuf import Protobuf`.
"""

from __future__ import annotations

from importlib import import_module

TYPE_CHECKING = False  # the name that type checkers know; importing `typing` for it would be most of the import's time
if TYPE_CHECKING:
    from typing import Any

    from versioned_serde.envelope.census import Census as Census
    from versioned_serde.envelope.census import take_census as take_census
    from versioned_serde.envelope.cloud_events import CloudEvents as CloudEvents
    from versioned_serde.envelope.confluent import Confluent as Confluent
    from versioned_serde.envelope.delimited import read_delimited as read_delimited
    from versioned_serde.envelope.delimited import write_delimited as write_delimited
    from versioned_serde.envelope.foreign import ForeignFraming as ForeignFraming
    from versioned_serde.envelope.single_object import SingleObject as SingleObject
    from versioned_serde.errors import AmbiguousEditError as AmbiguousEditError
    from versioned_serde.errors import BackfillError as BackfillError
    from versioned_serde.errors import ChecksumError as ChecksumError
    from versioned_serde.errors import ConflictError as ConflictError
    from versioned_serde.errors import ConversionError as ConversionError
    from versioned_serde.errors import DeclarationError as DeclarationError
    from versioned_serde.errors import KeylessListWarning as KeylessListWarning
    from versioned_serde.errors import LimitError as LimitError
    from versioned_serde.errors import LockError as LockError
    from versioned_serde.errors import MissingExtraError as MissingExtraError
    from versioned_serde.errors import PayloadError as PayloadError
    from versioned_serde.errors import ReadError as ReadError
    from versioned_serde.errors import RecordExistsError as RecordExistsError
    from versioned_serde.errors import RecordMissingError as RecordMissingError
    from versioned_serde.errors import SerdeError as SerdeError
    from versioned_serde.errors import SerdeWarning as SerdeWarning
    from versioned_serde.errors import StoreError as StoreError
    from versioned_serde.errors import StreamError as StreamError
    from versioned_serde.errors import TagError as TagError
    from versioned_serde.errors import TagMismatchError as TagMismatchError
    from versioned_serde.errors import UnreadableVersionError as UnreadableVersionError
    from versioned_serde.errors import UnsafeStoreError as UnsafeStoreError
    from versioned_serde.errors import UnwritableValueError as UnwritableValueError
    from versioned_serde.errors import WriteError as WriteError
    from versioned_serde.evolution.steps.add import add as add
    from versioned_serde.evolution.steps.merge import merge as merge
    from versioned_serde.evolution.steps.move import move as move
    from versioned_serde.evolution.steps.redefault import redefault as redefault
    from versioned_serde.evolution.steps.rekey import rekey as rekey
    from versioned_serde.evolution.steps.remove import remove as remove
    from versioned_serde.evolution.steps.rename import rename as rename
    from versioned_serde.evolution.steps.replace import replace as replace
    from versioned_serde.evolution.steps.retype import retype as retype
    from versioned_serde.evolution.steps.retype_each import retype_each as retype_each
    from versioned_serde.evolution.steps.split import split as split
    from versioned_serde.evolution.steps.theirs import theirs as theirs
    from versioned_serde.evolution.steps.widen_enum import widen_enum as widen_enum
    from versioned_serde.evolution.steps.within import within as within
    from versioned_serde.evolution.version import Version as Version
    from versioned_serde.limits import Limits as Limits
    from versioned_serde.lock.files import Difference as Difference
    from versioned_serde.lock.files import check_lock as check_lock
    from versioned_serde.lock.files import write_lock as write_lock
    from versioned_serde.parameter import Parameter as Parameter
    from versioned_serde.records import Records as Records
    from versioned_serde.registry import Registry as Registry
    from versioned_serde.schema import Schema as Schema
    from versioned_serde.serializer.document import Document as Document
    from versioned_serde.serializer.line import Packed as Packed
    from versioned_serde.serializer.reader import Origin as Origin
    from versioned_serde.shape import FACTORY as FACTORY
    from versioned_serde.shape import REQUIRED as REQUIRED
    from versioned_serde.shape import Shape as Shape
    from versioned_serde.stores.directory import DirectoryStore as DirectoryStore
    from versioned_serde.stores.sqlite import SqliteStore as SqliteStore

_STEPS = (
    "add",
    "merge",
    "move",
    "redefault",
    "rekey",
    "remove",
    "rename",
    "replace",
    "retype",
    "retype_each",
    "split",
    "theirs",
    "widen_enum",
    "within",
)
_ERRORS = (
    "AmbiguousEditError",
    "BackfillError",
    "ChecksumError",
    "ConflictError",
    "ConversionError",
    "DeclarationError",
    "KeylessListWarning",
    "LimitError",
    "LockError",
    "MissingExtraError",
    "PayloadError",
    "ReadError",
    "RecordExistsError",
    "RecordMissingError",
    "SerdeError",
    "SerdeWarning",
    "StoreError",
    "StreamError",
    "TagError",
    "TagMismatchError",
    "UnreadableVersionError",
    "UnsafeStoreError",
    "UnwritableValueError",
    "WriteError",
)
_MODULES = {
    **{step: f"evolution.steps.{step}" for step in _STEPS},
    **dict.fromkeys(_ERRORS, "errors"),
    "Census": "envelope.census",
    "CloudEvents": "envelope.cloud_events",
    "Confluent": "envelope.confluent",
    "DirectoryStore": "stores.directory",
    "Document": "serializer.document",
    "FACTORY": "shape",
    "Difference": "lock.files",
    "ForeignFraming": "envelope.foreign",
    "Limits": "limits",
    "Origin": "serializer.reader",
    "Packed": "serializer.line",
    "Parameter": "parameter",
    "REQUIRED": "shape",
    "Records": "records",
    "Registry": "registry",
    "Schema": "schema",
    "Shape": "shape",
    "SingleObject": "envelope.single_object",
    "SqliteStore": "stores.sqlite",
    "Version": "evolution.version",
    "check_lock": "lock.files",
    "read_delimited": "envelope.delimited",
    "take_census": "envelope.census",
    "write_delimited": "envelope.delimited",
    "write_lock": "lock.files",
}

__all__ = sorted(_MODULES)  # noqa: PLE0605 # pyright: ignore[reportUnsupportedDunderAll] - they read the imports above


def __getattr__(name: str) -> Any:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return [*globals(), *_MODULES]
