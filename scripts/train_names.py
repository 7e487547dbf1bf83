"""Train the name model: `python scripts/train_names.py ../shared/data/names [--validate]`.

Learns from the development part of stockmark's ner-wikipedia-dataset (CC BY-SA 3.0), from our own
templates (names/*.txt) filled with names of japanese-personal-name-dataset (MIT), and from
the fictional documents of the sample bank, as they stood in own_texts.txt, and public documents of the
Financial Services Agency (金融庁) as text without persons. Fixed seeds: the same inputs give the same
weights, byte for byte. With ``--validate`` one sentence in five of stockmark is kept
out and measured; without it everything is learnt and the weights are written where the product
reads them, share-alike text behind them, so under CC BY-SA 3.0.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import json
import random
import re
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pycrfsuite

from akashi.domains.guardrails.name_features import describe_words
from akashi.domains.guardrails.names import LABELS, PersonModel, split_sentences
from akashi.language.normalise import normalise
from akashi.language.words import Word, read_words

ROOT = Path(__file__).parents[1]
TARGET = ROOT / "src/akashi/domains/guardrails/data/share_alike/names.tsv"
TEMPLATES = ROOT / "scripts/names"
OWN = ROOT / "scripts/own_texts.txt"
SEED = 20261121
ROUNDS = {"templates.txt": 14}
MORE_ROUNDS = 6
"""How often a line is filled: those of the first file, and those of all others."""
ANY_SHARE, COUNTED_SHARE, BLENDED_SHARE, FOREIGN_SHARE = 0.15, 0.02, 0.1, 0.4
"""How many surnames are drawn however rare they are, how many begin with a numeral, how many are put together
from two, and how many names in Latin letters are not Japanese."""
HEAD = """# Weights of Akashi's name model: feature, weight of O, B, I. Made by scripts/train_names.py.
# Licence: CC BY-SA 3.0. Learnt in part from "Wikipediaを用いた日本語の固有表現抽出データセット"
# (ストックマーク株式会社, CC BY-SA 3.0); see docs/model-card-names.md and NOTICE.
"""
# Lines of the FSA's documents that name the officials who signed them.
SIGNED = re.compile(r"(?:局長|審議官|理事) ")
FOREIGN_FIRST = (
    "グエン|ファム|チャン|レ|ジョン|マイケル|マリア|アンナ|ホセ|カルロス|ルイス|アリ|"
    "モハメド|ムハンマド|ラジェシュ|プリヤ|シン|サントス|シルバ|リ|ワン|チェン|キム|"
    "パク|イ|ジェームズ|ロバート|エミリー|ソフィア|デイビッド|ピーター|トゥイ|ヴァン|"
    "アウン|スー|バトバヤル|アブドゥル|イブラヒム|オリガ|イワン|ナターシャ"
)
FOREIGN_LAST = (
    "ティ・ラン|ヴァン・ナム|ティ・ホア|ミン・トゥアン|スミス|ブラウン|ガルシア|ロペス|"
    "フェルナンデス|クマール|シャルマ|ハッサン|カーン|リー|シャオミン|ミンジュン|ソヨン|"
    "ジョンソン|ミラー|ダ・シルバ|オリベイラ|バハドゥル|タパ|グルン|チー|テット|"
    "ペトロフ|イワノワ|ミュラー|マルタン|ロッシ"
)
COUNTED = (
    "四月一日 わたぬき watanuki",
    "八月一日 ほずみ hozumi",
    "四十八願 よいなら yoinara",
    "一二三 ひふみ hifumi",
    "十時 ととき totoki",
    "五十川 いそがわ isogawa",
    "七五三 しめ shime",
    "九十九 つくも tsukumo",
    "百目鬼 どうめき doumeki",
    "千々和 ちぢわ chijiwa",
    "三分一 さんぶいち sanbuichi",
    "六角 ろっかく rokkaku",
)
LATIN_LAST = (
    "NGUYEN|TRAN|LE|PHAM|HOANG|VO|DANG|BUI|WANG|LI|ZHANG|LIU|CHEN|YANG|ZHAO|HUANG|KIM|LEE|PARK|CHOI|JUNG|"
    "KANG|YOON|SANTOS|REYES|CRUZ|GARCIA|DELA CRUZ|RAMOS|SILVA|SOUZA|OLIVEIRA|TANAKA|SHARMA|THAPA|GURUNG|RAI|"
    "NGUYỄN|TRẦN|PHẠM|LÊ|ĐỖ|MÜLLER|GARCÍA|GONÇALVES|SATO-MILLER|TANAKA-SMITH|KIM-BROWN|O'NEILL|MCDONALD|"
    "TAMANG|PERERA|FERNANDO|KHAN|AHMED|RAHMAN|SMITH|JOHNSON|BROWN|MILLER|MARTIN|MULLER|IVANOVA|PETROV|AUNG"
)
LATIN_FIRST = (
    "THI HONG|THI LAN|VAN NAM|MINH TUAN|THU HA|QUOC BAO|DUC ANH|XIAOMING|JIANGUO|LI NA|YUTONG|JIHOON|MINJUN|"
    "SOYEON|EUNJI|MARIA|JOSE|ANGELICA|MARK ANTHONY|CARLOS|ANA PAULA|LUCAS|RAJESH|PRIYA|SITA|BIKASH|DIPENDRA|"
    "THỊ HƯƠNG|VĂN ĐỨC|THU HÀ|JOSÉ|ANDRÉ|LOUISE|HÉLÈNE|"
    "NUWAN|MOHAMMED|ABDUL|AISHA|JOHN|EMILY|DAVID|SOPHIE|PETER|OLGA|IVAN|THIDA|SU SU|BAT-ERDENE|PUTRI|BUDI"
)
LARGE = str.maketrans("ァィゥェォッャュョヮ", "アイウエオツヤユヨワ")
"""A transfer has no small kana; that its letters are half as wide makes no difference to the model."""
HAN_LAST = "王李張劉陳楊黄趙呉周徐孫馬朱胡郭何林金朴崔鄭姜尹趙韓申徐権黄安宋柳"
HAN_FIRST = (
    "建国|志強|秀英|麗|静|偉|芳|娜|敏|軍|洋|勇|艶|傑|濤|明|超|霞|平|桂英|文|浩然|子涵|雨桐|"
    "梓萱|宇航|佳怡|民俊|瑞妍|志勲|秀賢|恩英|美淑|英姫|哲洙|俊昊|智恩|貞淑|成民|東赫|賢珠|泰亨"
)


@dataclass(frozen=True, slots=True)
class Example:
    """A text and the places of its persons."""

    text: str
    persons: tuple[tuple[int, int], ...]


class Names:
    """Draws names in the ways people write them; common surnames more often."""

    def __init__(self, folder: Path, seed: str) -> None:
        self._random = random.Random(seed)
        surnames = list(csv.reader((folder / "last_name_org.csv").open(encoding="utf-8")))
        self._surnames = [(row[0], row[2], row[3]) for row in surnames]
        self._weights = [int(row[1]) ** 0.4 for row in surnames]
        self._given = [
            (kanji, row[0], row[1])
            for name in (
                "first_name_man_opti.csv",
                "first_name_woman_opti.csv",
                "first_name_man_org.csv",
                "first_name_woman_org.csv",
            )
            for row in csv.reader((folder / name).open(encoding="utf-8"))
            for kanji in [row[0], *row[2:]]
            if kanji
        ]

    def draw(self, slot: str) -> str:
        """Return a name for a slot of the templates."""
        pick = self._random
        surname = self._surname()
        given = pick.choice(self._given)
        gap = pick.choice(["", "", "", " ", "　"])
        if slot in "sS":
            return surname[0]
        if slot in "fcgG":
            return {
                "f": surname[0] + gap + given[0],
                "c": pick.choice(HAN_LAST) + gap + pick.choice(HAN_FIRST.split("|")),
                "g": pick.choice([given[0], given[0], given[1]]),
                "G": pick.choice([given[1], as_katakana(given[1])]),
            }[slot]
        if slot in "khK":
            kana = self._kana(surname[1], given[1], pick.choice(["", " ", "　"]))
            one = pick.choice([surname[1], as_katakana(surname[1]), as_katakana(surname[1])])
            return {"k": kana, "h": as_katakana(kana).translate(LARGE), "K": one}[slot]
        if slot in "rR":
            way = pick.choice([str.title, str.title, str.upper])
            if pick.random() < FOREIGN_SHARE:
                last, first = pick.choice(LATIN_LAST.split("|")), pick.choice(LATIN_FIRST.split("|"))
                return way(" ".join(pick.sample([last, first], 2)) if slot == "r" else last)
            return self._latin(surname[2], given[2]) if slot == "r" else way(surname[2])
        first, last = (pick.choice(one.split("|")) for one in (FOREIGN_FIRST, FOREIGN_LAST))
        if slot == "y":
            return pick.choice([first, *last.split("・")])
        return first + pick.choice("・・ =") + last

    def _surname(self) -> tuple[str, str, str]:
        """Return a surname as it is written, in hiragana and in Latin letters."""
        pick, chance = self._random, self._random.random()
        if chance < ANY_SHARE:
            return pick.choice(self._surnames)
        if chance < ANY_SHARE + COUNTED_SHARE:
            name, kana, latin = pick.choice(COUNTED).split()
            return name, kana, latin
        one = pick.choices(self._surnames, self._weights)[0]
        if chance > 1 - BLENDED_SHARE:
            other = pick.choice(self._surnames)
            return one[0][:1] + other[0][-1:], one[1], one[2]
        return one

    def _kana(self, surname: str, given: str, gap: str) -> str:
        if self._random.random() < 0.25:
            return surname + (gap or " ") + given
        return as_katakana(surname + gap + given)

    def _latin(self, surname: str, given: str) -> str:
        first, last = (given, surname) if self._random.random() < 0.6 else (surname, given)
        way = self._random.choice([str.title, str.title, str.upper])
        return way(f"{first} {last}")


def as_katakana(text: str) -> str:
    """Return hiragana as katakana."""
    return text.translate({code: code + 96 for code in range(ord("ぁ"), ord("ゖ") + 1)})


def write_examples(folder: Path) -> Iterator[Example]:
    """Yield filled templates, each line several times with other names."""
    for file in sorted(TEMPLATES.glob("*.txt"), key=lambda one: (one.name not in ROUNDS, one.name)):
        names, pick = Names(folder, f"{SEED} {file.name}"), random.Random(f"{SEED} {file.name}")
        for line in file.read_text(encoding="utf-8").splitlines():
            if line and not line.startswith("#"):
                for _ in range(ROUNDS.get(file.name, MORE_ROUNDS) if "{" in line else 2):
                    yield _fill(line.replace("\\n", "\n"), names, pick)


def _fill(line: str, names: Names, pick: random.Random) -> Example:
    text, persons = "", []
    for part in re.split(r"(\{[a-zA-Z]\}|⟦[^⟧]+⟧)", line):
        if part[:1] == "⟦":
            persons.append((len(text), len(text) + len(part) - 2))
            text += part[1:-1]
            continue
        slot = part[1:-1] if re.fullmatch(r"\{[a-zA-Z]\}", part) else ""
        if slot in ("n", "d"):
            text += (
                str(pick.randrange(1, 10**6))
                if slot == "n"
                else f"{pick.randrange(1940, 2026)}年{pick.randrange(1, 13)}月{pick.randrange(1, 29)}日"
            )
        elif slot:
            name = names.draw(slot)
            if slot != "S":
                persons.append((len(text), len(text) + len(name)))
            text += name
        else:
            text += part
    return Example(text, tuple(persons))


def read_stockmark(folder: Path) -> list[tuple[str, Example]]:
    """Return id and example of each sentence."""
    rows = map(json.loads, (folder / "stockmark_ner_dev.jsonl").open(encoding="utf-8"))
    return [
        (
            row["id"],
            Example(row["text"], tuple((s["start"], s["end"]) for s in row["spans"] if s["type"] == "人名")),
        )
        for row in rows
    ]


def is_kept_out(id_: str) -> bool:
    """Return whether a sentence belongs to the fifth that validates."""
    return hashlib.sha256(id_.encode()).digest()[0] % 5 == 0


def read_prose(seeds: Path) -> Iterator[Example]:
    """Yield text without persons: documents of the sample bank and of the FSA, whole and hard-wrapped."""
    pick = random.Random(SEED)
    documents = OWN.read_text(encoding="utf-8").split("\f\f\n")[0]
    for text in (documents, *(path.read_text(encoding="utf-8") for path in sorted(seeds.glob("*.txt")))):
        for line in map(str.strip, text.splitlines()):
            if line and not SIGNED.search(line):
                yield Example(line, ())
                for start in range(0, len(line) - 20, pick.randrange(18, 44)):
                    yield Example(line[start : start + pick.randrange(12, 44)], ())


def label(example: Example) -> Iterator[tuple[list[Word], list[str]]]:
    """Yield the words of each sentence with their labels: B begins a person, I goes on, O is none."""
    normal = normalise(example.text)
    for words in split_sentences(read_words(normal.text)):
        labels = ["O"] * len(words)
        for start, end in example.persons:
            inside = [
                at
                for at, word in enumerate(words)
                if normal.starts[word.start] < end and start < normal.ends[word.end - 1]
            ]
            for at in inside:
                labels[at] = "B" if at == inside[0] else "I"
        yield words, labels


def train(examples: list[Example], target: Path) -> None:
    """Write the weights learnt from ``examples``."""
    trainer = pycrfsuite.Trainer(verbose=False)
    for example in examples:
        for words, labels in label(example):
            trainer.append(describe_words(words), labels)
    trainer.set_params({"c1": 0.05, "c2": 0.05, "max_iterations": 100})
    with tempfile.TemporaryDirectory() as folder:
        learnt, dumped = Path(folder) / "names.crfsuite", Path(folder) / "names.txt"
        trainer.train(str(learnt))
        tagger = pycrfsuite.Tagger()
        tagger.open(str(learnt))
        tagger.dump(str(dumped))
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(as_table(dumped.read_text(encoding="utf-8")), encoding="utf-8")


def as_table(dump: str) -> str:
    """Return crfsuite's dump as a table: feature, weights of O, B and I; ``O>`` holds the moves from O."""
    weights: dict[str, dict[str, str]] = {}
    for line in dump.split("\n"):
        if state := re.fullmatch(r"  \(0\) (.*) --> ([OBI]): (-?[0-9.]+)", line):
            weights.setdefault(state[1], {})[state[2]] = state[3]
        elif move := re.fullmatch(r"  \(1\) ([OBI]) --> ([OBI]): (-?[0-9.]+)", line):
            weights.setdefault(f"{move[1]}>", {})[move[2]] = move[3]
    lines = ["\t".join([name, *(row.get(one, "0") for one in LABELS)]) for name, row in weights.items()]
    return HEAD + "\n".join(sorted(lines)) + "\n"


