"""A value is set: the old one is kept as corrected, what became unnecessary goes, and it is read back."""

from __future__ import annotations

from dataclasses import replace

from akashi.domains.loans.measure.explaining import outside_terms
from akashi.domains.loans.measure.showing import show_value
from akashi.domains.loans.measure.talks import Heard, Stage, Talk
from akashi.domains.loans.measure.wording import Phrase
from akashi.domains.loans.model import Item, ItemValue, Origin, Value


def set_value(
    talk: Talk, item: Item, value: ItemValue, heard: Heard, origin: Origin = Origin.ANSWER
) -> tuple[Talk, tuple[Phrase, ...], tuple[Value, ...]]:
    """Return the talk with a confirmed value, the words that read it back, and the values that changed."""
    label = item.label[talk.language]
    shown = show_value(item, value, talk.language)
    before = talk.values.get(item.id)
    talk = replace(
        talk,
        stage=Stage.ASKING,
        last=item.id,
        pending=None,
        tries=0,
        left=tuple(one for one in talk.left if one != item.id),
        put_off=tuple(one for one in talk.put_off if one != item.id),
    )
    if before is not None and before.value == value and before.confirmed:
        return talk, (Phrase("unchanged", {"label": label, "value": shown}),), ()
    new = Value(item.id, value, heard.text, origin, heard.reference, heard.at, confirmed=True)
    earlier = talk.earlier if before is None else (*talk.earlier, before)
    talk = replace(talk, values={**talk.values, item.id: new}, earlier=earlier)
    talk, dropped = drop_unneeded(talk)
    fields = {"label": label, "value": shown}
    if before is None:
        said = Phrase("noted", fields)
    else:
        said = Phrase("corrected", {**fields, "before": show_value(item, before.value, talk.language)})
    return talk, (said, *dropped, *outside_terms(talk, item)), (new,)


def drop_unneeded(talk: Talk) -> tuple[Talk, tuple[Phrase, ...]]:
    """Return the talk without values that the product does not ask any more, and what is said of them."""
    said: list[Phrase] = []
    while gone := _find_unneeded(talk):
        values = {key: value for key, value in talk.values.items() if key not in gone}
        earlier = (*talk.earlier, *(talk.values[item.id] for item in gone.values()))
        talk = replace(talk, values=values, earlier=earlier, left=_without(talk.left, gone))
        said += [Phrase("dropped", {"label": item.label[talk.language]}) for item in gone.values()]
    return talk, tuple(said)


def _find_unneeded(talk: Talk) -> dict[str, Item]:
    due = {item.id for item in talk.due}
    return {item.id: item for item in talk.product.items if item.id in talk.values and item.id not in due}


def _without(ids: tuple[str, ...], gone: dict[str, Item]) -> tuple[str, ...]:
    return tuple(one for one in ids if one not in gone)
