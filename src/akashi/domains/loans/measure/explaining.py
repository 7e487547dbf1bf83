"""Why something is asked, and which condition of the product an answer lies outside of; nothing in secret."""

from __future__ import annotations

from akashi.domains.loans.measure.showing import show_value
from akashi.domains.loans.measure.talks import Talk
from akashi.domains.loans.measure.wording import Phrase
from akashi.domains.loans.model import Condition, Item, NeededDocument, Term


def explain_item(talk: Talk, item: Item) -> tuple[Phrase, ...]:
    """Return purpose and clause of a question, and the answers that led to it."""
    fields = {
        "label": item.label[talk.language],
        "purpose": item.purpose[talk.language],
        "source": talk.product.source.title,
        "clause": item.clause,
    }
    return Phrase("why", fields), *explain_condition(talk, item.when)


def explain_condition(talk: Talk, condition: Condition | None) -> tuple[Phrase, ...]:
    """Return the answers on which a condition rests; that everybody is asked where there is none."""
    if condition is None:
        return (Phrase("why_all"),)
    return _name_answers(talk, condition, "why_because")


def explain_need(talk: Talk, paper: NeededDocument) -> tuple[Phrase, ...]:
    """Return the answers that make a paper necessary; nothing where everybody hands it in."""
    return () if paper.when is None else _name_answers(talk, paper.when, "needed_because")


def _name_answers(talk: Talk, condition: Condition, wording: str) -> tuple[Phrase, ...]:
    return tuple(
        Phrase(wording, {"label": item.label[talk.language], "value": _show(talk, item)})
        for item in talk.product.items
        if item.id in condition.items and item.id in talk.values
    )


def broken_terms(talk: Talk) -> tuple[Term, ...]:
    """Return the product's conditions that the values so far do not meet."""
    known = talk.known
    return tuple(term for term in talk.product.terms if term.condition.holds(known, talk.today) is False)


def outside_terms(talk: Talk, item: Item) -> tuple[Phrase, ...]:
    """Return what is said of the conditions that a new value of ``item`` does not meet. Nobody is refused."""
    return tuple(
        Phrase(
            "outside",
            {
                "term": term.label[talk.language],
                "text": term.text[talk.language],
                "clause": term.clause,
            },
        )
        for term in broken_terms(talk)
        if item.id in term.condition.items
    )


def _show(talk: Talk, item: Item) -> str:
    return show_value(item, talk.values[item.id].value, talk.language)
