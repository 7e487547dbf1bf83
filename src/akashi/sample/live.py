"""The sample's assistant goes live by its own evidence: validation, trial, decision, each the real way.

Nothing here decides whether it may. What is measured opens the gates or leaves them shut, and then it stays
where it stopped, visible on its page. The people are fictional; the trial's verdicts follow the labels of the
sample's queries, which were written apart from the assistant.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from akashi.approvals.matters import read_matter
from akashi.core.errors import ConflictError
from akashi.core.moments import tokyo_day
from akashi.core.people import Actor
from akashi.core.thread import Outcome, Question
from akashi.domains.assistant.answering import ask
from akashi.domains.assistant.model import Reply, Source
from akashi.domains.governance.measure import is_trying, list_gates, waiting_signature
from akashi.domains.governance.model import Deed, Event, Phase, Sample
from akashi.domains.governance.treat import (
    Case,
    ask_live,
    ask_validation,
    end_trial,
    judge_output,
    read_case,
    sign_validation,
    start_trial,
)
from akashi.platform.meta import read_meta, write_meta
from akashi.platform.rooms import package_folder
from akashi.platform.site import Site
from akashi.sample.seed import list_actors, read_table, walk_route

DONE = "sample_live"
DATA = package_folder("akashi.sample") / "data"
SPLIT = "test"


@dataclass(frozen=True, slots=True)
class Labelled:
    """A query with the names of what answers it: (document key or "", question or heading)."""

    text: str
    right: frozenset[tuple[str, str]]


def bring_live(site: Site, now: datetime) -> int:
    """Take the sample's assistant as far as its evidence carries it; return 1 when something was done.

    May be broken off at any place and called again: it goes on from what it finds. Where it stopped at a
    shut gate it begins again once there is another run to go by.
    """
    with site.database.read() as connection:
        said, _, kept = (read_meta(connection, DONE) or "").partition(" ")
    if said == Phase.LIVE.value:
        return 0
    told, people = read_table("live.toml"), list_actors()
    case = read_case(site, str(told["use_case"]))
    if case.standing.run is None or kept == case.standing.run.id:
        return 0
    _finish(site, _carry(site, case, told, people), case.standing.run.id)
    return 1


def _carry(site: Site, case: Case, told: Mapping[str, Any], people: Mapping[str, Actor]) -> str:
    """Go through validation, trial and decision; return where it stopped: objected, shut, or the phase."""
    owner, code = people[told["owner"]], case.standing.use_case.code
    if case.phase not in _LIVED and not _is_open(case, "validated"):
        _validate(site, case, told, people)
        case = read_case(site, code)
        if not _is_open(case, "validated"):
            return "objected"
    if case.phase not in _LIVED and not _is_open(case, "tried"):
        _try(site, owner, case, told)
        case = read_case(site, code)
    if case.phase not in _LIVED:
        try:
            ask_live(site, owner, code)
        except ConflictError:
            return "shut"
        case = read_case(site, code)
    if case.phase is Phase.ASKED:
        asked = _last(case, Deed.ASKED)
        if asked is not None:
            _decide(site, str(asked.content["matter"]), people)
    return read_case(site, code).phase.value


_LIVED = frozenset({Phase.ASKED, Phase.LIVE, Phase.SUSPENDED, Phase.RETIRED})


def _finish(site: Site, said: str, run: str) -> None:
    with site.database.write() as connection:
        write_meta(connection, DONE, f"{said} {run}")


def _is_open(case: Case, name: str) -> bool:
    return all(gate.is_open for gate in list_gates(case.standing) if gate.name == name)


def _last(case: Case, deed: Deed) -> Event | None:
    return next((event for event in reversed(case.standing.events) if event.deed is deed), None)


def _decide(site: Site, matter: str, people: Mapping[str, Actor]) -> None:
    with site.database.write() as connection:
        walk_route(connection, read_matter(connection, matter), people, site.now())


def _validate(site: Site, case: Case, told: Mapping[str, Any], people: Mapping[str, Actor]) -> None:
    """Sign for what was measured and let the sign-off be decided, or object, as the gates before it say."""
    validator, code = people[told["validator"]], case.standing.use_case.code
    is_good = _is_open(case, "tested") and _is_open(case, "within")
    conclusion = told["words"]["approved" if is_good else "refused"]
    words = {**told["validation"], "conclusion": conclusion}
    waiting = waiting_signature(case.standing)
    if not is_good:
        sign_validation(site, validator, code, False, words)
    elif waiting is not None:
        _decide(site, str(waiting.content["matter"]), people)
    else:
        matter = ask_validation(site, validator, code, words)
        if matter is not None:
            _decide(site, matter.id, people)


def _try(site: Site, owner: Actor, case: Case, told: Mapping[str, Any]) -> None:
    """Put the labelled queries to the assistant, judge each answer by the labels, and end the trial."""
    code = case.standing.use_case.code
    if not is_trying(case.standing.events):
        start_trial(site, owner, code)
        case = read_case(site, code)
    titles = {row["key"]: row["title"] for row in read_table("manifest.toml")["document"]}
    counts: Counter[Outcome] = Counter()
    day = tokyo_day(site.now()).isoformat()
    asked = read_labelled()
    for one in asked:
        reply = ask(site, Question(one.text, site.now()))
        counts[reply.answer.outcome] += 1
        if (
            reply.answer.outcome is not Outcome.ANSWERED
            or counts[Outcome.ANSWERED] <= case.standing.trial.samples
        ):
            continue
        verdict = judge_reply(reply, one, titles)
        saved = int(told["seconds_saved"]) if verdict == "used" else 0
        judge_output(site, owner, Sample(code, day, verdict, saved))
    conclusion = told["words"]["trial"].format(
        asked=len(asked),
        answered=counts[Outcome.ANSWERED],
        clarified=counts[Outcome.CLARIFY],
        handed=counts[Outcome.HAND_OVER] + counts[Outcome.REFUSED],
    )
    end_trial(site, owner, code, conclusion)


def judge_reply(reply: Reply, query: Labelled, titles: Mapping[str, str]) -> str:
    """Return what staff say of an answer: used, corrected, or useless where nothing answers the query."""
    if not query.right:
        return "useless"
    is_right = all(_is_named(source, query.right, titles) for source in reply.sources)
    return "used" if is_right else "corrected"


def _is_named(source: Source, right: frozenset[tuple[str, str]], titles: Mapping[str, str]) -> bool:
    """Return whether a label names the passage.

    A row of a table that stands below a labelled part is not the part: it answers for itself alone, and
    nobody has said of it whether it is the right row, so it counts as another passage.
    """
    heading = source.heading.rsplit(" ＞ ", 1)[-1]
    return ("", source.heading) in right or any(
        key and titles.get(key) == source.title and name == heading for key, name in right
    )


def read_labelled() -> list[Labelled]:
    """Return the labelled queries of the split that nothing was chosen on."""
    right: dict[str, set[tuple[str, str]]] = {}
    with (DATA / "queries" / "judgments.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            kind, _, target = row["target"].partition(":")
            key, _, name = target.partition("#")
            right.setdefault(row["query_id"], set()).add((key if kind == "doc" else "", name))
    with (DATA / "queries" / "queries.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["split"] == SPLIT]
    return [Labelled(row["text"], frozenset(right.get(row["id"], ()))) for row in rows]
