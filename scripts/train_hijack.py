"""Train the hijack model: `python -m scripts.train_hijack [--data ../shared/data] [--out FILE]`.

Seeds and order are fixed: the same data give the same weights, to the byte. Trained on our own corpus
(train and dev side), lines and phrases written for training, our own documents and screens as they stood
in own_texts.txt, messages with invented personal data by strangers (dev side), the public documents of
the FSA, and English sets under MIT and CC BY 4.0; on nothing share-alike. The thresholds are fixed on
train and dev together, each text judged by a model that saw neither it nor another text of its template
or host. The test side is not read here.
"""

from __future__ import annotations

import argparse
import base64
import csv
import hashlib
import json
import random
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import numpy as np
from scripts.hijack_phrases import Grammar, draw_lines

from akashi.domains.guardrails.hijack import Hijack, screen_hijack
from akashi.domains.guardrails.hijack_fit import Example, Prepared, fit_prepared, prepare
from akashi.domains.guardrails.hijack_kinds import TextKind, kind_of
from akashi.domains.guardrails.hijack_model import HijackModel, save_model
from akashi.language.normalise import normalise
from akashi.language.tokens import read_tokens

ROOT = Path(__file__).resolve().parents[1]
CORPUS = ROOT / "src/akashi/domains/guardrails/corpus"
OUT = ROOT / "src/akashi/domains/guardrails/data/hijack.npz"
OWN = Path(__file__).with_name("own_texts.txt")
PAGE = 1_500
DRAWS = 5
FOLDS = 3


def read_rows(path: Path) -> list[dict[str, str]]:
    """Return the lines of a JSONL file; none if it is not there."""
    if not path.exists():
        return []
    return [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line.strip()]


def read_corpus() -> list[dict[str, str]]:
    """Return the train and dev rows of our own corpus; ``label`` says which are attacks."""
    return [
        row | {"label": name}
        for name in ("attacks", "benign")
        for row in read_rows(CORPUS / f"{name}.jsonl")
        if row["split"] != "test"
    ]


def as_example(row: dict[str, str]) -> Example:
    """Return a row of the corpus as an example."""
    return Example(row["text"], row["label"] == "attacks")


def cut_pages(text: str, size: int = PAGE) -> Iterator[str]:
    """Yield ``text`` in pages of whole lines."""
    page = ""
    for line in text.splitlines(keepends=True):
        if len(page) + len(line) > size and page:
            yield page
            page = ""
        page += line
    yield page


def read_harmless(data: Path) -> Iterator[Example]:
    """Yield harmless texts: official documents, our documents and screens, messages, English questions."""
    for path in sorted((data / "seeds").glob("*.txt")):
        yield from (Example(page, False) for page in cut_pages(normalise(path.read_text("utf-8")).text))
    *pages, screens = OWN.read_text("utf-8").split("\f\f\n")
    for part in pages:
        yield from (Example(normalise(page).text, False, 0.5) for page in part.split("\f\n"))
    yield from (Example(normalise(text).text, False, 0.2) for text in screens.split("\f\n"))
    for row in read_rows(ROOT / "benchmarks/data/pii_others_dev.jsonl"):
        yield Example(normalise(row["text"]).text, False)
    rng = random.Random(2026)
    with (data / "benign/banking77_train.csv").open(encoding="utf-8") as file:
        texts = [row["text"] for row in csv.DictReader(file)]
    yield from (Example(text, False, 0.3) for text in rng.sample(texts, 1_500))
    for row in read_rows(data / "injection/bipia_email_train.jsonl"):
        yield Example(normalise(row["context"]).text, False, 0.3)


def read_english_attacks(data: Path) -> Iterator[Example]:
    """Yield English attacks: against a system prompt, and the head of published jailbreaks."""
    for row in read_rows(data / "injection/cyberseceval_prompt_injection_en.jsonl"):
        if row.get("injection_type") == "direct":
            yield Example(normalise(row["user_input"]).text, True, 0.4)
    for row in read_rows(data / "injection/jailbreak_prompts.jsonl")[:300]:
        yield Example(normalise(row["text"][:600]).text, True, 0.15)


def read_phrases(count: int) -> Iterator[Example]:
    """Yield texts put together from our phrases, attacks and harmless ones."""
    grammar = Grammar()
    for name in ("attacks", "harmless"):
        made = [(text, 0.4) for text in grammar.texts(name, count)]
        drawn = [(text, 0.8) for text in draw_lines(name, DRAWS)]
        yield from (Example(normalise(text).text, name == "attacks", much) for text, much in made + drawn)


