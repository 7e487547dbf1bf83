"""Make the product's lists of readings from the name lists of shuheilocale (MIT).

`python scripts/make_name_lists.py ../shared/data/names` writes the sorted, deduplicated surnames and
readings to ``src/akashi/domains/guardrails/data/name_lists.toml``.
"""

from __future__ import annotations

import csv
import sys
from pathlib import Path

TARGET = Path(__file__).parents[1] / "src/akashi/domains/guardrails/data/name_lists.toml"
HEAD = """# Japanese names: surnames and common given names in kanji, and the readings of both.
# Derived by scripts/make_name_lists.py from "japanese-personal-name-dataset" @ 9046343,
# MIT, Copyright (c) 2022 shuheilocale (see NOTICE). Sorted, deduplicated, one string per list.
"""


_KANA = (
    "あいうえおかきくけこさしすせそたちつてとなにぬねのはひふへほまみむめもやゆよらりるれろわをん"
    "がぎぐげござじずぜぞだぢづでどばびぶべぼぱぴぷぺぽ"
)
_LATIN = (
    "a i u e o ka ki ku ke ko sa shi su se so ta chi tsu te to na ni nu ne no ha hi fu he ho ma mi mu me mo"
    " ya yu yo ra ri ru re ro wa o n ga gi gu ge go za ji zu ze zo da ji zu de do ba bi bu be"
    " bo pa pi pu pe po"
)
_SYLLABLES = dict(zip(_KANA, _LATIN.split(), strict=True))


def to_romaji(kana: str) -> str:
    """Return hiragana in Hepburn letters.

    >>> to_romaji("しょうた"), to_romaji("はっとり")
    ('shouta', 'hattori')
    """
    letters = ""
    for at, one in enumerate(kana):
        if one in "ゃゅょ" and letters.endswith("i"):
            stem = letters[:-1]
            vowel = {"ゃ": "a", "ゅ": "u", "ょ": "o"}[one]
            letters = stem + vowel if stem.endswith(("sh", "ch", "j")) else stem + "y" + vowel
        elif one == "っ":
            letters += _SYLLABLES.get(kana[at + 1 : at + 2], "")[:1]
        else:
            letters += _SYLLABLES.get(one, "")
    return letters


def main(folder: Path) -> int:
    """Write the lists."""
    surnames = list(csv.reader((folder / "last_name_org.csv").open(encoding="utf-8")))
    given = [
        row
        for name in sorted(folder.glob("first_name_*.csv"))
        for row in csv.reader(name.open(encoding="utf-8"))
    ]
    common = [
        row
        for name in sorted(folder.glob("first_name_*_opti.csv"))
        for row in csv.reader(name.open(encoding="utf-8"))
    ]
    lists = {
        "surnames": {row[0] for row in surnames},
        "surname_readings": {row[2] for row in surnames},
        "surname_romaji": {name for row in surnames for name in (row[3].lower(), to_romaji(row[2]))},
        "given_kanji": {
            *(kanji for row in common for kanji in row[2:]),
            *(kanji for row in given for kanji in row[2:] if len(kanji) == 1),
        },
        "given_readings": {row[0] for row in given},
        "given_romaji": {name for row in given for name in (row[1].lower(), to_romaji(row[0]))},
    }
    lines = [f'{name} = "{" ".join(sorted(words - {""}))}"' for name, words in lists.items()]
    TARGET.write_text(HEAD + "\n".join(lines) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
