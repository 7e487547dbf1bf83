"""Personal data in a text: what is found, where it stands in the original, and why. Read this first."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from operator import itemgetter

from akashi.core.spans import Interval
from akashi.domains.guardrails.addresses import find_addresses
from akashi.domains.guardrails.births import find_births
from akashi.domains.guardrails.columns import find_in_columns
from akashi.domains.guardrails.labels import Labels
from akashi.domains.guardrails.mail_addresses import find_emails
from akashi.domains.guardrails.model import Found, Kind
from akashi.domains.guardrails.names import find_names
from akashi.domains.guardrails.numbers import find_numbers
from akashi.domains.guardrails.secret_keys import find_secrets
from akashi.domains.guardrails.terms import Terms
from akashi.language.digits import plain_digits
from akashi.language.layers import Layer, unfold

NO_TERMS = Terms()
Place = tuple[int, int, Kind, str]
"""Where something begins and ends, what it is, and why: a hit, in the view or in the original."""
_ORDER = {kind: place for place, kind in enumerate(Kind)}


def find_personal(
    text: str, terms: Terms = NO_TERMS, layers: Sequence[Layer] | None = None
) -> tuple[Found, ...]:
    """Return the personal data of ``text`` in order, without overlaps.

    Spans are places in ``text`` itself. Also read are texts inside the text (HTML, base64 …): what
    is found in an encoded one covers the encoded characters. ``terms`` are the institution's own;
    ``layers`` are those of ``text`` where they are known already.
    """
    hits: list[Place] = [
        (*layer.traced.place(start, end), kind, reason)
        for layer in (unfold(text) if layers is None else layers)
        for start, end, kind, reason in _find_in(layer, terms)
    ]
    hits += find_in_columns(text)
    if not hits:
        return ()
    return tuple([Found(Interval(start, end), kind, reason) for start, end, kind, reason in _settle(hits)])


def _find_in(layer: Layer, terms: Terms) -> Iterable[Place]:
    view = plain_digits(layer.text)
    labels = Labels(view.text)
    hits = itertools.chain(
        find_emails(view.text),
        find_births(view.text, labels),
        find_numbers(view.text, labels),
        find_addresses(view.text),
    )
    mapped = [(view.starts[start], view.ends[end - 1], kind, reason) for start, end, kind, reason in hits]
    return [*mapped, *find_secrets(layer.text), *terms.find(layer.text), *find_names(layer.text)]


def _settle(hits: Iterable[Place]) -> list[Place]:
    """Return ``hits`` in order with overlapping ones joined; what is joined has the earliest kind."""
    settled: list[Place] = []
    for one in sorted(hits, key=itemgetter(0, 1)):
        if settled and one[0] < settled[-1][1]:
            last = settled.pop()
            first = min(last, one, key=lambda each: _ORDER[each[2]])
            settled.append((last[0], max(last[1], one[1]), *first[2:]))
        else:
            settled.append(one)
    return settled
