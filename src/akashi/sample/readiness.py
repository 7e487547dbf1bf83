"""How ready 汐見銀行 is, some weeks into its 30-day check: letters, stop plans, drills, a penetration test.

Everything goes the way the bank itself would go; decisions are taken by distinct persons.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.engine import Connection

from akashi.core.moments import tokyo_day
from akashi.core.people import Actor
from akashi.findings.treat import Step
from akashi.platform.meta import write_meta
from akashi.platform.rooms import call_name, load_name, package_folder
from akashi.platform.sheets import write_csv
from akashi.platform.site import Site
from akashi.sample.flood import SEEDED as FLOOD_SEEDED
from akashi.sample.once import is_due
from akashi.sample.seed import list_actors, walk_route

FILE = package_folder("akashi.sample") / "data" / "vulnerability" / "readiness.toml"
SEEDED = "sample_readiness_seeded_at"
PACKAGE = "akashi.domains.vulnerability.readiness"
OFFICER = "funakoshi_jun"
LONG_AGO = timedelta(days=30)

Row = Mapping[str, Any]


def seed_readiness(site: Site, now: datetime) -> int:
    """Take the sample's readiness in once, after the flood; return 1 when it was done. A duty of the room."""
    if not is_due(site, SEEDED, FLOOD_SEEDED):
        return 0
    told = tomllib.loads(FILE.read_text(encoding="utf-8"))
    people = list_actors()
    with site.database.write() as connection:
        _seed_check(connection, told["check"], people[OFFICER], now)
        for row in told["letter"]:
            _seed_letter(connection, row, people[OFFICER], now)
        for row in told["stop"]:
            _seed_stop(connection, row, people, now)
        for row in told["drill"]:
            _seed_drill(connection, row, people[OFFICER], now)
        write_meta(connection, SEEDED, now.isoformat())
    _seed_test(site, told["test"], people[OFFICER])
    return 1


def _store(name: str) -> Callable[..., Any]:
    """Return a function of the room's stores; rooms are loaded on first use."""
    found: Callable[..., Any] = load_name(f"{PACKAGE}.{name}")
    return found


def _seed_check(connection: Connection, told: Row, officer: Actor, now: datetime) -> None:
    began = now - timedelta(days=told["began_days_ago"])
    first = tokyo_day(began)
    step = Step(connection, officer, began)
    check = call_name(
        f"{PACKAGE}.check_store:start_check", step, told["title"], first, first + timedelta(days=30)
    )
    make, state_of = _store("check:Item"), _store("check:ItemState")
    for row in told["item"]:
        old = check.item(row["measure"])
        texts = (row.get("evidence", ""), row.get("gap", ""))
        item = make(old.measure, row["owner"], state_of(row["state"]), *texts, old.due_on, old.version)
        later = Step(connection, officer, began + timedelta(days=7))
        call_name(f"{PACKAGE}.check_store:change_item", later, check.id, item)


def _seed_letter(connection: Connection, row: Row, officer: Actor, now: datetime) -> None:
    sent = now - timedelta(days=row["sent_days_ago"])
    due = tokyo_day(sent) + timedelta(days=row["answer_days"])
    letter = _store("letter_store:draft_letter")(Step(connection, officer, sent), row["vendor"])
    _store("letter_store:send_letter")(Step(connection, officer, sent), letter.id, tokyo_day(sent), due)
    if "answers" not in row:
        return
    answered = sent + timedelta(days=min(6, row["sent_days_ago"]))
    answers = {one.id: row["answers"].get(one.asked, "") for one in letter.questions}
    step = Step(connection, officer, answered)
    _store("letter_store:record_answers")(step, letter.id, answers, tokyo_day(answered), "書面で受領")
    if row.get("is_confirmed"):
        _store("letter_store:apply_answers")(step, letter.id)


def _seed_stop(connection: Connection, row: Row, people: Mapping[str, Actor], now: datetime) -> None:
    began = now - LONG_AGO / 2
    step = Step(connection, people[OFFICER], began)
    plan = _store("stops:StopPlan")(
        criteria=row["criteria"].strip(),
        steps=_store("stops:parse_steps")(row["steps"]),
        decider=row["decider"],
        deputy=row["deputy"],
        contacts=row["contacts"].strip(),
        notice=_store("stop_paper:DEFAULT_NOTICE"),
        resume=row["resume"],
        room=row.get("room", ""),
    )
    _store("stop_store:save_plan")(step, row["service"], plan, 0)
    if row.get("is_decided"):
        matter = _store("stop_store:hand_in_plan")(step, row["service"])
        walk_route(connection, matter, people, began)


def _seed_drill(connection: Connection, row: Row, officer: Actor, now: datetime) -> None:
    moment = now - timedelta(days=row["days_ago"])
    run = _store("stop_store:start_drill")(Step(connection, officer, moment), row["service"], row["scenario"])
    for place, minutes in enumerate(row["minutes"]):
        moment += timedelta(minutes=minutes)
        _store("stop_store:take_step")(Step(connection, officer, moment), run.id, place, "")
    _store("stop_store:end_run")(Step(connection, officer, moment), run.id, row["remark"])


def _seed_test(site: Site, told: Row, officer: Actor) -> None:
    """Take the report in as its file would be: first as found, then with the results of the retest."""
    columns = ("number", "title", "system", "severity", "detail", "path", "advice", "retest")
    for results in (False, True):
        rows = [[str(row.get(name, "")) for name in columns] for row in told["point"]]
        if not results:
            rows = [[*row[:-1], ""] for row in rows]
        content = write_csv([list(columns), *rows])
        kind = _store("points:TestKind")(told["kind"])
        _store("point_store:take_report")(site, officer, kind, told["report"], "report.csv", content)
