"""A case on the officer's desk: the application, what the officer assessed, and what the papers say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property

from akashi.domains.loans.measure.checks import (
    Breach,
    Compared,
    Missing,
    Reading,
    compare_terms,
    list_breaches,
    list_missing,
)
from akashi.domains.loans.measure.figures import Figure, Lacking, measure_figures, plan_of
from akashi.domains.loans.measure.payments import Payment
from akashi.domains.loans.model import Application, Item, ItemValue, Origin, Value
from akashi.domains.loans.register.desk import read_desk


@dataclass(frozen=True, slots=True)
class Handed:
    """An uploaded paper: for which needed paper, its name, and whether people can use it."""

    id: str
    document: str
    name: str = field(repr=False)
    at: datetime
    pages: int = 1
    is_usable: bool = True


@dataclass(frozen=True)
class Case:
    """Everything a decision on an application is drafted from, at one moment.

    ``assessed``: the officer's own values by item, Origin.OFFICER with the ground in ``said``.
    """

    application: Application
    assessed: Mapping[str, Value]
    uploads: tuple[Handed, ...]
    readings: tuple[Reading, ...]
    today: date

    @cached_property
    def values(self) -> dict[str, Value]:
        """Return the confirmed values by item.

        The applicant's own come before what the officer entered, and what an officer took from a paper
        before both: the answer stays beside it.
        """
        own = {name: value for name, value in self.application.values.items() if value.confirmed}
        read = {name: value for name, value in self.assessed.items() if value.origin is Origin.DOCUMENT}
        return {**self.assessed, **own, **read}

    @cached_property
    def derived(self) -> dict[str, tuple[ItemValue, str]]:
        """Return what follows from answers: item -> (value, item that it follows from)."""
        found: dict[str, tuple[ItemValue, str]] = {}
        for rule in read_desk().derived:
            value = self.values.get(rule.item)
            if value is not None and value.value == rule.wanted:
                found |= {
                    name: (given, rule.item) for name, given in rule.sets.items() if name not in self.values
                }
        return found

    @cached_property
    def known(self) -> dict[str, ItemValue]:
        """Return everything that is known by item."""
        given = {name: value.value for name, value in self.values.items()}
        return {**{name: value for name, (value, _) in self.derived.items()}, **given}

    @cached_property
    def items(self) -> dict[str, Item]:
        """Return every item by id: the product's, then the officer's."""
        product = self.application.product
        return {item.id: item for item in (*product.items, *read_desk().items_for(product))}

    @cached_property
    def figures(self) -> tuple[Figure | Lacking, ...]:
        """Return the key figures."""
        return measure_figures(self.known, self.application.product.audience, self.items)

    @cached_property
    def plan(self) -> tuple[Payment, ...]:
        """Return the payment plan, empty while it cannot be made."""
        return plan_of(self.known)

    @cached_property
    def handed_in(self) -> dict[str, int]:
        """Return how many usable uploads there are for each needed paper."""
        return dict(Counter(one.document for one in self.uploads if one.is_usable))

    @cached_property
    def missing(self) -> tuple[Missing, ...]:
        """Return what lacks."""
        return list_missing(self.application, self.known, self.handed_in)

    @cached_property
    def breaches(self) -> tuple[Breach, ...]:
        """Return what does not fit together."""
        return list_breaches(self.application.product, self.known, self.readings, self.today)

    @cached_property
    def terms(self) -> tuple[Compared, ...]:
        """Return the product's conditions beside the application."""
        return compare_terms(self.application.product, self.known, self.today)

    @property
    def is_complete(self) -> bool:
        """Return whether nothing that the product requires lacks."""
        return not self.missing
