"""A use case from its record to the decision that lets it live, and what makes that decision stale."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from starlette.testclient import TestClient

from akashi.approvals.matters import act, read_matter
from akashi.approvals.model import Action
from akashi.core.errors import ConflictError, ForbiddenError, InputError
from akashi.core.evaluated import EvaluatedRun, EvaluatedSuite
from akashi.core.people import Actor, Role
from akashi.core.ports import Ports
from akashi.domains.assistant.store import is_stopped
from akashi.domains.governance.measure import is_stale, list_gates, measure_tier
from akashi.domains.governance.model import Deed, Phase, Sample, Tier
from akashi.domains.governance.staleness import list_notices, watch_decisions
from akashi.domains.governance.store import list_use_cases
from akashi.domains.governance.treat import (
    ask_live,
    ask_resumption,
    ask_validation,
    end_trial,
    judge_output,
    read_case,
    retire,
    sign_validation,
    start_trial,
    suspend,
)
from akashi.house import lend_ports
from akashi.platform.site import Site
from akashi.register.treat import Step, edit_entry
from akashi.sample.seed import list_actors, walk_route
from tests.conftest import sign_in

CODE = "customer_faq"
PEOPLE = list_actors()
WORDS = dict.fromkeys(("method", "assumptions", "limits", "uncertainty", "conclusion"), "検証の記述")


def person(role: Role, place: int = 0) -> Actor:
    """Return a person of the sample institution with a role."""
    return [one for one in PEOPLE.values() if one.has(role)][place]


class Bench:
    """Runs and a target that a test sets, in place of the room that tests."""

    def __init__(self, site: Site) -> None:
        self.runs: list[EvaluatedRun] = []
        self.present: tuple[str, str] | None = ("extractive", "a" * 64)
        real = lend_ports().evaluations
        assert real is not None
        self.site = replace(site, ports=Ports(evaluations=replace(real, read=self.read, present=self.find)))

    def read(self, connection: Any, use_case: str) -> list[EvaluatedRun]:
        """Return the runs of the use case under test."""
        return self.runs if use_case == CODE else []

    def find(self, site: Any, target: str) -> tuple[str, str] | None:
        """Return what stands behind the target."""
        return self.present

    def add_run(self, upper: float = 0.008, is_valid: bool = True, **more: Any) -> None:
        """Add a run of the present target, newest first."""
        suite = EvaluatedSuite("leak", "漏えい", "Leakage", "leakage", 399, 0, 0, 0, 0.0, upper, 0.01, 90)
        mode, digest = self.present or ("", "")
        run = EvaluatedRun(
            "run_1", "定例", "assistant", mode, digest, is_valid, self.site.now(), "b" * 64, "x", (suite,)
        )
        self.runs.insert(0, replace(run, **more))


@pytest.fixture
def bench(sample_site: Site) -> Bench:
    """The sample institution, whose use case has not been tested."""
    return Bench(sample_site)


def gates_of(bench: Bench) -> dict[str, bool]:
    """Return which gates are open."""
    return {gate.name: gate.is_open for gate in list_gates(read_case(bench.site, CODE).standing)}


def prepare(bench: Bench) -> None:
    """Evaluate, try and validate."""
    bench.add_run()
    start_trial(bench.site, person(Role.BUSINESS_OWNER), CODE)
    for place in range(30):
        verdict = "corrected" if place < 3 else "used"
        judge_output(bench.site, person(Role.OPERATOR), Sample(CODE, "2026-11-20", verdict, 90))
    end_trial(bench.site, person(Role.BUSINESS_OWNER), CODE, "実務に使える。")
    sign_validation(bench.site, person(Role.VALIDATOR), CODE, True, WORDS)


def go_live(bench: Bench) -> None:
    """Hand in and let the bank decide."""
    prepare(bench)
    matter = ask_live(bench.site, person(Role.BUSINESS_OWNER), CODE)
    with bench.site.database.write() as connection:
        walk_route(connection, read_matter(connection, matter.id), PEOPLE, bench.site.now())


def is_stopped_for_customers(site: Site) -> bool:
    """Return whether the assistant's automatic answers are stopped."""
    with site.database.read() as connection:
        return is_stopped(connection)


def test_every_use_case_of_the_sample_has_a_tier_and_its_reasons(sample_site: Site) -> None:
    with sample_site.database.read() as connection:
        tiers = {one.code: measure_tier(one) for one in list_use_cases(connection)}
    assert tiers["customer_faq"][0] is Tier.MEDIUM
    assert tiers["customer_faq_generative"][0] is Tier.HIGH
    assert all(rules for _, rules in tiers.values())


def test_a_use_case_goes_live_by_its_own_evidence_and_the_banks_route(bench: Bench) -> None:
    assert read_case(bench.site, CODE).phase is Phase.DRAFTED
    go_live(bench)
    case = read_case(bench.site, CODE)
    assert case.phase is Phase.LIVE
    assert not is_stale(case.standing.events, case.standing.digest)
    assert case.standing.events[-1].content["number"]


