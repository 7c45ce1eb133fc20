"""The version of the reading, which tells an article that is read better from one that was edited."""

import hashlib
import json
from pathlib import Path

from narayacrawl.pages.reading import READING

GOLDENS = sorted((Path(__file__).parents[2] / "fixtures").glob("*/articles.jsonl"))
DIGESTS = {"3": "6c02730fb1429bc9"}
"""What the saved portals' articles say in title, date and body, by version."""


def test_the_reading_has_another_version_once_it_gives_other_articles() -> None:
    records = [json.loads(line) for path in GOLDENS for line in path.read_text(encoding="utf-8").splitlines()]
    texts = "\0".join(f"{record['title']}\0{record['date']}\0{record['body']}" for record in records)
    digest = hashlib.sha256(texts.encode()).hexdigest()[:16]
    assert DIGESTS.get(READING) == digest, "raise READING, or ledgers take what is read anew for edits"
