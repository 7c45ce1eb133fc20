"""Make up news for a search for duplicates: articles, copies of them that an editor has touched, and texts that only
look alike.

Each is derived from a seed. An article is a list of paragraphs, a paragraph a list of sentences.
"""

import random
import re
from collections.abc import Callable, Mapping
from functools import cache
from itertools import chain
from typing import Final, TypeAlias

from benchmarks.articles import _DOES, _PEOPLE, _PLACE, _SENTENCES, _THINGS, _WHO, CITIES

Text: TypeAlias = list[list[str]]
Make: TypeAlias = Callable[[random.Random], Text]
Edit: TypeAlias = Callable[[random.Random, Text], Text]

_LINKS: Final = """
yang dan di itu dengan untuk tidak ini dari dalam akan pada juga ke karena tersebut ada bisa oleh mereka lebih kata
tahun sudah atau saat kami telah satu hari bagi para seperti dua sebagai setelah hanya masih warga secara bahwa menjadi
hingga antara belum dapat sejak namun agar sebelum selama melalui terhadap
"""
_START: Final = ("", "", "", "me", "ber", "pe", "ter", "di", "ke", "mem", "men")
_ONSET: Final = ("b", "c", "d", "g", "h", "j", "k", "l", "m", "n", "p", "r", "s", "t", "w", "ng", "ny")
_END: Final = ("", "", "", "", "n", "ng", "r", "s", "k", "t", "h", "kan", "an", "nya", "i")


def _vocabulary(count: int) -> list[str]:
    """Make up words as Indonesian has them, the frequent ones first."""
    chance = random.Random(11)
    made = dict.fromkeys(_LINKS.split())
    while len(made) < count:
        syllables = "".join(chance.choice(_ONSET) + chance.choice("aaaiueo") for _ in range(chance.randint(2, 3)))
        made[chance.choice(_START) + syllables + chance.choice(_END)] = None
    return list(made)


WORDS: Final = _vocabulary(9_000)
_RANKS: Final = [1 / (rank + 8) for rank in range(len(WORDS))]
_CUMULATIVE: Final = [sum(_RANKS[:1])]
for _rank in _RANKS[1:]:
    _CUMULATIVE.append(_CUMULATIVE[-1] + _rank)
NAMES: Final = [word.title() for word in WORDS[3_000:4_500]]


def number(chance: random.Random) -> str:
    """Return a figure as news has them."""
    kind = chance.randrange(4)
    if kind == 0:
        return str(chance.randint(2, 98))
    if kind == 1:
        return f"Rp{chance.randint(2, 98)}.{chance.randint(0, 9)}00"
    return f"{chance.randint(2, 98)},{chance.randint(1, 9)} persen" if kind == 2 else f"{chance.randint(101, 990)}"


# Articles


def free_sentence(chance: random.Random) -> str:
    """Return a sentence of made-up words, some with a name or a figure."""
    words = chance.choices(WORDS, cum_weights=_CUMULATIVE, k=chance.randint(7, 22))
    if chance.random() < 0.4:
        words.insert(chance.randint(1, len(words)), f"{chance.choice(NAMES)} {chance.choice(NAMES)}")
    if chance.random() < 0.3:
        words.insert(chance.randint(1, len(words)), number(chance))
    text = " ".join(words)
    return f"{text[0].upper()}{text[1:]}."


def template_sentence(chance: random.Random) -> str:
    """Return one of a few sentences with others' words in its gaps: all articles are built of the same ones."""
    return chance.choice(_SENTENCES).format(
        people=chance.choice(_PEOPLE),
        thing=f"{chance.choice(_THINGS)} {chance.choice(_PLACE)}",
        number=chance.randint(12, 480),
    )


def numbered_sentence(chance: random.Random) -> str:
    """Return a sentence of words that have a number at their end."""
    return f"Kata{' '.join(f'kata{chance.randint(1, 3_000)}' for _ in range(chance.randint(8, 18)))}."[4:]


@cache
def _sentences() -> list[str]:
    """Make up a set of sentences."""
    chance = random.Random(3)
    return [free_sentence(chance) for _ in range(200_000)]


def known_sentence(chance: random.Random) -> str:
    """Return one of a set of sentences."""
    return chance.choice(_sentences())


def _article(sentence: Callable[[random.Random], str], least: int, most: int) -> Make:
    def make(chance: random.Random) -> Text:
        return [[sentence(chance) for _ in range(chance.randint(1, 3))] for _ in range(chance.randint(least, most))]

    return make


