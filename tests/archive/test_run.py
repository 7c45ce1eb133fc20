"""What a run knows of its own code."""

from importlib.resources.abc import Traversable
from pathlib import Path
from zipfile import Path as ZipPath
from zipfile import ZipFile

import pytest

from narayacrawl.archive import run
from narayacrawl.archive.run import code_version
from narayacrawl.spiders.narayapost import NarayapostSpider
from tests.conftest import ROOT


def test_code_has_the_same_version_in_an_egg(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    installed = code_version(NarayapostSpider)
    with ZipFile(tmp_path / "narayacrawl.egg", "w") as egg:
        for path in sorted((ROOT / "narayacrawl").rglob("*.py"), reverse=True):
            egg.write(path, path.relative_to(ROOT))
        egg.writestr("narayacrawl/archive/run.pyc", b"compiled")
    package: Traversable = ZipPath(tmp_path / "narayacrawl.egg", "narayacrawl/")
    monkeypatch.setattr(run, "files", lambda _: package)
    assert code_version(NarayapostSpider) == installed


def test_changed_code_has_another_version(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "urls.py").write_text("A = 1\n")
    monkeypatch.setattr(run, "files", lambda _: tmp_path)
    first = code_version(NarayapostSpider)
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "article.py").write_text("B = 1\n")
    assert code_version(NarayapostSpider) != first
