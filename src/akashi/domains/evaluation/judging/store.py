"""What judges and people said, as it is kept: votes and opinions are only ever added."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import orjson
import sqlalchemy as sa
from sqlalchemy.engine import Connection, RowMapping

from akashi.domains.evaluation.judging.opinions import Opinions, Spoken, decide_votes
from akashi.domains.evaluation.model import Trial, Verdict
from akashi.domains.evaluation.records import load_response
from akashi.domains.evaluation.register.cases import read_case
from akashi.domains.evaluation.tables import (
    case_table,
    judge_table,
    opinion_table,
    result_table,
    vote_table,
)

KIND = "judged"
QUALIFIED = "qualified"


def keep_judge(connection: Connection, values: Mapping[str, Any]) -> None:
    """Keep that a model is asked about a run; a second time changes nothing."""
    table = judge_table.c
    same = sa.and_(table.run == values["run"], table.digest == values["digest"])
    if connection.execute(sa.select(table.run).where(same)).first() is None:
        connection.execute(sa.insert(judge_table).values(dict(values)))


def update_judge(connection: Connection, run: str, digest: str, **values: Any) -> None:
    """Change state or controls of a judge."""
    table = judge_table.c
    connection.execute(
        sa.update(judge_table).where(table.run == run, table.digest == digest).values(**values)
    )


def list_judges(connection: Connection, run: str) -> list[RowMapping]:
    """Return the models asked about a run, newest first."""
    query = sa.select(judge_table).where(judge_table.c.run == run)
    return list(connection.execute(query.order_by(judge_table.c.at.desc(), judge_table.c.digest)).mappings())


def insert_votes(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Keep votes."""
    if rows:
        connection.execute(sa.insert(vote_table), [dict(one) for one in rows])


def read_votes(connection: Connection, run: str, judge: str) -> dict[int, dict[int, Verdict]]:
    """Return the votes of a judge by place and number; places below 0 are controls."""
    table = vote_table.c
    query = sa.select(table.place, table.number, table.verdict).where(table.run == run, table.judge == judge)
    found: defaultdict[int, dict[int, Verdict]] = defaultdict(dict)
    for place, number, verdict in connection.execute(query.order_by(table.place, table.number)):
        found[place][number] = Verdict(verdict)
    return dict(found)


def list_votes(connection: Connection, run: str, judge: str, place: int) -> list[RowMapping]:
    """Return the votes on one unit in their order."""
    table = vote_table.c
    query = sa.select(vote_table).where(table.run == run, table.judge == judge, table.place == place)
    return list(connection.execute(query.order_by(table.number)).mappings())


def sum_votes(connection: Connection, run: str, judge: str) -> tuple[int, int, int]:
    """Return how many votes a judge gave, and what they cost in tokens and millionths of a yen."""
    table = vote_table.c
    query = sa.select(
        sa.func.count(),
        sa.func.coalesce(sa.func.sum(table.tokens), 0),
        sa.func.coalesce(sa.func.sum(table.microyen), 0),
    ).where(table.run == run, table.judge == judge)
    count, tokens, microyen = connection.execute(query).one()
    return int(count), int(tokens), int(microyen)


def add_opinion(connection: Connection, run: str, place: int, spoken: Spoken, digest: str) -> int:
    """Keep a person's judgment after every earlier one of the unit; return its number."""
    table = opinion_table.c
    last = sa.select(sa.func.max(table.sequence)).where(table.run == run, table.place == place)
    sequence = int(connection.execute(last).scalar_one() or 0) + 1
    values = {
        "run": run,
        "place": place,
        "sequence": sequence,
        "person": spoken.person,
        "verdict": spoken.verdict.value,
        "note": spoken.note,
        "digest": digest,
        "at": spoken.at,
    }
    connection.execute(sa.insert(opinion_table).values(values))
    return sequence


def list_people(connection: Connection, run: str) -> dict[int, tuple[Spoken, ...]]:
    """Return people's judgments of a run by place, oldest first."""
    query = sa.select(opinion_table).where(opinion_table.c.run == run)
    found: defaultdict[int, list[Spoken]] = defaultdict(list)
    rows = connection.execute(query.order_by(opinion_table.c.place, opinion_table.c.sequence)).mappings()
    for row in rows:
        found[row["place"]].append(Spoken(row["person"], Verdict(row["verdict"]), row["at"], row["note"]))
    return {place: tuple(said) for place, said in found.items()}


def last_opinion_at(connection: Connection, run: str) -> datetime | None:
    """Return when somebody last judged a unit of a run."""
    query = sa.select(sa.func.max(opinion_table.c.at)).where(opinion_table.c.run == run)
    found: datetime | None = connection.execute(query).scalar_one_or_none()
    return found


def list_unheard(connection: Connection, scored_before: Mapping[str, datetime]) -> list[str]:
    """Return the runs with a judgment newer than their last scoring, given by run."""
    table = opinion_table.c
    query = sa.select(table.run, sa.func.max(table.at)).group_by(table.run)
    return [run for run, at in connection.execute(query) if run in scored_before and at > scored_before[run]]


def read_opinions(connection: Connection, run: str) -> dict[int, Opinions]:
    """Return everything said of the units of a run by place; only a model that knew its controls counts."""
    people = list_people(connection, run)
    model: dict[int, Verdict] = {}
    judge = next((one for one in list_judges(connection, run) if one["state"] == QUALIFIED), None)
    if judge is not None:
        for place, votes in read_votes(connection, run, judge["digest"]).items():
            said = decide_votes(list(votes.values()), judge["votes"])
            if place > 0 and said is not None:
                model[place] = said
    return {place: Opinions(model.get(place), people.get(place, ())) for place in {*people, *model}}


def stream_judged(connection: Connection, run: str) -> list[tuple[int, Trial]]:
    """Return the units of a run that no fixed rule can judge, with what came back; errors are left out."""
    same = sa.and_(result_table.c.run == case_table.c.run, result_table.c.place == case_table.c.place)
    query = (
        sa.select(case_table.c.place, case_table.c.body.label("asked"), result_table.c.body)
        .select_from(case_table.join(result_table, same))
        .where(case_table.c.run == run, case_table.c.kind == KIND)
        .order_by(case_table.c.place)
    )
    found = []
    for row in connection.execute(query):
        trial = Trial(read_case(orjson.loads(row.asked)), load_response(row.body))
        if not trial.response.error:
            found.append((row.place, trial))
    return found
