"""Part the caption of a picture from its credit: `Perahu di muara. (Foto: Antara/Budi)`."""

import re

from narayacrawl.language.credits import EDGES, is_full_name, names_of_byline_line

_CREDIT_WORD = (
    r"(?:sumber\s(?:foto|gambar)|foto\silustrasi|fotos?|photos?|gambar|images?(?:\sillustratives?)?|cr[eé]dits?|kredit|sumber|source"
    r"|fotografer|ilustrasi|(?:titel|beitrags|symbol)?bild(?:er)?(?:quelle|nachweis)?)"
)
_LABELLED_CREDIT = re.compile(
    rf"(?:^|(?<=[\s.,;|–—-]))(?:(?-i:(?=[A-Z])){_CREDIT_WORD}\s?(?::|/(?=\S)|\s(?:oleh|by)(?:\s?:|\s))"
    r"|(?-i:Oleh)\s?:|©)\s*(?P<credit>\S.*)$",
    re.IGNORECASE | re.DOTALL,
)
_AGENCY = r"(?:ANTARA(?:\sFOTO)?|Antara(?:\sFoto)?|AFP|AP|EPA|REUTERS|Reuters|Xinhua|Getty\sImages)"
_BARE_CREDIT = re.compile(
    rf"""(?:^|(?<=[\s.,;|–—-]))(?:(?P<credit>{_AGENCY}(?:\sPhoto)?/\S.*)|/([A-ZÀ-Þ][^/]*))$""",
    re.VERBOSE | re.DOTALL,
)
_CLOSING_CREDIT = re.compile(
    r"(?:^|(?<=[.!?”\"]\s))(?P<credit>(?:Dok(?:umen(?:tasi)?)?\b[.:]?\s?\S[^.]*|(?:Foto\s)?[Ii]lustrasi|Istimewa|Ist"
    r"|Tangkapan\s[Ll]ayar(?:\s[A-Z@][^.]*)?|Screenshot(?:\s[A-Z@][^.]*)?)\.?)$"
)
# `Jembatan gantung/Dok. Humas`: a source's own word parts it from the caption without a space.
_SLASH_CREDIT = re.compile(
    r"(?<=\w)\s?/\s?(?P<credit>(?:Dok\b[.:]?\s?|Dokumen(?:tasi)?\s)\S[^.]{0,100}\.?|Istimewa\.?|Ist\.?)$"
)
# `portal.com/BUDI SANTOSO`, `NarayaPost/Budi`, `TEMPO/Budi`, and after a sentence also `Portal/Budi Santoso`.
_SITE = r"(?:(?:[\w-]{1,40}\.){1,3}[a-z]{2,6}|[A-Z]\w{0,30}[a-z][A-Z]\w{1,30}|[A-Z]{5,20})"
_SITE_CREDIT = re.compile(
    rf"(?:^|(?<=[.!?”\"]\s)|(?<=\d\)\s))(?P<credit>(?:(?P<site>{_SITE})|[A-Z]\w{{1,30}}(?:\s[A-Z]\w{{1,30}}){{0,2}})"
    r"\s?/\s?(?P<name>[A-ZÀ-Þ@][^/()]{1,60})(?:/\w{1,12})?)$"
)
_ROLE_NAME = re.compile(r"(?:wakil|ketua|kepala|anggota|istri|suami|mantan|plt|pj)\b", re.IGNORECASE)
_BRACKET = re.compile(r"[(\[](?P<inside>[^()\[\]]{1,120})[)\]](?P<stop>\.?)$")
_BRACKETED_CREDIT = re.compile(
    rf"(?:(?i:oleh\s?:)|(?i:{_CREDIT_WORD}|dok|dokpri|dokumen(?:tasi)?|ist|istimewa|tangkapan\slayar|screenshot|humas"
    r"|courtesy|instagram|youtube)\b|©"
    rf"|{_AGENCY}\b|[A-Z]{{5,20}}/[A-Z@]"
    r"|(?=[A-Z][\w .-]*[a-z])[\w .-]{2,40}/[A-Z@]|(?:[\w-]+\.){1,3}(?:com|id|net|org)\b)"
)


