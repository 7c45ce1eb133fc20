"""Write a feed of JSON Lines that can be followed while it grows."""

from typing import Any

from scrapy.exporters import JsonLinesItemExporter


class JsonLinesExporter(JsonLinesItemExporter):
    """Writes one item a line, fields in the order they are declared in, nested dataclasses as objects.

    Every line reaches the file whole and at once, so that who follows the file never reads half a line. A compressed
    feed is the exception: its last lines come when it is closed. An `OSError` of the file is raised.
    """

    def export_item(self, item: Any) -> None:  # noqa: ANN401 - whatever Scrapy takes for an item
        super().export_item(item)
        self.file.flush()
