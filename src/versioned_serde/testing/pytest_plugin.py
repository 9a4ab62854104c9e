"""pytest: the laws and the lock as tests that nobody has to write, and what drops unknown attributes as an error.

    [tool.pytest.ini_options]
    serde_registries = ["shop.serde:registry"]

Each schema then has two tests, `serde: shop.order::laws` and `serde: shop.order::lock`, in the file that says so.
pytest imports this module whenever it starts; without the setting it does nothing and imports nothing.
"""

from __future__ import annotations

import sys
import traceback
from collections.abc import Iterable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

_WRITTEN = "serde lock written"


def pytest_addoption(parser: pytest.Parser) -> None:
    """The settings and options."""
    parser.addini("serde_registries", "the service's registries, as module:name", "args", [])
    parser.addini("serde_lock", "folder of the lock, from the root directory", "string", "serde-lock")
    parser.addini("serde_own_laws", "names of schemas that the service's own tests put to the laws", "args", [])
    group = parser.getgroup("versioned_serde")
    group.addoption(
        "--serde-lock-update", action="store_true", help="write what is not in the lock yet; commit the folder"
    )
    group.addoption(
        "--serde-lock-draft",
        action="append",
        default=[],
        metavar="SCHEMA:VERSION",
        help="with --serde-lock-update: lock this version anew, because no release has had it",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Everything else begins here, if a registry is named."""
    config.addinivalue_line(
        "markers", "serde_may_drop: the test may `loads` records with attributes that this release does not know"
    )
    registries: list[str] = config.getini("serde_registries")
    if not registries:
        return
    if config.inipath is None:
        raise pytest.UsageError("`serde_registries` has to stand in a configuration file, whose tests they are.")
    config.pluginmanager.register(_Service(registries, config.inipath), "versioned_serde_service")
    if config.args_source is not config.ArgsSource.ARGS:
        # Where a folder that is collected has it already, pytest leaves it out.
        config.args.append(str(config.inipath))


class _Service:
    """The hooks of a run with registries.

    Args:
        registries: as `module:name`.
        home: the configuration file.
    """

    def __init__(self, registries: list[str], home: Path) -> None:
        self.registries = registries
        self.home = home

    def pytest_collect_file(self, file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
        if file_path != self.home:
            return None
        found: pytest.Collector = _Home.from_parent(parent, path=file_path, registries=self.registries)
        return found

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self, item: pytest.Item) -> Iterator[None]:
        before = self._dropped()
        yield
        if isinstance(item, _Check) or item.get_closest_marker("serde_may_drop"):
            return
        names = [name for name, count in self._dropped().items() if count > before.get(name, 0)]
        if names:
            pytest.fail(
                f"{', '.join(sorted(names))}: the test read a record with attributes that this release does not know,"
                " and dropped them. To change records and write them back, use `read` and `write`. A test that only"
                " looks at such a record says `@pytest.mark.serde_may_drop`.",
                pytrace=False,
            )

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        for report in terminalreporter.getreports("passed"):
            for name, value in report.user_properties:
                if name == _WRITTEN:
                    terminalreporter.write_line(f"wrote {value}")

    def _dropped(self) -> dict[str, int]:
        """How many records lost something so far, by schema; what nobody has imported has lost nothing."""
        result: dict[str, int] = {}
        for name in self.registries:
            module, _, attribute = name.partition(":")
            registry = getattr(sys.modules.get(module), attribute, None)
            for count in () if registry is None else registry.counts():
                if count.outcome == "unknown_dropped":
                    result[count.schema] = result.get(count.schema, 0) + count.value
        return result


class _Home(pytest.File):
    """The configuration file, as the place of the tests."""

    def __init__(self, *, registries: list[str], **named: Any) -> None:
        super().__init__(**named)
        self.registries = registries
        self.folder = self.config.rootpath / self.config.getini("serde_lock")

    def collect(self) -> Iterable[pytest.Collector]:
        declared: list[Any] = []
        for name in self.registries:
            declared += (each for each in self._registry(name) if not any(each is other for other in declared))
        for each in declared:
            yield _Declared.from_parent(self, name=f"serde: {each.name}", declared=each)
        from versioned_serde.lock.files import check_lock  # noqa: PLC0415  only a run with registries pays for it

        for finding in check_lock(declared, self.folder):
            if finding.rule == "unclaimed":
                yield _Declared.from_parent(self, name=f"serde: {finding.schema}", declared=None)

    def _registry(self, name: str) -> Any:
        from versioned_serde.registry import Registry  # noqa: PLC0415  as above

        module, _, attribute = name.partition(":")
        if not module or not attribute:
            raise self.CollectError(f"serde_registries: `{name}` is not of the form `module:name`.")
        try:
            found = getattr(import_module(module), attribute, None)
        except Exception as error:  # noqa: BLE001  importing a service runs its code, which raises what it likes
            advice = " Is the service installed, or its folder in `pythonpath`?"
            raise self.CollectError(
                f"serde_registries: importing `{module}` raised {type(error).__name__}: {error}"
                f"{advice if isinstance(error, ModuleNotFoundError) else ''}\n{_place(error)}"
            ) from None
        if not isinstance(found, Registry):
            what = "has no such name" if found is None else f"is a `{type(found).__name__}` there"
            raise self.CollectError(f"serde_registries: `{name}` {what}; it has to be a `Registry`.")
        return found


class _Declared(pytest.Collector):
    """One schema or parameter, or what is left of one in the lock."""

    def __init__(self, *, declared: Any, **named: Any) -> None:
        super().__init__(**named)
        self.declared = declared

    def collect(self) -> Iterable[pytest.Item]:
        from versioned_serde.schema import Schema  # noqa: PLC0415  only a run with registries pays for it

        # A view makes no records; what becomes of them is for the tests of its owner.
        own = isinstance(self.declared, Schema) and not self.declared.view
        if own and self.declared.name not in self.config.getini("serde_own_laws"):
            yield _Laws.from_parent(self, name="laws", declared=self.declared)
        yield _Lock.from_parent(self, name="lock", declared=self.declared)


class _Check(pytest.Item):
    """One test of a schema or parameter."""

    def __init__(self, *, declared: Any, **named: Any) -> None:
        super().__init__(**named)
        self.declared = declared

    def reportinfo(self) -> tuple[Path, int | None, str]:
        # Not the end of the node's id: pytest would take the dots in a schema's name for colons.
        return self.path, None, f"{self.name} of {self.about}"

    @property
    def about(self) -> str:
        """Name of the schema or parameter."""
        assert self.parent is not None
        return self.parent.name.removeprefix("serde: ")

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        from versioned_serde.errors import SerdeError  # noqa: PLC0415  only a run with registries pays for it
        from versioned_serde.testing.subject import LawBrokenError  # noqa: PLC0415

        error = excinfo.value
        if not isinstance(error, SerdeError | LawBrokenError):
            return super().repr_failure(excinfo, style)
        cause = error.__cause__
        raised = "" if cause is None else f"\n  raised: {type(cause).__name__}\n{_place(cause)}"
        return "\n".join((str(error) + raised, *getattr(error, "__notes__", ())))


class _Laws(_Check):
    def runtest(self) -> None:
        from versioned_serde.testing.assertions import assert_laws  # noqa: PLC0415  needs Hypothesis

        assert_laws(self.declared)


class _Lock(_Check):
    def runtest(self) -> None:
        from versioned_serde.errors import LockError  # noqa: PLC0415  only a run with registries pays for it
        from versioned_serde.lock.files import check_lock, write_lock  # noqa: PLC0415

        declared = [] if self.declared is None else [self.declared]
        folder = self.config.rootpath / self.config.getini("serde_lock")
        if self.config.getoption("--serde-lock-update") and declared:
            written = write_lock(declared, folder, drafts=_drafts(self.config.getoption("--serde-lock-draft") or []))
            self.user_properties += [(_WRITTEN, str(path.relative_to(self.config.rootpath))) for path in written]
            return
        findings = [finding for finding in check_lock(declared, folder) if finding.schema == self.about]
        if not findings:
            return
        text = "\n".join(map(str, findings))
        if all(finding.refreshed for finding in findings):
            text += "\nRun `pytest --serde-lock-update`, look at what changed, and commit it."
        raise LockError(text)


def _drafts(told: list[str]) -> dict[str, int]:
    drafts = {}
    for each in told:
        name, _, version = each.rpartition(":")
        if not name or not version.isdecimal():
            raise pytest.UsageError(f"--serde-lock-draft: `{each}` is not of the form SCHEMA:VERSION.")
        drafts[name] = int(version)
    return drafts


def _place(error: BaseException) -> str:
    """The innermost line that an error came from, as pytest would name it."""
    frames = traceback.extract_tb(error.__traceback__)
    return f"  {frames[-1].filename}:{frames[-1].lineno}: in {frames[-1].name}" if frames else ""