ARTICLES: Final[Mapping[str, Make]] = {
    "free": _article(free_sentence, 7, 18),
    "free, short": _article(free_sentence, 3, 4),
    "templates": _article(template_sentence, 7, 18),
    "numbered": _article(numbered_sentence, 7, 18),
    "sentences": _article(known_sentence, 7, 18),
}


# Copies


def _synonyms(share: float) -> Edit:
    def edit(chance: random.Random, text: Text) -> Text:
        def other(match: re.Match[str]) -> str:
            if chance.random() >= share:
                return match[0]
            return f"kata{chance.randint(1, 3_000)}" if match[0][-1].isdecimal() else chance.choice(WORDS[60:4_000])

        return [[re.sub(r"(?<=\s)[a-z]{3,}\d*", other, sentence) for sentence in paragraph] for paragraph in text]

    return edit


def _careless(share: float) -> Edit:
    """With words left out, doubled, and misspelt."""

    def edit(chance: random.Random, text: Text) -> Text:
        def other(match: re.Match[str]) -> str:
            if chance.random() >= share:
                return match[0]
            return chance.choice(("", f"{match[0]} {match[0]}", match[0][1:], f"{match[0][:-1]}h"))

        return [[re.sub(r"(?<=\s)[a-z]{3,}", other, sentence) for sentence in paragraph] for paragraph in text]

    return edit


def _sentences_shuffled(chance: random.Random, text: Text) -> Text:
    sentences = [sentence for paragraph in text for sentence in paragraph]
    return [[sentence] for sentence in chance.sample(sentences, len(sentences))]


def _shuffled(chance: random.Random, text: Text) -> Text:
    return chance.sample(text, len(text))


def _cut(count: int) -> Edit:
    def edit(chance: random.Random, text: Text) -> Text:
        left = list(text)
        for _ in range(min(count, len(left) - 2)):
            del left[chance.randrange(len(left))]
        return left

    return edit


def _added(chance: random.Random, text: Text) -> Text:
    place = chance.randint(0, len(text))
    return [*text[:place], [free_sentence(chance) for _ in range(2)], *text[place:]]


def _framed(chance: random.Random, text: Text) -> Text:
    """With a dateline and a closing credit."""
    city, name = chance.choice(CITIES), chance.choice(NAMES)
    first = [f"{city.upper()}, Kabar {name} — {text[0][0]}", *text[0][1:]]
    closing = [f"Artikel ini telah tayang di Kabar {name}.", f"Pewarta: {name} Editor: {chance.choice(NAMES)}"]
    return [first, *text[1:], closing]


def _corrected(chance: random.Random, text: Text) -> Text:
    """With one figure put right."""
    for paragraph, sentences in enumerate(text):
        for place, sentence in enumerate(sentences):
            if re.search(r"\d", sentence):
                own = [list(each) for each in text]
                own[paragraph][place] = re.sub(r"\d+", str(chance.randint(2, 98)), sentence, count=1)
                return own
    return text


def _restyled(chance: random.Random, text: Text) -> Text:
    """With other quotation marks, dashes and spaces, and all in fewer paragraphs."""
    own = [[s.replace("“", '"').replace("”", '"').replace("Rp", "Rp ") for s in paragraph] for paragraph in text]
    return [[*chain(*own[start : start + 3])] for start in range(0, len(own), 3)]


def _after(*edits: Edit) -> Edit:
    def edit(chance: random.Random, text: Text) -> Text:
        for own in edits:
            text = own(chance, text)
        return text

    return edit


COPIES: Final[Mapping[str, Edit]] = {
    "as it was": lambda chance, text: text,
    "dateline and credit": _framed,
    "paragraphs in another order": _shuffled,
    "sentences in another order": _sentences_shuffled,
    "a paragraph cut": _cut(1),
    "three paragraphs cut": _cut(3),
    "the first six tenths": lambda chance, text: text[: max(2, round(len(text) * 0.6))],
    "a paragraph added": _added,
    "a figure put right": _corrected,
    "other marks, longer paragraphs": _restyled,
    "synonyms, 5 %": _synonyms(0.05),
    "synonyms, 10 %": _synonyms(0.10),
    "synonyms, 15 %": _synonyms(0.15),
    "careless, 8 %": _careless(0.08),
    "in capitals": lambda chance, text: [[sentence.upper() for sentence in paragraph] for paragraph in text],
    "credit, order, a cut": _after(_cut(1), _shuffled, _framed),
    "credit, 6 % synonyms, a cut, one added": _after(_cut(1), _added, _synonyms(0.06), _framed),
    "10 % synonyms, order, a cut": _after(_synonyms(0.10), _cut(1), _shuffled),
}


# Texts that are no copies


