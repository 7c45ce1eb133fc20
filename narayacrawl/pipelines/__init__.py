"""From what a page says to the record: normalise title, date and body, validate, select.

Each pipeline is a thin class over a function that `extract` calls too.
"""

from narayacrawl.pipelines.body import NormalizeBodyPipeline
from narayacrawl.pipelines.date import NormalizeDatePipeline
from narayacrawl.pipelines.select import SelectArticlePipeline
from narayacrawl.pipelines.title import NormalizeTitlePipeline
from narayacrawl.pipelines.validate import ValidateArticlePipeline

__all__ = [
    "NormalizeBodyPipeline",
    "NormalizeDatePipeline",
    "NormalizeTitlePipeline",
    "SelectArticlePipeline",
    "ValidateArticlePipeline",
]
