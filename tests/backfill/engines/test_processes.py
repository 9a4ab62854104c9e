"""The pool is given tasks that kill, stop and count the processes that they run in."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from versioned_serde.backfill.engines import processes
from versioned_serde.backfill.engines.processes import SupervisedPool
from versioned_serde.errors import BackfillError

SECONDS = 60


@pytest.fixture(scope="module")
def pool() -> Iterator[SupervisedPool]:
    """One for the whole file: a process takes a while to start."""
    pool = SupervisedPool(2, attempts=3)
    yield pool
    pool.kill()


def until(told: Callable[[], Any]) -> Any:
    """What is told, once it is something."""
    deadline = time.monotonic() + SECONDS
    while not (found := told()):
        assert time.monotonic() < deadline, "it never came"
        time.sleep(0.01)
    return found


def noted(folder: Path, name: str, until_there: str = "") -> int:
    """Says in a file that this task has begun, and waits for another file."""
    with (folder / name).open("a") as file:
        file.write(f"{os.getpid()}\n")
    while until_there and not (folder / until_there).exists():
        time.sleep(0.01)
    return os.getpid()


def begun(folder: Path, name: str) -> list[int]:
    path = folder / name
    return [int(line) for line in path.read_text().splitlines()] if path.exists() else []


def deadly(folder: Path) -> None:
    noted(folder, "deadly")
    os.kill(os.getpid(), signal.SIGKILL)


def failing() -> None:
    raise LookupError("its own error")


def ignores_interrupts() -> bool:
    return signal.getsignal(signal.SIGINT) is signal.SIG_IGN


def test_a_task_whose_worker_is_killed_is_done_by_another_and_the_other_worker_stays(
    pool: SupervisedPool, tmp_path: Path
) -> None:
    one = pool.submit(noted, tmp_path, "one", "go")
    other = pool.submit(noted, tmp_path, "other", "go")
    killed = until(lambda: begun(tmp_path, "one"))[0]
    bystander = until(lambda: begun(tmp_path, "other"))[0]
    assert {killed, bystander} == set(pool.pids)
    os.kill(killed, signal.SIGKILL)
    replaced = until(lambda: begun(tmp_path, "one")[1:])[0]
    (tmp_path / "go").touch()
    assert one.result(SECONDS) == replaced != killed
    assert other.result(SECONDS) == bystander
    assert begun(tmp_path, "other") == [bystander]


def test_a_worker_that_dies_between_two_tasks_is_replaced(pool: SupervisedPool, tmp_path: Path) -> None:
    for pid in pool.pids:
        os.kill(pid, signal.SIGKILL)
    results = [pool.submit(noted, tmp_path, "any") for _ in range(4)]
    assert len([each.result(SECONDS) for each in results]) == 4


def test_a_task_that_kills_its_workers_fails_alone(pool: SupervisedPool, tmp_path: Path) -> None:
    poison = pool.submit(deadly, tmp_path)
    others = [pool.submit(noted, tmp_path, "others") for _ in range(10)]
    with pytest.raises(BackfillError, match="died 3 times in a row") as raised:
        poison.result(SECONDS)
    assert raised.value.hint
    assert len(begun(tmp_path, "deadly")) == 3
    assert [each.exception(SECONDS) for each in others] == [None] * 10
    assert len(begun(tmp_path, "others")) == 10, "no other task was repeated"


def test_errors_of_tasks_arrive(pool: SupervisedPool) -> None:
    with pytest.raises(LookupError, match="its own error"):
        pool.submit(failing).result(SECONDS)
    with pytest.raises((AttributeError, TypeError)):  # a lambda cannot be sent
        pool.submit(lambda: None).result(SECONDS)
    assert pool.submit(ignores_interrupts).result(SECONDS), "it goes on after an error; Ctrl-C is for the supervisor"


def test_what_has_not_begun_can_be_cancelled(pool: SupervisedPool, tmp_path: Path) -> None:
    under_way = [pool.submit(noted, tmp_path, f"held-{number}", "go") for number in range(2)]
    waiting = pool.submit(noted, tmp_path, "waiting")
    until(lambda: begun(tmp_path, "held-0") and begun(tmp_path, "held-1"))
    assert waiting.cancel()
    (tmp_path / "go").touch()
    assert all(each.result(SECONDS) for each in under_way)
    assert pool.submit(noted, tmp_path, "later").result(SECONDS)
    assert not begun(tmp_path, "waiting")


def test_a_process_that_cannot_be_started_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that is killed before it has read what to do breaks the pipe to it, not the pool."""
    starts: list[str] = []

    class Pool(ThreadPoolExecutor):
        def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Any:
            starts.append("start")
            if len(starts) < 3:
                raise BrokenPipeError
            return super().submit(fn, *args, **kwargs)

    monkeypatch.setattr(processes, "_pool_of_one", lambda: Pool(1))
    monkeypatch.setattr(processes, "_processes", lambda pool: {})
    pool = SupervisedPool(1)
    assert pool.submit(os.getpid).result(SECONDS) == os.getpid()
    assert len(starts) == 3
    pool.shutdown()
    with pytest.raises(RuntimeError, match="shut down"):
        pool.submit(os.getpid)


def test_a_shutdown_lets_what_was_asked_for_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "_pool_of_one", lambda: ThreadPoolExecutor(1))
    monkeypatch.setattr(processes, "_processes", lambda pool: {})
    pool = SupervisedPool(1)
    results = [pool.submit(time.sleep, 0.01) for _ in range(5)]
    pool.shutdown()
    assert [each.exception(0) for each in results] == [None] * 5


def test_killing_ends_all_at_once(tmp_path: Path) -> None:
    pool = SupervisedPool(1)
    under_way = pool.submit(noted, tmp_path, "held", "never")
    waiting = pool.submit(noted, tmp_path, "waiting")
    (pid,) = until(lambda: begun(tmp_path, "held"))
    pool.kill()
    assert isinstance(under_way.exception(SECONDS), CancelledError)
    assert waiting.cancelled()
    assert pool.pids == []
    until(lambda: is_gone(pid))
    assert not begun(tmp_path, "waiting")


PARENT = """
import sys, time
from pathlib import Path
from tests.backfill.engines.test_processes import noted
from versioned_serde.backfill.engines.processes import SupervisedPool

if __name__ == "__main__":
    pool = SupervisedPool(1)
    pool.submit(noted, Path(sys.argv[1]), "held", "never")
    time.sleep(300)
"""


def test_workers_do_not_outlive_a_supervisor_that_is_killed(tmp_path: Path) -> None:
    program = tmp_path / "parent.py"
    program.write_text(PARENT)
    path = os.pathsep.join(sys.path)
    parent = subprocess.Popen([sys.executable, program, tmp_path], env={**os.environ, "PYTHONPATH": path})
    try:
        (worker,) = until(lambda: begun(tmp_path, "held"))
    finally:
        parent.kill()
        parent.wait()
    until(lambda: is_gone(worker))


def is_gone(pid: int) -> bool:
    multiprocessing.active_children()  # takes away zombies of our own
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except FileNotFoundError:
        return True
