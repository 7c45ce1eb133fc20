"""`scrapy` run where stderr is a terminal."""

import os
import pty
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from tests import forked
from tests.conftest import ROOT


class Shown(NamedTuple):
    status: int
    stdout: str
    stderr: str


def on_terminal(words: Sequence[str], env: Mapping[str, str], folder: Path) -> Shown:
    """What `scrapy WORDS` shows where stderr is a terminal, and stdout a file."""
    controller, terminal = pty.openpty()
    shown = bytearray()

    def read() -> None:
        with suppress(OSError):  # Linux' word for the end
            while chunk := os.read(controller, 65536):
                shown.extend(chunk)

    reader = threading.Thread(target=read)
    reader.start()
    try:
        name, out = Path(os.ttyname(terminal)), folder / "out"
        status = forked.status(forked.process(forked._scrapy, ["scrapy", *words], ROOT, dict(env), out, name))
    finally:
        os.close(terminal)
        reader.join()
        os.close(controller)
    assert status is not None
    return Shown(status, out.read_text(encoding="utf-8"), shown.decode())
