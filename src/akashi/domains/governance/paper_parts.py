"""The parts that papers of a use case are put together from."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy.engine import Connection

from akashi.core.evaluated import EvaluatedRun
from akashi.domains.governance import store
from akashi.domains.governance.measure import is_stale, measure_tier
from akashi.domains.governance.model import Deed, Event, Kpi, Phase, TrialFigures
from akashi.domains.governance.remaining import Told
from akashi.domains.governance.texts import EXTRACTS, RULES
from akashi.domains.governance.treat import Case
from akashi.domains.governance.words import MODES, PHASES, TIERS
from akashi.identity.store import find_person
from akashi.platform.kit import Translator
from akashi.platform.kit.formats import write_date, write_moment
from akashi.platform.papers import (
    Block,
    Facts,
    Figure,
    Heading,
    PaperTable,
    Text,
)
from akashi.platform.papers.charts import draw_intervals
from akashi.register.model import Field, FieldType, find_kind


@dataclass(frozen=True, slots=True)
class Facing:
    """What a paper is written from, in the reader's language."""

    case: Case
    said: Translator
    register_said: Translator
    titles: Mapping[tuple[str, str], str]
    names: Mapping[str, str]
    findings: tuple[Told, ...]
    kpis: tuple[Kpi, ...]
    institution: str
    day: date

    def field(self, name: str) -> str:
        """Return a field of the record as people read it."""
        return write_field(self, find_kind(store.KIND).field(name))

    def event(self, deed: Deed) -> Event | None:
        """Return the newest event of a kind, or None."""
        return next((one for one in reversed(self.case.standing.events) if one.deed is deed), None)


def list_results(facing: Facing) -> list[Block]:
    """Return what the counting run showed, suite by suite; without one, that nothing may be said."""
    said, run = facing.said, facing.case.standing.run
    blocks: list[Block] = [Heading(said("Results"))]
    if run is None:
        return [
            *blocks,
            Text(said("There is no valid run of exactly this target; nothing may be said of it."), "warning"),
        ]
    rows = tuple(
        (
            suite.title_en if said.language == "en" else suite.title_ja,
            f"{suite.failed} / {suite.n}",
            str(suite.unscored),
            _percent(suite.rate),
            _percent(suite.upper),
            _percent(suite.accepted),
            said("kept") if suite.is_kept else said("not kept"),
        )
        for suite in run.suites
    )
    columns = tuple(
        said(word) for word in ("Suite", "Failed", "Unscored", "Rate", "Upper bound", "Accepted", "Judgment")
    )
    caption = said("Run {run}", run=f"{run.title} ({run.id})")
    table = PaperTable(columns, rows, caption, (3, 1.1, 1, 1, 1.1, 1, 1.1), (1, 2, 3, 4, 5))
    svg = draw_intervals(
        [
            (
                suite.title_en if said.language == "en" else suite.title_ja,
                0.0,
                100 * suite.rate,
                100 * suite.upper,
            )
            for suite in run.suites
        ],
        said("Share of failures and upper bound (%); red: accepted"),
        [100 * suite.accepted for suite in run.suites],
    )
    alt = said("For each suite the share of failures and its one-sided 95 % upper bound, as in the table.")
    figure = Figure(svg, said("Share of failures with its upper bound"), alt, table)
    facts = Facts(
        (
            (said("Mode"), said(MODES.get(run.mode, run.mode))),
            (said("Target"), said(run.target)),
            (said("Digest of the target"), run.target_digest),
            (said("Digest of the results"), run.digest),
            (said("Ended"), write_moment(run.ended_at, said.language)),
        )
    )
    return [*blocks, facts, figure if run.suites else table, *_note_tolerance(facing, run)]


def _note_tolerance(facing: Facing, run: EvaluatedRun) -> list[Block]:
    """Return which suites were judged by a looser tolerance than the record states, if any were."""
    stated = read_share(facing.case.standing.use_case.text("tolerance"))
    if stated is None:
        return []
    said = facing.said
    loose = [
        suite.title_en if said.language == "en" else suite.title_ja
        for suite in run.suites
        if suite.accepted > stated
    ]
    if not loose:
        return []
    told = said(
        "The record accepts {share}. Judged by a looser limit, which the evaluation states: {suites}.",
        share=_percent(stated),
        suites=("、" if said.language == "ja" else ", ").join(loose),
    )
    return [Text(told, "warning")]


def read_share(text: str) -> float | None:
    """Return a share that somebody wrote as text; None where it is none.

    >>> read_share("0.01"), read_share("1%"), read_share("ごくわずか")
    (0.01, 0.01, None)
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    try:
        share = float(plain.removesuffix("%")) / (100 if plain.endswith("%") else 1)
    except ValueError:
        return None
    return share if 0 <= share <= 1 else None


def list_validation(facing: Facing) -> list[Block]:
    """Return the validator's document, or that nobody has validated it."""
    said = facing.said
    event = facing.event(Deed.VALIDATED)
    blocks: list[Block] = [Heading(said("Independent validation"))]
    if event is None:
        return [*blocks, Text(said("Nobody independent has validated it yet."), "warning")]
    rows = [
        (said("Validator"), facing.names.get(event.actor, event.actor)),
        (said("Signed"), write_moment(event.at, said.language)),
    ]
    words = {
        "method": "Method",
        "assumptions": "Assumptions",
        "limits": "Limits",
        "uncertainty": "Uncertainty",
        "conclusion": "Conclusion",
    }
    rows += [(said(word), str(event.content.get(name, ""))) for name, word in words.items()]
    return [*blocks, Facts(tuple(rows))]


