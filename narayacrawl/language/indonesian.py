"""Read the Indonesian of news pages: calendar words, datelines, end markers, related labels, placeholders, blurbs.

Every function judges a piece of text by its words alone; its place and its links are for the caller to weigh. White
space may be of any kind (`\\xa0` too), quotation marks straight or curly. Lengths and positions count characters of the
text as given, so that a caller can cut the markup at the same place.
"""

import re
from collections.abc import Collection
from datetime import timedelta, timezone

from narayacrawl.language.places import COUNTRIES, PLACES

MONTHS: dict[str, int] = {
    spelling: number
    for number, spellings in enumerate(
        (
            "januari jan", "februari febuari pebruari feb peb", "maret mar mrt", "april apr", "mei", "juni jun",
            "juli jul",
            "agustus agu agt ags agst agust", "september sep sept", "oktober okt", "november nopember nov nop",
            "desember des",
        ),
        start=1,
    )
    for spelling in spellings.split()
}  # fmt: skip
"""Every spelling of a month in lower case, with its number from 1."""

WEEKDAYS: dict[str, int] = {
    "senin": 0, "selasa": 1, "rabu": 2, "kamis": 3, "jumat": 4, "jum'at": 4, "jum’at": 4, "sabtu": 5,
    "minggu": 6, "ahad": 6,
}  # fmt: skip
"""Every spelling of a weekday in lower case, with its number, Monday 0. Only a checksum: `minggu` is also a week."""

ZONES: dict[str, timezone] = {
    name: timezone(timedelta(hours=hours), name.upper()) for name, hours in (("wib", 7), ("wita", 8), ("wit", 9))
}
"""The three Indonesian zones by their names in lower case. None has summer time."""


def _words(words: str) -> frozenset[str]:
    return frozenset(words.split())


_TLD = r"\.(?:com|co|id|net|org|news|info|tv|my|sg|au|uk)"
_DOMAIN = re.compile(rf"(?:[\w-]{{1,40}}\.){{0,2}}[\w-]{{1,40}}(?:{_TLD}){{1,2}}", re.IGNORECASE)
_DATELINE = re.compile(r"""(?P<head>[^\s"“”‘?!;:][^\n"“”‘?!;:]{0,69}?)\s{0,3}(?:[–—―]|-{1,3})(?:\s+|$)""")
_DATELINE_SEPARATOR = re.compile(r"\s{0,3}[,|/()\[\]]\s{0,3}")
_DATELINE_DAY = re.compile(
    rf"\b\d{{1,2}}(?:/\d{{1,2}}(?:/\d{{2,4}})?|\s(?:{'|'.join(MONTHS)})\b(?:\s\d{{4}})?)|\b(?:{'|'.join(WEEKDAYS)})\b",
    re.IGNORECASE,
)
_NAME_WORD = r"(?:[A-ZÀ-Þ][\w.'’]*|i[A-Z]\w+|tv[A-Z]\w+|dan|of)"
_NAME = re.compile(rf"{_NAME_WORD}(?:[\s-](?:{_NAME_WORD}|\d{{1,3}})){{0,4}}")
_PLACE_AFFIX = re.compile(
    r"^(?:kab(?:upaten|\.)?|kota|pulau|prov(?:insi|\.))\s+"
    r"|\s(?:utara|selatan|timur|barat|tengah|tenggara|pusat|daya|raya)$"
)
_MEDIA_WORD = re.compile(r"berita|harian|kabar|koran|media|news|post|radar|suara|times|tribun|warta", re.IGNORECASE)
_SENTENCE_START = re.compile(r"""["“‘'(\[]*(?:[A-ZÀ-Þ\d]|[a-z]-?[A-Z]|$)""")
_OPENING_WORDS = _words(
    "bagi berdasarkan bupati dalam dari dengan di gubernur jika kalau karena ke kepala ketika ketua meski menteri "
    "menurut oleh pada presiden saat sebelum sejak selain sementara setelah untuk usai wakil wali"
)
_COLUMN_NAMES = _words("breaking foto galeri infografis opini rubrik update video viral")


