"""Services that the tests of stores share: one of each for a session, started when it is first asked for."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.services import s3
from tests.services.s3 import Service


@pytest.fixture(scope="session")
def ministack() -> Iterator[Service]:
    with s3.ministack() as service:
        yield service


@pytest.fixture(scope="session")
def moto() -> Iterator[Service]:
    with s3.moto() as service:
        yield service


@pytest.fixture(scope="session")
def rclone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with s3.rclone(tmp_path_factory.mktemp("rclone")) as service:
        yield service


@pytest.fixture(scope="session")
def nanio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with s3.nanio(tmp_path_factory.mktemp("nanio")) as service:
        yield service
