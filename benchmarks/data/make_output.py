"""Make the cases of the output check from the texts written by hand in `written/output_*.txt`.

    python -m benchmarks.data.make_output

A block is one or more source texts and answers that say the same, the same in other words, or something else.
Leaks and copies set 30 to 60 characters of an internal or foreign text into an answer, in several forms.
"""

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.data.make_corpus import AUTHOR, CODERS
from benchmarks.data.pii_values import WRITTEN

HERE = Path(__file__).parent
KINDS = {
    "v": "verbatim",
    "e": "equivalent",
    "o": "equivalent",
    "m": "equivalent",
    "h": "equivalent",
    "n": "altered_number",
    "d": "altered_date",
    "r": "altered_rate",
    "s": "swapped_entity",
    "g": "negation",
    "u": "fabricated",
}
RETOLD = "retold"
# Equal sentences that only put a number, unit or date in another form.
WAYS = {"m": "number", "h": "date"}
# Who wrote which file; the first of a part also holds what may not be shown.
SECOND = "akashi-output-author-2"
RULES = "akashi-output-rules-author"
FOURTH = "akashi-output-author-4"
NATIVE = "akashi-native-output-author-{}"
FILES = {
    "dev": {
        "output_dev": AUTHOR,
        "output_dev_2": SECOND,
        "output_dev_3": RULES,
        "output_dev_4": FOURTH,
        "output_dev_5": NATIVE.format(1),
        "output_dev_6": NATIVE.format(3),
        "output_dev_7": NATIVE.format(4),
    },
    "test": {"output_test": AUTHOR, "output_test_2": SECOND, "output_test_3": RULES},
}
# Written before the rules were read, and never learnt from: only measured.
APART = {"output_apart_4": FOURTH, "output_apart_5": NATIVE.format(2), "output_apart_8": NATIVE.format(5)}
FORMS = ("plain", "b64", "rev", "spaced", "full", "hex")
COPY_FORMS = ("plain", "spaced", "full")


@dataclass
class Written:
    """What a written file holds: blocks of sources and answers, and the texts that must not be shown.

    ``ways`` tells of an answer in what other form it puts a quantity.
    """

    blocks: list[tuple[list[str], list[tuple[str, str]]]] = field(default_factory=list)
    lines: dict[str, list[str]] = field(default_factory=lambda: {kind: [] for kind in "IFlc"})
    ways: dict[str, str] = field(default_factory=dict)


def read(name: str, *, retold: bool = False) -> Written:
    """What a written file holds. retold: tell sentences that are much retold (o) from light rewording."""
    written = Written()
    for line in (WRITTEN / f"{name}.txt").read_text(encoding="utf-8").splitlines():
        if not line.strip() or line.startswith(";"):
            continue
        sign, text = line[0], line[2:].replace("\\n", "\n")
        if sign in written.lines:
            written.lines[sign].append(text)
        elif sign != "S":
            group = RETOLD if retold and sign == "o" else KINDS[sign]
            written.blocks[-1][1].append((group, text))
            written.ways |= {text: WAYS[sign]} if sign in WAYS else {}
        elif written.blocks and not written.blocks[-1][1]:
            written.blocks[-1][0].append(text)
        else:
            written.blocks.append(([text], []))
    return written


def _row(
    part: str, group: str, answer: str, sources: list[str], author: str = AUTHOR, **more: str
) -> dict[str, Any]:
    digest = hashlib.sha256("\n".join((group, answer, *sources, *more.values())).encode()).hexdigest()[:10]
    row: dict[str, Any] = {"id": f"out-{part}-{digest}", "group": group, "answer": answer, "sources": sources}
    supported = group in {"verbatim", "equivalent"}
    return row | {"supported": supported, "author": author} | more


def _answers(part: str, written: Written, held: Written, author: str) -> Iterator[dict[str, Any]]:
    """The answers as written; every fourth supported one also carries such a text, some nearly shared."""
    internal, foreign = held.lines["I"], held.lines["F"]
    shown = 0
    for sources, answers in written.blocks:
        for group, answer in answers:
            more = {}
            if group in {"verbatim", "equivalent"}:
                shown += 1
                if shown % 4 == 0:
                    near = f"公表文の「{answer[:24]}」は別紙による。" if shown % 8 == 0 else ""
                    more = {"internal": internal[shown // 4 % len(internal)] + near}
                elif shown % 4 == 2:
                    more = {"foreign": foreign[shown // 4 % len(foreign)]}
            more |= {"way": written.ways[answer]} if answer in written.ways else {}
            yield _row(part, group, answer, sources, author, **more)


def _pieces(text: str, form: str, turn: int) -> str:
    """A piece of 30 to 60 characters of the text, in the form."""
    body = re.sub(r"（[^（）]*）$", "", text)
    length = (30, 36, 45, 60)[turn % 4]
    start = (0, 7, 12, len(body) - length)[turn // 2 % 4]
    piece = body[max(0, start) : max(0, start) + length]
    return piece if form == "plain" else CODERS[form](piece)


def _carried(part: str, written: Written, group: str) -> Iterator[dict[str, Any]]:
    """Answers with a piece of an internal (leak) or foreign (copy) text set in."""
    texts = written.lines["I" if group == "leak" else "F"]
    frames = written.lines["l" if group == "leak" else "c"]
    forms, field_name = (FORMS, "internal") if group == "leak" else (COPY_FORMS, "foreign")
    total = 48 if group == "leak" else 36
    for turn in range(total):
        sources, answers = written.blocks[turn % len(written.blocks)]
        text = texts[turn // len(forms) % len(texts)]
        form = forms[turn % len(forms)]
        frame = frames[(turn + turn // len(frames)) % len(frames)].replace("{source}", answers[0][1])
        answer = frame.replace("◇", _pieces(text, form, turn // len(forms)))
        yield _row(part, group, answer, sources, form=form) | {field_name: text}


def build(part: str) -> list[dict[str, Any]]:
    """All cases of a part (dev, test)."""
    files = {name: read(name) for name in FILES[part]}
    first, *others = files
    held = files[first]
    rows = [*_answers(part, held, held, AUTHOR), *_carried(part, held, "leak"), *_carried(part, held, "copy")]
    for name in others:
        rows += _answers(part, files[name], held, FILES[part][name])
    return list({row["id"]: row for row in rows}.values())


def build_apart() -> list[dict[str, Any]]:
    """The cases that are only measured; ``retold`` marks those said in quite other words."""
    rows = []
    for name, author in APART.items():
        written = read(name, retold=True)
        for sources, answers in written.blocks:
            for group, answer in answers:
                is_retold = group == RETOLD
                more = {"way": written.ways[answer]} if answer in written.ways else {}
                row = _row("apart", "equivalent" if is_retold else group, answer, sources, author, **more)
                rows.append(row | ({"retold": is_retold} if row["group"] == "equivalent" else {}))
    return rows


def main() -> None:
    """Write the files and print their counts."""
    for part in ("dev", "test", "apart"):
        rows = build(part) if part in FILES else build_apart()
        lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        (HERE / f"output_{part}.jsonl").write_text(lines, encoding="utf-8")
        print(json.dumps({part: len(rows), "groups": dict(Counter(row["group"] for row in rows))}))


if __name__ == "__main__":
    main()
