"""Display an explanation as one HTML page; the checkboxes of the rules hide blocks by style alone."""

import re
from collections.abc import Iterable
from html import escape
from importlib.resources import files

from narayacrawl.explain.block_outcomes import ExplainedBlock
from narayacrawl.explain.explanation import Explanation, Field, count_by_rule
from narayacrawl.explain.rule_names import RULES, rule_of
from narayacrawl.exporters.html import escape_text, link, page
from narayacrawl.language.english import counted, worded

MARKS = {"kept": "✓", "field": "→", "dropped": "×", "outside": "·"}
OUTCOME_LABELS = {"kept": "kept", "field": "read into a field", "dropped": "left out", "outside": "outside"}
KINDS = {"ul": "list item", "ol": "list item", "blockquote": "quotation", "p": "paragraph", "image": "picture"}
MAX_TEXT_LENGTH = 400
"""The text of a block outside the body is cut after this many characters."""


def html_page(explanation: Explanation, *, spider: str) -> str:
    """Return the complete page, for a file or a mail. The blocks' text carries the article's language."""
    values = {field.name: field.values for field in explanation.fields}
    title = next(iter(values.get("title", [])), "No title")
    language = next(iter(values.get("language", [])), "")
    rules = _rule_counts(explanation)
    hidden = "".join(
        f".page:has(#{_rule_class(name)}:not(:checked)) .{_rule_class(name)}{{display:none}}" for name in rules
    )
    if explanation.rejection:
        verdict = f'<p class="verdict none">No article: {escape_text(explanation.rejection)}</p>'
    else:
        verdict = '<p class="verdict">Article</p>'
    warnings = "".join(f"<li>{escape_text(warning)}</li>" for warning in explanation.warnings)
    style = files("narayacrawl.explain").joinpath("style.css").read_text(encoding="utf-8") + hidden
    body = f"""<main class="page">
<header>
{verdict}
<h1{_lang_attribute(language)}>{escape_text(title)}</h1>
<p class="address">{link(explanation.url)} · as spider {escape_text(spider)} reads it</p>
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
{_rule_list(rules, _rule_marks(explanation))}
{_outside("above", explanation.blocks_at("above"), language, bodiless=explanation.container is None)}
{_container(explanation, language)}
{_outside("below", explanation.blocks_at("below"), language)}
</section>
</main>"""
    return page(f"{escape_text(title)} – explained", style, body)


def _rule_class(name: str) -> str:
    """Return the CSS class of a rule."""
    return "r-" + re.sub(r"[^a-z0-9]+", "-", name.lower())


def _lang_attribute(tag: str) -> str:
    """Return the `lang` attribute for a text of the article."""
    return f' lang="{escape_text(tag)}"' if tag else ""


def _rows(fields: list[Field], language: str) -> str:
    """Return the table rows of the fields."""
    rows = []
    for field in fields:
        values = [escape_text(value) for value in field.values]
        value = f"<ul>{''.join(f'<li>{v}</li>' for v in values)}</ul>" if len(values) > 1 else "".join(values) or "–"
        origin = escape_text(field.origin or "")
        if field.as_published:
            origin += f"{', ' if origin else ''}as <q>{escape_text(field.as_published)}</q>"
        empty = "" if values else ' class="none"'
        cells = f"<td{_lang_attribute(language)}>{value}</td><td>{origin}</td>"
        rows.append(f'<tr{empty}><th scope="row">{field.name}</th>{cells}</tr>')
    return "\n".join(rows)


# Rules


def _rule_name(block: ExplainedBlock) -> str:
    """Return the name under which a block is counted: `kept`, its rule, or `other`."""
    return "kept" if block.outcome == "kept" else block.rule or "other"


def _rule_counts(explanation: Explanation) -> dict[str, int]:
    """Count the blocks of each rule: those kept first, then in the order of the rules."""
    rules: dict[str, int] = {}
    for block in explanation.blocks:
        rules[_rule_name(block)] = rules.get(_rule_name(block), 0) + 1
    order = ["kept", *RULES]
    return dict(sorted(rules.items(), key=lambda item: order.index(item[0]) if item[0] in order else len(order)))


