"""Loan products and applications as values: what is asked, what was answered, and where it came from."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum

ItemValue = str | int | bool
Words = Mapping[str, str]
"""A wording by language, ``ja`` and ``en``."""

USE_CASE = "loan_intake"
TODAY = "today"
"""In a bound of a date: the day of the answer; with offsets ``today-P20Y``, ``today-P66Y+P1D``."""


class ItemKind(StrEnum):
    """What an answer is, and how it is kept.

    amount int yen; date ISO text as exact as said; period ISO 8601 duration; rate decimal fraction as
    text; count int; yesno bool; choice the id of a choice; all others the text itself.
    """

    AMOUNT = "amount"
    DATE = "date"
    PERIOD = "period"
    RATE = "rate"
    COUNT = "count"
    YESNO = "yesno"
    CHOICE = "choice"
    TEXT = "text"
    PERSON = "person"
    COMPANY = "company"
    POSTAL_CODE = "postal_code"
    ADDRESS = "address"
    PHONE = "phone"
    EMAIL = "email"


class Join(StrEnum):
    """How a condition is made: one test, or several conditions joined."""

    TEST = "test"
    ALL = "all"
    ANY = "any"
    NOT = "not"


class Relation(StrEnum):
    """What a test asks of an item's value."""

    IS = "is"
    ONE_OF = "one_of"
    AT_LEAST = "at_least"
    AT_MOST = "at_most"


@dataclass(frozen=True, slots=True)
class Condition:
    """Something that values make true or false, or that is not known yet.

    >>> big = Condition(Join.TEST, item="amount", relation=Relation.AT_LEAST, wanted=(10_000_000,))
    >>> big.holds({"amount": 30_000_000}), big.holds({"amount": 1}), big.holds({})
    (True, False, None)
    """

    join: Join
    parts: tuple[Condition, ...] = ()
    item: str = ""
    relation: Relation = Relation.IS
    wanted: tuple[ItemValue, ...] = ()

    def holds(self, values: Mapping[str, ItemValue], today: date | None = None) -> bool | None:
        """Return whether ``values`` fulfil the condition; None while they do not say.

        ``today`` is needed only by bounds that speak of it.
        """
        if self.join is Join.TEST:
            return None if self.item not in values else _passes(values[self.item], self, today)
        found = [part.holds(values, today) for part in self.parts]
        if self.join is Join.NOT:
            return None if found[0] is None else not found[0]
        decisive = self.join is Join.ANY
        if decisive in found:
            return decisive
        return None if None in found else not decisive

    @property
    def items(self) -> frozenset[str]:
        """Return the ids of the items that the condition looks at."""
        own = {self.item} if self.join is Join.TEST else set()
        return frozenset(own).union(*(part.items for part in self.parts))


_DURATION = re.compile(r"P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?")
_DECIMAL = re.compile(r"-?\d+(?:\.\d+)?")
_DATE = re.compile(r"\d{4}(?:-\d{2}(?:-\d{2})?)?")


def order_of(value: ItemValue) -> tuple[str, Decimal] | tuple[str, str] | None:
    """Return what ``value`` is compared by, after a word for its kind; None for what has no order.

    A month of a duration has 30.4375 days (our reading); dates compare as far as both say.

    >>> order_of(5), order_of("P1Y6M") == order_of("P18M"), order_of("汐見")
    (('number', Decimal('5')), True, None)
    """
    if isinstance(value, int):
        return "number", Decimal(int(value))
    if _DATE.fullmatch(value) and (len(value) > 4 or value[0] in "12"):
        return "date", value
    if _DECIMAL.fullmatch(value):
        return "number", Decimal(value)
    match = _DURATION.fullmatch(value)
    if match is None or value == "P":
        return None
    years, months, weeks, days = (Decimal(part or 0) for part in match.groups())
    return "duration", (years * 12 + months) * Decimal("30.4375") + weeks * 7 + days


_OFFSET = re.compile(r"([+-])(P(?:\d+Y)?(?:\d+M)?(?:\d+D)?)")


