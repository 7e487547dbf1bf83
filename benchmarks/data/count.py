"""Print the tables of README.md in this folder: how many cases of what the files hold.

python -m benchmarks.data.count
"""

import json
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.data.make_corpus import CORPUS

HERE = Path(__file__).parent


def rows_of(path: Path) -> list[dict[str, Any]]:
    """The lines of a file."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def table(head: tuple[str, ...], lines: Iterable[tuple[object, ...]]) -> str:
    """A Markdown table."""
    rule = "|".join(["---", *["--:"] * (len(head) - 1)])
    body = ["| " + " | ".join(str(cell) for cell in line) + " |" for line in lines]
    return "\n".join([f"| {' | '.join(head)} |", f"|{rule}|", *body]) + "\n"


def corpus(name: str) -> str:
    """The tables of attacks.jsonl or benign.jsonl: by family and by form over the splits."""
    rows = rows_of(CORPUS / f"{name}.jsonl")
    splits = ("train", "dev", "test")
    parts = []
    for field in ("family", "form"):
        found = Counter((row[field], row["split"]) for row in rows)
        kinds = sorted({row[field] for row in rows})
        lines = [
            (kind, sum(found[kind, s] for s in splits), *(found[kind, s] for s in splits)) for kind in kinds
        ]
        totals = ("all", len(rows), *(sum(row["split"] == s for row in rows) for s in splits))
        parts.append(table((field, "cases", *splits), [*lines, totals]))
    lengths = [len(row["text"]) for row in rows]
    templates = len({row["template"] for row in rows})
    parts.append(
        f"{templates} templates; {min(lengths)} to {max(lengths)} characters, median {median(lengths):.0f}; "
        f"{sum(n >= 500 for n in lengths)} of 500 and more.\n"
    )
    return "\n".join(parts)


def personal(stem: str = "pii") -> str:
    """The tables of the messages with personal data: by group and by type."""
    found = {part: rows_of(HERE / f"{stem}_{part}.jsonl") for part in ("dev", "test")}
    messages = {part: Counter(row["group"] for row in rows) for part, rows in found.items()}
    spans = {part: Counter() for part in found}  # type: dict[str, Counter[str]]
    types = {part: Counter() for part in found}  # type: dict[str, Counter[str]]
    for part, rows in found.items():
        for row in rows:
            spans[part][row["group"]] += len(row["spans"])
            types[part].update(span["type"] for span in row["spans"])
    groups = [
        (g, messages["dev"][g], spans["dev"][g], messages["test"][g], spans["test"][g])
        for g in messages["dev"]
    ]
    totals = [("all", *(n for part in found for n in (len(found[part]), sum(spans[part].values()))))]
    by_group = table(("group", "dev messages", "spans", "test messages", "spans"), groups + totals)
    kinds = [(kind, types["dev"][kind], types["test"][kind]) for kind in sorted(types["dev"])]
    return by_group + "\n" + table(("type", "dev spans", "test spans"), kinds)


def output() -> str:
    """The table of the cases of the output check."""
    found = {
        part: Counter(row["group"] for row in rows_of(HERE / f"output_{part}.jsonl"))
        for part in ("dev", "test")
    }
    lines = [(group, found["dev"][group], found["test"][group]) for group in found["dev"]]
    return table(("group", "dev", "test"), [*lines, ("all", *(sum(found[part].values()) for part in found))])


def main() -> None:
    """Print all tables."""
    for name, text in (("attacks", corpus("attacks")), ("benign", corpus("benign"))):
        print(f"### {name}.jsonl\n\n{text}")
    for stem in ("pii", "pii_others"):
        print(f"### {stem}\n\n{personal(stem)}")
    print(f"### output\n\n{output()}")


if __name__ == "__main__":
    main()
