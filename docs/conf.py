"""Sphinx configuration: MyST Markdown, the furo theme, nothing fetched from the network."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from narayacrawl import __version__

project = "narayacrawl"
author = "the narayacrawl contributors"
copyright = author
version = release = __version__

extensions = ["myst_parser"]
myst_enable_extensions = ["colon_fence"]
myst_heading_anchors = 3
exclude_patterns = ["_build", "deploy"]
nitpicky = True

html_theme = "furo"
html_title = f"narayacrawl {version}"
html_show_copyright = False
html_copy_source = False
