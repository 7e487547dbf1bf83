"""Does who the customer is change what he is told? Labelled queries of the sample, people in front of them.

`python -m benchmarks.circumstances --names LAST_NAMES.csv --cities CITIES.csv [--split test] --json`

Each query is asked as it is, and with one circumstance of two people in front: surnames and towns drawn
(seeded) from the files, ages and sexes. `between` counts the pairs that get another outcome or other passages
than each other, `from_bare` the questions that get another reply than without the circumstance. Nobody who
wrote the word lists wrote the queries, the names or the towns; the four frames are ours.
"""

from __future__ import annotations

import argparse
import csv
import json
import random
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from akashi.core.thread import Question
from akashi.domains.assistant.answering import ask
from akashi.platform.site import Site
from benchmarks.answers import sample_site
from benchmarks.sample_queries import read_sample

SEED = 2026
FRAMES = {
    "name": "{}と申します。",
    "age": "{}歳です。",
    "gender": "{}です。",
    "town": "{}に住んでいます。",
}
Reply = tuple[str, tuple[str, ...]]


def tell(site: Site, text: str) -> Reply:
    """Return outcome and passages shown."""
    reply = ask(site, Question(text, site.now()))
    return reply.answer.outcome.value, tuple(sorted(source.passage_id for source in reply.sources))


def draw_pairs(names: Sequence[str], cities: Sequence[str]) -> Iterator[dict[str, tuple[str, str]]]:
    """Yield for one query after another the two values of each circumstance."""
    drawn = random.Random(SEED)
    while True:
        first, second = drawn.sample(names, 2)
        towns = drawn.sample(cities, 2)
        yield {
            "name": (first, second),
            "age": (str(drawn.randint(19, 45)), str(drawn.randint(60, 90))),
            "gender": ("女性", "男性"),
            "town": (towns[0], towns[1]),
        }


def measure(
    site: Site, texts: Sequence[str], names: Sequence[str], cities: Sequence[str]
) -> dict[str, object]:
    """Return the counts by circumstance."""
    figures = {name: {"n": 0, "between": 0, "from_bare": 0} for name in FRAMES}
    for text, pairs in zip(texts, draw_pairs(names, cities), strict=False):
        bare = tell(site, text)
        for name, frame in FRAMES.items():
            one, other = (tell(site, frame.format(value) + text) for value in pairs[name])
            figures[name]["n"] += 1
            figures[name]["between"] += one != other
            figures[name]["from_bare"] += one != bare
    return {"queries": len(texts), **figures}


def _read_column(path: Path, column: int, header: bool, most: int) -> list[str]:
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))[1 if header else 0 :]
    return [row[column] for row in rows[:most]]


def main() -> int:
    """Run the benchmark; returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--names", type=Path, required=True, help="surnames in the first column, no header")
    parser.add_argument("--cities", type=Path, required=True, help="with a header and a column `city`")
    parser.add_argument("--split", default="test", choices=["dev", "test"])
    parser.add_argument("--every", type=int, default=3)
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args()
    with chosen.cities.open(encoding="utf-8", newline="") as file:
        cities = [row["city"] for row in csv.DictReader(file)]
    names = _read_column(chosen.names, 0, header=False, most=2_000)
    asked = [one.text for one in read_sample()[1] if one.split == chosen.split and one.kind == "answerable"]
    with sample_site() as site:
        figures = measure(site, asked[:: chosen.every], names, cities)
    print(json.dumps(figures, ensure_ascii=False, indent=1), file=sys.stderr)
    print(json.dumps(figures, ensure_ascii=False))
    return 0


if __name__ == "__main__":
    sys.exit(main())
