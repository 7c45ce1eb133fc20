"""Find pairs of copies under Apache Spark, among articles exported as Parquet: the same signature, the same comparison.

    articles = spark.read.parquet("exports/")
    similar_pairs(articles).write.parquet("copies/")

Needs pyspark, pandas and pyarrow (`.[spark]`), and narayacrawl with rensa on every node.
"""

from collections.abc import Iterable, Iterator
from typing import Any, Final

import pyarrow as pa
from pyspark.sql import DataFrame, Window
from pyspark.sql import functions as f

from narayacrawl.duplicates.candidates import MAX_ALL_PAIRS, NEXT
from narayacrawl.duplicates.comparison import Text, Weights, compare, sample_weights
from narayacrawl.duplicates.signature import signature

SAMPLED: Final = 2_000
"""So many texts tell which shingles are common."""
BANDS: Final = "url string, place int, value long"
PAIRS: Final = "first string, second string, jaccard double, containment double"


def similar_pairs(articles: DataFrame) -> DataFrame:
    """Return the pairs of articles that are alike, by their addresses, `first` being the one that was published first.

    `articles` has the columns `url`, `date_utc` and `body`, as `scrapy export --parquet` writes them.
    """
    texts = articles.select("url", "date_utc", "body").dropDuplicates(["url"])
    share = min(1.0, 2 * SAMPLED / max(1, texts.count()))
    sample = texts.sample(fraction=share, seed=1).limit(SAMPLED).collect()
    weights, common = sample_weights(Text(row.body or "").shingles for row in sample)

    def bands(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            yield _bands(batch, common)

    def compared(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            yield _compared(batch, weights)

    signed = texts.mapInArrow(bands, BANDS)
    bucket = Window.partitionBy("place", "value")
    # Of many texts with the same band, as of a series, each is paired with a few: see `candidate_pairs`.
    ranked = (
        signed.select(
            "*", f.row_number().over(bucket.orderBy("url")).alias("rank"), f.count("*").over(bucket).alias("size")
        )
        .where("size > 1")
        .cache()
    )
    one, other = ranked.alias("one"), ranked.alias("other")
    is_near = f"other.size <= {MAX_ALL_PAIRS} or other.rank - one.rank <= {NEXT} or one.rank <= {NEXT}"
    candidates = (
        one.join(other, ["place", "value"])
        .where(f"one.rank < other.rank and ({is_near})")
        .select(f.col("one.url").alias("one"), f.col("other.url").alias("other"))
        .distinct()
    )
    pairs = candidates.join(_named(texts, "one"), "one").join(_named(texts, "other"), "other")
    return pairs.mapInArrow(compared, PAIRS)


def _named(texts: DataFrame, name: str) -> DataFrame:
    columns = (f.col("url").alias(name), f.col("date_utc").alias(f"{name}_date"), f.col("body").alias(f"{name}_body"))
    return texts.select(*columns)


def _bands(batch: pa.RecordBatch, common: frozenset[int]) -> pa.RecordBatch:
    """Return a row for each band of each text of a batch."""
    columns = batch.to_pydict()
    rows = [
        (url, place, value)
        for url, body in zip(columns["url"], columns["body"], strict=True)
        for place, value in enumerate(signature(body or "", common))
    ]
    return _batch(rows, {"url": pa.string(), "place": pa.int32(), "value": pa.int64()})


def _compared(batch: pa.RecordBatch, weights: Weights) -> pa.RecordBatch:
    """Return those pairs of a batch that are alike."""
    rows = []
    for pair in batch.to_pylist():
        if found := compare(Text(pair["one_body"] or ""), Text(pair["other_body"] or ""), weights):
            dated = sorted(
                (pair[f"{name}_date"] is None, pair[f"{name}_date"], pair[name]) for name in ("one", "other")
            )
            rows.append((dated[0][2], dated[1][2], found.jaccard, found.containment))
    shares = {"jaccard": pa.float64(), "containment": pa.float64()}
    return _batch(rows, {"first": pa.string(), "second": pa.string(), **shares})


def _batch(rows: list[tuple[Any, ...]], types: dict[str, Any]) -> pa.RecordBatch:
    values = list(zip(*rows, strict=True)) or [()] * len(types)
    arrays = [pa.array(column, type=kind) for column, kind in zip(values, types.values(), strict=True)]
    return pa.RecordBatch.from_arrays(arrays, names=list(types))
