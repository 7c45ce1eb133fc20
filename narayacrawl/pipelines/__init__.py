"""From what a page says to the record in the archive: normalise title, date and body, validate, select, number the
revision, write.

`revise` and `archive` need a crawl and are named by their modules; each of the others is a thin class over a function
that `extract` calls too.
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