def day_of(bound: ItemValue, today: date | None) -> ItemValue:
    """Return a bound with ``today`` and its offsets as an ISO day; every other bound as it is.

    >>> day_of("today-P66Y+P1D", date(2026, 11, 21)), day_of("P2Y", None)
    ('1960-11-22', 'P2Y')
    """
    if today is None or not isinstance(bound, str) or not bound.startswith(TODAY):
        return bound
    day = today
    for sign, length in _OFFSET.findall(bound):
        years, months, _, days = (int(part or 0) for part in _parts(length))
        steps = (years * 12 + months) * (1 if sign == "+" else -1) + day.year * 12 + day.month - 1
        first = date(steps // 12, steps % 12 + 1, 1)
        last = (date(first.year + first.month // 12, first.month % 12 + 1, 1) - timedelta(days=1)).day
        day = first.replace(day=min(day.day, last)) + timedelta(days=days if sign == "+" else -days)
    return day.isoformat()


def _parts(length: str) -> tuple[str | None, ...]:
    match = _DURATION.fullmatch(length)
    return match.groups() if match else (None, None, None, None)


def _passes(value: ItemValue, test: Condition, today: date | None) -> bool | None:
    if test.relation in (Relation.IS, Relation.ONE_OF):
        return any(value == one and isinstance(value, bool) == isinstance(one, bool) for one in test.wanted)
    return within(value, test.wanted[0], is_least=test.relation is Relation.AT_LEAST, today=today)


def within(value: ItemValue, bound: ItemValue, *, is_least: bool, today: date | None) -> bool | None:
    """Return whether ``value`` keeps to a least or most; None where the two cannot be compared."""
    mine, other = order_of(value), order_of(day_of(bound, today))
    if mine is None or other is None or mine[0] != other[0]:
        return None
    first, second = mine[1], other[1]
    if isinstance(first, str) and isinstance(second, str):
        exact = min(len(first), len(second))
        return first[:exact] >= second[:exact] if is_least else first[:exact] <= second[:exact]
    if isinstance(first, Decimal) and isinstance(second, Decimal):
        return first >= second if is_least else first <= second
    return None


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer of a choice; ``names`` are further words by which people choose it."""

    id: str
    label: Words
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Item:
    """One thing a product asks, why it is needed, and when.

    ``purpose`` says why the bank collects it; ``clause`` where the product's document asks for it.
    ``names`` are words by which an applicant may speak of it when he corrects something; ``exact`` asks a
    date for its day.
    """

    id: str
    kind: ItemKind
    label: Words
    question: Words
    help: Words
    purpose: Words
    required: bool
    when: Condition | None
    choices: tuple[Choice, ...]
    least: ItemValue | None
    most: ItemValue | None
    clause: str
    names: tuple[str, ...] = ()
    exact: bool = False

    def is_due(self, values: Mapping[str, ItemValue]) -> bool:
        """Return whether ``values`` say that this must or may be asked."""
        return self.when is None or self.when.holds(values) is True


@dataclass(frozen=True, slots=True)
class NeededDocument:
    """A paper the applicant hands in; ``proposes`` are the items whose values may be read from it."""

    id: str
    label: Words
    when: Condition | None
    copies: int
    proposes: tuple[str, ...]
    clause: str

    def is_due(self, values: Mapping[str, ItemValue]) -> bool:
        """Return whether ``values`` say that this paper is needed."""
        return self.when is None or self.when.holds(values) is True


@dataclass(frozen=True, slots=True)
class Term:
    """A condition of the product, shown and compared; nobody is refused by it without a person."""

    id: str
    label: Words
    condition: Condition
    text: Words
    clause: str


@dataclass(frozen=True, slots=True)
class Source:
    """The product's own document."""

    title: str
    edition: str


@dataclass(frozen=True, slots=True)
class Product:
    """A loan product as data; ``digest`` is the SHA-256 of its file."""

    id: str
    title: Words
    audience: str
    version: int
    digest: str
    source: Source
    items: tuple[Item, ...]
    documents: tuple[NeededDocument, ...]
    terms: tuple[Term, ...]
    consent: Words = field(default_factory=dict)

    def item(self, item_id: str) -> Item:
        """Return one item. Raises: KeyError: the product does not ask it."""
        return {item.id: item for item in self.items}[item_id]

    def due_items(self, values: Mapping[str, ItemValue]) -> tuple[Item, ...]:
        """Return the items that ``values`` make due, in the order in which they are asked."""
        return tuple(item for item in self.items if item.is_due(values))

    def due_documents(self, values: Mapping[str, ItemValue]) -> tuple[NeededDocument, ...]:
        """Return the papers that ``values`` make necessary."""
        return tuple(paper for paper in self.documents if paper.is_due(values))


class Origin(StrEnum):
    """Where a value comes from. What an endpoint proposed counts only after the customer's own yes."""

    ANSWER = "answer"
    FORM = "form"
    DOCUMENT = "document"
    OFFICER = "officer"
    ENDPOINT = "endpoint"


@dataclass(frozen=True, slots=True)
class Value:
    """One value: what it is, how it was written, and where.

    ``reference`` names the turn, or upload, page and area; ``said`` is as personal as the value.
    """

    item: str
    value: ItemValue = field(repr=False)
    said: str = field(repr=False)
    origin: Origin
    reference: str
    at: datetime
    confirmed: bool


class State(StrEnum):
    """How far an application has come."""

    COLLECTING = "collecting"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    DRAFTED = "drafted"
    DECIDED = "decided"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Application:
    """An application 申込み; ``values`` are the present ones, ``earlier`` the corrected ones, newest last."""

    id: str
    number: str
    product: Product
    language: str
    state: State
    conversation: str
    office: str
    values: Mapping[str, Value]
    earlier: tuple[Value, ...]
    created_at: datetime
    submitted_at: datetime | None
    consented_at: datetime | None

    @property
    def known(self) -> dict[str, ItemValue]:
        """Return the confirmed values by item: the only ones that anything is computed from."""
        return {item: value.value for item, value in self.values.items() if value.confirmed}
