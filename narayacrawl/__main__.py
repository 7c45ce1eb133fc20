"""`narayacrawl` and `python -m narayacrawl`: the commands of this project, in any folder.

In a Scrapy project its settings count, elsewhere our own. An older Python can read this file, and tells what is needed.
"""

from __future__ import annotations

import os
import sys
from contextlib import redirect_stdout, suppress
from io import StringIO
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scrapy.settings import Settings

PYTHON = (3, 11)


def main() -> None:
    """Check which Python this is, then run the command that was called."""
    if sys.version_info[:2] < PYTHON:
        found = ".".join(map(str, sys.version_info[:2]))
        sys.exit("narayacrawl needs Python 3.11 or later; this is Python " + found)
    from scrapy.cmdline import execute
    from scrapy.utils.conf import init_env
    from scrapy.utils.project import get_project_settings

    init_env(os.environ.get("SCRAPY_PROJECT", "default"))
    # Outside a project; in the environment, so that a command's child processes find the same.
    os.environ.setdefault("SCRAPY_SETTINGS_MODULE", "narayacrawl.settings")
    settings = get_project_settings()
    settings.set("COMMANDS_MODULE", "narayacrawl.commands", priority="cmdline")
    if editor := os.environ.get("EDITOR"):
        settings.set("EDITOR", editor)
    if all(argument.startswith("-") for argument in sys.argv[1:]):
        print_overview(settings)
    else:
        execute(settings=settings)


def print_overview(settings: Settings) -> None:
    """Print Scrapy's list of commands, which calls all of them `scrapy`, under our own name."""
    from scrapy.cmdline import execute

    overview = StringIO()
    with suppress(SystemExit), redirect_stdout(overview):
        execute(settings=settings)
    print(overview.getvalue().replace("  scrapy <", "  narayacrawl <").replace('"scrapy <', '"narayacrawl <'), end="")


if __name__ == "__main__":
    main()