def split_dateline(text: str, portal_names: Collection[str] = (), bold: str = "") -> tuple[str | None, int]:
    """Return the dateline that opens `text`, a body's first paragraph, and the number of characters to cut: (None, 0)
    without one. `bold` is the bold text that opens it, "" if none does.

    `YOGYAKARTA, NarayaPost – Wali kota …` gives `YOGYAKARTA, NarayaPost` and 25: the dateline has no dash and no outer
    white space, the cut includes both. `portal_names` are the site's own names and hosts, in any case and spacing.

    A dateline is at most 70 characters of names, then `-`, `--`, `–`, `—` or `―`, then white space (a colon does not
    count: it introduces speech). It must hold one of these: a name of `portal_names`; a place of `places.py` or a
    pronounceable word in capitals (BMKG is not one), alone or joined by comma, bracket, slash or bar to a second name
    or to a day; a host (`KOMPAS.com`) or a medium by its word (`BeritaSatu`); a bold name alone: a village that no
    list has. Except after the site's own name and a host beside a place, a sentence must begin after the dash;
    `Bogor - Depok …` and `Oman - Irak …` are routes and matches.
    """
    first = _DATELINE.match(text, len(text) - len(text.lstrip()))
    if not first:
        return None, 0
    portals = {
        _fold_name(form) for name in portal_names for form in (name, re.sub(rf"^www\.|(?:{_TLD}){{1,2}}$", "", name))
    }
    rest = text[first.end() :][:60]
    if not (
        _is_dateline([first["head"]], rest, portals)
        or (bold and first["head"] == bold.strip(" \xa0–—―-") and _is_place_by_type(first["head"], rest))
    ):
        return None, 0
    second = _DATELINE.match(text, first.end())
    if second and _is_dateline([first["head"], second["head"]], text[second.end() :][:60], portals):
        return text[first.start() : second.end("head")], second.end()
    return first["head"], first.end()


def _fold_name(name: str) -> str:
    """Reduce a name to its letters and digits in lower case."""
    return re.sub(r"[\W_]", "", name.casefold())


def _is_dateline(heads: list[str], rest: str, portals: Collection[str]) -> bool:
    """True if the names before one or two dashes make a dateline."""
    heads_without_day = [_DATELINE_DAY.sub(" ", head) for head in heads]
    parts = [part for head in heads_without_day for part in _DATELINE_SEPARATOR.split(head.strip()) if part]
    kinds = [_dateline_kind(part, portals) for part in parts]
    if not kinds or len(kinds) > 4 or "" in kinds:
        return False
    if len(heads) == 2:
        return len(kinds) == 2 and bool({"portal", "host"} & {*kinds}) and bool({"place", "capitals"} & {*kinds})
    if "portal" in kinds or ("host" in kinds and len(kinds) > 1):
        return True
    if not _SENTENCE_START.match(rest):
        return False
    if len(kinds) > 1 or heads_without_day != heads:
        return kinds.count("name") < 2 and not {*kinds} <= {"name", "acronym"}
    if kinds == ["place"]:
        return not _is_route(parts[0], rest)
    return kinds in (["host"], ["capitals"]) or (kinds == ["medium"] and re.search(r"[a-z][A-Z]", parts[0]) is not None)


def _is_place_by_type(head: str, rest: str) -> bool:
    """True if a bold name before a dash and a sentence may be a place: no acronym, no column's name."""
    return (
        _dateline_kind(head, ()) in ("name", "medium")
        and not _COLUMN_NAMES & {*head.lower().split()}
        and _SENTENCE_START.match(rest) is not None
    )


def _dateline_kind(part: str, portals: Collection[str]) -> str:
    """Return the kind of one name of a dateline: portal, host, place, medium, capitals, acronym, name; "" for none."""
    if _fold_name(part) in portals:
        return "portal"
    if _DOMAIN.fullmatch(part):
        return "host"
    if not _NAME.fullmatch(part) or part.split(maxsplit=1)[0].lower() in _OPENING_WORDS:
        return ""
    if {_bare_place(part), part.lower()} & (PLACES | COUNTRIES):
        return "place"
    if part.isupper():
        letters = [letter for letter in part if letter.isalpha()]
        is_pronounceable = len(letters) > 3 and 4 * sum(letter in "AEIOU" for letter in letters) > len(letters)
        is_place = is_pronounceable and not re.search(r"\d", part) and not _COLUMN_NAMES & {*part.lower().split()}
        return "capitals" if is_place else "acronym"
    return "medium" if _MEDIA_WORD.search(part) else "name"


def _bare_place(name: str) -> str:
    """Return a place in lower case without `Kota`, `Kabupaten` or compass point."""
    return _PLACE_AFFIX.sub("", " ".join(name.lower().split()))


def is_place(name: str) -> bool:
    """True if a name is a place's, with or without its compass point: `Banda Aceh`, `Jakarta Selatan`."""
    return _bare_place(name) in PLACES


def _is_route(place: str, rest: str) -> bool:
    """True if another place follows: a route or a match."""
    known = PLACES if _bare_place(place) in PLACES else COUNTRIES
    words = re.findall(r"[\w'’-]+", rest)[:3]
    following = {_bare_place(" ".join(words[:count])) for count in (1, 2, 3)}
    return bool(following & known - {_bare_place(place)}) and words[0][0].isupper()


