"""利用申請: applied for, decided by another person, acknowledged, used through the proxy, ended."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from starlette.testclient import TestClient

from akashi.approvals.matters import act
from akashi.approvals.model import Action, Matter
from akashi.core.errors import ConflictError, ForbiddenError, InputError
from akashi.core.people import Actor, ActorKind, Role
from akashi.domains.guardrails.callers import KEY_PREFIX, find_caller
from akashi.domains.guardrails.guards import open_guards
from akashi.domains.guardrails.uses import (
    Application,
    Use,
    acknowledge_rules,
    apply_for_use,
    end_use,
    make_key,
    read_use,
)
from akashi.platform.site import Site
from tests.conftest import sign_in

CLERK = Actor("isobe_mio", ActorKind.PERSON, frozenset({Role.OPERATOR}))
OTHER = Actor("hamada_sota", ActorKind.PERSON, frozenset({Role.OPERATOR}))
RISK = Actor("nagisa_makoto", ActorKind.PERSON, frozenset({Role.RISK_OFFICER}))
TODAY = date(2026, 11, 20)


def asked(**more: Any) -> Application:
    """Return an application in order."""
    values = {
        "purpose": "お知らせの文案を作る",
        "tasks": ("draft",),
        "first_day": TODAY,
        "last_day": TODAY + timedelta(days=90),
        "has_acknowledged": True,
    }
    return Application(**{**values, **more})


def decide(site: Site, matter: Matter) -> None:
    """Let the risk officer decide."""
    with site.database.write() as connection:
        act(connection, matter.id, Action.DECIDE, RISK, site.now())


def approved(site: Site) -> Use:
    """Return an approved application."""
    use, matter = apply_for_use(site, CLERK, asked())
    decide(site, matter)
    return use


def opens(site: Site, key: str) -> bool:
    """Return whether a key opens the proxy."""
    return find_caller(site, open_guards(None), key) is not None


@pytest.mark.parametrize(
    ("more", "where"),
    [
        ({"purpose": " "}, "purpose"),
        ({"purpose": "山田太郎様（090-1234-5678）への手紙"}, "purpose"),
        ({"tasks": ()}, "tasks"),
        ({"tasks": ("lending",)}, "tasks"),
        ({"first_day": TODAY - timedelta(days=1)}, "first_day"),
        ({"last_day": TODAY + timedelta(days=900)}, "last_day"),
        ({"has_acknowledged": False}, "has_acknowledged"),
    ],
)
def test_application_out_of_order_is_not_handed_in(sample_site: Site, more: Any, where: str) -> None:
    with pytest.raises(InputError) as caught:
        apply_for_use(sample_site, CLERK, asked(**more))
    assert caught.value.where == where


def test_key_comes_after_the_decision_and_opens_the_proxy(sample_site: Site) -> None:
    site = sample_site
    use, matter = apply_for_use(site, CLERK, asked())
    with pytest.raises(ConflictError):
        make_key(site, CLERK, use.id)
    decide(site, matter)
    with pytest.raises(ForbiddenError):
        make_key(site, OTHER, use.id)
    key = make_key(site, CLERK, use.id)
    caller = find_caller(site, open_guards(None), key)
    assert caller is not None
    assert (caller.id, caller.use_case, caller.use_id) == (CLERK.id, "general_ai", use.id)
    second = make_key(site, CLERK, use.id)
    assert (opens(site, key), opens(site, second)) == (False, True)


def test_key_ends_with_the_days_the_use_or_the_person(sample_site: Site) -> None:
    site: Any = sample_site
    use = approved(site)
    key = make_key(site, CLERK, use.id)
    with pytest.raises(ForbiddenError):
        end_use(site, OTHER, use.id)
    site.clock.advance(timedelta(days=91))
    assert not opens(site, key)
    site.clock.advance(timedelta(days=-91))
    assert opens(site, key)
    end_use(site, RISK, use.id)
    assert not opens(site, key)


def test_changed_rules_close_the_keys_until_they_are_acknowledged(
    sample_site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    use = approved(sample_site)
    key = make_key(sample_site, CLERK, use.id)
    for module in ("callers", "uses"):
        monkeypatch.setattr(f"akashi.domains.guardrails.{module}.rules_digest", lambda: "0" * 64)
    assert not opens(sample_site, key)
    acknowledge_rules(sample_site, CLERK, use.id)
    assert opens(sample_site, key)
    with sample_site.database.read() as connection:
        assert read_use(connection, use.id).rules == "0" * 64


def test_whole_way_on_the_pages(client: TestClient) -> None:
    sign_in(client, CLERK.id)
    form = {"purpose": "議事録の要約", "tasks": ["summarise"], "first_day": "2026-11-20"}
    assert client.post("/guard/use", data={**form, "last_day": "?"}).status_code == 422
    whole = {**form, "last_day": "2027-03-31", "acknowledged": "yes"}
    page = client.post("/guard/use", data=whole, follow_redirects=False)
    matter = page.headers["location"].rsplit("/", 1)[1]
    mine = client.get("/guard/use").text
    use_id = mine.split("/guard/use/")[1].split("/")[0]
    sign_in(client, RISK.id)
    assert "議事録の要約" in client.get(f"/guard/uses/{use_id}").text
    site = client.app.state.site  # type: ignore[attr-defined]
    with site.database.write() as connection:
        act(connection, matter, Action.DECIDE, RISK, site.now())
    sign_in(client, CLERK.id)
    shown = client.post(f"/guard/use/{use_id}/key").text
    assert KEY_PREFIX in shown
    assert KEY_PREFIX not in client.get("/guard/use").text
    assert client.get("/guard/uses").status_code == 403
    assert client.post(f"/guard/use/{use_id}/end", follow_redirects=False).status_code == 303