# `Oleh Budi Santoso`, as a caption of its own.
_BY_NAME = re.compile(r"^(?:oleh|by|von|par|por|door)\b\s?:?\s{0,3}", re.IGNORECASE)
_PICTURE_LABEL = re.compile(
    r"(?:fotos?|photos?|gambar|images?(?:\sillustratives?)?|(?:titel|beitrags|symbol)?bild(?:er)?|ilustrasi)\s?:\s",
    re.IGNORECASE,
)


def is_picture_credit(line: str) -> bool:
    """True if a line opens with the label of a picture's credit, `Foto: Sari di pasar`, whatever follows."""
    return _PICTURE_LABEL.match(line) is not None


def is_by_name(line: str) -> bool:
    """True if a line is nothing but `Oleh` and names: a byline, or a picture's credit, by where it stands."""
    return _BY_NAME.match(line) is not None and bool(names_of_byline_line(line))


def split_credit(caption: str) -> tuple[str | None, str | None]:
    """Split a picture's caption into (caption without the credit, credit); None for a missing one.

    The credit ends the caption: after `Foto:`, `Foto/`, `Sumber:`, `Credit:`, `Photo by` …; in brackets; as an agency's
    line (`ANTARA FOTO/Budi/agr`), `/Budi` or `/Dok. Humas`; as a site and a name (`Portal/Budi Santoso`); or as a last
    sentence such as `Dok. Humas`, `Ilustrasi.` or `Istimewa`. It is as printed, without label, brackets and its own
    full stop. `Foto` without colon or slash, or inside a sentence, belongs to the caption.
    """
    text = caption.strip()
    if is_by_name(text):
        return None, _BY_NAME.sub("", text, count=1)
    bracket = _BRACKET.search(text, max(0, len(text) - 123))
    if bracket and _BRACKETED_CREDIT.match(bracket["inside"].strip()):
        text_before = text[: bracket.start()].rstrip()
        stop = bracket["stop"] if text_before and text_before[-1] not in '.!?”"' else ""
        return credit_parts(text_before + stop, _without_label(bracket["inside"].strip()))
    patterns = [_LABELLED_CREDIT, _BARE_CREDIT, _CLOSING_CREDIT]
    if "/" in text:
        patterns.append(_SLASH_CREDIT)
    found = [match for pattern in patterns if (match := pattern.search(text))]
    if "/" in text and (site := _SITE_CREDIT.search(text)) and _names_a_photographer(site):
        found.append(site)
    for match in sorted(found, key=lambda match: match.start()):
        credit = next(filter(None, match.groups()))
        if not reads_as_sentence(credit):
            return credit_parts(text[: match.start()], credit)
    return text or None, None


def _names_a_photographer(match: re.Match[str]) -> bool:
    """True if `Portal/Budi Santoso` is a site and a person rather than two words for one thing (`TNI/Polri`).

    A site that does not look like one is taken only after a sentence, before a full name.
    """
    name = match["name"].strip().rstrip(".")
    if _ROLE_NAME.match(name):
        return False
    if match["site"]:
        return name[0] == "@" or " " not in name or is_full_name(name)
    return match.start() > 0 and is_full_name(name)


def _without_label(credit: str) -> str:
    """Return a bracketed credit without its label."""
    label = _LABELLED_CREDIT.match(credit[:1].upper() + credit[1:])
    return label["credit"] if label else credit


def credit_parts(caption: str, credit: str) -> tuple[str | None, str | None]:
    """Return caption and credit without the separators around them."""
    credit = credit.strip(EDGES + "()")
    if credit.count("(") > credit.count(")"):  # `Budi Santoso (Antara)`
        credit += ")"
    if credit.endswith(".") and not re.search(r"\b[A-Z][a-z]?\.$", credit):
        credit = credit[:-1]
    return caption.rstrip(" \t\r\n\xa0|–—-,;(").strip() or None, credit or None


def reads_as_sentence(credit: str) -> bool:
    """True if a credit is too long or has too many words in lower case to be one."""
    words = credit.split()
    return len(words) > 12 or sum(word[0].islower() and "." not in word for word in words) > 2
