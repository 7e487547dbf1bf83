"""The sample institution's labelled queries with the entries that customers are answered from."""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from importlib.resources import files

from akashi.documents.parsing.sandbox import parse_bytes
from akashi.domains.assistant.measure.index import Entry


@dataclass(frozen=True, slots=True)
class Labelled:
    """A query with its kind, split, topic and the grade of every entry that answers it."""

    id: str
    text: str
    kind: str
    split: str
    judged: dict[str, int]
    style: str = ""

    @property
    def topic(self) -> str:
        """Return the document family that the query belongs to: the unit of splits and folds."""
        return self.id.rsplit("-", 1)[0]


def read_sample() -> tuple[list[Entry], list[Labelled]]:
    """Return entries and labelled queries as of the day that the labels were made for."""
    data = files("akashi.sample").joinpath("data")
    day: date = tomllib.loads(data.joinpath("questions.toml").read_text("utf-8"))["as_of"]
    entries = read_entries(day)
    judged = _read_judgments([entry.id for entry in entries])
    rows = csv.DictReader(data.joinpath("queries/queries.csv").read_text("utf-8").splitlines())
    queries = [
        Labelled(row["id"], row["text"], row["kind"], row["split"], judged.get(row["id"], {}), row["style"])
        for row in rows
    ]
    return entries, queries


def _read_judgments(ids: Sequence[str]) -> dict[str, dict[str, int]]:
    path = files("akashi.sample").joinpath("data/queries/judgments.csv")
    judged: dict[str, dict[str, int]] = {}
    for row in csv.DictReader(path.read_text("utf-8").splitlines()):
        kind, _, target = row["target"].partition(":")
        key, _, name = target.partition("#")
        wanted = [name] if kind == "faq" else [id_ for id_ in ids if id_.startswith(f"{key}#{name}#")]
        for id_ in wanted:
            judged.setdefault(row["query_id"], {})[id_] = int(row["grade"])
    return judged


def read_entries(day: date) -> list[Entry]:
    """Return what customers of the sample institution may be answered on ``day``; ids are the
    question, or document key and heading, as the labels name them."""
    data = files("akashi.sample").joinpath("data")
    entries: dict[str, Entry] = {}
    for row in tomllib.loads(data.joinpath("manifest.toml").read_text("utf-8"))["document"]:
        if row["audience"] != "customers" or row["state"] != "approved":
            continue
        if not row["effective_from"] <= day <= row.get("effective_to", date.max):
            continue
        source = data.joinpath(row["file"])
        if row["file"].endswith(".csv"):
            for line in csv.DictReader(source.read_text("utf-8-sig").splitlines()):
                entries[line["question"]] = Entry(line["question"], line["question"], line["answer"])
        else:
            for entry in _read_passages(row["key"], row["file"], source.read_bytes()):
                entries.setdefault(entry.id, entry)
    return list(entries.values())


def _read_passages(key: str, name: str, content: bytes) -> list[Entry]:
    document = parse_bytes(name.rsplit("/", 1)[-1], content)
    return [
        Entry(
            f"{key}#{passage.heading[-1] if passage.heading else ''}#{number}",
            " ＞ ".join(passage.heading),
            passage.body.of(document.text),
        )
        for number, passage in enumerate(document.passages)
    ]
