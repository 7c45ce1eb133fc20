"""Name months and weekdays, and the words around a date.

Indonesian and English are listed here; other languages come from the data of dateparser (made from Unicode's CLDR),
read when a date first needs them.
"""

import re
from functools import cache
from importlib.util import find_spec, module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any, cast

from narayacrawl.language.indonesian import MONTHS as INDONESIAN_MONTHS
from narayacrawl.language.indonesian import WEEKDAYS as INDONESIAN_WEEKDAYS


def _words(words: str) -> tuple[str, ...]:
    return tuple(words.split())


_ENGLISH_MONTHS = (
    "january jan", "february feb", "march mar", "april apr", "may", "june jun", "july jul", "august aug",
    "september sep sept", "october oct", "november nov", "december dec",
)  # fmt: skip
MONTHS = INDONESIAN_MONTHS | {
    name: number for number, names in enumerate(_ENGLISH_MONTHS, start=1) for name in names.split()
}
"""Months in Indonesian and English, lower case, January 1."""
_ENGLISH_WEEKDAYS = (
    "monday mon", "tuesday tue tues", "wednesday wed", "thursday thu thurs", "friday fri", "saturday sat", "sunday sun",
)  # fmt: skip
WEEKDAYS: dict[str, int] = (
    INDONESIAN_WEEKDAYS
    | {name: number for number, names in enumerate(_ENGLISH_WEEKDAYS) for name in names.split()}
    | {"sen": 0, "sel": 1, "rab": 2, "kam": 3, "jum": 4, "sab": 5, "min": 6, "mgg": 6}
)
"""Weekdays in Indonesian and English, lower case, Monday 0."""

DATE_LABELS = frozenset(
    _words(
        "artikel berita diperbarui diperbaharui dipublikasikan dipublikasi diposting diterbitkan ditayangkan diunggah "
        "dibuat dimuat diupdate hari jam kali pada pertama publikasi pukul rilis tanggal tayang terakhir terbit "
        "pkl tgl waktu at date last modified on posted pub published publish t the time update updated"
    )
)
"""Words of Indonesian and English that may stand around a date without changing it; `t` is that of ISO 8601."""

LANGUAGES = _words("de fr es it pt nl pl ru uk be bg sv da nb fi is et lv lt cs sk sl ro hu tr el ca gl ar vi ja ko zh")
"""Languages whose month names never contradict each other's, Indonesian's or English's. Croatian's do: its `listopad`
is October, in Czech and Polish November."""

PUBLISHED = _words(
    "diterbitkan dipublikasikan dipublikasi diposting ditayangkan diunggah dimuat dibuat terbit tayang rilis tanggal "
    "published posted publicated created written date pubdate released veröffentlicht erschienen erscheinungsdatum "
    "erstellt publiziert geschrieben eingestellt gepostet datum erstellungsdatum veröffentlichung "
    "veröffentlichungsdatum publié publiée publication posté écrit paru fecha publicado publicada escrito pubblicato "
    "pubblicata postato data postado publicação gepubliceerd geplaatst publicatiedatum opublikowano opublikowany "
    "dodano dodany publikacji опубликовано опубликован добавлено размещено дата опубліковано додано апублікавана "
    "публикувано publicerad publicerat publiceret offentliggjort publisert julkaistu avaldatud publikováno zveřejněno "
    "vydáno publikované zverejnené objavljeno publicat publicată publikálva megjelent közzétéve yayınlanma "
    "δημοσιεύτηκε δημοσίευση đăng 公開日 投稿日 掲載日 入力 입력 등록 작성일 게재 发布 发布时间 发表 发表于 發布"
)
"""Words before a publication date, lower case, as themes translate WordPress' `Posted on` and `Published`."""

MODIFIED = _words(
    "update updated diperbarui diperbaharui diupdate pembaruan perbarui terakhir modified edited aktualisiert "
    "aktualisierung geändert änderung bearbeitet stand zuletzt letzte letztes actualisé modifié màj actualizado "
    "actualizada modificado aggiornato aggiornata modificato atualizado atualizada bijgewerkt gewijzigd "
    "zaktualizowano aktualizacja обновлено обновлен изменено оновлено актуализирана uppdaterad uppdaterat opdateret "
    "oppdatert päivitetty uuendatud aktualizováno aktualizované posodobljeno actualizat frissítve güncelleme "
    "güncellendi ενημερώθηκε cập 更新 更新日 最終更新 修正 수정 업데이트"
)
"""Words before the date of the last edit."""

_OTHER_DATE_WORDS = _words(
    "am an der den dem des im um uhr vom von online seit le la les à mis mise jour en ligne par el las los a h hs hrs "
    "de del il alle ore di em às op om uur dnia o godz godzina r roku г года в р року kl klo kell ob dne v dňa ora "
    "saat mo mi do fr sa so tarihi ngày lúc last first on at the time gmt"
)

_MONTH_KEYS = _words("january february march april may june july august september october november december")
_WEEKDAY_KEYS = _words("monday tuesday wednesday thursday friday saturday sunday")
_LETTERS = re.compile(r"[^\W\d_]+")


def _data_of_dateparser(language: str) -> dict[str, Any]:
    """Read dateparser's data of a language without the package itself, whose import takes ten times as long as all
    languages."""
    package = find_spec("dateparser")
    folder = Path(package.origin or "").parent if package else Path()
    file = folder / "data" / "date_translation_data" / f"{language}.py"
    spec = spec_from_file_location(f"narayacrawl.{language}", file)
    if spec is None or spec.loader is None:
        raise ModuleNotFoundError(f"no data of dateparser at {file}")
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return cast("dict[str, Any]", module.info)


@cache
def _other_languages() -> tuple[dict[str, int], frozenset[str]]:
    """Load the month names of the other languages and the words that may stand around a date there."""
    months: dict[str, int] = {}
    date_words = {*PUBLISHED, *MODIFIED, *_OTHER_DATE_WORDS}
    for info in map(_data_of_dateparser, LANGUAGES):
        for number, key in enumerate(_MONTH_KEYS, start=1):
            months |= {name.lower(): number for name in info[key]}
        for name in (name for key in (*_WEEKDAY_KEYS, "skip") for name in info.get(key, ())):
            date_words.update(word for word in _LETTERS.findall(name.lower()) if len(word) > 2 or not word.isascii())
    return months, frozenset(date_words)


def month_number(name: str) -> int | None:
    """Return the number of a month, from 1, by its name in lower case in any language; None for any other word."""
    return MONTHS.get(name) or _other_languages()[0].get(name)


def are_date_words(words: set[str]) -> bool:
    """True if each of these words, in lower case, may stand around a date in some language: weekdays, prepositions,
    `published`, `Uhr`."""
    return words <= _other_languages()[1]
