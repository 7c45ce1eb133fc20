"""Read who wrote, edited and photographed: bylines, credit lines, the credits of captions."""

import re
from html import unescape

from narayacrawl.language.indonesian import WEEKDAYS
from narayacrawl.language.places import PLACES

_AUTHOR_ROLES = (
    r"(?:penulis|reporter|pewarta|laporan|kontributor|jurnalis|wartawan|koresponden|author|writer"
    r"|autor(?:\*in|:in|in|en|e|a)?|auteure?s?|(?:naskah|te[kx]s?t|teks)(?=\s{0,3}:))"
)
_EDITOR_ROLES = r"(?:redaktur(?:\spelaksana)?|editor|penyunting)"
_OTHER_ROLES = r"(?:sumber(?:\sberita)?|source|fotografer|videografer)"
_ROLES = rf"(?:{_AUTHOR_ROLES}|{_EDITOR_ROLES}|{_OTHER_ROLES})"

_CREDIT_LABEL = re.compile(
    rf"""(?:(?<![^\W_])|(?<=[a-z])(?=[A-Z]))
    (?P<roles>(?i:{_ROLES}(?:\s?(?:/|&|dan)\s?{_ROLES})?))\s{{0,3}}(?:\|\s?)?:
    |(?P<rights>(?i:copyright|hak\scipta)\s?(?:©|\(c\)|\d{{4}})|©\s?\d{{4}})""",
    re.VERBOSE,
)
# `Laporan Wartawan NarayaPost, Budi Santoso`.
_REPORT_BY = re.compile(
    r"\(?laporan\s(?:wartawan|reporter|jurnalis|kontributor|koresponden)(?:\s(?-i:[A-Z])[\w.]*){0,5}\s?[,:–—-]\s?(?P<name>[^\d,:]{2,60}?)\)?\.?",
    re.IGNORECASE,
)
_NAME_SEPARATOR = re.compile(r"\s{0,3}(?:[,;&/|•\n]|\b(?:dan|and)\b)\s{0,3}")
_BYLINE_SEPARATOR = re.compile(
    r"\s?(?:[,;]\s(?:dan|and|und|et)\s|[,;&]|\s(?:dan|bersama|dengan|serta|and|with|und|mit|et|avec)\s)\s?"
)
_DEGREE = re.compile(
    r"(?:(?:[A-Z][A-Za-z]{0,4}\.){1,4}[A-Za-z]{0,5}\.?"
    r"|[SM](?:E|H|M|T|P|A|IP|I|Si|Sc|Pd|Kom|Sos|Ag|Hum|I?Kom|AP)|MBA|BA|BSc|Ph\.?D|Lc|A\.?Md)"
    r"(?:\s|$)"
)
_NAME_PARTICLES = frozenset({"al", "bin", "binti", "da", "de", "del", "der", "di", "el", "la", "van", "von"})
_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff"))
EDGES = ' \t\r\n\xa0,:;|-–—•·*/<>[]"“”‘'


def credit_names(line: str) -> tuple[list[str], list[str]] | None:
    """Return the (authors, editors) that a credit line names, as printed; None if the line is text.

    A credit line is nothing but labels and names: `Penulis: A | Editor: B`, also over several lines or glued together
    (`Pewarta: AEditor: B`). `Penulis`, `Reporter`, `Pewarta`, `Laporan`, `Kontributor` … name authors; `Editor`,
    `Redaktur`, `Penyunting` editors; `Penulis/Editor` both. `Sumber`, `Fotografer` and a copyright notice name nobody,
    and neither does an empty label: ([], []). Names are separated by commas, semicolons, slashes, `dan` and `&`; a
    degree after a comma stays with its name.
    """
    line = line.strip(" \t\r\n\xa0*•-–—")
    if (report := _REPORT_BY.fullmatch(line)) and is_full_name(report["name"]):
        return [report["name"]], []
    if line[:1] in ("(", "["):
        line = line[1:].rstrip(")]")
    if len(line) > 1000 or not _CREDIT_LABEL.match(line):
        return None
    labels = [*_CREDIT_LABEL.finditer(line)]
    authors: list[str] = []
    editors: list[str] = []
    for label, following in zip(labels, [*labels[1:], None], strict=True):
        if label["rights"]:
            break
        value = line[label.end() : following.start() if following else None].strip(EDGES)
        names = _names_of_value(value)
        if len(value) > 200 or any(_reads_as_prose(name, closed=value.endswith(".")) for name in names):
            return None
        if re.search(_AUTHOR_ROLES, label["roles"], re.IGNORECASE):
            authors += names
        if re.search(_EDITOR_ROLES, label["roles"], re.IGNORECASE):
            editors += names
    return authors, editors


