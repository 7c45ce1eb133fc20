"""Rules that fail, for processes to be given."""

import os
from typing import Any

from narayacrawl.pages import ArticlePage


class CrashingPage(ArticlePage):
    """A page that this program cannot read."""

    @property
    def images(self) -> Any:
        raise RecursionError("terlalu dalam")


class DeadlyPage(ArticlePage):
    """A page that costs a process its life, if it is that of the seventh post."""

    @property
    def images(self) -> Any:
        if self.id == 7:
            os._exit(9)
        return []