def _rule_marks(explanation: Explanation) -> dict[str, str]:
    """Return the marks that the blocks of each rule bear."""
    found: dict[str, set[str]] = {}
    for block in explanation.blocks:
        found.setdefault(_rule_name(block), set()).add(block.outcome)
    return {rule: "".join(mark for name, mark in MARKS.items() if name in outcomes) for rule, outcomes in found.items()}


def _rule_list(rules: dict[str, int], marks: dict[str, str]) -> str:
    """Return the checkboxes of the rules, each with the marks of its blocks."""
    lines = []
    for name, count in rules.items():
        category, meaning = ("kept", "the article’s body") if name == "kept" else rule_of(name)
        lines.append(
            f'<label class="f-{category}"><input type="checkbox" id="{_rule_class(name)}" checked>'
            f'<span class="mark" aria-hidden="true">{marks[name]}</span>'
            f'<span>{escape(name)}</span> <span class="count">{count}</span><small>{escape(meaning)}</small></label>'
        )
    labels = "\n".join(lines)
    return f'<fieldset>\n<legend>Shown, by rule</legend>\n<div class="keys">\n{labels}\n</div>\n</fieldset>'


# Blocks


def _outside(place_name: str, blocks: list[ExplainedBlock], language: str, *, bodiless: bool = False) -> str:
    """Return the blocks outside the container, folded away."""
    blocks = [block for block in blocks if block.outcome != "kept"]
    if not blocks:
        return ""
    counts = ", ".join(f"{count} {escape(name)}" for name, count in count_by_rule(blocks).items())
    place = "of a page without a body" if bodiless else f"{place_name} the body’s element"
    summary = f"{counted(len(blocks), 'block')} {place}: {counts}"
    return (
        f"<details{' open' if bodiless else ''}>\n<summary>{summary}</summary>\n{_list(blocks, language)}\n</details>"
    )


def _container(explanation: Explanation, language: str) -> str:
    """Return the container's blocks under the reason for its choice."""
    choice = escape_text(explanation.container_reason)
    if explanation.container is None:
        return f'<div class="container"><p>No body: {choice}</p></div>'
    path = escape_text(explanation.container)
    body = [block for block in explanation.blocks if block.outcome == "kept" or block.place == "inside"]
    lines = [f"chosen {choice}", f"kept: {explanation.kept_size}"]
    if explanation.read_into_fields:
        lines.append(f"read into fields: {escape_text(worded(explanation.read_into_fields))}")
    if explanation.dropped:
        lines.append(f"left out: {escape_text(worded(explanation.dropped))}")
    heading = f'<p>Body: <code>{path}</code><br><span class="soft">{"<br>".join(lines)}</span></p>'
    return f'<div class="container">\n{heading}\n{_list(body, language)}\n</div>'


def _list(blocks: Iterable[ExplainedBlock], language: str) -> str:
    """Return blocks as a list."""
    return "<ol>\n" + "\n".join(_block(block, language) for block in blocks) + "\n</ol>"


def _block(block: ExplainedBlock, language: str) -> str:
    """Return one block with its outcome."""
    rule, is_kept = _rule_name(block), block.outcome == "kept"
    category = "kept" if is_kept else rule_of(rule).category
    label = block.rule or KINDS.get(block.kind, block.kind)
    outcome = f"read into {block.field}" if block.field else OUTCOME_LABELS[block.outcome]
    is_inside = is_kept and block.place == "inside"
    if is_kept and not is_inside:
        outcome = f"kept, {block.place} the body’s element"
    outcome_html = f'<span class="{"unseen" if is_inside else "how"}">{escape_text(outcome)}</span>'
    if not is_inside and block.has_class_or_id:
        outcome_html += f" <code>{escape_text(block.element)}</code>"
    text = block.text if is_kept or len(block.text) <= MAX_TEXT_LENGTH else block.text[:MAX_TEXT_LENGTH].rstrip() + " …"
    lines = "\n".join(map(escape_text, text.split("\n")))
    length = f' <span class="soft">({len(block.text):,} characters)</span>' if text != block.text else ""
    return (
        f'<li class="block {block.outcome} f-{category} {_rule_class(rule)} {escape(block.kind)}">'
        f'<p class="outcome"><b><span aria-hidden="true">{MARKS[block.outcome]}</span> {escape(label)}</b>'
        f" {outcome_html}</p>"
        f'<p class="text"{_lang_attribute(language)}>{lines}{length}</p></li>'
    )
