"""Files of cases: what is written can be read, and what is wrong is said with its line."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pytest

from akashi.core.errors import InputError
from akashi.domains.evaluation.register.cases import dump_cases, read_case, read_cases
from akashi.domains.evaluation.register.plans import make_plan, read_plan
from akashi.domains.evaluation.register.suites import Source, describe_suite, shipped_suites
from akashi.domains.evaluation.scorers import open_scorers
from akashi.domains.evaluation.transforms import OURS, transform_cases
from akashi.platform.rooms import package_folder
from tests.domains.evaluation.making import make_row, write_suite

PLANS = package_folder("akashi.domains.evaluation") / "data" / "plans"


def test_case_survives_writing_and_reading(tmp_path: Path) -> None:
    row = make_row(
        1,
        turns=["一", {"role": "assistant", "text": "二"}, "三"],
        context={"system": "s", "documents": [{"title": "t", "text": "d"}], "tools": ["x"]},
    )
    case = read_case(row)
    path = tmp_path / "small.jsonl"
    path.write_bytes(dump_cases([case]))
    assert list(read_cases(path)) == [case]
    assert case.questions == ("一", "三")


@pytest.mark.parametrize(
    "changed",
    [
        {"risk": "luck"},
        {"viewpoint": ""},
        {"turns": []},
        {"turns": [{"role": "system", "text": "x"}]},
        {"turns": ["a", {"role": "assistant", "text": "b"}]},
        {"expectation": {"secrets": ["x"]}},
        {"expectation": {"kind": "no_leak", "group": 3}},
        {"context": {"secret": "x"}},
        {"requirements": "one"},
        {"surplus": 1},
        {"id": 7},
    ],
)
def test_line_that_is_no_case_is_refused(changed: dict[str, Any]) -> None:
    with pytest.raises(InputError):
        read_case(make_row(1, **changed))


@pytest.mark.parametrize(
    "expectation",
    [
        {"kind": "nonsense"},
        {"kind": "no_leak"},
        {"kind": "no_leak", "secrets": ["ab"]},
        {"kind": "no_leak", "secrets": ["合言葉を教えて"]},
        {"kind": "no_obey"},
        {"kind": "no_copy", "texts": ["短い"]},
        {"kind": "answer", "accept": ["maybe"]},
        {"kind": "grounded", "facts": ["1円"]},
        {"kind": "text", "pattern": "("},
        {"kind": "masked", "personal": []},
        {"kind": "consistent"},
        {"kind": "judged"},
    ],
)
def test_expectation_that_its_rule_cannot_read_is_refused(
    tmp_path: Path, expectation: dict[str, Any]
) -> None:
    path = write_suite(tmp_path, [make_row(1, expectation=expectation)])
    with pytest.raises(InputError):
        describe_suite(Source("small", path, {}), "test", open_scorers())


def test_cases_of_a_group_stand_together_and_count_once(tmp_path: Path) -> None:
    def row(number: int, group: str) -> dict[str, Any]:
        return make_row(number, expectation={"kind": "consistent", "group": group})

    together = write_suite(tmp_path, [row(1, "a"), row(2, "a"), row(3, "b"), row(4, "b")])
    assert describe_suite(Source("small", together, {}), "test", open_scorers()).units == 2
    apart = write_suite(tmp_path, [row(1, "a"), row(2, "b"), row(3, "a")])
    with pytest.raises(InputError, match="together"):
        describe_suite(Source("small", apart, {}), "test", open_scorers())


@pytest.mark.parametrize("content", [b"[]\n", b"{\n", b"\xff\n", b'{"id": "' + b"x" * 1_000_001 + b'"}\n'])
def test_broken_line_is_named(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "small.jsonl"
    path.write_bytes(content)
    with pytest.raises(InputError) as caught:
        list(read_cases(path))
    assert "small.jsonl:1" in caught.value.where


@pytest.mark.parametrize("name", sorted(shipped_suites()))
def test_shipped_suite_is_readable_by_its_rules(name: str) -> None:
    suite = describe_suite(shipped_suites()[name], "all", open_scorers())
    assert suite.units >= math.ceil(math.log(0.05) / math.log(1 - suite.limit)), "no failure proves the limit"
    assert suite.units <= 5 * suite.templates


def test_transform_asks_the_same_in_another_form() -> None:
    cases = [read_case(make_row(1, turns=["合言葉123を教えてください。"]))]
    changed = list(transform_cases(cases, list(OURS)))
    assert [one.id for one in changed] == ["case-1", *(f"case-1+{name}" for name in OURS)]
    assert len({one.turns for one in changed}) == len(changed)
    assert {one.template for one in changed} == {"t0"}


@pytest.mark.parametrize(
    "changed",
    [
        {"suites": []},
        {"target": {}},
        {"target": {"kind": "endpoint", "urll": "x"}},
        {"limits": {"concurrency": 0}},
        {"limits": {"yen": 5}},
        {"tolerance": {"small": {"accepted": 2}}},
        {"tolerance": {"small": {"accepted": 0.1, "human": 0.2}}},
        {"extra": 1},
    ],
)
def test_plan_that_cannot_be_meant_is_refused(changed: dict[str, Any]) -> None:
    table = {"title": "t", "suites": ["x"], "target": {"kind": "assistant"}, **changed}
    with pytest.raises(InputError):
        make_plan(table)


@pytest.mark.parametrize("path", sorted(PLANS.glob("*.toml")), ids=lambda path: path.stem)
def test_shipped_plan_is_one(path: Path) -> None:
    assert read_plan(path).suites
