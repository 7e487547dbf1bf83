"""What the form and the summary show: fields, answers with what led to them, papers, conditions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from akashi.core.errors import NotFoundError
from akashi.domains.loans.intake import Intake, keep_talk, read_open_intake
from akashi.domains.loans.measure.explaining import broken_terms, explain_condition, explain_need
from akashi.domains.loans.measure.filling import edit_text, fill
from akashi.domains.loans.measure.showing import show_value
from akashi.domains.loans.measure.talks import Heard, Talk
from akashi.domains.loans.measure.wording import Phrase
from akashi.domains.loans.model import Item
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
    said = tuple(phrase.say(talk.language) for phrase in errors.get(item.id, ()))
    why = () if item.when is None else explain_condition(talk, item.when)
    return Field(
        item,
        entries.get(item.id, text) if said else text,
        said,
        tuple(phrase.say(talk.language) for phrase in why),
    )


def fill_application(
    site: Site, token: str, entries: Mapping[str, str], language: str
) -> tuple[Mapping[str, tuple[Phrase, ...]], bool]:
    """Keep what a form holds; return what could not be read, and whether new questions have come up.

    Raises: NotFoundError; ConflictError: already sent.
    """
    now = site.now()
    with site.database.write() as connection:
        intake: Intake | None = read_open_intake(site, connection, token, language)
        if intake is None:
            raise NotFoundError("This browser has no open application.", next_step="Begin one.")
        known = {name: text for name, text in entries.items() if name in {one.id for one in intake.talk.due}}
        talk, errors = fill(intake.talk, known, Heard("", now, REFERENCE))
        taken = tuple(value for value in talk.values.values() if value.reference == REFERENCE)
        keep_talk(site, connection, intake, talk, taken)
    return errors, any(item.id not in entries for item in talk.open_items)


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
