"""What plugins, editors and blocks put into a post's content, each with the name of its maker."""

from pathlib import Path

from tests.pages.themes.post import PARTIAL

_INSERTED = dict(PARTIAL.findall((Path(__file__).parent / "plugins.html").read_text("utf-8")))

ANYWHERE = {name: html for name, html in _INSERTED.items() if ": " not in name}
"""What may stand anywhere in a text and is none of it."""
BELOW = {name: html for name, html in _INSERTED.items() if name.startswith("below: ")}
"""Lists of other articles, which stand below it."""
INLINE = {name: html for name, html in _INSERTED.items() if name.startswith("inline: ")}
"""Related lines in the text: a link to HEADLINE."""
HEADLINE, ADDRESS = "Pasar Terapung Sepi Pembeli Sejak Pagi", "https://portal.example/ekonomi/pasar-sepi/"
