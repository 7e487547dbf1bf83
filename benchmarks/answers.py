"""What customers are told: the outcome of every labelled query of the sample institution, through `ask`.

`python -m benchmarks.answers [--split test] [--json]`

An answer is right when every excerpt of it is an entry that the labels name; a question back is right when
one of its choices is. Nothing here was used to fit anything when the split is `test`.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from akashi.core.thread import Outcome, Question
from akashi.domains.assistant.answering import ask
from akashi.house import lend_ports, list_rooms
from akashi.platform.installation import prepare_installation
from akashi.platform.settings import Settings
from akashi.platform.site import Site, open_site
from akashi.sample.seed import seed_sample
from benchmarks.sample_queries import Labelled, read_sample


@dataclass(frozen=True, slots=True)
class Told:
    """What became of a query: outcome, excerpts or choices shown, and how many of them are right."""

    query: Labelled
    outcome: Outcome
    shown: int
    right: int


@contextmanager
def sample_site() -> Iterator[Site]:
    """Yield the sample institution in a folder of its own."""
    with tempfile.TemporaryDirectory(prefix="akashi-answers-") as folder:
        home = Path(folder)
        settings = Settings(home, home / "master.key", f"sqlite:///{home / 'akashi.db'}")
        prepare_installation(settings, list_rooms(), sample=True)
        site = open_site(settings, list_rooms(), lend_ports(settings.home))
        try:
            seed_sample(site)
            yield site
        finally:
            site.database.close()


def tell(site: Site, query: Labelled, names: dict[str, str]) -> Told:
    """Return what a customer who asks ``query`` reads; ``names`` are the entries' names by their ids."""
    reply = ask(site, Question(query.text, site.now()))
    right = {names[id_] for id_ in query.judged}
    hits = sum(source.heading in right for source in reply.sources)
    return Told(query, reply.answer.outcome, len(reply.sources), hits)


def summarise(told: list[Told]) -> dict[str, float]:
    """Return counts of outcomes, and how many of the answers and questions back were right."""
    answered = [one for one in told if one.outcome is Outcome.ANSWERED]
    asked_back = [one for one in told if one.outcome is Outcome.CLARIFY]
    joined = [one for one in answered if one.shown > 1]
    return {
        "n": len(told),
        "answered": len(answered),
        "answered_rightly": sum(one.shown == one.right for one in answered),
        "joined": len(joined),
        "joined_rightly": sum(one.shown == one.right for one in joined),
        "asked_back": len(asked_back),
        "asked_back_with_right_choice": sum(one.right > 0 for one in asked_back),
        "handed_over": sum(one.outcome is Outcome.HAND_OVER for one in told),
    }


def main() -> int:
    """Run the benchmark; returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--split", default="test", choices=["dev", "test"])
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args()
    entries, queries = read_sample()
    names = {entry.id: entry.question for entry in entries}
    with sample_site() as site:
        told = [tell(site, one, names) for one in queries if one.split == chosen.split]
    groups = {one.query.kind for one in told} | {f"answerable, {one.query.style}" for one in told}
    rows = {}
    for group in sorted(groups):
        inside = [one for one in told if group in (one.query.kind, f"{one.query.kind}, {one.query.style}")]
        rows[group] = summarise(inside)
        print(
            f"{group:28} " + " ".join(f"{name} {value}" for name, value in rows[group].items()),
            file=sys.stderr,
        )
    for one in (one for one in told if one.outcome is Outcome.ANSWERED and one.shown > 1):
        print(f"joined {one.right}/{one.shown} {one.query.id} {one.query.text}", file=sys.stderr)
    print(json.dumps({"split": chosen.split, "groups": rows}, ensure_ascii=False))
    return 0


if __name__ == "__main__":
    sys.exit(main())
