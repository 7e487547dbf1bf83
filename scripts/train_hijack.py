"""Train the hijack model: `python -m scripts.train_hijack [--data ../shared/data] [--out FILE]`.

Seeds and order are fixed: the same data give the same weights. Trained on our own corpus (train
side), our own documents and screens, the public documents of the FSA, and English sets under MIT
and CC BY 4.0; on nothing share-alike. The threshold is fixed on the dev side of our corpus.
"""

from __future__ import annotations

import argparse
import csv
import json
import random
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
from babel.messages.pofile import read_po
from scripts.hijack_phrases import Grammar

from akashi.domains.guardrails.hijack import screen_hijack
from akashi.domains.guardrails.hijack_fit import Example, fit_model
from akashi.domains.guardrails.hijack_model import HijackModel, save_model
from akashi.language.normalise import normalise
from akashi.language.tokens import read_tokens

ROOT = Path(__file__).resolve().parents[1]
CORPUS = ROOT / "src/akashi/domains/guardrails/corpus"
OUT = ROOT / "src/akashi/domains/guardrails/data/hijack.npz"
PAGE = 1_500


def read_rows(path: Path) -> list[dict[str, str]]:
    """Return the lines of a JSONL file; none if it is not there."""
    if not path.exists():
        return []
    return [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line.strip()]


def read_corpus(split: str) -> list[Example]:
    """Return one side of our own corpus."""
    return [
        Example(normalise(row["text"]).text, name == "attacks")
        for name in ("attacks", "benign")
        for row in read_rows(CORPUS / f"{name}.jsonl")
        if row["split"] == split
    ]


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
    """Yield harmless texts: official documents, our sample documents and screens, English questions."""
    for path in sorted((data / "seeds").glob("*.txt")):
        yield from (Example(page, False) for page in cut_pages(normalise(path.read_text("utf-8")).text))
    sample = ROOT / "src/akashi/sample/data"
    for path in sorted([*sample.rglob("*.md"), *sample.rglob("*.csv")]):
        yield from (Example(page, False, 0.5) for page in cut_pages(normalise(path.read_text("utf-8")).text))
    for path in sorted((ROOT / "src").rglob("ja.po")):
        with path.open("rb") as file:
            texts = [str(message.string) for message in read_po(file) if message.string]
        yield from (Example(normalise(text).text, False, 0.2) for text in texts if len(text) > 12)
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
        yield from (
            Example(normalise(text).text, name == "attacks", 0.4) for text in grammar.texts(name, count)
        )


def spell_kana(examples: Iterable[Example], share: float) -> Iterator[Example]:
    """Yield a share of the examples as they sound, for texts written in kana only."""
    rng = random.Random(2026)
    for example in examples:
        if rng.random() < share and len(example.text) < 400:
            said = "".join(
                token.reading or token.span.of(example.text) for token in read_tokens(example.text)
            )
            yield Example(said, example.is_attack, example.weight * 0.5)


# How many texts of each kind may be flagged; ordinary messages of customers bind hardest.
LIMITS = {"ordinary": 0.01, "documents": 0.03, "trigger words": 0.10}
_KINDS = {"bank_message": "ordinary", "fraud_question": "ordinary", "trigger_words": "trigger words"}


def fix_threshold(model: HijackModel) -> HijackModel:
    """Return ``model`` with the lowest threshold that keeps all ``LIMITS`` on the dev side.

    A sentence that stands in several texts counts once: the same doubt is not many doubts.
    """
    scores: dict[str, dict[str, float]] = {}
    for row in read_rows(CORPUS / "benign.jsonl"):
        if row["split"] == "dev":
            found = screen_hijack(row["text"], model)
            said = re.sub("[0-9０-９]+", "0", found.span.of(row["text"]))
            scores.setdefault(_KINDS.get(row["family"], "documents"), {})[said] = found.score
    ranked = {kind: sorted(found.values(), reverse=True) for kind, found in scores.items()}
    needed = [found[int(LIMITS[kind] * len(found))] for kind, found in ranked.items()]
    threshold = max(needed) + 1e-4
    print(json.dumps({kind: len(found) for kind, found in scores.items()}), needed, file=sys.stderr)
    return HijackModel(model.weights, model.bias, float(np.float32(threshold)))


def main() -> int:
    """Train, fix the threshold, write the weights, print what dev says."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared/data")
    parser.add_argument("--out", type=Path, default=OUT)
    parser.add_argument("--penalty", type=float, default=0.3)
    chosen = parser.parse_args()
    train, dev = read_corpus("train"), read_corpus("dev")
    made = list(read_phrases(2_500))
    examples = [*train, *made, *spell_kana(train, 0.5), *spell_kana(made, 0.15)]
    examples += [*read_harmless(chosen.data), *read_english_attacks(chosen.data)]
    model = fit_model(examples, chosen.penalty)
    model = fix_threshold(model)
    save_model(model, chosen.out)
    found = [screen_hijack(one.text, model).flagged for one in dev if one.is_attack]
    figures = {
        "examples": len(examples),
        "threshold": model.threshold,
        "dev_recall": sum(found) / max(1, len(found)),
        "dev_attacks": len(found),
        "bytes": chosen.out.stat().st_size,
    }
    print(json.dumps(figures))
    return 0


if __name__ == "__main__":
    sys.exit(main())
