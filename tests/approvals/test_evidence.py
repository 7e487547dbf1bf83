"""A changed event is found and located, although the ledger does not show its words."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from akashi.approvals.evidence import checks, find_changed
from akashi.approvals.matters import act
from akashi.approvals.model import Action, Risk
from akashi.approvals.store import event_table
from akashi.core.display import Health
from tests.approvals.conftest import Bank, actor


@pytest.mark.parametrize("change", [None, {"reason": "別の理由"}, {"actor_id": "hayashi"}, {"number": "x"}])
def test_changed_event_is_located(bank: Bank, change: dict[str, str] | None) -> None:
    matter = bank.open(risk=Risk.LOW)
    with bank.database.write() as connection:
        act(connection, matter.id, Action.DECIDE, actor("ito"), bank.site.now(), reason="了承")
    assert [check.health for check in checks(bank.site)] == [Health.OK]
    with bank.database.write() as connection:
        if change is not None:
            second = event_table.c.sequence == 1
            connection.execute(sa.update(event_table).where(second).values(change))
        assert list(find_changed(connection)) == ([] if change is None else [(matter.id, 1)])
    assert [check.health for check in checks(bank.site)] == [Health.FAILED if change else Health.OK]


def test_missing_event_is_located(bank: Bank) -> None:
    matter = bank.open(risk=Risk.LOW)
    with bank.database.write() as connection:
        act(connection, matter.id, Action.RETURN, actor("ito"), bank.site.now(), reason="誤字")
        connection.execute(sa.delete(event_table).where(event_table.c.sequence == 1))
        assert list(find_changed(connection)) == [(matter.id, 1)]
