"""Why an article is not kept: the exception that every pipeline drops one with."""

from scrapy.exceptions import DropItem


class Dropped(DropItem):
    """An article that is not kept, with the `reason` that counts it (`narayacrawl/dropped/<reason>`)."""

    def __init__(self, reason: str, url: str, *, log_level: str = "WARNING") -> None:
        super().__init__(f"{reason}: {url}", log_level=log_level)
        self.reason = reason.replace(" ", "_")
