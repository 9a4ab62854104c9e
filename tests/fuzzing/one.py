"""The process that fuzzes one target: `python -m tests.fuzzing.one TARGET [options of libFuzzer]`."""

from __future__ import annotations

import resource
import sys


def main(name: str, memory: int, options: list[str]) -> None:
    import atheris  # noqa: PLC0415  has to come before what it instruments

    with atheris.instrument_imports(include=["versioned_serde"]):
        from tests.fuzzing.targets import targets  # noqa: PLC0415

        target = targets()[name]
    resource.setrlimit(resource.RLIMIT_AS, (memory << 20, memory << 20))
    atheris.Setup([name, *options], lambda data: target.run(data) and None)
    atheris.Fuzz()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), sys.argv[3:])