def spell_kana(examples: Iterable[Example], share: float, seed: str = "2026") -> Iterator[Example]:
    """Yield a share of the examples as they sound, for texts written in kana only."""
    rng = random.Random(seed)
    for example in examples:
        if rng.random() < share and len(example.text) < 400:
            said = "".join(
                token.reading or token.span.of(example.text) for token in read_tokens(example.text)
            )
            yield Example(said, example.is_attack, example.weight * 0.5)


def encode_harmless(rows: Iterable[dict[str, str]]) -> Iterator[Example]:
    """Yield some harmless texts in an encoding: that somebody encodes is no attack yet."""
    rng = random.Random(2026)
    for row in rows:
        if row["label"] == "benign" and len(row["text"]) < 300 and rng.random() < 0.2:
            yield Example(rng.choice(ENCODINGS)(row["text"]), False, 0.5)


ENCODINGS: tuple[Callable[[str], str], ...] = (
    lambda text: base64.b64encode(text.encode()).decode(),
    lambda text: text.encode().hex(),
    lambda text: "".join(f"%{byte:02X}" for byte in text.encode()),
    lambda text: "".join(f"&#{ord(one)};" for one in text),
    lambda text: " ".join(text),
    lambda text: "\n".join(text),
    lambda text: text.encode("unicode_escape").decode(),
    lambda text: text[::-1],
)


# How many texts of each kind may be flagged at our thresholds: the goals, on texts by many authors, each
# judged by a model that saw neither it nor another text of its template or host. Most ordinary messages of
# the corpus were written to be hard, so messages that were written for other ends count beside them; those
# alone are as real messages are, and half the goal is theirs. Pieces of documents that look like no paper
# are pasted into conversations: their limit is that of trigger words.
LIMITS = {"ordinary": 0.01, "elsewhere": 0.005, "documents": 0.03, "trigger words": 0.10, "pieces": 0.10}
_KINDS = {
    "trigger_words": "trigger words",
    "staff_request": "trigger words",
    "fraud_question": "trigger words",
}
_KINDS |= dict.fromkeys(["bank_message", "feedback", "mail"], "ordinary")


def fold_of(row: dict[str, str]) -> int:
    """Return the fold of a row: everything of one template or one host stands in the same."""
    return int(hashlib.sha256((row.get("host") or row["template"]).encode()).hexdigest(), 16) % FOLDS


def judge_apart(rows: list[dict[str, str]], others: list[Prepared], penalty: float) -> list[Hijack]:
    """Return the verdict on each row by a model fitted without its fold, threshold 0."""
    kept = [(row, prepare([as_example(row)])) for row in rows]
    spelled = [(row, prepare(spell_kana([as_example(row)], 0.5, row["id"]))) for row in rows]
    verdicts: dict[str, Hijack] = {}
    for fold in range(FOLDS):
        apart = [row for row in rows if fold_of(row) != fold]
        seen = [one for row, made in kept + spelled if fold_of(row) != fold for one in made]
        seen += prepare(encode_harmless(apart))
        model = fit_prepared([*seen, *others], penalty)
        for row in rows:
            if fold_of(row) == fold:
                verdicts[row["id"]] = screen_hijack(row["text"], model)
        print(f"fold {fold} of {FOLDS}", file=sys.stderr, flush=True)
    return [verdicts[row["id"]] for row in rows]


def read_ordinary() -> list[str]:
    """Return ordinary messages that no model learns from: the dev side of two sets for other ends."""
    messages = [row["text"] for row in read_rows(ROOT / "benchmarks/data/pii_dev.jsonl")]
    with (ROOT / "src/akashi/sample/data/queries/queries.csv").open(encoding="utf-8") as file:
        return messages + [row["text"] for row in csv.DictReader(file) if row["split"] == "dev"]


def fix_thresholds(
    rows: list[dict[str, str]], verdicts: list[Hijack], ordinary: list[tuple[TextKind, float]]
) -> dict[TextKind, float]:
    """Return the threshold of each kind of text: those that find most attacks while all ``LIMITS`` hold.

    Attacks in papers count as much as those in turns, of which the corpus has many more. A limit holds
    over both kinds together, as what it limits is told of all texts. A sentence that stands
    in several harmless texts counts once: the same doubt is not many doubts. ``ordinary`` are kinds and
    scores of messages that no model has seen.
    """
    doubts: dict[tuple[str, str], tuple[TextKind, float]] = {}
    attacks: dict[TextKind, list[float]] = {kind: [] for kind in TextKind}
    for row, found in zip(rows, verdicts, strict=True):
        kind = kind_of(row["text"])
        if row["label"] == "attacks":
            attacks[kind].append(found.score)
        else:
            said = re.sub("[0-9０-９]+", "0", found.span.of(row["text"]))
            other = "documents" if kind is TextKind.PAPER else "pieces"
            doubts[_KINDS.get(row["family"], other), said] = kind, found.score
    groups = {
        name: {
            kind: [score for (one, _), (of, score) in doubts.items() if one == name and of is kind]
            for kind in TextKind
        }
        for name in LIMITS
    }
    for kind, score in ordinary:
        groups["ordinary"][kind].append(score)
        groups["elsewhere"][kind].append(score)
    pairs = (_lowest_turn(groups, paper) for paper in {score for _, score in doubts.values()})
    best = max(pairs, key=lambda pair: (_found(attacks, pair), sum(pair)))
    _tell_doubts(doubts | {("elsewhere", f"message {at}"): one for at, one in enumerate(ordinary)}, best)
    return dict(zip(TextKind, best, strict=True))


