"""A headless browser, spoken to through a pipe: it needs no port, no driver and no library."""

from __future__ import annotations

import base64
import itertools
import json
import os
import select
import subprocess
import sys
import tempfile
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

EXECUTABLE = Path(os.environ.get("SERDE_TEST_BROWSER", Path(sys.prefix) / "browser" / "chromium"))
"""A Chromium; `make test` fetches one (`tests/services/fetch_browser.py`)."""
_FLAGS = (
    "--headless",
    "--no-sandbox",  # the page is ours, and continuous integration runs as root
    "--no-zygote",
    "--single-process",
    "--use-gl=angle",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
    "--hide-scrollbars",
    "--font-render-hinting=none",
    "--remote-debugging-pipe",
)
_SECONDS = 60.0
# The protocol's pipe is the descriptors 3 and 4, whatever else is open here.
_LAUNCH = """
import fcntl, os, sys
reading, writing = (fcntl.fcntl(int(each), fcntl.F_DUPFD_CLOEXEC, 10) for each in sys.argv[1:3])
os.dup2(reading, 3)
os.dup2(writing, 4)
os.execv(sys.argv[3], sys.argv[3:])
"""


class Browser:
    """One page of a browser, and all that it complained about or asked the network for."""

    def __init__(self, sending: int, receiving: int) -> None:
        self._sending = sending
        self._receiving = receiving
        self._numbers = itertools.count(1)
        self._buffer = b""
        self._session: str | None = None
        self._loaded: set[str] = set()
        self.complaints: list[str] = []
        self.requests: list[str] = []
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(f"{domain}.enable")
        self.call("Page.setLifecycleEventsEnabled", enabled=True)

    def open(self, url: str, *, width: int, dark: bool) -> None:
        """Shows a page, in a window of a width in pixels."""
        self.call(
            "Emulation.setDeviceMetricsOverride", width=width, height=800, deviceScaleFactor=1, mobile=width < 500
        )
        scheme = [{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}]
        self.call("Emulation.setEmulatedMedia", features=scheme)
        loader = self.call("Page.navigate", url=url)["loaderId"]
        deadline = time.monotonic() + _SECONDS
        while loader not in self._loaded:
            self._take(self._next(deadline))

    def evaluate(self, script: str) -> Any:
        """The value of an expression in the page."""
        result = self.call("Runtime.evaluate", expression=script, returnByValue=True)
        assert "exceptionDetails" not in result, result
        return result["result"].get("value")

    def screenshot(self) -> bytes:
        """The whole page as PNG."""
        return base64.b64decode(self.call("Page.captureScreenshot", captureBeyondViewport=True)["data"])

    def call(self, method: str, **parameters: Any) -> dict[str, Any]:
        """What a method of the DevTools protocol answers."""
        number = next(self._numbers)
        message = {"id": number, "method": method, "params": parameters}
        if self._session is not None:
            message["sessionId"] = self._session
        os.write(self._sending, json.dumps(message).encode() + b"\0")
        deadline = time.monotonic() + _SECONDS
        while True:
            answer = self._next(deadline)
            if answer.get("id") != number:
                self._take(answer)
                continue
            assert "error" not in answer, answer
            result: dict[str, Any] = answer["result"]
            return result

    def _take(self, event: dict[str, Any]) -> None:
        match event.get("method"), event.get("params", {}):
            case "Page.lifecycleEvent", {"name": "load", "loaderId": loader}:
                self._loaded.add(loader)
            case "Network.requestWillBeSent", parameters:
                self.requests.append(parameters["request"]["url"])
            case (("Runtime.exceptionThrown" | "Runtime.consoleAPICalled" | "Log.entryAdded"), parameters):
                self.complaints.append(json.dumps(parameters))

    def _next(self, deadline: float) -> dict[str, Any]:
        while b"\0" not in self._buffer:
            ready, _, _ = select.select([self._receiving], [], [], max(0, deadline - time.monotonic()))
            assert ready, f"the browser has said nothing for {_SECONDS:g} s"
            received = os.read(self._receiving, 1 << 20)
            assert received, "the browser has ended"
            self._buffer += received
        message, _, self._buffer = self._buffer.partition(b"\0")
        content: dict[str, Any] = json.loads(message)
        return content


def _fonts(home: Path) -> Path:
    """The settings by which the browser finds the fonts that came with it, so that a page looks the same everywhere."""
    file = home / "fonts.conf"
    folders = f"<dir>{EXECUTABLE.parent / 'fonts'}</dir><cachedir>{home}</cachedir>"
    file.write_text(f'<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>{folders}</fontconfig>')
    return file


@contextmanager
def browser() -> Generator[Browser]:
    """Starts one, with a home of its own.

    Raises:
        AssertionError: there is none.
    """
    assert EXECUTABLE.exists(), f"there is no browser at {EXECUTABLE}; `make .venv/browser/chromium` fetches one"
    their_input, our_output = os.pipe()
    our_input, their_output = os.pipe()
    libraries = f"{EXECUTABLE.parent / 'lib'}:{os.environ.get('LD_LIBRARY_PATH', '')}"
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home:
        command = [sys.executable, "-c", _LAUNCH, str(their_input), str(their_output)]
        process = subprocess.Popen(
            [*command, str(EXECUTABLE), *_FLAGS, f"--user-data-dir={home}"],
            pass_fds=(their_input, their_output),
            env={
                "HOME": home,
                "PATH": os.environ["PATH"],
                "LD_LIBRARY_PATH": libraries,
                "FONTCONFIG_FILE": str(_fonts(Path(home))),
            },
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(their_input)
        os.close(their_output)
        try:
            yield Browser(our_output, our_input)
        finally:
            process.kill()
            process.wait()
            os.close(our_input)
            os.close(our_output)