def _follow_up(share: float, length: float) -> Edit:
    """A report whose text is for this share that of the other one, its background; `length`: how long it is."""

    def edit(chance: random.Random, text: Text) -> Text:
        words = length * sum(len(s.split()) for paragraph in text for s in paragraph)
        background: Text = []
        for paragraph in chance.sample(text, len(text)):
            size = sum(len(s.split()) for kept in [*background, paragraph] for s in kept)
            if size <= share * words:
                background.append(paragraph)
        new: Text = []
        while sum(len(s.split()) for paragraph in new for s in paragraph) < (1 - share) * words:
            new.append([free_sentence(chance) for _ in range(2)])
        return [*new, *background]

    return edit


def _retelling(chance: random.Random, text: Text) -> Text:
    """A follow-up with a third of the other one's sentences strewn over it."""
    sentences = [sentence for paragraph in text for sentence in paragraph]
    kept = set(chance.sample(range(len(sentences)), len(sentences) // 3))
    return [[own if place in kept else free_sentence(chance)] for place, own in enumerate(sentences)]


def _quoting(chance: random.Random, text: Text) -> Text:
    """Another report of the same event: two sentences are the same."""
    own = [[free_sentence(chance) for _ in range(2)] for _ in range(len(text))]
    for sentence in chance.sample([s for paragraph in text for s in paragraph], 2):
        chance.choice(own).append(sentence)
    return own


_GOODS: Final = (
    "beras medium", "beras premium", "gula pasir", "minyak goreng curah", "cabai rawit merah", "cabai keriting",
    "bawang merah", "bawang putih", "telur ayam ras", "daging sapi murni", "tepung terigu", "kedelai impor",
)  # fmt: skip


def _prices(share: float) -> Make:
    """Daily prices: the same sentences, of the figures this share as on a day that all know."""
    usual = random.Random(5)
    known = {good: (usual.randint(11, 99), usual.randint(0, 9)) for good in _GOODS}

    def make(chance: random.Random) -> Text:
        lines = []
        for good in _GOODS:
            high, low = known[good] if chance.random() < share else (chance.randint(11, 99), chance.randint(0, 9))
            lines.append([
                f"Harga {good} di pasar tradisional hari ini Rp{high}.{low}00 per kilogram menurut catatan"
                " petugas panel harga pangan."
            ])  # fmt: skip
        opening = (
            "Berikut daftar harga bahan pokok di pasar tradisional yang dihimpun dari panel harga pangan pada"
            f" {chance.randint(1, 28)} {chance.choice(('Maret', 'April', 'Mei', 'Juni', 'Juli'))} 2025."
        )
        closing = (
            "Harga dapat berubah sewaktu-waktu menurut pasokan dari petani dan distributor, sehingga pembeli diminta"
            " memeriksa kembali sebelum berbelanja di pasar terdekat."
        )
        return [[opening], *lines, [closing]]

    return make


def gold(chance: random.Random) -> Text:
    """One price a day, and much that is always said of it."""
    return [
        [f"Harga emas batangan di butik kota hari ini Rp{chance.randint(1_200_000, 1_990_000)} untuk setiap gram."],
        ["Harga itu belum termasuk pajak penghasilan yang dipungut dari pembeli tanpa nomor pokok wajib pajak."],
        ["Emas dijual mulai dari pecahan terkecil sampai batangan besar yang biasa menjadi tabungan keluarga."],
        ["Pembeli dapat memesan lewat laman resmi lalu mengambil batangan di butik terdekat dengan kartu identitas."],
    ]


def forecast(chance: random.Random) -> Text:
    """A district's weather without a figure."""
    place = f"{chance.choice(NAMES)} {chance.choice(NAMES)}"
    sky, later = chance.choice(_SKY), chance.choice(_SKY)
    return [
        [f"Cuaca di {place} besok diprakirakan {sky} sejak pagi, kata petugas badan meteorologi."],
        [f"Menjelang malam langit di atas {place} menjadi {later} dan udara terasa lebih lembap."],
        [f"Warga {place} diminta membawa payung serta memantau kanal resmi sebelum bepergian jauh."],
    ]


_SKY: Final = ("cerah", "cerah berawan", "berawan tebal", "hujan ringan", "hujan sedang", "hujan petir", "udara kabur")


def weather(chance: random.Random) -> Text:
    """Tomorrow's weather in one place."""
    place = chance.choice(NAMES)
    part = "Pada {} hari, kondisi langit di wilayah {} diprakirakan {} dengan suhu antara {} hingga {} derajat Celsius."
    hours = [
        [part.format(hour, place, chance.choice(_SKY), chance.randint(20, 25), chance.randint(26, 34))]
        for hour in ("pagi", "siang", "sore", "malam")
    ]
    return [
        [f"Badan meteorologi merilis prakiraan cuaca wilayah {place} untuk esok hari dan meminta warga tetap waspada."],
        *hours,
        [f"Kelembapan udara berkisar {chance.randint(55, 70)} sampai {chance.randint(75, 98)} persen."],
        [f"Angin bertiup dari arah {chance.choice(('timur', 'barat', 'utara', 'selatan'))} dengan kecepatan"
         f" {chance.randint(4, 25)} kilometer per jam."],
        ["Warga yang beraktivitas di luar ruangan diimbau membawa payung dan memantau kanal resmi sebelum bepergian."],
    ]  # fmt: skip


_HOROSCOPE: Final = [free_sentence(random.Random(1_000 + each)) for each in range(60)]


def horoscope(chance: random.Random) -> Text:
    """A sign's day: the same opening and end, between them sentences of a set of sixty."""
    sign = chance.choice(("Aries", "Taurus", "Gemini", "Cancer", "Leo", "Virgo", "Libra", "Scorpio", "Pisces"))
    return [
        [f"Simak ramalan zodiak {sign} hari ini, mulai dari asmara, karier hingga keuangan, agar hari lebih tertata."],
        *([sentence] for sentence in chance.sample(_HOROSCOPE, 12)),
        [f"Demikian ramalan zodiak {sign} hari ini, semoga menjadi renungan bagi pembaca setia di mana pun berada."],
    ]


def announcement(chance: random.Random) -> Text:
    """What an office sends to all papers, with other names and figures."""
    place, head, people = chance.choice(NAMES), chance.choice(NAMES), chance.randint(20, 400)
    return [
        [f"Kepolisian Resor {place} menggelar operasi keselamatan lalu lintas selama dua pekan di jalan utama kota."],
        [f"Kapolres {place} AKBP {head} mengatakan operasi itu melibatkan {people} personel dari berbagai satuan."],
        ["Sasaran operasi adalah pengendara yang tidak memakai helm, melawan arus, dan berkendara sambil menelepon."],
        [f"Selama pekan pertama, petugas menilang {chance.randint(50, 900)} pengendara dan menegur"
         f" {chance.randint(50, 900)} lainnya di wilayah {place}."],
        [f"“Kami mengutamakan pencegahan,” kata {head} di Mapolres {place}, {chance.choice(('Senin', 'Rabu'))} siang."],
    ]  # fmt: skip


def timetable(chance: random.Random) -> Text:
    """A short text: hours of a day in one place."""
    place = chance.choice(NAMES)
    hours = ", ".join(
        f"{name} {hour:02}.{chance.randint(0, 59):02}"
        for name, hour in (("Imsak", 4), ("Subuh", 4), ("Zuhur", 11), ("Asar", 15), ("Magrib", 17), ("Isya", 19))
    )
    return [
        [f"Berikut jadwal salat untuk wilayah {place} dan sekitarnya pada {chance.randint(1, 28)} Maret 2025."],
        [f"{hours} waktu setempat."],
        ["Jadwal dikutip dari laman resmi kementerian dan dapat berbeda beberapa menit menurut letak masjid."],
    ]


def caption(chance: random.Random) -> Text:
    """A text of a picture only."""
    people, place = f"{chance.choice(_WHO)} {chance.choice(_DOES)}", chance.choice(_PLACE)
    return [[f"Foto-foto {people} di {place}. Geser untuk melihat lainnya."]]


SERIES: Final[Mapping[str, Make]] = {
    "daily prices": _prices(0),
    "daily prices, half unchanged": _prices(0.5),
    "weather of places": weather,
    "weather without figures": forecast,
    "a price a day": gold,
    "horoscope": horoscope,
    "announcement of offices": announcement,
    "timetable": timetable,
    "caption": caption,
}
"""Texts of which none is a copy of another."""
RELATED: Final[Mapping[str, Edit]] = {
    "follow-up, a third shared": _follow_up(1 / 3, 1),
    "follow-up, a third shared, half as long": _follow_up(1 / 3, 0.5),
    "follow-up, a third shared, twice as long": _follow_up(1 / 3, 2),
    "follow-up, with all of the first": _follow_up(1 / 3, 3),
    "a third of the sentences, strewn": _retelling,
    "another report with two quotes": _quoting,
}
"""Texts that share some of another one, and are no copies."""


def body(text: Text) -> str:
    """Return the text as a record has it."""
    return "\n\n".join(" ".join(paragraph) for paragraph in text)