def list_trial(facing: Facing) -> list[Block]:
    """Return what the trial showed, or that there was none."""
    said, figures = facing.said, facing.case.standing.trial
    if not figures.samples:
        return [Heading(said("Trial in practice")), Text(said("No output has been judged in a trial."))]
    return [Heading(said("Trial in practice")), Facts(_trial_rows(said, figures))]


def _trial_rows(said: Translator, figures: TrialFigures) -> tuple[tuple[str, str], ...]:
    return (
        (said("Outputs judged"), str(figures.samples)),
        (said("Corrected before use"), str(figures.corrected)),
        (said("Could not be used"), str(figures.useless)),
        (said("Correction rate"), _percent(figures.correction_rate)),
        (said("Time saved"), said("{hours} hours", hours=round(figures.seconds_saved / 3600, 1))),
    )


def list_figures(facing: Facing) -> list[Block]:
    """Return plan against actual; nothing when no figure is planned."""
    said = facing.said
    if not facing.kpis:
        return []
    rows = tuple(
        (
            one.name,
            one.month,
            f"{one.plan:g} {one.unit}".strip(),
            "—" if one.actual is None else f"{one.actual:g} {one.unit}".strip(),
        )
        for one in facing.kpis
    )
    columns = (said("Figure"), said("Month"), said("Plan"), said("Actual"))
    return [Heading(said("Plan against actual")), PaperTable(columns, rows, numbers=(2, 3))]


def list_runs(facing: Facing) -> PaperTable:
    """Return the newest runs, valid or not."""
    said = facing.said
    rows = tuple(
        (
            f"{run.title} ({run.id.partition('_')[2][:8]})",
            said(MODES.get(run.mode, run.mode)),
            run.target_digest[:12],
            _when(run, said),
            said("valid") if run.is_valid else said("not valid"),
        )
        for run in facing.case.runs[:20]
    )
    columns = (said("Run"), said("Mode"), said("Target"), said("Ended"), said("State"))
    return PaperTable(columns, rows, widths=(2.4, 2, 1.4, 1.6, 1))


def standing_facts(facing: Facing) -> Facts:
    """Return phase, tier, who answers for it, and the decision with its digest."""
    said, case = facing.said, facing.case
    decided = facing.event(Deed.RESUMED) or facing.event(Deed.WENT_LIVE)
    rows = [
        (said("Phase"), said(PHASES[case.phase][0])),
        (said("Risk tier"), said(TIERS[case.standing.tier][0])),
        (said("Business owner"), facing.field("owner_office")),
        (said("Developer"), facing.field("developer")),
    ]
    if decided is not None:
        rows.append(
            (
                said("Decision"),
                f"{decided.content.get('number', '')}　{write_date(decided.at, said.language)}",
            )
        )
    rows.append((said("Digest of what is decided"), case.standing.digest))
    return Facts(tuple(rows))


def note_mode(facing: Facing) -> list[Block]:
    """Return what may never be confused: extracts and sentences that a model writes."""
    said, technique = facing.said, facing.case.standing.use_case.text("technique")
    if technique == "extractive":
        return [Text(said(EXTRACTS))]
    if technique == "rules":
        return [Text(said(RULES))]
    if technique in ("generative", "agent"):
        return [
            Text(said("A model writes the sentences. What was measured on extracts does not hold for it."))
        ]
    return []


def summarise(facing: Facing) -> str:
    """Return in one sentence whether every bound is within what is accepted."""
    said, run = facing.said, facing.case.standing.run
    if run is None:
        return said("There is no valid run of exactly this target; nothing may be said of it.")
    beyond = [suite for suite in run.suites if not suite.is_kept]
    if beyond:
        return said(
            "{count} of {all} suites are beyond what is accepted.", count=len(beyond), all=len(run.suites)
        )
    return said("All {all} suites are within what is accepted.", all=len(run.suites))


def has_moved(facing: Facing) -> bool:
    """Return whether what is live is no longer what was decided."""
    return facing.case.phase is Phase.LIVE and is_stale(
        facing.case.standing.events, facing.case.standing.digest
    )


def tell_reasons(facing: Facing) -> str:
    """Return why the tier is what it is, in the reader's language."""
    rules = measure_tier(facing.case.standing.use_case)[1]
    return " ".join(rule.reason if facing.said.language == "en" else rule.reason_ja for rule in rules)


def register_facts(facing: Facing, names: tuple[str, ...]) -> Facts:
    """Return fields of the record by their labels; a dash where nothing stands."""
    kind = find_kind(store.KIND)
    return Facts(
        tuple((facing.register_said(kind.field(name).label), facing.field(name) or "—") for name in names)
    )


def write_field(facing: Facing, field: Field) -> str:
    """Return the text of one field of the record in the reader's language."""
    value = facing.case.standing.use_case.values.get(field.name)
    if value is None:
        return ""
    if field.type is FieldType.CHOICE:
        return facing.register_said((field.choices or {}).get(str(value), str(value)))
    if field.type is FieldType.REF:
        return facing.titles.get((field.refers[0], str(value)), str(value))
    if field.type is FieldType.INTEGER:
        unit = facing.register_said(field.unit) if field.unit else ""
        if unit[:1].isdigit():
            return f"{int(value):,} ({unit})" if facing.said.language == "en" else f"{int(value):,}（{unit}）"
        gap = "" if facing.said.language == "ja" else " "
        return f"{int(value):,}{gap}{unit}".strip()
    share = read_share(str(value)) if field.name == "tolerance" else None
    return str(value) if share is None else _percent(share)


def _percent(share: float) -> str:
    return f"{100 * share:.2f}%"


def _when(run: EvaluatedRun, said: Translator) -> str:
    return write_date(run.ended_at, said.language) if run.ended_at else "—"


def name_person(connection: Connection, person: str) -> str:
    """Return a person's name, or the id where nobody is known by it."""
    found = find_person(connection, person)
    return found.name if found else person
