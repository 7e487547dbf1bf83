"""Whether a number stands where the source has it: at the same things, on the same side of a range."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from akashi.core.ports import Verdict
from akashi.domains.guardrails.output_units import Unit

OTHER_QUANTITY = "The source gives another number, date or rate here."
CROSSED = "The source says this of something else."
NO_QUANTITY = "The source gives no such number, date or rate."
_FADING = 0.75
_AFTER = 0.4
_REACH = 12
_NEAR = 2
_SLACK = 0.7
_OPPOSITE = {
    "from": ("to",),
    "to": ("from",),
    "least": ("most", "less"),
    "most": ("least", "more", "less"),
    "less": ("least", "more", "most"),
    "more": ("most", "less"),
}


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a claim: a contradiction, or only something not found."""

    reason: str
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Labelled:
    """A quantity with the words that say what it is of, each with its weight."""

    unit: Unit
    label: dict[str, float]
    near: frozenset[str]


def label_quantities(units: Sequence[Unit]) -> list[Labelled]:
    """Return each quantity of a text with its label: words before it, back to the last of its kind.

    Nearer words weigh more; what follows directly weighs a little. The second end of a range has
    the label of the first.
    """
    labelled: list[Labelled] = []
    last: dict[str, Labelled] = {}
    for at, unit in enumerate(units):
        if unit.quantity is None:
            continue
        kind = _kind(unit)
        label: dict[str, float] = {}
        before = [*_until(units[:at][::-1], kind)]
        after = [*_until(units[at + 1 :], kind)]
        for share, others in ((1.0, before), (_AFTER, after)):
            for distance, other in enumerate(others):
                weight = share * _FADING**distance
                label[other.key] = max(label.get(other.key, 0), weight)
        near = frozenset(other.key for other in before[:_NEAR] + after[:_NEAR])
        previous = last.get(kind)
        if previous is not None and units[at - 1] is previous.unit:
            label, near = {**label, **previous.label}, near | previous.near
        last[kind] = Labelled(unit, label, near)
        labelled.append(last[kind])
    return labelled


def _until(units: Sequence[Unit], kind: str) -> Iterator[Unit]:
    for unit in units[:_REACH]:
        if unit.quantity is not None and _kind(unit) == kind:
            return
        yield unit


def _kind(unit: Unit) -> str:
    if unit.quantity is None:
        return ""
    own = unit.quantity.unit
    return f"{unit.quantity.kind}:{'' if own in ('day', 'month', 'year', 'fiscal_year') else own}"


def judge_quantities(claim: Sequence[Unit], sources: Sequence[Sequence[Unit]]) -> Iterator[Problem]:
    """Yield what is wrong with the quantities of ``claim``.

    A quantity needs an equal one in the sources; where they have several of its kind, the equal one
    must be labelled at least as much like the claim as the others.
    """
    offered = [one for source in sources for one in label_quantities(source)]
    rarity = Counter(word for one in offered for word in one.label)
    said = label_quantities(claim)
    words = {unit.key for unit in claim}
    for one in said:
        equal = [other for other in offered if other.unit.matches(one.unit)]
        rivals = [
            other
            for other in offered
            if _kind(other.unit) == _kind(one.unit)
            and _is_certain(other)
            and not other.unit.matches(one.unit)
        ]
        sided = [other for other in equal if other.unit.side not in _OPPOSITE.get(one.unit.side, ())]
        if not equal:
            yield Problem(OTHER_QUANTITY if rivals else NO_QUANTITY, _verdict(bool(rivals)))
        elif not sided or (rivals and _is_crossed(one, sided, rivals, rarity, words)):
            yield Problem(CROSSED, Verdict.CONTRADICTED)


def _is_certain(one: Labelled) -> bool:
    return one.unit.quantity is not None and one.unit.quantity.certain


def _is_crossed(
    claim: Labelled,
    equal: Sequence[Labelled],
    rivals: Sequence[Labelled],
    rarity: Counter[str],
    words: set[str],
) -> bool:
    """Return whether the claim's words stand beside another quantity and hardly beside the equal one."""
    beside = [word for word, weight in claim.label.items() if weight >= _BESIDE]
    if any(_is_contrast(word, rivals, equal) for word in beside):
        return not any(_is_contrast(word, equal, rivals) for word in claim.label)
    near, other = (max(len(one.near & words) for one in group) for group in (equal, rivals))
    alike, unlike = (_likeness(claim, group, rarity) for group in (equal, rivals))
    return near < other and alike < _SLACK * unlike


_BESIDE, _ELSEWHERE = 0.75, 0.45


def _is_contrast(word: str, ours: Sequence[Labelled], theirs: Sequence[Labelled]) -> bool:
    """Return whether a word stands right beside one of our quantities and beside none of theirs."""
    beside = max(one.label.get(word, 0) for one in ours)
    return beside >= _BESIDE and all(one.label.get(word, 0) <= _ELSEWHERE for one in theirs)


def _verdict(contradicted: bool) -> Verdict:
    return Verdict.CONTRADICTED if contradicted else Verdict.UNVERIFIED


def _likeness(claim: Labelled, offered: Sequence[Labelled], rarity: Counter[str]) -> float:
    return max(
        sum(
            weight * other.label[word] / rarity[word]
            for word, weight in claim.label.items()
            if word in other.label
        )
        for other in offered
    )
