"""Which words and readings are Japanese surnames and given names."""

from __future__ import annotations

import functools
import re
import tomllib
from importlib.resources import files

from akashi.language.words import dictionary_tags

KANJI = "一-鿿々〆ヶ﨎-﨩𠀀-𪛟"
"""What kanji of names are in a class of a pattern, on normalised texts."""
_TO_HIRAGANA = {code: code - 96 for code in range(ord("ァ"), ord("ヶ") + 1)}
_MODERN_KANA = str.maketrans("ゑゐヱヰ", "えいえい")
_LONG_VOWELS = (("ou", "o"), ("oh", "o"), ("oo", "o"), ("uu", "u"), ("aa", "a"))
_SPELLINGS = (
    *(("tsu", "tu"), ("shi", "si"), ("chi", "ti"), ("ji", "zi"), ("fu", "hu"), ("mb", "nb"), ("mp", "np")),
    *(("mm", "nm"), ("sh", "sy"), ("ch", "ty"), ("j", "zy"), ("n'", "n"), ("-", "")),
)


class NameLists:
    """Surnames in kanji, and surnames and given names as they are read."""

    def __init__(self, lists: dict[str, str], titles: dict[str, str]) -> None:
        self._after = frozenset(titles["after"].split())
        self._before = frozenset(titles["before"].split())
        self._rare = frozenset(titles["rare_surnames"].split())
        self.surnames = frozenset(map(modern_form, lists["surnames"].split()))
        self.given_kanji = frozenset(lists["given_kanji"].split())
        self.surname_readings = frozenset(lists["surname_readings"].split())
        self.given_readings = frozenset(lists["given_readings"].split())
        self.surname_romaji = frozenset(map(plain_romaji, lists["surname_romaji"].split()))
        self.given_romaji = frozenset(map(plain_romaji, lists["given_romaji"].split()))

    @functools.lru_cache(maxsize=20_000)  # noqa: B019 - one object for the life of the process
    def roles(self, surface: str) -> str:
        """Return which parts of a name ``surface`` can be: S surname, G given name, s and g readings,
        R and r romaji; T a title after a name, o a word before one.

        >>> known_names().roles("サトウ"), known_names().roles("佐藤"), known_names().roles("Yuuto")
        ('s', 'S', 'r')
        """
        if surface.isascii():
            plain = plain_romaji(surface.lower())
            return "R" * (plain in self.surname_romaji) + "r" * (plain in self.given_romaji)
        reading = surface.translate(_TO_HIRAGANA).translate(_MODERN_KANA)
        return (
            "S" * (modern_form(surface) in self.surnames)
            + "G" * (surface in self.given_kanji)
            + "s" * (reading in self.surname_readings)
            + "g" * (reading in self.given_readings)
            + "T" * (surface in self._after)
            + "o" * (surface in self._before)
        )

    def is_surname(self, surface: str) -> bool:
        """Return whether a list or the dictionary has ``surface`` as a surname, if as other things too.

        >>> [known_names().is_surname(one) for one in ("久慈", "四月一日", "窓口")]
        [True, True, False]
        """
        return (
            modern_form(surface) in self.surnames
            or surface in self._rare
            or "名詞-固有名詞-人名-姓" in dictionary_tags(surface)
        )

    def is_given(self, surface: str) -> bool:
        """Return whether a list or the dictionary has ``surface`` as a given name, if as other things too.

        >>> [known_names().is_given(one) for one in ("八重", "凛", "あかり", "窓口")]
        [True, True, True, False]
        """
        return (
            surface in self.given_kanji
            or surface.translate(_TO_HIRAGANA) in self.given_readings
            or "名詞-固有名詞-人名-名" in dictionary_tags(surface)
        )

    def is_full(self, surface: str) -> bool:
        """Return whether ``surface`` is a surname and a given name in kanji written together.

        >>> known_names().is_full("久慈八重"), known_names().is_full("山手支店")
        (True, False)
        """
        cuts = range(min(4, len(surface) - 1), 0, -1)
        return any(self.is_surname(surface[:cut]) and self.is_given(surface[cut:]) for cut in cuts)

    def full_reading(self, kana: str) -> bool:
        """Return whether ``kana`` is a surname followed by a given name, as read.

        >>> known_names().full_reading("ニノミヤケンタ")
        True
        """
        reading = kana.translate(_TO_HIRAGANA)
        return any(
            reading[:cut] in self.surname_readings and reading[cut:] in self.given_readings
            for cut in range(2, len(reading) - 1)
        )


_MODERN = str.maketrans(
    "髙﨑濵濱邉邊澤齋齊斎嶋嶌廣國眞櫻德瀨𣘺𠮷栁", "高崎浜浜辺辺沢斉斉斉島島広国真桜徳瀬橋吉柳"
)


def modern_form(surname: str) -> str:
    """Return a surname with its old or variant characters in the common form.

    >>> modern_form("髙橋"), modern_form("渡邊")
    ('高橋', '渡辺')
    """
    return surname.translate(_MODERN)


def plain_romaji(word: str) -> str:
    """Return one spelling for all ways to romanise a name.

    >>> plain_romaji("satou") == plain_romaji("sato"), plain_romaji("chizuko") == plain_romaji("tizuko")
    (True, True)
    """
    for old, new in (*_LONG_VOWELS, *_SPELLINGS):
        word = word.replace(old, new)
    return re.sub("y+", "y", word)


@functools.cache
def known_names() -> NameLists:
    """Return the lists of data/name_lists.toml and data/titles.toml."""
    folder = files("akashi.domains.guardrails").joinpath("data")
    lists, titles = (
        tomllib.loads(folder.joinpath(name).read_text(encoding="utf-8"))
        for name in ("name_lists.toml", "titles.toml")
    )
    return NameLists(lists, titles)
