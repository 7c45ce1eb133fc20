"""An explanation as one HTML page: no script, nothing fetched, every word of the page escaped.

A policy in the page forbids both to whatever might slip through. The legend's boxes hide blocks by style alone.
"""

import re
from collections.abc import Iterable
from html import escape
from importlib.resources import files

from narayacrawl.explain.block_outcomes import ExplainedBlock
from narayacrawl.explain.explanation import Explanation, Field, counts
from narayacrawl.explain.rule_names import RULES, rule_of, size
from narayacrawl.language.english import counted, worded
from narayacrawl.language.text import clean_text

POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
MARKS = {"kept": "✓", "field": "→", "dropped": "×", "outside": "·"}
FATES = {"kept": "kept", "field": "read into a field", "dropped": "left out", "outside": "outside"}
KINDS = {"ul": "list item", "ol": "list item", "blockquote": "quotation", "p": "paragraph", "image": "picture"}
MOST = 400
"""So many characters of a block are shown that the body does not have."""


def html_page(explanation: Explanation, *, spider: str) -> str:
    """The page, complete: for a file or a mail. The blocks' text is told to be in the article's language."""
    told = {own.name: own.values for own in explanation.fields}
    title = next(iter(told.get("title", [])), "No title")
    language = next(iter(told.get("language", [])), "")
    keys = _keys(explanation)
    hidden = "".join(f".page:has(#{_slug(name)}:not(:checked)) .{_slug(name)}{{display:none}}" for name in keys)
    if explanation.rejection:
        verdict = f'<p class="verdict none">No article: {_shown(explanation.rejection)}</p>'
    else:
        verdict = '<p class="verdict">Article</p>'
    warnings = "".join(f"<li>{_shown(warning)}</li>" for warning in explanation.warnings)
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>{_shown(title)} – explained</title>
<style>
{files("narayacrawl.explain").joinpath("style.css").read_text(encoding="utf-8")}{hidden}
</style>
</head>
<body>
<main class="page">
<header>
{verdict}
<h1{_language(language)}>{_shown(title)}</h1>
<p class="address">{_link(explanation.url)} · as spider {_shown(spider)} reads it</p>
{f'<ul class="warnings" aria-label="Warnings">{warnings}</ul>' if warnings else ""}
</header>
<section aria-labelledby="fields">
<h2 id="fields">Fields</h2>
<table>
{_rows(explanation.fields, language)}
</table>
</section>
<section aria-labelledby="blocks">
<h2 id="blocks">Blocks, in reading order</h2>
{_legend(keys)}
{_outside("above", explanation.at("above"), language, bodiless=explanation.container is None)}
{_container(explanation, language)}
{_outside("below", explanation.at("below"), language)}
</section>
</main>
</body>
</html>
"""


def _shown(text: str) -> str:
    """The text as HTML shows it: escaped, without what no reader sees."""
    return escape(clean_text(text))


def _slug(name: str) -> str:
    return "r-" + re.sub(r"[^a-z0-9]+", "-", name.lower())


def _language(tag: str) -> str:
    return f' lang="{_shown(tag)}"' if tag else ""


def _link(url: str) -> str:
    """The address as a link, unless it is none of the web."""
    shown = _shown(url)
    return f'<a href="{shown}" rel="noreferrer">{shown}</a>' if url.startswith(("http://", "https://")) else shown


def _rows(fields: list[Field], language: str) -> str:
    rows = []
    for own in fields:
        values = [_shown(value) for value in own.values]
        value = f"<ul>{''.join(f'<li>{v}</li>' for v in values)}</ul>" if len(values) > 1 else "".join(values) or "–"
        source = _shown(own.source or "")
        if own.published:
            source += f"{', ' if source else ''}as <q>{_shown(own.published)}</q>"
        empty = "" if values else ' class="none"'
        cells = f"<td{_language(language)}>{value}</td><td>{source}</td>"
        rows.append(f'<tr{empty}><th scope="row">{own.name}</th>{cells}</tr>')
    return "\n".join(rows)


# Legend


def _key(block: ExplainedBlock) -> str:
    return "kept" if block.fate == "kept" else block.rule or "other"


def _keys(explanation: Explanation) -> dict[str, int]:
    """How many blocks have each fate, by rule: those kept first, then as the rules are listed."""
    found: dict[str, int] = {}
    for block in explanation.blocks:
        found[_key(block)] = found.get(_key(block), 0) + 1
    order = ["kept", *RULES]
    return dict(sorted(found.items(), key=lambda item: order.index(item[0]) if item[0] in order else len(order)))


def _legend(keys: dict[str, int]) -> str:
    lines = []
    for name, count in keys.items():
        family, meaning = ("kept", "the article’s body") if name == "kept" else rule_of(name)
        lines.append(
            f'<label class="f-{family}"><input type="checkbox" id="{_slug(name)}" checked>'
            f'<span class="mark" aria-hidden="true">{MARKS["kept" if name == "kept" else "dropped"]}</span>'
            f'<span>{escape(name)}</span> <span class="count">{count}</span><small>{escape(meaning)}</small></label>'
        )
    keyed = "\n".join(lines)
    return f'<fieldset>\n<legend>Shown, by rule</legend>\n<div class="keys">\n{keyed}\n</div>\n</fieldset>'


# Blocks


def _outside(where: str, blocks: list[ExplainedBlock], language: str, *, bodiless: bool = False) -> str:
    blocks = [block for block in blocks if block.fate != "kept"]
    if not blocks:
        return ""
    told = ", ".join(f"{count} {escape(name)}" for name, count in counts(blocks).items())
    place = "of a page without a body" if bodiless else f"{where} the body’s element"
    summary = f"{counted(len(blocks), 'block')} {place}: {told}"
    return (
        f"<details{' open' if bodiless else ''}>\n<summary>{summary}</summary>\n{_list(blocks, language)}\n</details>"
    )


def _container(explanation: Explanation, language: str) -> str:
    choice = _shown(explanation.choice)
    if explanation.container is None:
        return f'<div class="container"><p>No body: {choice}</p></div>'
    path = _shown(explanation.container)
    body = [block for block in explanation.blocks if block.fate == "kept" or block.place == "inside"]
    told = [f"chosen {choice}", f"kept: {size(explanation)}"]
    if explanation.dropped:
        told.append(f"left out: {_shown(worded(explanation.dropped))}")
    head = f'<p>Body: <code>{path}</code><br><span class="soft">{"<br>".join(told)}</span></p>'
    return f'<div class="container">\n{head}\n{_list(body, language)}\n</div>'


def _list(blocks: Iterable[ExplainedBlock], language: str) -> str:
    return "<ol>\n" + "\n".join(_block(block, language) for block in blocks) + "\n</ol>"


def _block(block: ExplainedBlock, language: str) -> str:
    key, kept = _key(block), block.fate == "kept"
    family = "kept" if kept else rule_of(key).family
    label = block.rule or KINDS.get(block.kind, block.kind)
    fate = f"read into {block.into}" if block.into else FATES[block.fate]
    within = kept and block.place == "inside"
    if kept and not within:
        fate = f"kept, {block.place} the body’s element"
    told = f'<span class="{"unseen" if within else "how"}">{_shown(fate)}</span>'
    if not within and block.is_named:
        told += f" <code>{_shown(block.element)}</code>"
    text = block.text if kept or len(block.text) <= MOST else block.text[:MOST].rstrip() + " …"
    shown = "\n".join(map(_shown, text.split("\n")))
    length = f' <span class="soft">({len(block.text):,} characters)</span>' if text != block.text else ""
    return (
        f'<li class="block {block.fate} f-{family} {_slug(key)} {escape(block.kind)}">'
        f'<p class="fate"><b><span aria-hidden="true">{MARKS[block.fate]}</span> {escape(label)}</b> {told}</p>'
        f'<p class="text"{_language(language)}>{shown}{length}</p></li>'
    )