_STARS = r"[(\[]\s?\*{1,3}\s?[)\]]|\*{3}|\*\s\*\s\*"
_INITIALS = r"\(\s?(?P<initials>[A-Za-z*]{1,8}(?:\s?/\s?[A-Za-z*]{1,8}){0,3})\s?\)"
_ENDING = re.compile(rf"(?:{_STARS}|{_INITIALS})\.?\s*$")
_AGENCIES = _words("adv ant antara red redaksi rls")
_BRACKETED_WORDS = _words(
    "alm atas atau bawah cm dan dia dkk dll dok dr dsb dst foto hal ha ini ist itu jam jl juta kanan kg kini kiri km "
    "kw lalu left liter luar m meter no pro right rt rw see sic tamu tgl via wib wit wita ya yang yg"
)


def split_ending(text: str) -> tuple[str | None, int]:
    """Return the end marker that closes `text`, a body's last paragraph, and the length of what stays: (None,
    len(text)) without one.

    Markers are `(*)`, `[**]`, `***`; initials joined by slashes (`(wnv/jpp)`, 2–5 lower-case letters each); agency and
    desk (`(Ant)`, `(red)`, `(rls/bud)`); a single set of initials of 2–4 letters only after the end of a sentence.
    Words that stand in brackets in prose (`(kiri)`, `(dan/atau)`) are no markers. Up to three in a row are one marker.
    What stays is right-stripped.
    """
    kept = len(text.rstrip())
    for _ in range(3):
        ending = _ENDING.search(text, max(0, kept - 60), kept)
        before = text[: ending.start()].rstrip() if ending else ""
        if ending is None or (ending["initials"] and not _are_initials(ending["initials"], before)):
            break
        kept = len(before)
    return (text[kept:].strip(), kept) if kept < len(text.rstrip()) else (None, len(text))


def _are_initials(initials: str, before: str) -> bool:
    """True if bracketed letters are initials or an agency, given the text before them."""
    groups = [group.strip() for group in initials.split("/")]
    ends_sentence = before[-1:] in (*".!?…”\"’')]*", "")
    if _AGENCIES & {group.lower() for group in groups}:
        return ends_sentence or len(groups) > 1
    if _BRACKETED_WORDS & {*groups}:
        return False
    if len(groups) == 1:
        return ends_sentence and re.fullmatch(r"[a-z]{2,4}", initials) is not None
    return all(re.fullmatch(r"[a-z]{2,5}|\*{1,3}", group) for group in groups)


_RELATED = re.compile(
    r"""[\s•▪●►▶→➤👉📖*>»\-–|\[(]{0,8}
    (?:(?P<weak>(?:baca|lihat|simak|tonton|cek|dengar)\s(?:juga|pula)|(?:simak|lihat|tonton)\svideo
        |also\sread|read\s(?:also|more)|see\salso)
      |(?P<noun>(?:berita|artikel|topik|konten)\s(?:terkait|lainnya)|pilihan\s(?:redaksi|editor)|rekomendasi\sredaksi
        |(?:berita|artikel)\s(?:terpopuler|populer|rekomendasi|pilihan)|rekomendasi(?:\suntuk\sanda)?|terpopuler
        |baca\sselengkapnya|selengkapnya|related\s(?:posts?|articles?|stor(?:y|ies)|news|content)
        |you\s(?:might|may)\salso\slike|recommended(?:\s(?:for\syou|stories|articles|reading))?|more\s(?:stories|articles|news))
      |(?:baca|simak|lihat)(?=\s?[:»]))\b
    (?P<separator>\s{0,3}(?:[:»›>\])]{1,4}|[-–—](?=\s))\s{0,3}[:\-–—]?|\s*$)?\s*""",
    re.IGNORECASE | re.VERBOSE,
)


def related_label(text: str) -> int:
    """Return the length of the related label that opens `text`, with its separator and space: `BACA JUGA: ` has 11; 0
    for none.

    The label alone is judged. With a separator, or as the whole line, it is certain; `Baca juga` without one counts
    only if written as a label (`Baca Juga`, `BACA JUGA`) or followed by a headline's capital, digit or quotation mark,
    so the caller must still check that the line is short or mostly link: `Baca juga Kompas setiap hari` may be prose.
    """
    label = _RELATED.match(text)
    if not label:
        return 0
    is_certain = label["separator"] is not None or (label["weak"] is None and label["noun"] is None)
    is_capitalised = label["weak"] is not None and label["weak"].split()[1][0].isupper()
    precedes_headline = label["weak"] is not None and bool(_SENTENCE_START.match(text, label.end()))
    return label.end() if is_certain or is_capitalised or precedes_headline else 0


