"""Personal data in a text: what is found, where it stands in the original, and why. Read this first."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from operator import itemgetter

from akashi.core.spans import Interval
from akashi.domains.guardrails.addresses import find_addresses
from akashi.domains.guardrails.births import find_births
from akashi.domains.guardrails.labels import Labels
from akashi.domains.guardrails.mail_addresses import find_emails
from akashi.domains.guardrails.model import Found, Kind
from akashi.domains.guardrails.names import find_names
from akashi.domains.guardrails.numbers import Hit, find_numbers
from akashi.domains.guardrails.secret_keys import find_secrets
from akashi.domains.guardrails.terms import Terms
from akashi.language.digits import plain_digits
from akashi.language.layers import Layer, unfold

NO_TERMS = Terms()
_ORDER = {kind: place for place, kind in enumerate(Kind)}


def find_personal(
    text: str, terms: Terms = NO_TERMS, layers: Sequence[Layer] | None = None
) -> tuple[Found, ...]:
    """Return the personal data of ``text`` in order, without overlaps.

    Spans are places in ``text`` itself. Also read are texts inside the text (HTML, base64 …): what
    is found in an encoded one covers the encoded characters. ``terms`` are the institution's own;
    ``layers`` are those of ``text`` where they are known already.
    """
    hits = [
        Hit(*layer.traced.place(hit.start, hit.end), hit.kind, hit.reason)
        for layer in (unfold(text) if layers is None else layers)
        for hit in _find_in(layer, terms)
    ]
    return tuple(Found(Interval(hit.start, hit.end), hit.kind, hit.reason) for hit in _settle(hits))


def _find_in(layer: Layer, terms: Terms) -> Iterable[Hit]:
    view = plain_digits(layer.text)
    labels = Labels(view.text)
    hits = itertools.chain(
        find_emails(view.text),
        find_births(view.text, labels),
        find_numbers(view.text, labels),
        find_addresses(view.text),
    )
    mapped = [Hit(view.starts[hit.start], view.ends[hit.end - 1], hit.kind, hit.reason) for hit in hits]
    return [*mapped, *find_secrets(layer.text), *terms.find(layer.text), *find_names(layer.text)]


def _settle(hits: Iterable[Hit]) -> list[Hit]:
    """Return ``hits`` in order with overlapping ones joined; what is joined has the earliest kind."""
    settled: list[Hit] = []
    for one in sorted(hits, key=itemgetter(0, 1)):
        if settled and one.start < settled[-1].end:
            last = settled.pop()
            first = min(last, one, key=lambda each: _ORDER[each.kind])
            settled.append(Hit(last.start, max(last.end, one.end), first.kind, first.reason))
        else:
            settled.append(one)
    return settled