def test_what_is_not_tested_validated_and_tried_is_not_handed_in(bench: Bench) -> None:
    assert gates_of(bench)["tested"] is False
    with pytest.raises(ConflictError, match="conditions are not met"):
        ask_live(bench.site, person(Role.BUSINESS_OWNER), CODE)


@pytest.mark.parametrize(
    "spoilt",
    [{"mode": "generative"}, {"target_digest": "c" * 64}, {"is_valid": False}],
)
def test_a_run_of_something_else_never_counts(bench: Bench, spoilt: dict[str, Any]) -> None:
    bench.add_run(**spoilt)
    assert gates_of(bench)["tested"] is False
    assert read_case(bench.site, CODE).phase is Phase.DRAFTED


def test_a_bound_above_what_is_accepted_shuts_the_gate(bench: Bench) -> None:
    bench.add_run(upper=0.02)
    assert gates_of(bench)["within"] is False


def test_whoever_wrote_the_record_does_not_validate_it(bench: Bench) -> None:
    bench.add_run()
    validator = person(Role.VALIDATOR)
    with bench.site.database.write() as connection:
        case = read_case(bench.site, CODE)
        values = {**case.standing.use_case.values, "description": "検証者が書いた"}
        edit_entry(Step(connection, validator, bench.site.now()), "use_case", CODE, values, 1)
    with pytest.raises(ForbiddenError, match="does not validate"):
        sign_validation(bench.site, validator, CODE, True, WORDS)
    sign_validation(bench.site, person(Role.VALIDATOR, 1), CODE, True, WORDS)


def test_a_validation_without_its_words_or_by_another_role_is_refused(bench: Bench) -> None:
    with pytest.raises(InputError):
        sign_validation(bench.site, person(Role.VALIDATOR), CODE, True, {**WORDS, "limits": " "})
    with pytest.raises(ForbiddenError):
        sign_validation(bench.site, person(Role.RISK_OFFICER), CODE, True, WORDS)


def test_an_objection_takes_the_validation_back(bench: Bench) -> None:
    prepare(bench)
    assert gates_of(bench)["validated"] is True
    sign_validation(bench.site, person(Role.VALIDATOR, 1), CODE, False, WORDS)
    assert gates_of(bench)["validated"] is False


def test_a_signature_holds_only_once_its_sign_off_is_decided_by_another_person(bench: Bench) -> None:
    bench.add_run()
    validator = person(Role.VALIDATOR)
    matter = ask_validation(bench.site, validator, CODE, WORDS)
    assert matter is not None
    assert gates_of(bench)["validated"] is False
    with bench.site.database.write() as connection:
        with pytest.raises(ForbiddenError):
            act(connection, matter.id, Action.DECIDE, validator, bench.site.now())
        walk_route(connection, read_matter(connection, matter.id), PEOPLE, bench.site.now())
    last = read_case(bench.site, CODE).standing.events[-1]
    assert (last.deed, last.actor) == (Deed.VALIDATED, validator.id)
    assert last.content["signed_off_by"] != validator.id
    assert last.content["number"]
    assert gates_of(bench)["validated"] is True
    bench.present = ("extractive", "e" * 64)
    assert gates_of(bench)["validated"] is False


def test_a_returned_sign_off_takes_the_signature_back(bench: Bench) -> None:
    bench.add_run()
    matter = ask_validation(bench.site, person(Role.VALIDATOR), CODE, WORDS)
    assert matter is not None
    officer = person(Role.RISK_OFFICER)
    with bench.site.database.write() as connection:
        act(connection, matter.id, Action.RETURN, officer, bench.site.now(), reason="限界の記述が足りない")
    last = read_case(bench.site, CODE).standing.events[-1]
    assert (last.deed, last.actor, last.content["reason"]) == (
        Deed.OBJECTED,
        officer.id,
        "限界の記述が足りない",
    )
    with pytest.raises(ForbiddenError):
        ask_validation(bench.site, person(Role.BUSINESS_OWNER), CODE, WORDS)


def test_what_is_live_stays_stoppable_while_it_is_validated_and_decided_again(bench: Bench) -> None:
    go_live(bench)
    bench.present = ("extractive", "d" * 64)
    bench.add_run()
    sign_validation(bench.site, person(Role.VALIDATOR), CODE, True, WORDS)
    assert read_case(bench.site, CODE).phase is Phase.LIVE
    matter = ask_live(bench.site, person(Role.BUSINESS_OWNER), CODE)
    with pytest.raises(ConflictError):
        ask_live(bench.site, person(Role.BUSINESS_OWNER), CODE)
    assert read_case(bench.site, CODE).phase is Phase.LIVE
    suspend(bench.site, person(Role.SECURITY_OFFICER), CODE, "誤答の報告")
    with bench.site.database.write() as connection:
        walk_route(connection, read_matter(connection, matter.id), PEOPLE, bench.site.now())
    sign_validation(bench.site, person(Role.VALIDATOR), CODE, False, WORDS)
    assert read_case(bench.site, CODE).phase is Phase.SUSPENDED