_DISCLOSURE = re.compile(
    r"[*\s(]{0,3}(?:anzeige|werbung|advertorial|publikorial|affiliate|sponsored|paid)\b", re.IGNORECASE
)
# As PHP prints them into a page (main.c, display_errors).
_PHP_ERROR = re.compile(
    r"\s{0,9}(?:Warning|Notice|Deprecated|Fatal error|Parse error): .{1,400}? in \S{1,300} on line \d+"
)
_AD_SIZE = re.compile(r"\d{2,4}\s?[x×]\s?\d{2,4}")
_AD_TEXT = re.compile(
    r"(?=.*(?:\bad|iklan|scroll|gulir|geser|gambas|anzeige|werbung|publi|pubbl|reklam))"
    r"(?:(?:ad(?:vert(?:isements?|ising|s)?|s)?|anzeigen?|werbung|publicidad|publicité|pubblicità|reklama?"
    r"|iklan|banner|slot|space|ruang|pasang|placement|di ?sini|here|your"
    r"|scroll (?:down )?to (?:continue|resume)(?: with)?(?: content| reading)?"
    r"|(?:scroll|gulir|geser)(?: ke bawah)? untuk (?:melanjutkan|lanjut)(?: (?:membaca|baca|konten|berita))?"
    r"|gambas:[\w ]{1,40})[\s.:|*–—-]*)+"
)


def is_placeholder(text: str) -> bool:
    """True if the whole line is a placeholder for an advertisement or an embed (`AD PLACEMENT`, `[Gambas:Video
    20detik]`) or an error printed by PHP."""
    if _PHP_ERROR.match(text):
        return True
    if len(text) > 120:
        return False
    if _DISCLOSURE.match(text) and len(text) <= 60 and not text.endswith((".", "!", "?")):
        return True
    line = _AD_SIZE.sub("", text.lower()).strip(" \t\r\n\xa0-–—[]()*.:|_")
    return _AD_TEXT.fullmatch(" ".join(line.split())) is not None


_PAGE_LINKS = re.compile(
    r"(?:\W|\b\d{1,2}\b|\b(?:halaman|laman|hal|pages?|selanjutnya|berikutnya|sebelumnya|lanjut(?:kan)?|next|prev(?:ious)?"
    r"|dari|of|semua|all|tampilkan|show)\b)+",
    re.IGNORECASE,
)


def is_page_links(text: str) -> bool:
    """True if a line with links only leads through the pages of a split article: `1 2 3`, `Halaman 1 2 Selanjutnya`."""
    return len(text) <= 400 and _PAGE_LINKS.fullmatch(text) is not None


_INVITATION = re.compile(
    r"""(?:(?:yuk|ayo|mari|jangan\slupa|jangan\slewatkan|silakan),?\s(?:untuk\s)?)?
    (?:(?:ikuti|follow|pantau)\s(?:(?:juga|terus|selalu)\s)?(?:kami|us|berita|update|informasi|info|kabar|saluran|kanal
        |channel|akun|media\ssosial|whatsapp|telegram|google\snews|(?-i:(?:[A-Z][\w.]*\s){1,4})(?:di|on|lewat|melalui)\b)
      |(?:dapatkan|temukan|nikmati|baca|cek|simak|get)\s(?:juga\s)?(?:berita|update|informasi|info|kabar|artikel|konten
        |breaking\snews|notifikasi|video\spilihan)
      |(?:saksikan|tonton|simak|lihat|watch)\s(?:juga\s)?(?:the\s)?video
      |(?:ber)?gabung|join|(?:download|unduh|instal{1,2})\saplikasi|subscribe|berlangganan|klik|like)\b""",
    re.IGNORECASE | re.VERBOSE,
)
_CHANNEL = re.compile(
    r"\b(?:google\s?news|whatsapp|telegram|saluran|kanal|channel|aplikasi|newsletter|youtube|instagram|tiktok|facebook"
    r"|video (?:pilihan|menarik|populer|terkini|terbaru|lainnya|selengkapnya|lengkapnya|berikut|di bawah|below)"
    r"|subscribe|media sosial|fan\s?page)\b",
    re.IGNORECASE,
)
_QUOTED_SPEECH = re.compile(r"[,”\"]\s(?:kata|ujar|jelas|tutur|ungkap|imbau|papar|tegas|terang)(?:nya)?\b")


def is_blurb(text: str) -> bool:
    """True if a closing line of at most 320 characters invites to the portal's channels."""
    if len(text) > 320:
        return False
    line = " ".join(text.split())
    return bool(_INVITATION.match(line)) and bool(_CHANNEL.search(line)) and not _QUOTED_SPEECH.search(line)
