"""Quizzes made from findings: one right choice, plausible others, kept once, due again after a year."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient

from akashi.catalogue.load import shipped_catalogue
from akashi.core.lifecycle import FindingState
from akashi.core.people import Role
from akashi.core.thread import Severity
from akashi.domains.governance.evidence import OF_DEEDS, REGISTER, SHARING, TRAINING, list_evidence
from akashi.domains.governance.training import store
from akashi.domains.governance.training.model import Attempt, DueKind, Lesson, Quiz, read_quiz, write_quiz
from akashi.domains.governance.training.questions import Material, list_courses, make_quiz
from akashi.domains.governance.training.treat import decide_due
from akashi.domains.governance.training.words import SEVERITIES, STATES
from akashi.ledger.store import Filter, list_entries
from akashi.platform.site import Site
from tests.domains.governance.test_pages import become

NOW = datetime(2026, 11, 20, 1, tzinfo=UTC)
STATE = st.sampled_from(sorted(STATES))
LESSON = st.builds(
    Lesson,
    st.uuids().map(str),
    st.text(min_size=1, max_size=20),
    st.sampled_from(["evaluation", "vulnerability", "assistant", "guardrails"]),
    st.sampled_from([*[one.id for one in shipped_catalogue().entries][:40], "unknown"]),
    st.sampled_from(sorted(SEVERITIES)),
    STATE,
    st.just(NOW),
    st.sampled_from([None, date(2026, 12, 1)]),
)


def plain(message: str, **values: object) -> str:
    """Speak English."""
    return message.format(**values) if values else message


def test_words_know_every_state_and_severity_of_findings() -> None:
    assert set(STATES) == {one.value for one in FindingState}
    assert set(SEVERITIES) == {one.value for one in Severity}
    known = shipped_catalogue().by_id
    named = {*REGISTER, *TRAINING, *SHARING, *(one for _, ids in OF_DEEDS.values() for one in ids)}
    assert named <= set(known)


@given(
    st.lists(LESSON, max_size=8), st.sampled_from([one.role for one in list_courses()]), st.text(max_size=5)
)
def test_every_question_has_one_right_choice_and_leads_to_its_evidence(
    lessons: list[Lesson], role: str, seed: str
) -> None:
    course = next(one for one in list_courses() if one.role == role)
    material = Material(lessons, shipped_catalogue(), plain, "ja")
    quiz = make_quiz(course, material, seed)
    assert len(quiz.questions) == 6
    assert len({one.about for one in quiz.questions}) == 6
    for one in quiz.questions:
        assert 3 <= len(set(one.choices)) == len(one.choices) <= 4
        assert 0 <= one.right < len(one.choices)
        assert one.why
        assert one.links[0][1].startswith(("/findings/", "/catalogue/"))
    assert read_quiz(write_quiz(quiz)) == quiz == make_quiz(course, material, seed)


def test_right_choice_is_what_is_kept_of_the_finding() -> None:
    lessons = [
        Lesson(f"f{place}", f"title {place}", "vulnerability", "frontier-8-stop", "high", state, NOW)
        for place, state in enumerate(STATES)
    ]
    course = next(one for one in list_courses() if one.role == "security_officer")
    seen = set()
    for seed in range(30):
        for one in make_quiz(
            course, Material(lessons, shipped_catalogue(), plain, "en"), str(seed)
        ).questions:
            seen.add(one.kind)
            right = one.choices[one.right]
            if one.kind == "state":
                assert right == STATES[lessons[int(one.about[1:])].state]
            if one.kind == "requirement":
                assert right == shipped_catalogue().find("frontier-8-stop").en
            if one.kind == "severity":
                assert right == "High"
    assert {"state", "requirement", "severity", "evidence", "document"} <= seen


def test_pass_holds_a_year_and_until_severe_news() -> None:
    course = list_courses()[0]
    begun, today = date(2026, 11, 1), date(2026, 11, 20)
    never = decide_due("p", course, [], [], begun, today)
    assert (never.kind, never.due_on) == (DueKind.NEVER, date(2026, 12, 1))
    passed = Attempt("a", "p", course.role, 1, Quiz(course.role, "ja", ()), NOW, (), 6, True, NOW)
    failed = replace(passed, passed=False)
    assert decide_due("p", course, [failed], [], begun, today).kind is DueKind.FAILED
    assert decide_due("p", course, [failed, passed], [], begun, today).kind is DueKind.DONE
    later = today + timedelta(days=400)
    assert decide_due("p", course, [passed], [], begun, later).kind is DueKind.OLD
    news = Lesson("f", "t", course.rooms[0], "r", "high", "open", NOW + timedelta(days=3))
    told = decide_due("p", course, [passed], [news, replace(news, severity="low")], begun, today)
    assert (told.kind, told.news, told.due_on) == (DueKind.NEWS, ("f",), date(2026, 12, 23))
    assert told.is_late(date(2026, 12, 24))


def test_quiz_is_taken_once_explained_kept_and_exported(client: TestClient, sample_site: Site) -> None:
    become(client, Role.VALIDATOR)
    page = client.post("/governance/training/validator")
    path = page.url.path
    assert "問6" in page.text
    assert "正答" not in page.text
    assert client.post(path, data={"q0": "0"}).status_code == 422
    with sample_site.database.read() as connection:
        quiz = store.load_attempt(connection, path.rsplit("/", 1)[1]).quiz
    wrong = {f"q{at}": str(len(one.choices) - 1 - one.right) for at, one in enumerate(quiz.questions)}
    assert client.post(path, data={**wrong, "q0": "9"}).status_code == 422
    done = client.post(path, data={f"q{at}": str(one.right) for at, one in enumerate(quiz.questions)})
    assert "6問中6問正解" in done.text
    assert quiz.questions[0].links[0][1] in done.text
    assert client.post(path, data=wrong).status_code == 409
    assert "合格" in client.get("/governance/training").text
    assert client.post("/governance/training/executive").status_code == 403
    assert client.get("/governance/training/export.csv").status_code == 403
    again = client.post("/governance/training/validator").text
    assert quiz.questions[0].text not in again or quiz.questions[1].text not in again
    become(client, Role.RISK_OFFICER)
    assert client.get(path).status_code == 403
    assert quiz.digest in client.get("/governance/training/export.csv").text
    assert client.get("/governance/training/export.xlsx").content[:2] == b"PK"
    assert {"guide-ai-literacy", "programme-level"} <= {
        one.requirement_id for one in list_evidence(sample_site)
    }
    with sample_site.database.read() as connection:
        (entry,) = list_entries(connection, Filter(kind="governance.training"), 10)
    assert json.loads(entry.payload) == {
        "role": "validator",
        "quiz": quiz.digest,
        "right": 6,
        "asked": 6,
        "passed": True,
    }


@pytest.mark.parametrize("role", [one.role for one in list_courses()])
def test_every_course_is_of_a_role(role: str) -> None:
    assert Role(role) not in {Role.AUDITOR, Role.ADMINISTRATOR, Role.AUTHORITY}