def _names_of_value(value: str) -> list[str]:
    """Return the names in a label's value."""
    names: list[str] = []
    for part in _NAME_SEPARATOR.split(value):
        if names and _DEGREE.match(part):
            names[-1] += f", {part}"
        elif name := clean_name(part):
            names.append(name)
    return names


def _reads_as_prose(name: str, *, closed: bool) -> bool:
    """True if a name has too many words, or too many in lower case, to be one."""
    words = [word for word in name.split() if word.lower() not in _NAME_PARTICLES]
    lower_case = sum(word[0].islower() for word in words)
    return len(words) > 12 or lower_case > 2 or (lower_case == 2 and len(words) > 2) or (lower_case > 0 and closed)


_WRITTEN_BY = (
    r"(?:di(?:tulis|posting|unggah|terbitkan|publikasikan|perbarui|laporkan)\soleh|(?:posted|written|published|updated|reported|story|words|report|recipe|text)\sby"
    r"|(?:geschrieben|verfasst|veröffentlicht|text|alles|(?:ein\s)?beitrag)\svon|(?:écrit|publié|rédigé|propos\srecueillis)\spar"
    r"|(?:escrito|publicado|redactado)\spor|scritto\sda|(?:geschreven|geplaatst)\sdoor|(?:skriven|skrevet)\sa[vf])"
)
# A preposition before a name; before a lower-case letter it is part of the name.
_PREPOSITION = r"(?:von|durch|par|por|door|av|af|da)"
_BYLINE_LABEL = re.compile(
    rf"(?:{_WRITTEN_BY}|oleh|by|verfasst|about\sthe\sauthor|{_AUTHOR_ROLES}|{_EDITOR_ROLES}"
    rf"|{_PREPOSITION}(?=\s(?-i:[A-ZÀ-Þ])))"
    r"(?:\s{0,3}:|(?=\s)|$)\s*",
    re.IGNORECASE,
)
_JOBS = (
    r"(?:(?:[\w-]*(?:redaktion|redaksi|redakteur(?:in)?|redakt[öø]r|volontär(?:in)?|korrespondent(?:in)?|journalist(?:in|e|a)?))"
    r"|(?:staff|senior|chief|managing|news|associate|contributing|political|sports?)\s(?:writer|editor|reporter|correspondent)"
    r"|correspondent|columnist|kolumnis|contributor)"
)
_BYLINE_ROLE = re.compile(rf"\s?(?:[|,/]|\s[-–—])\s?(?:{_ROLES}|{_JOBS})\b[^|]{{0,60}}$|\s기자$", re.IGNORECASE)
# Only after a full name: `Sari Wulandari Reporter`; `Kabar Reporter` may be a desk.
_ROLE_AFTER_NAME = re.compile(
    rf"\s(?:{_AUTHOR_ROLES}|{_EDITOR_ROLES}|staff\s(?:writer|reporter)|(?:verified|guest|senior)\s(?:writer|author|reporter))$",
    re.IGNORECASE,
)
# A byline that names the editor behind the author, without colons.
_EDITOR_AFTER_NAME = re.compile(rf"(?P<authors>.+?)\s(?=[A-Z])(?i:{_EDITOR_ROLES})\s(?P<editors>.+)")
# `Budi Santoso (bud)`, `Budi Santoso (Kontributor Medan)`.
_BYLINE_BRACKET = re.compile(r"(?<=\w)\s?\([^()]{1,80}\)$")
_PICTURE_SOURCE = re.compile(
    r"(?:foto|photo|gambar|bild|фото)\s(?:dari|oleh|koleksi|from|by|via|von|par|из|от)\s", re.IGNORECASE
)
_PICTURE_CREDIT = re.compile(
    r"\b(?:foto|photo|bild|gambar|video|ilustrasi|illustration)(?:s|er|grafer)?\s?:.*$", re.IGNORECASE | re.DOTALL
)
_DESK_NAME = re.compile(r"(?:redaksi|redaktion|redacción|tim|team|admin\w*|editor|news\w*|staff|the)\b", re.IGNORECASE)
_NEWSROOM = re.compile(
    r"(?:(?:tim|team|die|la)\s)?(?:redaksi|redaktion|redacción|rédaction)(?:\s[A-Z]\S*){0,2}|admin", re.IGNORECASE
)
# What remains after the name in `Budi Santoso am 14. Dezember`, `Budi Santoso, Minggu, 14 Desember`,
# `Budi Santoso & 2 others`.
_TRAILING_WORDS = re.compile(
    rf"\s(?:am|um|on|at|in|le|el|den|pada|di|dan|and|und|et|y|e|&|follow)$|\s?[,|–-]\s?(?:{'|'.join(WEEKDAYS)}|(?:mon|tues|wednes|thurs|fri|satur|sun)day)$",
    re.IGNORECASE,
)


