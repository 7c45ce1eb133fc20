"""The Dockerfile's steps, done one by one without Docker, make a program that crawls."""

import json
import os
import shutil
import site
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from narayacrawl import read
from tests.conftest import ROOT, Portal
from tests.portals import QUICK, Post, WordPress

DOCKERFILE = ROOT / "docs" / "deploy" / "Dockerfile"
USERADD = """\
#!/bin/sh
while [ $# -gt 1 ]; do
  [ "$1" != --home-dir ] || mkdir -p "$IMAGE$2"
  shift
done
echo "$1" >>"$IMAGE/users"
"""


def steps() -> list[tuple[str, str]]:
    """The instructions of the Dockerfile and what stands behind each."""
    text = DOCKERFILE.read_text(encoding="utf-8").replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    return [(name, rest) for name, _, rest in (line.partition(" ") for line in lines)]


@dataclass
class Image:
    """A folder that stands for an image's root, and what is set in it."""

    root: Path
    folder: Path
    variables: dict[str, str] = field(default_factory=dict)
    user: str = "root"
    volumes: list[str] = field(default_factory=list)
    entrypoint: list[str] = field(default_factory=list)
    command: list[str] = field(default_factory=list)

    def inside(self, path: str) -> Path:
        return self.root / path.lstrip("/") if path.startswith("/") else self.folder / path

    def run(self, *words: str, **variables: str) -> subprocess.CompletedProcess[str]:
        path = f"{self.root / 'usr/local/bin'}:/usr/bin:/bin"
        return subprocess.run(
            words,
            cwd=self.folder,
            env={"PATH": path, "IMAGE": str(self.root), "HOME": str(self.folder)} | self.variables | variables,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )

    def do(self, name: str, rest: str) -> None:
        if name == "WORKDIR":
            self.folder = self.inside(rest)
            self.folder.mkdir(parents=True, exist_ok=True)
        elif name == "COPY":
            *sources, to = rest.split()
            for source in sources:
                if (ROOT / source).is_dir():
                    shutil.copytree(ROOT / source, self.inside(to), ignore=shutil.ignore_patterns("__pycache__"))
                else:
                    shutil.copy(ROOT / source, self.inside(to))
        elif name == "RUN":
            done = self.run("/bin/sh", "-c", rest)
            assert done.returncode == 0, f"{rest}\n{done.stdout}{done.stderr}"
        elif name == "ENV":
            self.variables |= dict(word.split("=", 1) for word in rest.split())
        elif name == "USER":
            assert rest in (self.root / "users").read_text().split()
            self.user = rest
        elif name == "VOLUME":
            self.volumes.append(rest)
        elif name == "ENTRYPOINT":
            self.entrypoint = json.loads(rest)
        elif name == "CMD":
            self.command = json.loads(rest)
        else:
            raise AssertionError(f"no test does {name}")


@pytest.fixture
def image(tmp_path: Path) -> Image:
    """What the first line names: Python, and the packages of this environment, so that none is fetched."""
    root = tmp_path / "image"
    programs = root / "usr/local/bin"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(root / "usr/local")], check=True, timeout=120)
    [packages] = (root / "usr/local/lib").glob("python*/site-packages")
    # This project's own is not among them, where it is installed as a link to here.
    (packages / "packages.pth").write_text("\n".join(site.getsitepackages()), encoding="utf-8")
    pip = '#!/bin/sh\nexec "$IMAGE/usr/local/bin/python" -m pip --disable-pip-version-check "$@"\n'
    for name, script in (("pip", pip), ("useradd", USERADD)):
        (programs / name).write_text(script, encoding="utf-8")
        (programs / name).chmod(0o755)
    # Where packages come from is this machine's, not the image's.
    pip_settings = {name: value for name, value in os.environ.items() if name.startswith("PIP_")}
    return Image(root, root, pip_settings)


def test_image_is_of_a_python_that_is_supported() -> None:
    name, rest = steps()[0]
    assert (name, rest) == ("FROM", "python:3.11-slim")


@pytest.mark.slow
def test_steps_make_a_program_that_crawls_as_no_root(image: Image, portal: Portal) -> None:
    for name, rest in steps()[1:]:
        image.do(name, rest)
    assert (image.user, image.entrypoint, image.command) == ("narayacrawl", ["narayacrawl"], ["list"])
    listed = image.run(*image.entrypoint, *image.command)
    assert (listed.returncode, listed.stdout) == (0, "narayapost\nwordpress\n"), listed.stderr
    wordpress = WordPress(portal)
    wordpress.open([Post(1), Post(2)])
    settings = [word for setting in QUICK if setting != "ARCHIVE=" for word in ("-s", setting)]
    contact = {"NARAYACRAWL_CONTACT": "uji@contoh.example"}
    done = image.run(*image.entrypoint, "crawl", "wordpress", "-a", f"url={portal.url}", *settings, **contact)
    assert done.returncode == 0, done.stderr
    [volume] = image.volumes
    [folder] = image.inside(volume).glob("127.0.0.1*")
    assert sorted(article.id or 0 for article in read(folder)) == [1, 2]
