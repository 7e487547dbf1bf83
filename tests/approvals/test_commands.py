"""Read-only commands."""

from __future__ import annotations

import json

from typer.testing import CliRunner

from akashi.approvals.commands import app
from akashi.approvals.matters import act
from akashi.approvals.model import Action, Risk
from tests.approvals.conftest import Bank, actor


def test_matters_are_listed_and_shown_for_people_and_machines(bank: Bank) -> None:
    matter = bank.open(risk=Risk.LOW)
    with bank.database.write() as connection:
        act(connection, matter.id, Action.DECIDE, actor("ito"), bank.site.now())
    run = CliRunner()
    listed = run.invoke(app, ["list", "--json"], obj=lambda: bank.site)
    assert [item["number"] for item in json.loads(listed.output)] == ["2026-決-00001"]
    assert "No matters." in run.invoke(app, ["list", "--open"], obj=lambda: bank.site).output
    shown = run.invoke(app, ["show", matter.id], obj=lambda: bank.site).output
    assert "decided" in shown
    assert "ito" in shown
    told = json.loads(run.invoke(app, ["show", matter.id, "--json"], obj=lambda: bank.site).output)
    assert told["subject"]["id"] == "ver_1"
