"""The sample's loan conversation goes through its suites, and a validator signs for what was measured.

After the evaluations of the assistant, in the background, through the same commands as the institution's own.
After that its staff try it (``loans_live``).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from akashi.approvals.matters import read_matter
from akashi.core.people import Actor
from akashi.domains.governance.measure import list_gates
from akashi.domains.governance.treat import Case, ask_validation, read_case, sign_validation
from akashi.domains.loans.model import USE_CASE
from akashi.platform.installation import is_sample
from akashi.platform.meta import read_meta, write_meta
from akashi.platform.site import Site
from akashi.sample.evaluations import PLANS, has_played, play_evaluation
from akashi.sample.loans_live import bring_loans_live
from akashi.sample.seed import list_actors, read_table, walk_route

DONE = "sample_loans_validated"


def evaluate_loans(site: Site, now: datetime) -> int:
    """Play the suites of the loan conversation in a sample installation, then have it validated, once.

    Returns 1 when something was done. A run that was broken off is gone on with. A duty of ``tick``.
    """
    if site.ports.intake is None or not is_sample(site.database) or not has_played(site, PLANS[-1]):
        return 0
    if play_evaluation(site, USE_CASE):
        return 1
    with site.database.read() as connection:
        is_validated = read_meta(connection, DONE) is not None
    if is_validated:
        return bring_loans_live(site, now)
    case = read_case(site, USE_CASE)
    if case.standing.run is None:
        return 0
    is_good = _validate(site, case, read_table("loans_validation.toml"), list_actors())
    with site.database.write() as connection:
        write_meta(connection, DONE, f"{'signed' if is_good else 'objected'} {now.isoformat()}")
    return 1


def _validate(site: Site, case: Case, told: Mapping[str, Any], people: Mapping[str, Actor]) -> bool:
    """Sign for what was measured and let the sign-off be decided, or object, as the gates before it say."""
    gates = {gate.name: gate.is_open for gate in list_gates(case.standing)}
    is_good = gates["tested"] and gates["within"]
    validator = people[told["validator"]]
    words = {**told["validation"], "conclusion": told["words"]["approved" if is_good else "refused"]}
    if not is_good:
        sign_validation(site, validator, USE_CASE, False, words)
        return False
    matter = ask_validation(site, validator, USE_CASE, words)
    if matter is not None:
        with site.database.write() as connection:
            walk_route(connection, read_matter(connection, matter.id), people, site.now())
    return True
