"""The JSON Schema that the package carries."""

import json
from pathlib import Path

import jsonschema
import pytest

from narayacrawl.items import article_schema

ROOT = Path(__file__).parents[1]
SCHEMA = ROOT / "narayacrawl" / "article.schema.json"
GOLDENS = sorted(ROOT.glob("fixtures/*/articles.jsonl"))


def test_the_schema_file_is_the_record() -> None:
    assert json.loads(SCHEMA.read_text(encoding="utf-8")) == article_schema()


@pytest.mark.parametrize("golden", GOLDENS, ids=lambda path: path.parent.name)
def test_every_golden_record_is_valid(golden: Path) -> None:
    validator = jsonschema.Draft202012Validator(article_schema())
    for line in golden.read_text(encoding="utf-8").splitlines():
        validator.validate(json.loads(line))


@pytest.mark.parametrize("golden", GOLDENS, ids=lambda path: path.parent.name)
def test_fields_stand_in_the_order_of_the_record(golden: Path) -> None:
    fields = list(article_schema()["properties"])
    assert all(list(json.loads(line)) == fields for line in golden.read_text(encoding="utf-8").splitlines())