def test_a_changed_target_or_record_makes_the_decision_stale(bench: Bench) -> None:
    go_live(bench)
    bench.present = ("extractive", "d" * 64)
    case = read_case(bench.site, CODE)
    assert case.phase is Phase.LIVE
    assert is_stale(case.standing.events, case.standing.digest)
    assert gates_of(bench)["validated"] is False


def test_a_stale_decision_is_said_on_every_page_until_it_is_decided_again(
    bench: Bench, client: TestClient
) -> None:
    go_live(bench)
    assert (watch_decisions(bench.site, bench.site.now()), list_notices(bench.site)) == (0, [])
    bench.present = ("extractive", "c" * 64)
    assert [watch_decisions(bench.site, bench.site.now()) for _ in range(2)] == [1, 0]
    sign_in(client, person(Role.OPERATOR).id)
    for path in ("/findings", "/documents", "/register"):
        assert "決裁した内容と変わっています" in client.get(path).text, path
    assert "決裁した内容と変わっています" not in client.get("/").text
    (notice,) = list_notices(bench.site)
    assert notice.about_en == read_case(bench.site, CODE).standing.use_case.text("name_en") != notice.about
    suspend(bench.site, person(Role.EXECUTIVE), CODE, "決裁し直すまで止める。")
    assert (watch_decisions(bench.site, bench.site.now()), list_notices(bench.site)) == (1, [])


def test_a_record_changed_while_it_waits_is_not_decided(bench: Bench) -> None:
    prepare(bench)
    matter = ask_live(bench.site, person(Role.BUSINESS_OWNER), CODE)
    with bench.site.database.write() as connection:
        values = {**read_case(bench.site, CODE).standing.use_case.values, "human": "none"}
        edit_entry(Step(connection, person(Role.RISK_OFFICER), bench.site.now()), "use_case", CODE, values, 1)
    with bench.site.database.write() as connection, pytest.raises(ConflictError, match="has changed"):
        walk_route(connection, read_matter(connection, matter.id), PEOPLE, bench.site.now())
    assert read_case(bench.site, CODE).phase is Phase.ASKED


def test_a_stop_is_at_once_and_resuming_takes_a_decision(bench: Bench) -> None:
    go_live(bench)
    with pytest.raises(ForbiddenError):
        suspend(bench.site, person(Role.OPERATOR), CODE, "誤答の報告")
    with pytest.raises(ForbiddenError):
        suspend(bench.site, person(Role.RISK_OFFICER), CODE, "職務権限表にない")
    assert read_case(bench.site, CODE).phase is Phase.LIVE
    suspend(bench.site, person(Role.SECURITY_OFFICER), CODE, "誤答の報告")
    assert is_stopped_for_customers(bench.site)
    assert read_case(bench.site, CODE).phase is Phase.SUSPENDED
    bench.site.clock.advance(timedelta(hours=1))  # type: ignore[attr-defined]  # the frozen clock of the tests
    matter = ask_resumption(bench.site, person(Role.BUSINESS_OWNER), CODE, "原因の文書を取り下げた")
    assert read_case(bench.site, CODE).phase is Phase.SUSPENDED
    with bench.site.database.write() as connection:
        walk_route(connection, read_matter(connection, matter.id), PEOPLE, bench.site.now())
    assert read_case(bench.site, CODE).phase is Phase.LIVE
    assert not is_stopped_for_customers(bench.site)


def test_a_live_use_case_is_stopped_before_it_is_ended(bench: Bench) -> None:
    go_live(bench)
    with pytest.raises(ConflictError):
        retire(bench.site, person(Role.BUSINESS_OWNER), CODE, "後継に移行")


def test_another_trial_begins_at_nothing_and_an_ended_one_takes_no_more(bench: Bench) -> None:
    prepare(bench)
    sample, owner = Sample(CODE, "2026-11-20", "useless", 0), person(Role.BUSINESS_OWNER)
    with pytest.raises(ConflictError):
        judge_output(bench.site, owner, sample)
    start_trial(bench.site, owner, CODE)
    assert read_case(bench.site, CODE).standing.trial.samples == 0
    assert not gates_of(bench)["tried"]
    with pytest.raises(ConflictError):
        start_trial(bench.site, owner, CODE)
    judge_output(bench.site, owner, sample)
    trial = read_case(bench.site, CODE).standing.trial
    assert (trial.samples, trial.useless, trial.seconds_saved) == (1, 1, 0)


def test_an_output_is_judged_only_during_a_trial(bench: Bench) -> None:
    with pytest.raises(ConflictError, match="no trial"):
        judge_output(bench.site, person(Role.OPERATOR), Sample(CODE, "2026-11-20", "used", 60))