_BOX_WORD = (
    r"(?:follow(?:\s(?:us|me|on\s\w+))?|ikuti(?:\skami)?|facebook|twitter|instagram|whatsapp|telegram|linkedin|pinterest"
    r"|youtube|tiktok|threads|x|share|bagikan|tweet|print|cetak|e-?mail)"
)
# What a byline's box says beside the name, or in the place of one.
_NO_NAME = re.compile(
    rf"{_BOX_WORD}(?:[\s,;/&+|•·-]{{1,5}}{_BOX_WORD}){{0,20}}|word\s?press\s?admin|wp[-_\s]?admin"
    r"|(?:last\s|terakhir\s|zuletzt\s)?(?:updated?|modified|diperbarui|diperbaharui|diubah|aktualisiert)(?:\s(?:on|at|pada|am))?"
    r"|(?:no|unknown|tanpa|tidak\sada)\s(?:author|penulis)|anonym(?:ous)?|anonim"
    r"|(?:vor\s|il\sy\sa\s|hace\s)?\d{1,3}\s(?:detik|menit|jam|hari|minggu|bulan|tahun|minute?s?n?|mins?|hours?|stunden?|days?"
    r"|tage?n?|weeks?|wochen?|heures?|horas?)(?:\s(?:yang\s)?(?:lalu|ago))?",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"@|\[at\]|\(at\)|^https?:|^www\.", re.IGNORECASE)
# What Cloudflare shows instead of a mail address.
_HIDDEN_MAIL = re.compile(r"\[?email\sprotected\]?", re.IGNORECASE)


def names_before_editor(line: str) -> tuple[list[str], list[str]] | None:
    """Return the (authors, editors) of a byline that says their roles without colons: `Penulis Sari Wulandari Editor
    Rina Sari`; None for any other."""
    match = _EDITOR_AFTER_NAME.fullmatch(line)
    authors, editors = (clean_name(match["authors"]), clean_name(match["editors"])) if match else (None, None)
    if authors is None or editors is None:
        return None
    names = split_names(authors), split_names(editors)
    return names if all(map(is_full_name, (*names[0], *names[1]))) else None


def split_names(name: str) -> list[str]:
    """Split a byline of several names, `Budi Santoso, Ani Rahayu dan Tono Adi`.

    A desk's name (`Hukum dan Kriminal`) is one name, a degree after a comma stays, and a place after a name is removed.
    """
    by_slash = [part.strip() for part in name.split("/")]
    if len(by_slash) > 1 and all(map(is_full_name, by_slash)):  # no initials, `dpa/lno`
        return by_slash
    parts: list[str] = []
    for part in _BYLINE_SEPARATOR.split(name):
        if parts and _DEGREE.match(part):
            parts[-1] += f", {part}"
        elif part and not (parts and part.lower() in PLACES):
            parts.append(part)
    full = sum(" " in part for part in parts)
    agencies = sum(len(part) <= 5 and part.isupper() for part in parts[1:])
    return parts if full and (full > 1 or full + agencies == len(parts)) else [name]


def clean_name(text: str) -> str | None:
    """Return the name in a byline, as printed, on one line; None if nothing is left.

    `Oleh`, roles, mail and web addresses, `@handle`, `(initials)` after a name and the photographer (`Foto: Budi`) are
    removed. A desk (`Redaksi NarayaPost`), degrees and initials (`jpp`, `K.`) stay. A label other than an author's
    (`Wawancara: Budi`) is not followed by an author.
    """
    text = _PICTURE_CREDIT.sub("", unescape(text).translate(_INVISIBLE))
    if _PICTURE_SOURCE.match(text):
        return None
    if "protected" in text:
        text = _HIDDEN_MAIL.sub("", text)
    words = [word for word in text.split() if not _ADDRESS.search(word)]
    name = " ".join(words).strip(EDGES)
    while label := _BYLINE_LABEL.match(name):
        name = name[label.end() :].strip(EDGES)
    if name.startswith("(") and name.endswith(")"):
        name = name[1:-1].strip(EDGES)
    name = _BYLINE_BRACKET.sub("", _BYLINE_ROLE.sub("", name)).strip(EDGES)
    name = _TRAILING_WORDS.sub("", name).strip(EDGES)
    if (role := _ROLE_AFTER_NAME.search(name)) and is_full_name(person := name[: role.start()]):
        name = person
    if re.search(r"(?<![\w.])[^\W\d_]{4,}\.$", name):
        name = name[:-1]
    is_name = any(letter.isalnum() for letter in name) and ":" not in name and not _NO_NAME.fullmatch(name)
    return name if is_name else None


