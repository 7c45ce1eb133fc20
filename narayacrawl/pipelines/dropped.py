"""Drop an article: the exception of every pipeline."""

from scrapy.exceptions import DropItem


class Dropped(DropItem):
    """Drops an article for a `reason`, under which it is counted (`narayacrawl/dropped/<reason>`)."""

    def __init__(self, reason: str, url: str, *, log_level: str = "WARNING") -> None:
        super().__init__(f"{reason}: {url}", log_level=log_level)
        self.reason = reason.replace(" ", "_")
