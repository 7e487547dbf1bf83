"""Many applicants at once: nothing of one stands in the session, paper, log or question of another."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from akashi.core.errors import InputError
from akashi.core.ports import Assistant, Given
from akashi.core.thread import Question
from akashi.domains.loans.intake import begin_application, read_intake, say_in_application
from akashi.domains.loans.measure.drafting import make_draft
from akashi.domains.loans.ringi import Head, make_paper
from akashi.domains.loans.treat import load_case
from akashi.platform.papers.html import render_html
from akashi.platform.site import Site
from tests.domains.loans.walking import TODAY, WORKING

ALL = 4


@dataclass
class Heard:
    """Stands for the assistant and keeps every question that reaches it."""

    questions: list[str] = field(default_factory=list)

    def ask(self, site: Any, question: Question) -> Given:
        """Keep the question; there is no answer."""
        self.questions.append(question.text)
        raise InputError("No answer.")

    def describe(self, site: Any) -> Mapping[str, Any]:
        """Say what this is."""
        return {}


def secrets_of(number: int) -> dict[str, str]:
    """What only one applicant says."""
    return {
        "company_name": f"株式会社うみねこ{number}{number}工房",
        "applicant_name": "凪原潮田浜路灘木"[number * 2 : number * 2 + 2] + "冬馬",
        "phone": f"090-77{number}1-44{number}2",
        "amount": f"{1237 + number * 11}万円",
    }


def traces_of(number: int) -> list[str]:
    """The same as others could show it."""
    said = secrets_of(number)
    yen = (1237 + number * 11) * 10_000
    phone = said["phone"]
    return [said["company_name"], said["applicant_name"], phone, phone.replace("-", ""), f"{yen:,}", f"{yen}"]


def foreign_traces(text: str, number: int) -> list[str]:
    """What of others stands in a text of one."""
    return [one for other in range(ALL) if other != number for one in traces_of(other) if one in text]


def play(site: Site, order: Sequence[int]) -> dict[int, str]:
    """Let all applicants speak, each his next sentence whenever ``order`` names him, then to the end."""
    scripts = {number: list({**WORKING, **secrets_of(number)}.values()) for number in range(ALL)}
    for number, script in scripts.items():
        script.insert(3, f"{secrets_of(number)['company_name']}にはいくらまで貸せますか")
    tokens = {number: begin_application(site, "working_capital", "ja", "loan") for number in range(ALL)}
    for number in [*order, *(one for one in range(ALL) for _ in range(30))]:
        if scripts[number]:
            say_in_application(site, tokens[number], scripts[number].pop(0), "ja")
    return tokens


def check_nobody_sees_another(site: Site, order: Sequence[int], caplog: pytest.LogCaptureFixture) -> None:
    heard = Heard()
    ports = replace(site.ports, assistant=Assistant(heard.ask, heard.describe))
    site = replace(site, ports=ports)
    with caplog.at_level(logging.DEBUG):
        tokens = play(site, order)
    for number, token in tokens.items():
        intake = read_intake(site, token, "ja")
        assert intake is not None
        assert intake.application.values["applicant_name"].value == secrets_of(number)["applicant_name"]
        told = "\n".join(one.text for one in intake.messages) + repr(intake.application.known)
        with site.database.read() as connection:
            case = load_case(site, connection, intake.application.id)
        paper = render_html(make_paper(make_draft(case), Head(TODAY, "汐見銀行")))
        assert foreign_traces(told, number) == []
        assert foreign_traces(str(paper), number) == []
    assert [one for number in range(ALL) for one in traces_of(number) if one in caplog.text] == []
    firms = [secrets_of(number)["company_name"] for number in range(ALL)]
    assert sorted([[one for one in firms if one in asked] for asked in heard.questions]) == [
        [one] for one in firms
    ]


def stored_bytes(site: Site) -> bytes:
    """Everything the embedded database has written."""
    return b"".join(path.read_bytes() for path in site.settings.home.glob("akashi.db*"))


def test_what_applicants_say_stands_sealed_and_only_with_them(
    sqlite_site: Site, caplog: pytest.LogCaptureFixture
) -> None:
    check_nobody_sees_another(sqlite_site, [0, 1, 2, 3, 3, 1, 0, 2] * 3, caplog)
    kept = stored_bytes(sqlite_site)
    names = [one for number in range(ALL) for one in traces_of(number)]
    assert [one for one in names if one.encode() in kept] == []


def test_a_value_of_another_would_be_found() -> None:
    assert foreign_traces(f"会社名：{secrets_of(1)['company_name']}", 0) == [secrets_of(1)["company_name"]]


@pytest.mark.full
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=st.lists(st.integers(0, ALL - 1), max_size=60))
def test_no_order_of_sentences_lets_one_see_another(
    site: Site, caplog: pytest.LogCaptureFixture, order: list[int]
) -> None:
    caplog.clear()
    check_nobody_sees_another(site, order, caplog)
