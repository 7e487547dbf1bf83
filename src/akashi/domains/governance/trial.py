"""The trial in practice 実務適合性, played: staff write as customers do, and judge each output as it comes.

What is written is not kept. Of each judged output the verdict, the time saved and a keyed digest stay, so
that the same output counts once in a trial, whoever saw it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from akashi.core.errors import InputError
from akashi.core.evaluated import Played, Setting
from akashi.core.moments import tokyo_day
from akashi.core.people import Actor
from akashi.domains.governance import store
from akashi.domains.governance.model import Deed, Sample
from akashi.domains.governance.treat import judge_output
from akashi.platform.canonical import Json, canonical_json
from akashi.platform.site import Site

LONGEST = 2_000
MOST_SAID = 60
PURPOSE = "governance/trial"


@dataclass(frozen=True, slots=True)
class Talk:
    """A conversation of a trial so far: what is played, in which language, and the sentences of staff."""

    setting: str
    language: str
    sentences: tuple[str, ...] = ()


def list_settings(site: Site, code: str, language: str) -> Sequence[Setting]:
    """Return what can be played for a use case; empty where only its own pages show its outputs."""
    with site.database.read() as connection:
        target = store.read_use_case(connection, code).text("target")
    lent = site.ports.evaluations
    return lent.settings(site, target, language) if lent and lent.settings and target else ()


def play(site: Site, code: str, talk: Talk) -> Played:
    """Return what the use case's target says to each sentence.

    Raises: InputError: it cannot be played, or a sentence is empty or too long.
    """
    if len(talk.sentences) > MOST_SAID:
        raise InputError("At most {most} sentences; begin another conversation.", most=MOST_SAID)
    if any(not one.strip() or len(one) > LONGEST for one in talk.sentences):
        raise InputError("Write a sentence of at most {most} characters.", where="sentence", most=LONGEST)
    with site.database.read() as connection:
        target = store.read_use_case(connection, code).text("target")
    lent = site.ports.evaluations
    if lent is None or lent.play is None:
        raise InputError("This cannot be played here.", where="setting")
    return lent.play(site, target, talk.setting, talk.language, talk.sentences)


def judge_played(
    site: Site, actor: Actor, code: str, talk: Talk, verdict: str, seconds_saved: int, note: str = ""
) -> None:
    """Keep the judgment on the newest output of a conversation.

    Raises: InputError: nothing was said, or as ``judge_output``; ConflictError: judged before, or no trial.
    """
    if not talk.sentences:
        raise InputError("There is no output to judge yet.", where="verdict")
    played = play(site, code, talk)
    seen: dict[str, Json] = {
        "trial": _trial_number(site, code),
        "target": played.target_digest,
        "setting": [talk.setting, talk.language],
        "said": list(talk.sentences),
        "replies": list(played.replies),
    }
    output = site.keys.digest(PURPOSE, canonical_json(seen).decode())
    day = tokyo_day(site.now()).isoformat()
    judge_output(site, actor, Sample(code, day, verdict, seconds_saved, note, output))


def _trial_number(site: Site, code: str) -> int:
    """Return the number of the event with which the newest trial began, 0 where none did."""
    with site.database.read() as connection:
        events = store.list_events(connection, code)
    begun = [one.sequence for one in events if one.deed is Deed.TRIAL_STARTED]
    return begun[-1] if begun else 0
