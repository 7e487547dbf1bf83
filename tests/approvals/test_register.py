"""Routes and the authority table as data: what is accepted, what is refused and why."""

from __future__ import annotations

import copy
import tomllib
from pathlib import Path
from typing import Any

import pytest

import akashi
from akashi.approvals import store
from akashi.approvals.register import read_tables, seed_routes
from akashi.core.errors import InputError
from akashi.platform.database import Database
from akashi.platform.site import Site
from tests.approvals.conftest import TABLES, line

SAMPLE = Path(akashi.__file__).parent / "sample" / "data" / "routes.toml"


def test_sample_institution_ships_four_routes_that_keep_the_rules() -> None:
    tables = read_tables(tomllib.loads(SAMPLE.read_text(encoding="utf-8")))
    assert [route.id for route in tables.routes] == ["simple", "documents", "major", "loan"]
    assert min(len(route.steps) for route in tables.routes) == 2


def test_seeding_is_stored_as_given_and_safe_to_repeat(site: Site, database: Database) -> None:
    with database.write() as connection:
        assert seed_routes(connection, TABLES, site.now())
        assert not seed_routes(connection, TABLES, site.now())
        wanted = read_tables(TABLES)
        assert set(store.list_routes(connection)) == set(wanted.routes)
        assert set(store.list_authority(connection)) == set(wanted.authority)


def broken(**change: Any) -> dict[str, Any]:
    """Return the tables with one route or line changed."""
    tables = copy.deepcopy(TABLES)
    if "steps" in change:
        tables["route"][0]["steps"] = change["steps"]
    if "line" in change:
        tables["authority"].append(change["line"])
    return tables


@pytest.mark.parametrize(
    ("tables", "says"),
    [
        ({}, "missing or empty"),
        (broken(line=line("x", "low", "business_owner", "simple")), "second line has concurred"),
        (broken(line=line("x", "low", "auditor", "simple")), "only reads"),
        (broken(line=line("x", "low", "administrator", "simple")), "only reads"),
        (broken(line=line("x", "low", "executive", "absent")), "no route"),
        (broken(line=line("x", "huge", "executive", "simple")), "huge is not one of"),
        (broken(line=line("document", "low", "executive", "simple")), "stands twice"),
        (broken(line=line("service_resume", "low", "executive", "simple", ["executive"])), "Resuming"),
        (broken(steps=[{"kind": "draft"}]), "one draft and one decision"),
        (broken(steps=[{"kind": "decision"}, {"kind": "draft"}]), "goes draft"),
        (broken(steps=[{"kind": "draft"}, {"kind": "concurrence"}, {"kind": "decision"}]), "names no role"),
        (
            broken(
                steps=[
                    {"kind": "draft"},
                    {"kind": "concurrence", "roles": ["auditor"]},
                    {"kind": "decision"},
                ]
            ),
            "only read",
        ),
        (broken(steps=[{"kind": "dance"}]), "dance is not one of"),
    ],
)
def test_tables_that_break_a_rule_are_refused(tables: dict[str, Any], says: str) -> None:
    with pytest.raises(InputError) as caught:
        read_tables(tables)
    assert says in str(caught.value)
