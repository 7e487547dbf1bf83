"""The sample's loan conversation is tried by its staff and decided on, as far as what they judged carries it.

The people are fictional and so are the applicants whom they play; what the conversation says to them is real,
and each output is judged by what an officer would have written down of the same sentence.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import cycle
from typing import Any

from akashi.approvals.matters import read_matter
from akashi.core.errors import ConflictError
from akashi.core.people import Actor
from akashi.domains.governance.measure import is_trying
from akashi.domains.governance.model import Phase
from akashi.domains.governance.treat import ask_live, end_trial, read_case, start_trial
from akashi.domains.governance.trial import Talk, judge_played, play
from akashi.domains.loans.model import USE_CASE
from akashi.platform.meta import read_meta, write_meta
from akashi.platform.site import Site
from akashi.sample.seed import list_actors, read_table, walk_route

DONE = "sample_loans_live"
TABLE = "loans_trial.toml"
ASKS_YES = "「はい」か「いいえ」でお答えください。"


def bring_loans_live(site: Site, now: datetime) -> int:
    """Try the validated loan conversation, end the trial and let its start be decided, once.

    Returns 1 when something was done. May be broken off at any place and called again. A shut gate stays
    shut, visible on the page.
    """
    with site.database.read() as connection:
        if read_meta(connection, DONE) is not None:
            return 0
    case = read_case(site, USE_CASE)
    if case.phase not in (Phase.VALIDATED, Phase.TRIAL):
        return 0
    told, people = read_table(TABLE), list_actors()
    owner = people[told["owner"]]
    _try(site, owner, [people[one] for one in told["officers"]], told)
    said = _decide(site, owner, people)
    with site.database.write() as connection:
        write_meta(connection, DONE, f"{said} {now.isoformat()}")
    return 1


def _try(site: Site, owner: Actor, officers: Sequence[Actor], told: Mapping[str, Any]) -> None:
    """Play the applicants of the table, judge each output, and end the trial."""
    if not is_trying(read_case(site, USE_CASE).standing.events):
        start_trial(site, owner, USE_CASE)
    for officer, entry in zip(cycle(officers), told["talk"], strict=False):
        talk = Talk(str(entry["setting"]), "ja")
        for sentence, verdict in play_script(site, talk, entry["said"]):
            talk = Talk(talk.setting, talk.language, (*talk.sentences, sentence))
            saved = int(told["seconds_saved"]) if verdict == "used" else 0
            try:
                judge_played(site, officer, USE_CASE, talk, verdict, saved)
            except ConflictError:
                continue
    figures = read_case(site, USE_CASE).standing.trial
    words = told["words"]["trial"].format(
        talks=len(told["talk"]), judged=figures.samples, seconds=told["seconds_saved"]
    )
    end_trial(site, owner, USE_CASE, words)


def play_script(site: Site, talk: Talk, said: Sequence[Sequence[str]]) -> Iterator[tuple[str, str]]:
    """Yield each sentence that staff say with the verdict on its output.

    ``said``: sentence, what an officer would have written down, and what staff say when it does not come.
    """
    sentences: tuple[str, ...] = talk.sentences
    for sentence, wanted, *again in said:
        for words in (sentence, *again):
            sentences = (*sentences, words)
            reply = play(site, USE_CASE, Talk(talk.setting, talk.language, sentences)).replies[-1]
            yield words, "used" if wanted in reply else "corrected"
            if reply.endswith(ASKS_YES):
                sentences = (*sentences, "はい")
                answer = play(site, USE_CASE, Talk(talk.setting, talk.language, sentences)).replies[-1]
                yield "はい", "corrected" if answer.endswith(ASKS_YES) else "used"
            if wanted in reply:
                break


def _decide(site: Site, owner: Actor, people: Mapping[str, Actor]) -> str:
    """Hand in the start and let it be decided; return where it stands, or that a gate is shut."""
    try:
        matter = ask_live(site, owner, USE_CASE)
    except ConflictError:
        return "shut"
    with site.database.write() as connection:
        walk_route(connection, read_matter(connection, matter.id), people, site.now())
    return read_case(site, USE_CASE).phase.value
