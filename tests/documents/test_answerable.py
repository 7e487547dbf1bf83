"""What is read of one passage is what is read of all of them, on both databases."""

from __future__ import annotations

from akashi.core.moments import tokyo_day
from akashi.core.thread import Audience
from akashi.documents.answerable import find_answerable, find_passage, list_answerable
from akashi.documents.store import list_passages, list_siblings, list_versions
from akashi.platform.site import Site


def test_one_passage_is_read_as_among_all(sample_site: Site) -> None:
    day = tokyo_day(sample_site.now())
    with sample_site.database.read() as connection:
        versions = list_answerable(connection, Audience.STAFF, day)
        passages = list_passages(connection, sorted(versions))
        assert {bool(one.question) for one in passages} == {True, False}
        for one in passages:
            assert find_passage(connection, one.id, Audience.STAFF, day) == (one, versions[one.version_id])


def test_what_customers_may_read_is_decided_with_all_versions_of_the_document(sample_site: Site) -> None:
    day = tokyo_day(sample_site.now())
    with sample_site.database.read() as connection:
        answerable = list_answerable(connection, Audience.CUSTOMERS, day)
        found = {
            one.id: find_answerable(connection, one.id, Audience.CUSTOMERS, day)
            for one in list_versions(connection)
        }
        assert {number: version for number, version in found.items() if version} == answerable
        assert 0 < len(answerable) < len(found)
        assert list_siblings(connection, "ver_none") is None
        assert find_passage(connection, "ver_none.0", Audience.CUSTOMERS, day) is None
        assert find_passage(connection, f"{next(iter(answerable))}.99999", Audience.CUSTOMERS, day) is None
