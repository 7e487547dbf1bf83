"""Staff play a customer: sentences put to a target of this installation, judged by people and not kept here.

Only what runs inside the house without a model is played: it says the same to the same sentences, so that a
conversation is its sentences, and it costs nothing. A model is tried on its own pages.
"""

from __future__ import annotations

from collections.abc import Sequence

from akashi.core.errors import InputError
from akashi.core.evaluated import Played, Setting
from akashi.core.thread import Audience, Question
from akashi.domains.evaluation import store
from akashi.domains.evaluation.lending import ASSISTANT, EXTRACTIVE, MOST_RUNS, present_target
from akashi.platform.site import Site

INTAKE = "intake"
MOST_SENTENCES = 60
ANSWERED, REFUSED = "answered", "refused"


def list_settings(site: Site, target: str, language: str) -> tuple[Setting, ...]:
    """Return what can be chosen before playing on a target; empty where it cannot be played."""
    kind = _kind_of(site, target)
    if kind == ASSISTANT:
        return (Setting("", {}),)
    intake = site.ports.intake
    if kind == INTAKE and intake is not None and intake.openings is not None:
        return tuple(intake.openings(site, language))
    return ()


def play_target(site: Site, target: str, setting: str, language: str, sentences: Sequence[str]) -> Played:
    """Return what the target says to each sentence. Raises: InputError: it cannot be played."""
    present = present_target(site, target)
    known = {one.code for one in list_settings(site, target, language)}
    if present is None or setting not in known:
        raise InputError("This cannot be played here.", where="setting")
    if len(sentences) > MOST_SENTENCES:
        raise InputError("At most {most} sentences; begin another conversation.", most=MOST_SENTENCES)
    said = _ask(site, sentences) if not setting else _talk(site, setting, language, sentences)
    return Played(*present, tuple(words for words, _ in said), tuple(outcome for _, outcome in said))


def _kind_of(site: Site, target: str) -> str:
    """Return the kind of target behind a name; empty where a model or nothing stands behind it."""
    assistant = site.ports.assistant
    if target == ASSISTANT and assistant is not None:
        mode = assistant.mode(site) if assistant.mode else EXTRACTIVE
        return ASSISTANT if mode == EXTRACTIVE else ""
    with site.database.read() as connection:
        runs = [kept for kept in store.list_runs(connection, MOST_RUNS) if kept.target == target]
    plan = runs[0].plan if runs else None
    return INTAKE if plan and plan.target.kind == INTAKE and not plan.target.guard else ""


def _talk(site: Site, product: str, language: str, sentences: Sequence[str]) -> list[tuple[str, str]]:
    intake = site.ports.intake
    replies = intake.talk(site, product, language, sentences, ()) if intake else ()
    return [(words, ANSWERED) for words in replies]


def _ask(site: Site, sentences: Sequence[str]) -> list[tuple[str, str]]:
    """Return the assistant's excerpts or choices, each sentence on its own, and what it did."""
    said: list[tuple[str, str]] = []
    assistant = site.ports.assistant
    if assistant is None:
        return said
    for sentence in sentences:
        try:
            answer = assistant.ask(site, Question(sentence, site.now(), Audience.CUSTOMERS)).answer
        except InputError:
            said.append(("", REFUSED))
            continue
        shown = [one.text for one in answer.excerpts] or list(answer.choices)
        said.append(("\n".join(shown), answer.outcome.value))
    return said
