"""The sample's applications are complete or in progress, as their file says."""

from __future__ import annotations

from akashi.domains.loans.model import State
from akashi.domains.loans.store import list_outlines, read_application
from akashi.platform.site import Site
from akashi.sample.loans import make_applications


def test_one_sample_application_is_sent_and_one_is_in_progress(sqlite_site: Site) -> None:
    assert make_applications(sqlite_site) == 2
    with sqlite_site.database.read() as connection:
        outlines = {one.state: one for one in list_outlines(connection)}
        sent = read_application(connection, sqlite_site.keys, outlines[State.SUBMITTED].id)
        begun = read_application(connection, sqlite_site.keys, outlines[State.COLLECTING].id)
    assert sent.known["amount"] == 7_000_000
    assert sent.known["employees"] == 9
    assert sent.known["delivered_on"] == "2027-02-10"
    assert begun.known["occupation"] == "employed"
    assert "annual_income" not in begun.known
