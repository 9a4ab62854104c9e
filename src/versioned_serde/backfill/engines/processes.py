"""Processes of this machine, replaced when they die."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable
from concurrent.futures import CancelledError, Executor, Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from functools import partial
from queue import Empty, SimpleQueue
from typing import Any, TypeVar

from versioned_serde.errors import BackfillError

R = TypeVar("R")
Task = Callable[[], Any]


class SupervisedPool(Executor):
    """A pool of processes that outlives them.

    The library's own pool is broken for good when one process dies, and takes the tasks of all others along. So each
    worker here is such a pool of one process, which is replaced when it dies and given the same task again.

    Args:
        workers: how many; as many as there are processors unless told.
        attempts: how often a task is handed out, before whatever kills its worker is taken to be its own fault.
    """

    def __init__(self, workers: int | None = None, *, attempts: int = 50) -> None:
        self._workers = workers or os.cpu_count() or 1
        self._attempts = attempts
        self._lock = threading.RLock()
        self._tasks: SimpleQueue[tuple[Future[Any], Task] | None] = SimpleQueue()
        self._pools: dict[int, ProcessPoolExecutor] = {}
        self._threads: list[threading.Thread] = []
        self._closed = False
        self._killed = False

    def submit(self, fn: Callable[..., R], /, *args: Any, **kwargs: Any) -> Future[R]:
        future: Future[R] = Future()
        with self._lock:
            if self._closed:
                raise RuntimeError("The pool was shut down.")
            self._tasks.put((future, partial(fn, *args, **kwargs)))
            if len(self._threads) < self._workers:
                number = len(self._threads)
                self._threads.append(threading.Thread(target=self._serve, args=(number,), daemon=True))
                self._threads[-1].start()
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        with self._lock:
            self._closed = True
            if cancel_futures:
                self._forget()
            for _ in self._threads:
                self._tasks.put(None)
        if wait:
            for thread in self._threads:
                thread.join()

    def kill(self) -> None:
        """Ends all at once, whatever is under way."""
        with self._lock:
            self._closed = self._killed = True
            for pool in self._pools.values():
                for process in _processes(pool).values():
                    process.kill()
        self.shutdown(cancel_futures=True)

    @property
    def pids(self) -> list[int]:
        """The processes there are."""
        with self._lock:
            return [pid for pool in self._pools.values() for pid in _processes(pool)]

    def _forget(self) -> None:
        while True:
            try:
                task = self._tasks.get_nowait()
            except Empty:
                return
            if task is not None:
                task[0].cancel()
                task[0].set_running_or_notify_cancel()

    def _serve(self, number: int) -> None:
        """One worker's tasks, one after the other."""
        while (task := self._tasks.get()) is not None:
            future, call = task
            if future.set_running_or_notify_cancel():
                try:
                    result = self._result(number, call)
                except BaseException as error:  # noqa: BLE001 - for whoever waits for it
                    future.set_exception(error)
                else:
                    future.set_result(result)
        self._drop(number, wait=True)

    def _result(self, number: int, call: Task) -> Any:
        died: BaseException | None = None
        for _ in range(self._attempts):
            try:
                inner = self._sent(number, call)
            except (BrokenProcessPool, OSError) as error:
                died = error  # it was killed while nothing was under way, or before it had begun
            else:
                try:
                    return inner.result()
                except BrokenProcessPool as error:
                    died = error
            self._drop(number, wait=False)
        raise BackfillError(
            f"The worker died {self._attempts} times in a row on the same shard.",
            hint="Look for a record that kills it: too large for the memory, or a fault in a compiled library.",
        ) from died

    def _sent(self, number: int, call: Task) -> Future[Any]:
        # Under the lock, because it starts the process: `kill` must not miss one that is about to be there.
        with self._lock:
            if self._killed:
                raise CancelledError
            if number not in self._pools:
                self._pools[number] = _pool_of_one()
            return self._pools[number].submit(call)

    def _drop(self, number: int, *, wait: bool) -> None:
        with self._lock:
            pool = self._pools.pop(number, None)
        if pool is not None:
            pool.shutdown(wait=wait)


def _pool_of_one() -> ProcessPoolExecutor:
    # Spawned: clients of databases have threads and sockets, which a fork would copy half.
    context = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(1, mp_context=context, initializer=_begin)


def _processes(pool: ProcessPoolExecutor) -> dict[int, Any]:
    return dict(pool._processes or {})  # noqa: SLF001 - there is no public way before 3.14


def _begin() -> None:
    """In each process: Ctrl-C is for the supervisor to hear, and nobody outlives it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