def is_full_name(name: str) -> bool:
    """True if a name reads as a person's: two to five words, only particles in lower case, no digit."""
    words = name.split()
    return (
        2 <= len(words) <= 5
        and all(word in _NAME_PARTICLES or (word[0].isalpha() and not word[0].islower()) for word in words)
        and not any(letter.isdigit() or letter in "!?:…&|/" for letter in name)
        and not _DESK_NAME.match(name)
    )


def is_desk_name(name: str) -> bool:
    """True if a name is a desk's or a login of the newsroom: `Redaksi`, `Tim Liputan`, `admin`."""
    return _DESK_NAME.match(name) is not None


def is_newsroom(name: str) -> bool:
    """True if a name is the newsroom's and nothing else's: `Redaksi`, `Tim Redaksi`, `Redaksi NarayaPost`."""
    return _NEWSROOM.fullmatch(name) is not None


def opens_like_byline(text: str) -> bool:
    """True if a text opens with the words before an author's name: `Oleh`, `Penulis`, `Ditulis oleh`."""
    return _BYLINE_LABEL.match(text) is not None


_BYLINE_TEXT = re.compile(
    rf"(?:(?P<sure>{_WRITTEN_BY}|verfasst\svon|oleh|by|{_AUTHOR_ROLES}(?=\s{{0,3}}:))|{_PREPOSITION})(?P<colon>\s{{0,3}}:|\s)\s{{0,3}}"
    r"(?P<name>[^•·|\n\d]{2,80}?)\s*(?:[•·|]|\s[-–—]\s|(?P<number>,?\s?\d)|$)",
    re.IGNORECASE,
)
_LINE_SEPARATOR = re.compile(r"\s?[|•·]\s?|\s[/–—-]\s")
_NAME_INSIDE = re.compile(
    rf"\s(?:{_WRITTEN_BY}|oleh|by)\s(?P<name>[^\d|•·/]{{2,60}}?)\s*(?:[|•·/]|,?\s?\d|$)", re.IGNORECASE
)
# `Filed under: Daerah — Budi @ 21:35`, as an early default theme of WordPress writes it.
_NAME_AT_TIME = re.compile(r"[—–-]\s(?P<name>[^—–@\d]{2,40}?)\s@\s\d{1,2}:\d\d")


def name_in_byline(line: str) -> str | None:
    """Return the name in a line of an article's header that opens with a byline: `Oleh Budi • 14 Des 2025` gives
    `Budi`; None for any other line.

    After a word that also begins sentences (`Von`, `Par`), and before a number, only full names count.
    """
    line = line.strip()
    match = _BYLINE_TEXT.match(line) or _NAME_AT_TIME.search(line[:200])
    name = clean_name(match["name"]) if match else None
    if match is None or name is None or _reads_as_prose(name, closed=False):
        return None
    if match.re is _BYLINE_TEXT:
        if not match["sure"] or match["number"]:
            return name if all(map(is_full_name, split_names(name))) else None
        if match["colon"].endswith(":") and " " not in name:
            return name
        return name if name[0].isupper() or re.fullmatch(r"[a-z]{2,5}", name) else None
    return name


def is_byline_label(line: str) -> bool:
    """True if a line is nothing but the words before an author's name."""
    line = line.strip(EDGES)
    match = _BYLINE_LABEL.match(f"{line} A") if len(line) <= 30 else None
    return match is not None and match.end() == len(line) + 1


def names_inside_line(line: str) -> list[str]:
    """Return the full names after a byline's words inside a line of an article's header: `Daerah | 14 Des 2025 | Oleh
    Budi Santoso`, `14 Des 2025 by Budi Santoso`."""
    for part in _LINE_SEPARATOR.split(line):
        name = name_in_byline(part)
        if name and all(map(is_full_name, split_names(name))):
            return split_names(name)
    match = _NAME_INSIDE.search(line) if re.search(r"\d", line) else None
    name = clean_name(match["name"]) if match else None
    return split_names(name) if name and all(map(is_full_name, split_names(name))) else []


def names_of_byline_line(line: str) -> list[str]:
    """Return the full names of a line that is a byline and nothing else: `Oleh: Budi Santoso dan Ani Rahayu`; [] for
    any other line."""
    line = line.translate(_INVISIBLE).strip()
    match = _BYLINE_TEXT.fullmatch(line)
    name = clean_name(match["name"]) if match else None
    names = split_names(name) if name else []
    return names if names and all(map(is_full_name, names)) else []