def _lowest_turn(groups: dict[str, dict[TextKind, list[float]]], paper: float) -> tuple[float, float]:
    """Return the lowest threshold of turns beside a threshold of papers, and that one."""
    needed = []
    for name, of_kind in groups.items():
        left = int(LIMITS[name] * sum(map(len, of_kind.values())))
        left -= sum(score > paper for score in of_kind[TextKind.PAPER])
        ranked = sorted(of_kind[TextKind.TURN], reverse=True)
        needed.append(float("inf") if left < 0 else ranked[left] if left < len(ranked) else -20.0)
    return max(needed) + 1e-4, paper + 1e-4


def _found(attacks: dict[TextKind, list[float]], thresholds: tuple[float, float]) -> float:
    """Return the share of the attacks that is found, the mean of both kinds."""
    return sum(
        sum(score >= least for score in attacks[kind]) / max(1, len(attacks[kind]))
        for kind, least in zip(TextKind, thresholds, strict=True)
    ) / len(TextKind)


def _tell_doubts(doubts: dict[tuple[str, str], tuple[TextKind, float]], best: tuple[float, float]) -> None:
    """Print the harmless sentences that are flagged, and how many of how many."""
    least = dict(zip(TextKind, best, strict=True))
    for name in LIMITS:
        own = {said: found for (one, said), found in doubts.items() if one == name}
        flagged = {said: found for said, found in own.items() if found[1] >= least[found[0]]}
        print(f"{name}: {len(flagged)} of {len(own)}", file=sys.stderr)
        for said, (kind, score) in sorted(flagged.items(), key=lambda item: -item[1][1]):
            print(f"  {score:.2f} {kind} {said[:100]!r}", file=sys.stderr)


def _write_scores(path: Path, rows: list[dict[str, str]], verdicts: list[Hijack]) -> None:
    lines = (
        {"id": row["id"], "score": found.score, "said": found.span.of(row["text"])}
        for row, found in zip(rows, verdicts, strict=True)
    )
    path.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), "utf-8")


def main() -> int:
    """Train, fix the threshold, write the weights, print what the held-out folds say."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared/data")
    parser.add_argument("--out", type=Path, default=OUT)
    parser.add_argument("--penalty", type=float, default=0.0125)
    parser.add_argument("--scores", type=Path, help="write the out-of-fold score of each text, as JSON lines")
    chosen = parser.parse_args()
    rows = read_corpus()
    made = list(read_phrases(2_500))
    others = [*made, *spell_kana(made, 0.15), *read_harmless(chosen.data), *read_english_attacks(chosen.data)]
    prepared = prepare(others)
    verdicts = judge_apart(rows, prepared, chosen.penalty)
    if chosen.scores:
        _write_scores(chosen.scores, rows, verdicts)
    examples = [
        *map(as_example, rows),
        *(one for row in rows for one in spell_kana([as_example(row)], 0.5, row["id"])),
    ]
    examples += encode_harmless(rows)
    fitted = fit_prepared([*prepare(examples), *prepared], chosen.penalty)
    bare = HijackModel(fitted.weights, fitted.bias, 0.0)
    ordinary = [(kind_of(text), screen_hijack(text, bare).score) for text in read_ordinary()]
    fixed_at = fix_thresholds(rows, verdicts, ordinary)
    thresholds = {kind: float(np.float32(least)) for kind, least in fixed_at.items()}
    fixed = HijackModel(fitted.weights, fitted.bias, thresholds[TextKind.TURN], thresholds[TextKind.PAPER])
    save_model(fixed, chosen.out)
    shares: dict[str, list[bool]] = {}
    for row, found in zip(rows, verdicts, strict=True):
        is_flagged = found.score >= thresholds[kind_of(row["text"])]
        shares.setdefault(f"{row['label']} {row['form']}", []).append(is_flagged)
    figures = {
        "examples": len(examples) + len(others),
        "thresholds": thresholds,
        "flagged": {name: round(sum(found) / len(found), 3) for name, found in sorted(shares.items())},
        "bytes": chosen.out.stat().st_size,
    }
    print(json.dumps(figures))
    return 0


if __name__ == "__main__":
    sys.exit(main())
