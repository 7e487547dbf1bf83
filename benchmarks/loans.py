"""Loans: 120 scripted applicants talk to the engine, from consent to the summary.

`python -m benchmarks.loans --json`. Applicants never look at what is read back after a certain answer, so
that a wrong reading stays (`silently_wrong`); they do look where the engine asks whether a value is right.
`later` are 60 more, whose ways of writing were written after the engine had been mended by the 120.
Every sentence passes the guards first, under the policy of the use case, as on the applicants' page.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from datetime import time as clock

from akashi.core.moments import TOKYO
from akashi.domains.guardrails.guards import screen_for
from akashi.domains.loans.measure.asking import ask_again
from akashi.domains.loans.measure.conversing import begin, propose, say
from akashi.domains.loans.measure.proposing import Cell, propose_values
from akashi.domains.loans.measure.showing import show_value
from akashi.domains.loans.measure.talks import Heard, Reply, Stage, Talk
from akashi.domains.loans.model import USE_CASE, Item, ItemKind, ItemValue, Origin, Product, order_of
from akashi.domains.loans.register.desk import read_desk
from akashi.domains.loans.register.products import list_products
from akashi.language.normalise import normalise
from benchmarks.loan_applicants import LATER, TODAY, Applicant, draw_applicants

MOST_TURNS = 120
_MEASURES = (ItemKind.AMOUNT, ItemKind.DATE, ItemKind.PERIOD, ItemKind.RATE, ItemKind.COUNT)


@dataclass(slots=True)
class Course:
    """What happened to one applicant."""

    applicant: Applicant
    turns: int = 0
    required: int = 0
    complete: bool = False
    fields: int = 0
    right: int = 0
    silently_wrong: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    clicks: int = 0
    asked_twice: list[str] = field(default_factory=list)
    answer_ms: list[float] = field(default_factory=list)
    stopped: list[str] = field(default_factory=list)
    stuck_at: str = ""


def is_same(item: Item, one: ItemValue, other: ItemValue) -> bool:
    """Return whether two values of an item are the same: equal durations, and names but for their spaces."""
    if item.kind is ItemKind.PERIOD:
        return order_of(one) == order_of(other)
    if isinstance(one, str) and isinstance(other, str) and item.kind not in (ItemKind.DATE, ItemKind.CHOICE):
        return _squeeze(one) == _squeeze(other)
    return one == other and isinstance(one, bool) == isinstance(other, bool)


def _squeeze(text: str) -> str:
    return "".join(normalise(text).text.split()).replace("-", "").rstrip("。")


class Person:
    """Answers what the engine asks, as the script of an applicant says."""

    def __init__(self, applicant: Applicant) -> None:
        """Begin with nothing said."""
        self.applicant, self.tries = applicant, dict[str, int]()
        self.asides = deque(applicant.template.asides)
        self.waiting: list[tuple[int, str]] = []
        self.questions = 0

    def answer(self, talk: Talk, reply: Reply) -> str:
        """Return the next sentence."""
        template = self.applicant.template
        if talk.stage in (Stage.CONSENT, Stage.WITHDRAWING):
            return "同意します" if template.language == "ja" else "yes"
        if talk.stage is Stage.CONFIRMING and talk.pending is not None:
            right = is_same(
                talk.product.item(talk.pending.item), talk.pending.value, self._true(talk.pending.item)
            )
            wrongly = talk.pending.item in self.applicant.wrong and not self._is_settled(talk.pending.item)
            plain = ("はい", "いいえ") if template.language == "ja" else ("yes", "no")
            return plain[0] if right or wrongly else plain[1]
        self.questions += 1
        if correction := self._due():
            return correction
        if talk.stage is Stage.SUMMARY:
            return "はい" if template.language == "ja" else "yes"
        if self.asides and self.questions in (6, 12):
            return self.asides.popleft()
        return self._say(talk.product.item(reply.asks), reply)

    def _true(self, item: str) -> ItemValue:
        return self.applicant.answers[item][1]

    def _is_settled(self, item: str) -> bool:
        return item in self.tries and all(item != one for _, one in self.waiting)

    def _due(self) -> str:
        for at, item in self.waiting:
            if self.questions >= at:
                self.waiting.remove((at, item))
                template = self.applicant.template
                sentence = template.fixes.get(item) or template.late[item]
                new = self.applicant.answers[item][0]
                return sentence.format(new=new.removesuffix(template.end) if template.end else new)
        return ""

    def _say(self, item: Item, reply: Reply) -> str:
        tried = self.tries[item.id] = self.tries.get(item.id, 0) + 1
        applicant, template = self.applicant, self.applicant.template
        written, true = applicant.answers[item.id]
        if tried == 1 and item.id in applicant.wrong:
            wait = 1 if item.id in template.fixes else 3
            self.waiting.append((self.questions + wait, item.id))
            return applicant.wrong[item.id]
        if tried == 1 and item.id in template.slips:
            return template.slips[item.id].format(written)
        if tried <= (2 if item.id in template.slips else 1):
            return written
        shown = show_value(item, true, template.language).partition("（")[0]
        return next((option.text for option in reply.options if option.label.startswith(shown)), shown)


def converse(product: Product, applicant: Applicant) -> tuple[Talk, Course]:
    """Return the talk at its end, and what happened on the way."""
    person, course = Person(applicant), Course(applicant)
    talk, reply = begin(product, applicant.template.language, TODAY)
    papers = applicant.has_papers
    while talk.turns < MOST_TURNS and talk.stage is not Stage.READY:
        if papers and talk.stage is Stage.ASKING:
            papers = False
            talk, reply = hand_in(talk, reply, course)
        sentence = person.answer(talk, reply)
        begun = time.perf_counter()
        screened = screen_for(None, sentence, USE_CASE)
        if screened.refused or screened.handed_over:
            course.stopped.append(sentence)
            talk, reply = replace(talk, turns=talk.turns + 1), ask_again(talk)
        else:
            talk, reply = say(talk, screened.text)
        course.answer_ms.append((time.perf_counter() - begun) * 1000)
    course.turns, course.complete = talk.turns, talk.stage is Stage.READY and talk.is_complete
    course.stuck_at = "" if course.complete else talk.item
    course.asked_twice = [item for item, tries in person.tries.items() if tries > 1]
    for item in talk.due:
        course.required += item.required
        if item.id not in talk.values:
            continue
        course.fields += 1
        value, true = talk.values[item.id].value, person._true(item.id)
        if is_same(item, value, true):
            course.right += 1
        else:
            entry = f"{item.id}: {true!r} was kept as {value!r} ({talk.values[item.id].said!r})"
            (course.silently_wrong if item.kind in _MEASURES else course.wrong).append(entry)
    return talk, course


_BUSINESS = ("annual_sales", "ordinary_profit", "depreciation", "receivables", "inventory", "payables")
_PRIVATE = ("annual_income",)


def hand_in(talk: Talk, reply: Reply, course: Course) -> tuple[Talk, Reply]:
    """Return the talk after a paper was read and each right value was confirmed by a click."""
    desk, product, answers = read_desk(), talk.product, course.applicant.answers
    known = {item.id: item for item in product.items}
    wanted = [known[name] for name in (*_BUSINESS, *_PRIVATE) if name in known]
    cells = [Cell("(単位:円)", 0.8, 0.05, 0.95, 0.07)]
    for number, item in enumerate(wanted):
        label, top = desk.labels.get(item.id, item.names)[0], 0.1 + number * 0.05
        cells.append(Cell(label, 0.1, top, 0.4, top + 0.03))
        cells.append(Cell(f"{answers[item.id][1]:,}", 0.6, top, 0.8, top + 0.03))
    labelled = [(item, desk.labels.get(item.id, item.names)) for item in wanted]
    for proposal in propose_values(labelled, 1, cells):
        item = known[proposal.item]
        heard = Heard(f"{int(proposal.value)}円", datetime.combine(TODAY, clock(12), TOKYO), "paper 1")
        step = propose(talk, heard, item, heard.text, Origin.DOCUMENT)
        if step is None or not is_same(item, proposal.value, answers[item.id][1]):
            continue
        course.clicks += 1
        talk, reply = say(step[0], "はい" if talk.language == "ja" else "yes")
    return talk, reply


def summarise(courses: Sequence[Course]) -> dict[str, object]:
    """Return the figures of the contract's kind, over all, and of those with papers apart."""
    fields, right = sum(one.fields for one in courses), sum(one.right for one in courses)
    turns = [one.turns / one.required for one in courses if one.complete]
    spent = sorted(ms for one in courses for ms in one.answer_ms)
    figures: dict[str, object] = {
        "n": len(courses),
        "completed": sum(one.complete for one in courses) / len(courses),
        "fields": fields,
        "fields_right": right / max(1, fields),
        "silently_wrong": sum(len(one.silently_wrong) for one in courses),
        "other_wrong": sum(len(one.wrong) for one in courses),
        "sentences": sum(len(one.answer_ms) for one in courses),
        "stopped_by_guards": sum(len(one.stopped) for one in courses),
        "clicks_on_papers": sum(one.clicks for one in courses),
        "ms_p50": spent[len(spent) // 2],
        "ms_p99": spent[int(len(spent) * 0.99)],
    }
    if turns:
        figures["turns_per_required_item"] = statistics.median(turns)
        figures["turns_per_required_item_worst"] = max(turns)
    return figures


def measure(*, show: bool = False) -> dict[str, object]:
    """Return the figures of all applicants, and by product."""
    products = list_products()
    courses = [converse(products[one.template.product], one)[1] for one in draw_applicants()]
    figures = summarise(courses)
    groups = {name: [one for one in courses if one.applicant.template.product == name] for name in products}
    groups["with_papers"] = [one for one in courses if one.applicant.has_papers]
    later = [converse(products[one.template.product], one)[1] for one in draw_applicants(7, LATER)]
    figures["later"] = summarise(later)
    courses += later
    figures["by_group"] = {name: summarise(group) for name, group in groups.items() if group}
    for one in courses if show else ():
        name = f"{one.applicant.template.id} {one.applicant.number}"
        if not one.complete:
            print(f"{name}: stuck at {one.stuck_at} after {one.turns} turns", file=sys.stderr)
        for entry in (*one.silently_wrong, *one.wrong):
            print(f"{name}: {entry}", file=sys.stderr)
        for sentence in one.stopped:
            print(f"{name}: stopped by the guards: {sentence}", file=sys.stderr)
        if one.asked_twice:
            print(f"{name}: asked twice {' '.join(one.asked_twice)}", file=sys.stderr)
    return figures


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the benchmark; returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--show", action="store_true")
    parser.add_argument("--json", action="store_true")
    figures = measure(show=parser.parse_args(arguments).show)
    for name, value in figures.items():
        print(f"{name:28} {value}", file=sys.stderr)
    print(json.dumps(figures))
    return 0


if __name__ == "__main__":
    sys.exit(main())
