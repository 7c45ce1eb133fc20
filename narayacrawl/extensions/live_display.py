"""Draw on the terminal of stderr, with rich: a display that is drawn anew in its place, and a run's summary."""

import logging
import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING, Final, TextIO

if TYPE_CHECKING:
    from rich.console import Console
    from rich.live import Live

BAR_WIDTH: Final = 24


class LiveDisplay:
    """One display at the bottom of the terminal; what is logged, or written to stderr, scrolls above it."""

    def __init__(self) -> None:
        self._live: Live | None = None
        self._diverted: list[tuple[logging.StreamHandler[TextIO], TextIO]] = []

    def start(self) -> None:
        # It takes a tenth of a second to import, and a run without a terminal needs none of it.
        from rich.console import Console
        from rich.live import Live

        stream = sys.stderr
        console = Console(file=stream, highlight=False)
        self._live = Live(console=console, auto_refresh=False, transient=True, redirect_stdout=False)
        self._live.start()
        above = _Above(console, stream)
        for handler in logging.root.handlers:
            if isinstance(handler, logging.StreamHandler) and handler.stream is stream:
                handler.setStream(above)
                self._diverted.append((handler, stream))

    def draw(self, title: str, seconds: float, text: str, share: float | None) -> None:
        """Show a piece of work: its name, how long it has taken, its figures, and a bar if the share is known."""
        from rich.progress_bar import ProgressBar
        from rich.table import Table
        from rich.text import Text

        if self._live is None:
            return
        head = Table.grid(padding=(0, 1))
        bar = ProgressBar(total=1.0 if share is not None else None, completed=share or 0.0, width=BAR_WIDTH)
        clock = f"{int(seconds) // 3600}:{int(seconds) // 60 % 60:02}:{int(seconds) % 60:02}"
        percent = f"{share:4.0%}" if share is not None else ""
        head.add_row(Text(title, style="bold", no_wrap=True, overflow="ellipsis"), bar, percent, Text(clock, "dim"))
        page = Table.grid()
        page.add_row(head)
        page.add_row(Text(text))
        self._live.update(page, refresh=True)

    def stop(self) -> None:
        if self._live is None:
            return
        for handler, stream in self._diverted:
            handler.setStream(stream)
        self._diverted.clear()
        self._live.stop()
        self._live = None


class _Above:
    """A stream whose lines are printed above the live display of a console."""

    def __init__(self, console: "Console", stream: TextIO) -> None:
        self._console = console
        self._stream = stream

    def write(self, text: str) -> int:
        from rich.text import Text

        self._console.print(Text(text.rstrip("\n")), soft_wrap=True)
        return len(text)

    def flush(self) -> None:
        self._stream.flush()

    def isatty(self) -> bool:
        return True


def print_summary(title: str, rows: Iterable[tuple[str, str]]) -> None:
    """Print a summary on stderr: its title, and below it a word and a line each."""
    from rich.console import Console
    from rich.text import Text

    console = Console(file=sys.stderr, highlight=False)
    console.print(Text(title, "bold"), soft_wrap=True)
    for word, line in rows:
        style = {"alarm": "bold red", "next": "bold"}.get(word, "")
        console.print(Text.assemble((f"  {word:<9} ", "dim"), (line, style)), soft_wrap=True)
