"""What is asked next, and how: one item, a confirmation, the summary."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from akashi.domains.loans.measure.places import find_town
from akashi.domains.loans.measure.showing import show_value
from akashi.domains.loans.measure.talks import Option, Pending, Reply, Stage, Talk
from akashi.domains.loans.measure.wording import Phrase
from akashi.domains.loans.model import Item, ItemKind, ItemValue, Origin, Value

_YES_NO = {"ja": ("はい", "いいえ"), "en": ("Yes", "No")}


def ask_next(talk: Talk, said: Iterable[Phrase] = (), taken: tuple[Value, ...] = ()) -> tuple[Talk, Reply]:
    """Return the talk at its next open item, or at the summary when nothing is open."""
    waiting = talk.open_items
    if not waiting:
        talk = replace(talk, stage=Stage.SUMMARY, item="", pending=None)
    else:
        talk = replace(talk, stage=Stage.ASKING, item=waiting[0].id, pending=None)
    return talk, ask_again(talk, said, taken)


def ask_again(talk: Talk, said: Iterable[Phrase] = (), taken: tuple[Value, ...] = ()) -> Reply:
    """Return what the talk waits for, said (again) after ``said``."""
    asked, options = _ask_stage(talk)
    return Reply((*said, *asked), asks=talk.item, options=options, taken=taken)


def _ask_stage(talk: Talk) -> tuple[tuple[Phrase, ...], tuple[Option, ...]]:
    if talk.stage is Stage.CONSENT:
        return ask_consent(talk), yes_no(talk)
    if talk.stage is Stage.CONFIRMING and talk.pending is not None:
        return (confirm(talk, talk.pending),), yes_no(talk)
    if talk.stage is Stage.WITHDRAWING:
        return (Phrase("ask_withdraw"),), yes_no(talk)
    if talk.stage is Stage.WITHDRAWN:
        return (Phrase("withdrawn"),), ()
    if talk.stage is Stage.READY:
        return (Phrase("ready"),), ()
    if talk.stage is Stage.SUMMARY or not talk.item:
        return (*summarise(talk), ask_summary(talk)), yes_no(talk)[:1]
    item = talk.product.item(talk.item)
    return ask_item(talk, item), offer_answers(talk, item)


def ask_consent(talk: Talk) -> tuple[Phrase, ...]:
    """Return the purposes of use and the question for consent."""
    return Phrase("consent", {"consent": talk.product.consent[talk.language]}), Phrase("ask_consent")


def ask_item(talk: Talk, item: Item) -> tuple[Phrase, ...]:
    """Return the question of an item with its help."""
    language = talk.language
    asked = [
        Phrase("ask", {"question": item.question[language]}),
        Phrase("help", {"help": item.help[language]}),
    ]
    if town := town_before(talk, item):
        asked.append(Phrase("town", {"town": town}))
    return tuple(asked)


def town_before(talk: Talk, item: Item) -> str:
    """Return the town of the postal code asked just before an address; empty where there is none."""
    items = talk.product.items
    before = items[items.index(item) - 1] if items.index(item) else item
    if item.kind is not ItemKind.ADDRESS or before.kind is not ItemKind.POSTAL_CODE:
        return ""
    value = talk.values.get(before.id)
    return find_town(str(value.value)) if value else ""


def offer_answers(talk: Talk, item: Item) -> tuple[Option, ...]:
    """Return the answers to press: yes and no, or the choices."""
    if item.kind is ItemKind.YESNO:
        return yes_no(talk)
    labels = [choice.label[talk.language] for choice in item.choices]
    return tuple(Option(label, label) for label in labels)


def offer_candidates(talk: Talk, item: Item, candidates: Iterable[ItemValue]) -> tuple[Option, ...]:
    """Return values that may have been meant, to press."""
    shown = [show_value(item, value, talk.language) for value in candidates]
    return tuple(Option(one.partition("（")[0], one) for one in dict.fromkeys(shown))


def yes_no(talk: Talk) -> tuple[Option, ...]:
    """Return yes and no, to press."""
    return tuple(Option(word, word) for word in _YES_NO[talk.language])


def confirm(talk: Talk, pending: Pending) -> Phrase:
    """Return the question whether a value is right."""
    item = talk.product.item(pending.item)
    language = talk.language
    fields = {"label": item.label[language], "value": show_value(item, pending.value, language)}
    before = talk.values.get(item.id)
    if before is not None:
        return Phrase("confirm_change", {**fields, "before": show_value(item, before.value, language)})
    is_proposed = pending.origin in (Origin.ENDPOINT, Origin.DOCUMENT)
    return Phrase("confirm_proposed" if is_proposed else "confirm", fields)


def summarise(talk: Talk) -> tuple[Phrase, ...]:
    """Return every answer and every paper that is needed."""
    language, values = talk.language, talk.values
    lines = [
        Phrase(
            "summary_line",
            {"label": item.label[language], "value": show_value(item, values[item.id].value, language)},
        )
        for item in talk.due
        if item.id in values
    ]
    papers = [
        Phrase("document_line", {"label": paper.label[language], "copies": str(paper.copies)})
        for paper in talk.product.due_documents(talk.known)
    ]
    return Phrase("summary"), *lines, *([Phrase("documents"), *papers] if papers else [])


def ask_summary(talk: Talk) -> Phrase:
    """Return the question whether all answers are right, with the first of them as the example."""
    first = next((item for item in talk.due if item.kind is ItemKind.AMOUNT), talk.product.items[0])
    return Phrase("ask_summary", {"label": first.label[talk.language]})
