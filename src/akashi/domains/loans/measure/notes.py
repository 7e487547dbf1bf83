"""Minutes and call notes to a summary, and drafts of mails to the customer: by rules, in words that stand.

A summary holds sentences of the note as they were written, each with its place; nothing is reworded, so no
number or name can change. A mail is a fixed wording filled from the case; it promises nothing and is sent by
nobody but a person.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

from akashi.core.errors import InputError
from akashi.domains.loans.measure.case import Case
from akashi.domains.loans.measure.checks import Lack
from akashi.domains.loans.model import ItemKind
from akashi.language.quantities import Kind, read_quantities
from akashi.language.sentences import read_sentences
from akashi.platform.rooms import package_folder

MOST_NOTE = 20_000
MOST_LINES = 12
_CUES: Mapping[str, re.Pattern[str]] = {
    "agreed": re.compile(r"決定|決まっ|合意|了承|承知|することとし|同意|方針とする|確定"),
    "promised": re.compile(
        r"までに|予定|提出|持参|送付|お送り|次回|来店|訪問|連絡する|用意する|準備する|宿題"
    ),
    "worries": re.compile(
        r"懸念|不安|心配|課題|未定|確認が必要|要確認|減少|遅れ|遅延|悪化|赤字|不足|反対|難色|[?？]|でしょうか"
    ),
}
_FIGURES = frozenset({Kind.AMOUNT, Kind.RATE, Kind.PERIOD})
_PROMISES = re.compile(
    r"承認(?:され|します|いたし|となり)|融資(?:します|いたします|できます|可能です)|必ず|保証(?:し|いたし)|確約"
)


@dataclass(frozen=True, slots=True)
class Picked:
    """A sentence of a note that the summary keeps: under which head, as written, and where it begins."""

    head: str
    text: str = field(repr=False)
    start: int
    number: int


def summarise_note(text: str) -> tuple[Picked, ...]:
    """Return the sentences of a note that a reader must know, at most twelve, in the order of the note.

    Agreements come before promises, worries and figures where there are too many.

    Raises: InputError: empty or longer than 20,000 characters.

    >>> [one.head for one in summarise_note("担当は湊。見積書を11月末までに提出する。天気の話をした。")]
    ['promised']
    """
    if not text.strip():
        raise InputError("Write or paste the note.", where="text")
    if len(text) > MOST_NOTE:
        raise InputError("At most {most} characters.", where="text", most=MOST_NOTE)
    found = []
    for number, span in enumerate(read_sentences(text), 1):
        sentence = span.of(text).strip()
        head = _head_of(sentence)
        if head:
            found.append(Picked(head, sentence, span.start, number))
    ranks = ("agreed", "promised", "worries", "figures")
    kept = sorted(found, key=lambda one: (ranks.index(one.head), one.start))[:MOST_LINES]
    return tuple(sorted(kept, key=lambda one: one.start))


def _head_of(sentence: str) -> str:
    for head, cue in _CUES.items():
        if cue.search(sentence):
            return head
    return "figures" if any(one.kind in _FIGURES for one in read_quantities(sentence)) else ""


@cache
def read_mails() -> Mapping[str, Mapping[str, Mapping[str, str]]]:
    """Return the wording of mails by kind and language."""
    path = package_folder("akashi.domains.loans") / "data" / "mails.toml"
    found: Mapping[str, Mapping[str, Mapping[str, str]]] = tomllib.loads(path.read_text(encoding="utf-8"))
    return found


def write_mail(kind: str, case: Case, officer: str, institution: str) -> tuple[str, str]:
    """Return subject and body of a mail draft in the applicant's language.

    Raises: InputError: no such kind, or there is nothing to ask.
    """
    if kind not in read_mails():
        raise InputError("There is no such mail.", where="kind")
    language = case.application.language
    wording = read_mails()[kind][language]
    lines = _list_points(kind, case, language)
    if kind != "received" and not lines:
        raise InputError("There is nothing to ask of the applicant.", where="kind")
    fields = {
        "name": _name_of(case, language),
        "number": case.application.number,
        "product": case.application.product.title[language],
        "points": "\n".join(lines),
        "officer": officer,
        "institution": institution,
    }
    return _fill(wording["subject"], fields), _fill(wording["body"], fields)


def promises_something(text: str) -> bool:
    """Return whether a text promises a loan or an approval.

    >>> promises_something("ご融資できます。"), promises_something("審査の結果は改めてご連絡します。")
    (True, False)
    """
    return bool(_PROMISES.search(text))


def _list_points(kind: str, case: Case, language: str) -> list[str]:
    bullet = "・" if language == "ja" else "- "
    if kind == "missing":
        return [
            f"{bullet}{one.label[language]}"
            + (f"（{one.have}／{one.need}）" if one.lack is Lack.TOO_FEW else "")
            for one in case.missing
        ]
    if kind == "mismatch":
        labels = {item.id: item.label[language] for item in case.application.product.items}
        told = []
        for breach in case.breaches:
            about = "、".join(labels[name] for name in breach.items if name in labels)
            if about:
                told.append(f"{bullet}{about}{'：' if language == 'ja' else ': '}{breach.reason[language]}")
        return told
    return []


def _name_of(case: Case, language: str) -> str:
    for item in case.application.product.items:
        if item.kind in (ItemKind.COMPANY, ItemKind.PERSON) and item.id in (
            "company_name",
            "trade_name",
            "applicant_name",
        ):
            value = case.values.get(item.id)
            if value is not None:
                return f"{value.value}" + (" 様" if language == "ja" else "")
    return "お客さま" if language == "ja" else "customer"


def _fill(template: str, fields: Mapping[str, str]) -> str:
    """Return a wording with its places filled; braces inside a value stay what they are."""
    return re.sub(r"\{(\w+)\}", lambda match: fields.get(match[1], match[0]), template)
