"""Show on stderr how far a command is and, on a terminal, what it has done at its end; the crawl has its own ways."""

import sys
import time
from collections.abc import Callable

from scrapy.settings import SETTINGS_PRIORITIES, BaseSettings

from narayacrawl.extensions.live_display import print_summary
from narayacrawl.extensions.progress import Figures, Progress, can_draw, is_terminal
from narayacrawl.language.english import duration


class WorkShown:
    """Shows one command's work."""

    def __init__(self, command: str, tell: Callable[[str], None]) -> None:
        self.command = command
        self.title = ""
        """What is done: `export narayapost`."""
        self._tell = tell
        self._rows: list[tuple[str, str]] = []
        self._began = time.monotonic()
        self._interval = 0.0
        self._is_silent = False

    def begin(self, settings: BaseSettings) -> None:
        """Note how often to tell how far it is; a call that wants warnings only is told nothing in between."""
        self._began = time.monotonic()
        self._interval = max(0.0, settings.getfloat("LOGSTATS_INTERVAL"))
        is_given = (settings.getpriority("LOG_LEVEL") or 0) >= SETTINGS_PRIORITIES["cmdline"]
        is_wanted = not is_given or settings["LOG_LEVEL"] in ("INFO", "DEBUG")
        self._is_silent = not (is_wanted and settings.getbool("LOG_ENABLED"))

    def progress(self, portal: str, figures: Callable[[], Figures], *, is_on_stdout: bool = False) -> Progress:
        """Return what shows how far the work is, to be used in a `with`; with `is_on_stdout` its result goes there, and
        no display is drawn among it."""
        self.title = f"{self.command} {portal}"
        is_live = can_draw() and not (is_on_stdout and sys.stdout.isatty())
        say = None if self._is_silent else lambda text: self._tell(f"{portal}: {text}")
        return Progress(self.title, figures, say, interval=self._interval, is_live=is_live)

    def note(self, word: str, line: str) -> None:
        """Tell what was done: in the summary on a terminal, elsewhere as a line at once."""
        if is_terminal():
            self._rows.append((word, line))
        else:
            self._tell(line)

    def note_on_terminal(self, word: str, line: str) -> None:
        """Tell in the summary on a terminal what a person wants to know, and a log need not say."""
        if is_terminal():
            self._rows.append((word, line))

    def end(self) -> None:
        """Print the summary, if there is anything in it."""
        if self._rows:
            print_summary(f"{self.title}, {duration(time.monotonic() - self._began)}", self._rows)
            self._rows.clear()
