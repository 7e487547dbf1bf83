"""The papers of a use case: policy 利用方針, evaluation report 評価報告書, committee paper 付議資料."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from akashi.core.errors import NotFoundError
from akashi.core.moments import tokyo_day
from akashi.domains.governance import store
from akashi.domains.governance.measure import list_gates
from akashi.domains.governance.paper_parts import (
    Facing,
    has_moved,
    list_figures,
    list_results,
    list_runs,
    list_trial,
    list_validation,
    name_person,
    note_mode,
    register_facts,
    standing_facts,
    summarise,
    tell_reasons,
)
from akashi.domains.governance.remaining import list_told, tell_findings, tell_remaining
from akashi.domains.governance.texts import (
    BOUND,
    DECIDED,
    EXACTLY,
    INTRODUCTION,
    MEASURED,
    METHOD,
    STALE_NOTE,
    TEMPLATES,
    TIER_NOTE,
    TOLD,
    WATCHED,
)
from akashi.domains.governance.treat import Case
from akashi.platform.kit import Translator, mark
from akashi.platform.papers import (
    Block,
    Bullets,
    Heading,
    Paper,
    PaperTable,
    Signatures,
    Text,
)
from akashi.platform.site import Site
from akashi.register.store import list_entries, list_titles

DATA_FIELDS = ("data_class", "lawful_basis", "no_training", "third_party", "servers_abroad")


def paper_of(site: Site, case: Case, kind: str, said: Translator, register_said: Translator) -> Paper:
    """Return the paper ``policy``, ``report`` or ``committee``. Raises: NotFoundError: no such paper."""
    return write_paper(face(site, case, said, register_said), kind)


def write_paper(facing: Facing, kind: str) -> Paper:
    """Return a paper from what is already known. Raises: NotFoundError: there is no such paper."""
    if kind not in _WRITERS:
        raise NotFoundError("There is no such paper.", where=kind)
    title, write = _WRITERS[kind]
    said, one = facing.said, facing.case.standing.use_case
    return Paper(
        title=said(title),
        subtitle=one.text("name_en") if said.language == "en" and one.text("name_en") else one.title,
        blocks=tuple(write(facing)),
        day=facing.day,
        language=said.language,
        issuer=facing.institution,
        number=f"{one.code} / {one.version}",
        marking="" if kind == "policy" else said("Internal"),
    )


def face(site: Site, case: Case, said: Translator, register_said: Translator) -> Facing:
    """Return what the papers of a use case are written from."""
    code, now = case.standing.use_case.code, site.now()
    with site.database.read() as connection:
        titles = list_titles(connection)
        people = {event.actor for event in case.standing.events}
        names = {person: name_person(connection, person) for person in people}
        findings = list_told(connection, f"{store.KIND}:{code}", now)
        kpis = tuple(store.list_kpis(connection, code))
        companies = list_entries(connection, "company")
    own = next((one.title for one in companies if one.values.get("relation") == "institution"), "")
    return Facing(case, said, register_said, titles, names, findings, kpis, own, tokyo_day(now))


def _warn(facing: Facing) -> list[Block]:
    """Return the warning that what runs is not what was decided; nothing where it is."""
    if not has_moved(facing):
        return []
    return [Text(facing.said("What is decided is no longer what runs: the decision is stale."), "warning")]


def _warn_of_gates(said: Translator, shut: int) -> list[Block]:
    """Return that it cannot be handed in yet; nothing where every condition is met."""
    if not shut:
        return []
    return [Text(said("{count} conditions are not met: it cannot be handed in yet.", count=shut), "warning")]


def _policy(facing: Facing) -> list[Block]:
    """利用方針: what the use is for, what it may and may not do, who answers for it. Made to be published."""
    said, one = facing.said, facing.case.standing.use_case
    return [
        Text(said(INTRODUCTION)),
        Heading(said("Purpose and scope")),
        register_facts(
            facing, ("name", "company", "owner_office", "purpose", "audience", "technique", "level", "impact")
        ),
        Heading(said("How it works")),
        register_facts(facing, ("model", "deployment", "human", "limits")),
        *note_mode(facing),
        Heading(said("Data")),
        register_facts(
            facing, ("data_class", "lawful_basis", "no_training", "third_party", "servers_abroad")
        ),
        Heading(said("What is promised")),
        Bullets(
            tuple(
                said(promise)
                for promise in (
                    TOLD,
                    DECIDED,
                    MEASURED,
                    WATCHED,
                    STALE_NOTE,
                )
            )
        ),
        Heading(said("Responsibility")),
        standing_facts(facing),
        Text(said(TIER_NOTE, reasons=tell_reasons(facing)), "small"),
        *_warn(facing),
        *([Text(one.text("description"))] if one.text("description") else []),
    ]


def _report(facing: Facing) -> list[Block]:
    """評価報告書: scope, mode, method, results with bounds, findings, remaining risk, limits."""
    said = facing.said
    return [
        Heading(said("Summary")),
        Text(summarise(facing), "strong"),
        *_warn(facing),
        standing_facts(facing),
        Heading(said("Scope and mode")),
        register_facts(
            facing,
            (
                "purpose",
                "audience",
                "technique",
                "data_class",
                "impact",
                "human",
                "model",
                "vendor",
                "deployment",
            ),
        ),
        *note_mode(facing),
        Heading(said("Method")),
        Text(said(METHOD)),
        *list_results(facing),
        Heading(said("Findings and their treatment")),
        tell_findings(said, facing.findings),
        Heading(said("Remaining risk")),
        register_facts(facing, ("tolerance", "human_baseline", "limits")),
        *tell_remaining(said, facing.findings),
        *list_validation(facing),
        *list_trial(facing),
        Heading(said("Limits of this report")),
        Bullets(
            (
                said(EXACTLY),
                said(TEMPLATES),
                said(BOUND),
            )
        ),
        *_past_runs(facing),
    ]


def _past_runs(facing: Facing) -> list[Block]:
    return [Heading(facing.said("Runs"), 2), list_runs(facing)] if facing.case.runs else []


def _committee(facing: Facing) -> list[Block]:
    """付議資料: what is asked, for and against, what was measured, what is missing."""
    said = facing.said
    gates = list_gates(facing.case.standing)
    return [
        Heading(said("What is asked")),
        Text(said("To let this AI use case go live under the conditions below."), "strong"),
        *_warn(facing),
        *_warn_of_gates(said, sum(not gate.is_open for gate in gates)),
        standing_facts(facing),
        Heading(said("Benefit and cost")),
        register_facts(
            facing,
            ("benefit", "cost_of_not", "human_baseline", "tolerance", "cost_limit", "similar", "exit_plan"),
        ),
        Heading(said("What must hold")),
        PaperTable(
            (said("Condition"), said("State"), said("Detail")),
            tuple(
                (
                    said(gate.title),
                    said("met") if gate.is_open else said("not met"),
                    said(gate.told, **gate.values),
                )
                for gate in gates
            ),
            widths=(2, 1, 4),
        ),
        Heading(said("Findings and their treatment")),
        tell_findings(said, facing.findings),
        *tell_remaining(said, facing.findings),
        Heading(said("Contract and data")),
        register_facts(
            facing,
            (
                "vendor",
                "contract",
                "model_rights",
                "no_training",
                "third_party",
                "servers_abroad",
                "lawful_basis",
            ),
        ),
        *list_results(facing),
        *list_validation(facing),
        *list_trial(facing),
        *list_figures(facing),
        Heading(said("Readiness")),
        register_facts(facing, ("trl", "brl", "grl")),
        Signatures((said("Business owner"), said("Second line"), said("Decision"))),
    ]


_WRITERS: Mapping[str, tuple[str, Callable[[Facing], list[Block]]]] = MappingProxyType(
    {
        "policy": (mark("Policy on the use of AI"), _policy),
        "report": (mark("Evaluation report"), _report),
        "committee": (mark("Paper for the committee"), _committee),
    }
)
