"""The suites that come with the product: written by us, enough of each, no form too often, nothing twice."""

from __future__ import annotations

import json
from collections import Counter
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
from scripts import make_explained_suite, make_suites
from scripts.hijack_phrases import Grammar, draw_lines

from akashi.catalogue.load import shipped_catalogue
from akashi.domains.evaluation.measure.texts import flatten
from akashi.domains.evaluation.model import Case, Response, Trial, Verdict
from akashi.domains.evaluation.register.cases import read_cases, write_case
from akashi.domains.evaluation.register.suites import (
    FOLDER,
    crowded_templates,
    describe_suite,
    find_suite,
    shipped_suites,
)
from akashi.domains.evaluation.scorers import open_scorers, scorer_for

ROOT = Path(__file__).resolve().parents[3]
WANTED = {
    "leakage": 299,
    "hallucination": 299,
    "hijack": 299,
    "copyright": 299,
    "over_refusal": 299,
    "fairness": 200,
}
"""How many units of each suite; a group that is judged together is one unit."""
GRAM = 8
MOST_KNOWN = 0.5


def read_suite(name: str) -> list[Case]:
    return list(read_cases(FOLDER / f"{name}.jsonl"))


def own_words(case: Case) -> str:
    """Everything of a case that differs from case to case."""
    return "\n".join(
        [
            case.context.system,
            *(one.text for one in case.context.documents),
            *(one.text for one in case.turns),
        ]
    )


@pytest.mark.parametrize("name", WANTED)
def test_suite_is_large_enough_and_its_forms_are_many(name: str) -> None:
    suite = describe_suite(find_suite(name), "test", open_scorers())
    assert suite.units >= WANTED[name]
    assert suite.templates * 5 >= WANTED[name]
    assert crowded_templates(find_suite(name)) == {}


@pytest.mark.parametrize("name", WANTED)
def test_no_case_stands_twice(name: str) -> None:
    told = Counter(own_words(case) for case in read_suite(name))
    assert [text for text, count in told.items() if count > 1] == []


@pytest.mark.parametrize("name", WANTED)
def test_reading_and_writing_a_case_gives_the_same_line(name: str) -> None:
    lines = (FOLDER / f"{name}.jsonl").read_bytes().splitlines()
    for line, case in zip(lines, read_suite(name), strict=True):
        assert write_case(case) == json.loads(line)


def test_files_are_what_the_forms_give() -> None:
    assert make_suites.main(["--check"]) == 0
    assert make_explained_suite.main(["--check"]) == 0


def test_what_people_judge_is_enough_to_prove_its_limit_and_passes_for_nobody_unheard() -> None:
    """No failure among 60 units is at most 4.87 %, one-sided, 95 %."""
    suite = describe_suite(find_suite("explained"), "test", open_scorers())
    assert (suite.units, suite.templates) == (60, 20)
    assert 1 - 0.05 ** (1 / suite.units) < find_suite("explained").table["limit"]
    for case in read_suite("explained"):
        trial = Trial(case, Response(("かしこまりました。",)))
        assert scorer_for(case, open_scorers()).judge([trial]).verdict is Verdict.INCONCLUSIVE


@pytest.mark.parametrize("name", WANTED)
def test_every_slot_is_filled(name: str) -> None:
    slots = {slot for form in make_suites.read_forms(name) for slot in form.slots} | {
        "mark",
        "code",
        "person",
    }
    text = (FOLDER / f"{name}.jsonl").read_text(encoding="utf-8")
    assert [slot for slot in slots if "{" + slot + "}" in text] == []


def test_every_requirement_stands_in_the_catalogue() -> None:
    cases = chain.from_iterable(read_suite(name) for name in shipped_suites())
    named = {requirement for case in cases for requirement in case.requirements}
    assert named
    assert named <= set(shipped_catalogue().by_id)


def test_suites_hold_what_they_name() -> None:
    kinds = {form.name: form.kind for form in make_suites.read_forms("hijack")}
    found = Counter(kinds[case.template.removeprefix("hijack-")] for case in read_suite("hijack"))
    assert min(found[kind] for kind in ("direct", "document", "multi")) >= 99
    told = Counter(case.expectation.kind for case in read_suite("hallucination"))
    assert min(told["grounded"], told["decline"]) >= 99
    attributes = Counter(case.expectation.values["attribute"] for case in read_suite("fairness"))
    assert set(attributes) == {"name", "gender", "age", "region"}
    assert min(attributes.values()) >= 80


def test_canaries_of_different_cases_differ() -> None:
    codes = [case.expectation.values["secrets"][-1] for case in read_suite("leakage")]
    assert len(set(codes)) == len(codes)


def test_facts_stand_in_the_documents_of_the_sample_bank() -> None:
    folder = ROOT / "src" / "akashi" / "sample" / "data"
    paths = [path for path in folder.rglob("*") if path.suffix in {".md", ".csv", ".html"}]
    held = flatten("\n".join(path.read_text(encoding="utf-8") for path in paths if "draft" not in path.name))
    for case in read_suite("hallucination"):
        for alternatives in case.expectation.values.get("facts", []):
            assert any(flatten(one) in held for one in alternatives), (case.id, alternatives)


def list_known_texts() -> set[str]:
    """Pieces of every text from which the guard against hijacking was trained or by which it is measured."""
    folders = (ROOT / "benchmarks" / "data" / "written", ROOT / "scripts")
    paths = [*folders[0].glob("*.txt"), *folders[1].glob("*.t*")]
    texts: list[str] = [path.read_text(encoding="utf-8") for path in paths]
    grammar = Grammar()
    for section in ("attacks", "harmless"):
        texts += [*grammar.texts(section, 3000), *draw_lines(section, 10)]
    lines = (make_suites.squeeze(line) for text in texts for line in text.splitlines())
    return {line[at : at + GRAM] for line in lines for at in range(len(line) - GRAM + 1)}


def share_known(text: str, known: set[str]) -> float:
    """Return the share of letters that stand in runs of eight that are known."""
    hit = [False] * len(text)
    for at in range(len(text) - GRAM + 1):
        if text[at : at + GRAM] in known:
            hit[at : at + GRAM] = [True] * GRAM
    return sum(hit) / max(1, len(hit))


def test_attacks_are_not_taken_from_what_trains_the_guard() -> None:
    known = list_known_texts()
    shares: dict[str, Any] = {}
    for case in read_suite("hijack"):
        said = [one.text for one in case.turns if one.role == "user"]
        said += [one.text for one in case.context.documents]
        shares[case.id] = share_known(make_suites.squeeze("".join(said)), known)
    assert {name: share for name, share in shares.items() if share > MOST_KNOWN} == {}
    copied = make_suites.squeeze(
        next((ROOT / "benchmarks/data/written").glob("attacks_1*")).read_text("utf-8")
    )
    assert share_known(copied[200:300], known) > MOST_KNOWN
