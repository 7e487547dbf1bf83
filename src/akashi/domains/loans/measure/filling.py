"""The form view of the same data: what its fields show, and what somebody writes into them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from akashi.domains.loans.measure.answers import AskedBack, LeftOut, Taken, read_answer
from akashi.domains.loans.measure.asking import town_before
from akashi.domains.loans.measure.places import complete_address
from akashi.domains.loans.measure.setting import drop_unneeded, set_value
from akashi.domains.loans.measure.showing import show_value
from akashi.domains.loans.measure.talks import Heard, Stage, Talk
from akashi.domains.loans.measure.wording import Phrase
from akashi.domains.loans.model import Item, ItemKind, ItemValue, Origin

MOST_ROUNDS = 3
TOWN_ADDED = "town_added"
"""The wording of an address that was completed by its postal code; its ``value`` belongs into the field."""


def edit_text(item: Item, value: ItemValue, language: str) -> str:
    """Return a value as a field shows it; read again it is the same value.

    >>> from akashi.domains.loans.register.products import list_products
    >>> edit_text(list_products()["equipment"].item("amount"), 5_000_000, "ja")
    '5,000,000円'
    """
    shown = show_value(item, value, language)
    is_twofold = item.kind in (ItemKind.AMOUNT, ItemKind.DATE)
    return shown.partition("（")[0] if is_twofold else shown


def fill(talk: Talk, entries: Mapping[str, str], heard: Heard) -> tuple[Talk, dict[str, tuple[Phrase, ...]]]:
    """Return the talk with what a form holds, and for each item that could not be read why.

    Only what was changed is set, with the origin form. A form asks no questions back: what is not certain is
    an error that says how to write it. Items that an answer makes due are read in the same round.
    """
    errors: dict[str, tuple[Phrase, ...]] = {}
    done: set[str] = set()
    for _ in range(MOST_ROUNDS):
        fresh = [item for item in talk.due if item.id in entries and item.id not in done]
        if not fresh:
            break
        for item in fresh:
            done.add(item.id)
            talk, said = _fill_one(talk, item, entries[item.id], heard)
            if said:
                errors[item.id] = said
    return _settle(talk), errors


def _fill_one(talk: Talk, item: Item, text: str, heard: Heard) -> tuple[Talk, tuple[Phrase, ...]]:
    present = talk.values.get(item.id)
    if present is not None and text.strip() == edit_text(item, present.value, talk.language).strip():
        return talk, ()
    if not text.strip():
        return (talk, ()) if item.required or present is None else (_clear(talk, item), ())
    answer = read_answer(item, text, talk.today)
    label = {"label": item.label[talk.language]}
    if isinstance(answer, LeftOut):
        return (talk, (Phrase("unclear", label),)) if item.required else (_clear(talk, item), ())
    if isinstance(answer, AskedBack):
        if answer.bound is not None:
            label["bound"] = show_value(item, answer.bound, talk.language)
        return talk, (Phrase(answer.wording, label),)
    town = town_before(talk, item)
    whole = complete_address(str(answer.value), town) if town else answer.value
    if whole != answer.value:
        return talk, (Phrase(TOWN_ADDED, {"value": str(whole)}),)
    return _take(talk, item, answer, replace(heard, text=text))


def _take(talk: Talk, item: Item, answer: Taken, heard: Heard) -> tuple[Talk, tuple[Phrase, ...]]:
    if not answer.certain:
        shown = edit_text(item, answer.value, talk.language)
        return talk, (Phrase("write_so", {"value": shown}),)
    changed, _, _ = set_value(talk, item, answer.value, heard, Origin.FORM)
    return changed, ()


def _clear(talk: Talk, item: Item) -> Talk:
    values = {key: value for key, value in talk.values.items() if key != item.id}
    gone = tuple(value for key, value in talk.values.items() if key == item.id)
    left = tuple(dict.fromkeys((*talk.left, item.id)))
    return drop_unneeded(replace(talk, values=values, earlier=(*talk.earlier, *gone), left=left))[0]


def _settle(talk: Talk) -> Talk:
    """Return the talk at the item that the conversation would ask next."""
    waiting = talk.open_items
    stage = Stage.ASKING if waiting else Stage.SUMMARY
    return replace(talk, stage=stage, item=waiting[0].id if waiting else "", pending=None, tries=0)
