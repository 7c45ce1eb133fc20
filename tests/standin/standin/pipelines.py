from typing import Any


class StandinPipeline:
    def process_item(self, item: dict[str, Any]) -> dict[str, Any]:
        if item["title"] == "Crash the pipeline":
            raise RuntimeError("asked for")
        return item
