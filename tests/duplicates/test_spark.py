"""Under Spark the same pairs are found as by the command."""

import random
import shutil
from datetime import UTC, datetime, timedelta

import pytest

from benchmarks.made_up_copies import COPIES
from benchmarks.made_up_news import ARTICLES, body
from benchmarks.made_up_series import SERIES

pytestmark = [
    pytest.mark.slow,
    pytest.mark.long,
    pytest.mark.skipif(shutil.which("java") is None, reason="there is no Java"),
]


def test_pairs_are_those_of_the_texts(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("pyspark")
    import sys

    from pyspark.sql import SparkSession

    from narayacrawl.duplicates.spark import similar_pairs

    monkeypatch.setenv("PYSPARK_PYTHON", sys.executable)
    chance = random.Random(1)
    article = ARTICLES["free"](chance)
    texts = [COPIES["10 % synonyms, order, a cut"](chance, article), article, ARTICLES["free"](chance)]
    texts += [SERIES["daily prices"](chance) for _ in range(2)]
    rows = [
        (f"https://satu.example/{place}/", datetime(2025, 11, 1, tzinfo=UTC) - timedelta(place), body(text))
        for place, text in enumerate(texts)
    ]
    builder = SparkSession.builder.master("local[1]").config("spark.ui.enabled", "false")
    builder = builder.config("spark.driver.host", "127.0.0.1").config("spark.driver.bindAddress", "127.0.0.1")
    spark = builder.config("spark.sql.shuffle.partitions", "1").getOrCreate()
    try:
        articles = spark.createDataFrame(rows, "url string, date_utc timestamp, body string")
        [pair] = similar_pairs(articles).collect()
    finally:
        spark.stop()
    assert (pair.first, pair.second) == ("https://satu.example/1/", "https://satu.example/0/")
