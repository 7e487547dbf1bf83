"""What the form and the summary show: fields, answers with what led to them, papers, conditions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from akashi.core.errors import NotFoundError
from akashi.domains.loans.intake import Intake, keep_talk, read_intake, read_open_intake
from akashi.domains.loans.measure.asking import town_before
from akashi.domains.loans.measure.explaining import broken_terms, explain_condition, explain_need
from akashi.domains.loans.measure.filling import TOWN_ADDED, edit_text, fill
from akashi.domains.loans.measure.showing import show_value
from akashi.domains.loans.measure.talks import Heard, Talk
from akashi.domains.loans.measure.wording import Phrase
from akashi.domains.loans.model import Item
from akashi.domains.loans.screening import goes_on, keep_stopped, screen_words
from akashi.platform.site import Site

_SIZE = 6
REFERENCE = "form"


@dataclass(frozen=True, slots=True)
class Field:
    """One field: its item, what stands in it, and what is wrong with that."""

    item: Item
    text: str = field(repr=False)
    errors: tuple[str, ...] = ()
    why: tuple[str, ...] = ()


Group = tuple[Field, ...]


def group_fields(
    talk: Talk, entries: Mapping[str, str], errors: Mapping[str, tuple[Phrase, ...]]
) -> list[Group]:
    """Return the fields of everything that is due, in groups that one looks over at a time."""
    fields = [_make_field(talk, item, entries, errors) for item in talk.due]
    return [tuple(fields[at : at + _SIZE]) for at in range(0, len(fields), _SIZE)]


def _make_field(
    talk: Talk, item: Item, entries: Mapping[str, str], errors: Mapping[str, tuple[Phrase, ...]]
) -> Field:
    value = talk.values.get(item.id)
    text = "" if value is None else edit_text(item, value.value, talk.language)
    phrases = errors.get(item.id, ())
    completed = [str(phrase.fields["value"]) for phrase in phrases if phrase.id == TOWN_ADDED]
    why = () if item.when is None else explain_condition(talk, item.when)
    town = "" if value is not None or phrases else town_before(talk, item)
    why = (*why, Phrase("town", {"town": town})) if town else why
    return Field(
        item,
        [*completed, entries.get(item.id, text)][0] if phrases else text,
        tuple(phrase.say(talk.language) for phrase in phrases),
        tuple(phrase.say(talk.language) for phrase in why),
    )


@dataclass(frozen=True, slots=True)
class Filled:
    """What became of a form: what could not be read and why, and whether new questions have come up.

    ``entries`` are the fields as they may be shown again; what the guards stopped is not among them.
    """

    errors: Mapping[str, tuple[Phrase, ...]]
    is_grown: bool
    entries: Mapping[str, str] = field(repr=False)


def fill_application(site: Site, token: str, entries: Mapping[str, str], language: str) -> Filled:
    """Keep what a form holds, once the guards have looked at what is new in it.

    Raises: NotFoundError; ConflictError: already sent, or stopped; SetupError: the guards cannot judge it.
    """
    now, before = site.now(), read_intake(site, token, language)
    if before is None:
        raise NotFoundError("This browser has no open application.", next_step="Begin one.")
    due = {one.id for one in before.talk.due}
    fresh = {name for name, text in entries.items() if name in due and not _is_shown(before.talk, name, text)}
    screened = {name: screen_words(site, entries[name]) for name in sorted(fresh)}
    passed = {name: one.text for name, one in screened.items() if goes_on(one)}
    labels = {one.id: one.label[language] for one in before.talk.product.items}
    with site.database.write() as connection:
        intake: Intake | None = read_open_intake(site, connection, token, language)
        if intake is None:
            raise NotFoundError("This browser has no open application.", next_step="Begin one.")
        stopped = keep_stopped(site, connection, intake.application.conversation, screened, labels)
        talk, errors = fill(intake.talk, passed, Heard("", now, REFERENCE))
        taken = tuple(value for value in talk.values.values() if value.reference == REFERENCE)
        keep_talk(site, connection, intake, talk, taken)
    is_grown = any(item.id not in entries for item in talk.open_items)
    shown = {name: "" if name in stopped else text for name, text in entries.items()}
    return Filled({**errors, **stopped}, is_grown, {**shown, **passed})


def _is_shown(talk: Talk, name: str, text: str) -> bool:
    """Return whether a field holds what the page had put into it: nothing new that anybody must look at."""
    value = talk.values.get(name)
    shown = "" if value is None else edit_text(talk.product.item(name), value.value, talk.language)
    return text.strip() == shown.strip()


def describe_summary(talk: Talk) -> dict[str, Any]:
    """Return answers, missing items, papers and conditions that are not met, each with its reason."""
    language, values = talk.language, talk.values
    answers = [
        {
            "label": item.label[language],
            "value": show_value(item, values[item.id].value, language),
            "said": values[item.id].said,
            "purpose": item.purpose[language],
            "why": [phrase.say(language) for phrase in explain_condition(talk, item.when)]
            if item.when
            else [],
        }
        for item in talk.due
        if item.id in values
    ]
    papers = [
        {
            "label": paper.label[language],
            "copies": paper.copies,
            "clause": paper.clause,
            "why": [phrase.say(language) for phrase in explain_need(talk, paper)],
        }
        for paper in talk.product.due_documents(talk.known)
    ]
    missing = [item.label[language] for item in talk.open_items if item.required]
    outside = [
        {"label": term.label[language], "text": term.text[language], "clause": term.clause}
        for term in broken_terms(talk)
    ]
    return {"answers": answers, "papers": papers, "missing": missing, "outside": outside}
