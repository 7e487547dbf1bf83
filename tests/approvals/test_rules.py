"""The institution's own rules of deciding: written out, founded once, changed only by a decision."""

from __future__ import annotations

import copy
import tomllib
from typing import Any

import pytest
from starlette.testclient import TestClient

from akashi.approvals.matters import act
from akashi.approvals.measure import measure_state
from akashi.approvals.model import Action, Phase
from akashi.approvals.register import read_tables
from akashi.approvals.rules import (
    compare_rules,
    find_proposal,
    found_rules,
    hand_in,
    keep_proposal,
    parse_rules,
    present_rules,
    write_rules,
)
from akashi.approvals.store import replace_tables
from akashi.core.errors import ConflictError, ForbiddenError, InputError, NotFoundError
from akashi.core.people import Role
from akashi.platform.site import Site
from akashi.sample.seed import list_actors, read_table
from tests.approvals.conftest import TABLES, Bank, actor, line
from tests.conftest import sign_in

CHANGE = line("authority_change", "high", "executive", "simple")
CHANGE_TABLES: dict[str, Any] = {**TABLES, "authority": [*TABLES["authority"], CHANGE]}


def _file(tables: dict[str, Any]) -> bytes:
    return write_rules(read_tables(tables)).encode()


def _renamed(tables: dict[str, Any], title: str) -> dict[str, Any]:
    changed = copy.deepcopy(tables)
    changed["authority"][0]["title"] = title
    return changed


@pytest.fixture
def ready(bank: Bank) -> Bank:
    """A bank whose table says who decides on the table itself."""
    tables = read_tables(CHANGE_TABLES)
    with bank.database.write() as connection:
        replace_tables(connection, tables.routes, tables.authority)
    return bank


@pytest.mark.parametrize("tables", [CHANGE_TABLES, read_table("routes.toml")])
def test_what_is_written_out_reads_back_the_same(tables: dict[str, Any]) -> None:
    present = read_tables(tables)
    again = parse_rules(write_rules(present).encode())[1]
    assert again == present
    assert not compare_rules(present, again)


def test_titles_that_look_like_toml_stay_titles() -> None:
    title = 'a"]\n[[route]]\\ \x7f\u3000\tb'
    text = write_rules(read_tables(_renamed(CHANGE_TABLES, title)))
    assert tomllib.loads(text)["authority"][0]["title"] == title
    assert len(tomllib.loads(text)["route"]) == 2


def test_the_first_tables_are_founded_once(site: Site) -> None:
    with site.database.write() as connection:
        found_rules(connection, _file(CHANGE_TABLES), "local:admin", site.now())
    with site.database.write() as connection, pytest.raises(ConflictError, match="change by a decision"):
        found_rules(connection, _file(TABLES), "local:admin", site.now())


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "route is missing"),
        (b"[[route", "not TOML"),
        ("経路".encode("shift_jis"), "not UTF-8"),
        (b"#" * 300_000, "larger than 256"),
    ],
)
def test_an_unusable_file_is_refused_and_nothing_is_kept(bank: Bank, content: bytes, message: str) -> None:
    with bank.database.write() as connection, pytest.raises(InputError) as caught:
        keep_proposal(connection, content, actor("tanaka"), bank.site.now())
    assert message in str(caught.value).replace("{name}", "route").replace("{most}", "256")


def test_a_file_that_would_lock_its_own_change_away_is_refused(ready: Bank) -> None:
    with ready.database.write() as connection, pytest.raises(InputError, match="needs a line"):
        keep_proposal(connection, _file(TABLES), actor("tanaka"), ready.site.now())


def test_a_change_comes_into_force_by_its_decision_only(ready: Bank) -> None:
    now, wanted = ready.site.now(), _renamed(CHANGE_TABLES, "文書の承認")
    with ready.database.write() as connection:
        digest = keep_proposal(connection, _file(wanted), actor("tanaka"), now)
        matter = hand_in(connection, digest, actor("tanaka"), now)
        assert present_rules(connection).authority[1] != find_proposal(connection, digest).authority[0]
        with pytest.raises(ForbiddenError):
            act(connection, matter.id, Action.DECIDE, actor("tanaka"), now)
        outcome = act(connection, matter.id, Action.DECIDE, actor("yamada"), now)
    assert measure_state(outcome.matter.steps, outcome.matter.events).phase is Phase.DECIDED
    with ready.database.read() as connection:
        assert not compare_rules(present_rules(connection), read_tables(wanted))


def test_of_two_changes_the_later_must_be_handed_in_again(ready: Bank) -> None:
    now = ready.site.now()
    with ready.database.write() as connection:
        matters = [
            hand_in(
                connection,
                keep_proposal(connection, _file(_renamed(CHANGE_TABLES, title)), actor("tanaka"), now),
                actor("tanaka"),
                now,
            )
            for title in ("甲", "乙")
        ]
        act(connection, matters[0].id, Action.DECIDE, actor("yamada"), now)
    with ready.database.write() as connection, pytest.raises(ConflictError, match="has changed"):
        act(connection, matters[1].id, Action.DECIDE, actor("yamada"), now)


def test_an_unknown_proposal_is_not_found(ready: Bank) -> None:
    with ready.database.read() as connection, pytest.raises(NotFoundError):
        find_proposal(connection, "0" * 64)


def test_the_file_is_exported_changed_and_handed_in_on_the_pages(
    client: TestClient, sample_site: Site
) -> None:
    sign_in(client, next(one.id for one in list_actors().values() if one.has(Role.RISK_OFFICER)))
    content = client.get("/approvals/routes.toml").content
    same = client.post("/approvals/routes/change", files={"file": ("routes.toml", content)})
    assert same.status_code == 422
    assert "変更がありません" in same.text
    changed = content.replace("公表・横展開（方針の公表）".encode(), "公表・横展開（方針）".encode())
    shown = client.post("/approvals/routes/change", files={"file": ("routes.toml", changed)})
    assert "公表・横展開（方針）" in shown.text
    handed = client.post(str(shown.url))
    assert "/approvals/matters/" in str(handed.url)
    assert "決裁経路・職務権限表の変更" in handed.text
