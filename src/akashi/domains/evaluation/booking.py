"""Calls of the installation's own endpoint count against its monthly limit, whoever made them."""

from __future__ import annotations

from collections.abc import Sequence

from akashi.domains.evaluation.model import Response
from akashi.domains.evaluation.plans import TargetPlan
from akashi.platform.endpoint import Caller, EndpointError, Purpose
from akashi.platform.endpoint_use import Booking, book, reserve
from akashi.platform.site import Site


def book_responses(
    site: Site, target: TargetPlan, use_case: str, run: str, responses: Sequence[Response]
) -> bool:
    """Count the calls behind responses; return False when the monthly limit is reached.

    Calls of other endpoints are none of the installation's, and what the gate booked is booked already.
    """
    settings = site.settings.endpoint
    if settings is None or target.kind != "endpoint" or target.url:
        return True
    tokens_in = sum(one.tokens_in for one in responses)
    tokens_out = sum(one.tokens_out for one in responses)
    caller = Caller(use_case or "evaluation", Purpose.OTHER, run)
    try:
        with site.database.write() as connection:
            reserved = reserve(connection, settings, caller, tokens_in, site.now())
            said = Booking(tokens_in, tokens_out, is_reported=False)
            book(connection, settings, reserved, said, site.now())
    except EndpointError:
        return False
    return True