def measure(model: PersonModel, examples: list[Example]) -> dict[str, float]:
    """Return precision, recall and F1 of exact spans, and the share of persons covered whole."""
    right = said = true = covered = 0
    for example in examples:
        normal = normalise(example.text)
        spans = {(normal.starts[start], normal.ends[end - 1]) for start, end in model.find(normal.text)}
        right += len(spans & set(example.persons))
        said += len(spans)
        true += len(example.persons)
        inside = {at for start, end in spans for at in range(start, end)}
        covered += sum(inside.issuperset(range(*one)) for one in example.persons)
    return {"p": right / said, "r": right / true, "f1": 2 * right / (said + true), "covered": covered / true}


def main() -> int:
    """Train, and measure or write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--validate", action="store_true")
    chosen = parser.parse_args()
    rows = read_stockmark(chosen.folder)
    ours = [*write_examples(chosen.folder), *read_prose(chosen.folder.parent / "seeds")]
    if not chosen.validate:
        train([*(example for _, example in rows), *ours], TARGET)
        print(f"{TARGET}: {TARGET.stat().st_size:,} bytes, {hashlib.sha256(TARGET.read_bytes()).hexdigest()}")
        return 0
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "names.tsv"
        train([*(example for id_, example in rows if not is_kept_out(id_)), *ours], target)
        print(
            json.dumps(measure(PersonModel(target), [example for id_, example in rows if is_kept_out(id_)]))
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
