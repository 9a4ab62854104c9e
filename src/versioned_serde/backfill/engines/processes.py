"""Processes of this machine, replaced when they die."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from functools import partial
from typing import Any, TypeVar

from versioned_serde.errors import BackfillError

R = TypeVar("R")
Task = Callable[[], Any]


class SupervisedPool(Executor):
    """A pool of processes that outlives them.

    The library's own pool is broken for good when one process dies, and takes all tasks along. Here they are handed out
    again, to new processes.

    Args:
        workers: how many; as many as there are processors unless told.
        attempts: how often a task is handed out, before whatever kills its worker is taken to be its own fault.
    """

    def __init__(self, workers: int | None = None, *, attempts: int = 50) -> None:
        self._workers = workers or os.cpu_count() or 1
        self._attempts = attempts
        self._lock = threading.RLock()
        self._pool: ProcessPoolExecutor | None = None
        self._closed = False

    def submit(self, fn: Callable[..., R], /, *args: Any, **kwargs: Any) -> Future[R]:
        future: Future[R] = Future()
        self._hand_out(future, partial(fn, *args, **kwargs), 1)
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        with self._lock:
            self._closed = True
            pool = self._pool
        if pool is not None:
            pool.shutdown(wait=wait, cancel_futures=cancel_futures)

    def kill(self) -> None:
        """Ends all at once, whatever is under way."""
        with self._lock:
            self._closed = True
            pool = self._pool
        if pool is not None:
            for process in list((pool._processes or {}).values()):  # noqa: SLF001 - it has no public way before 3.14
                process.kill()
            pool.shutdown(wait=True, cancel_futures=True)

    @property
    def pids(self) -> list[int]:
        """The processes there are."""
        with self._lock:
            return [] if self._pool is None else list(self._pool._processes or {})  # noqa: SLF001 - as above

    def _hand_out(self, future: Future[Any], task: Task, attempt: int) -> None:
        while True:
            with self._lock:
                if self._closed:
                    future.cancel()
                    future.set_running_or_notify_cancel()
                    return
                if self._pool is None:
                    self._pool = self._new()
                pool = self._pool
            try:
                inner = pool.submit(task)
            except BrokenProcessPool:
                self._replace(pool)
                continue
            except RuntimeError:  # it was shut down in between
                continue
            inner.add_done_callback(partial(self._settle, future, task, attempt, pool))
            return

    def _settle(
        self, future: Future[Any], task: Task, attempt: int, pool: ProcessPoolExecutor, inner: Future[Any]
    ) -> None:
        if future.cancelled():
            return
        if inner.cancelled():
            future.cancel()
            future.set_running_or_notify_cancel()
            return
        error = inner.exception()
        if error is None:
            future.set_result(inner.result())
        elif not isinstance(error, BrokenProcessPool):
            future.set_exception(error)
        elif attempt >= self._attempts:
            told = BackfillError(
                f"The worker died {attempt} times in a row on the same shard.",
                hint="Look for a record that kills it: too large for the memory, or a fault in a compiled library.",
            )
            told.__cause__ = error
            future.set_exception(told)
        else:
            self._replace(pool)
            self._hand_out(future, task, attempt + 1)

    def _replace(self, pool: ProcessPoolExecutor) -> None:
        with self._lock:
            if self._pool is pool:
                self._pool = None
        pool.shutdown(wait=False)

    def _new(self) -> ProcessPoolExecutor:
        # Spawned: clients of databases have threads and sockets, which a fork would copy half.
        context = multiprocessing.get_context("spawn")
        return ProcessPoolExecutor(self._workers, mp_context=context, initializer=_begin)


def _begin() -> None:
    """In each process: Ctrl-C is for the supervisor to hear, and nobody outlives it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
