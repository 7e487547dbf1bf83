"""Records: versions, references, retirement and undoing, on both databases."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from akashi.core.errors import ConflictError, InputError, NotFoundError
from akashi.ledger.store import entry_table
from akashi.platform.database import Database
from akashi.platform.site import Site
from akashi.register import store
from akashi.register.model import Deed, Entry, State, find_kind, list_kinds
from akashi.register.treat import (
    Step,
    check_texts,
    create_entry,
    edit_entry,
    restore_entry,
    retire_entry,
    undo_change,
)
from akashi.register.views import list_cycles
from tests.register.conftest import add, values_of, work


def read(site: Site, entry: Entry) -> Entry:
    with site.database.read() as connection:
        return store.find_entry(connection, entry.kind, entry.code)


def deeds(site: Site, entry: Entry) -> list[Deed]:
    with site.database.read() as connection:
        return [one.deed for one in store.list_changes(connection, entry.kind, entry.code)]


def test_migration_makes_exactly_these_tables(database: Database) -> None:
    with database.read() as connection:
        names = set(store.metadata.tables)
        context = MigrationContext.configure(
            connection, opts={"include_name": lambda name, kind, parents: kind != "table" or name in names}
        )
        assert compare_metadata(context, store.metadata) == []


def test_every_change_is_a_version_and_a_ledger_entry(site: Site) -> None:
    vendor = add(site, "vendor", "v1", name="しおさい")
    with work(site) as step:
        edit_entry(step, "vendor", "v1", values_of("vendor", name="しおさい改"), 1)
    assert (read(site, vendor).title, read(site, vendor).version) == ("しおさい改", 2)
    assert deeds(site, vendor) == [Deed.EDITED, Deed.CREATED]
    kinds = sa.select(entry_table.c.kind).where(entry_table.c.subject == "vendor:v1")
    with site.database.read() as connection:
        assert list(connection.execute(kinds.order_by(entry_table.c.sequence)).scalars()) == [
            "register.created",
            "register.edited",
        ]


def test_ledger_never_holds_what_a_person_wrote(site: Site) -> None:
    add(site, "vendor", "v1", name="磯部商店")
    with site.database.read() as connection:
        payloads = connection.execute(sa.select(entry_table.c.payload)).scalars().all()
    assert all("磯部" not in str(payload) for payload in payloads)


def test_second_writer_of_the_same_version_is_told(site: Site) -> None:
    vendor = add(site, "vendor", "v1", name="A")
    with work(site) as step:
        edit_entry(step, "vendor", "v1", values_of("vendor", name="B"), 1)
    with pytest.raises(ConflictError, match="meanwhile"), work(site) as step:
        edit_entry(step, "vendor", "v1", values_of("vendor", name="C"), 1)
    assert read(site, vendor).title == "B"


def test_equal_values_are_no_change(site: Site) -> None:
    vendor = add(site, "vendor", "v1", name="A")
    with work(site) as step:
        edit_entry(step, "vendor", "v1", values_of("vendor", name="A"), 1)
    assert read(site, vendor).version == 1


def test_record_that_others_need_cannot_be_retired(site: Site) -> None:
    vendor = add(site, "vendor", "v1", name="A")
    contract = add(site, "contract", "c1", name="保守", vendor="v1", start="2026-04-01")
    with pytest.raises(ConflictError) as refused, work(site) as step:
        retire_entry(step, "vendor", "v1", 1)
    assert "1 records in use refer to this one: 保守" in str(refused.value)
    with work(site) as step:
        retire_entry(step, "contract", "c1", 1)
        retire_entry(step, "vendor", "v1", 1)
    assert read(site, vendor).state is State.RETIRED
    with pytest.raises(InputError, match="in use"), work(site) as step:
        restore_entry(step, "contract", contract.code, 2)


def test_reference_must_lead_to_a_record_in_use(site: Site) -> None:
    with pytest.raises(InputError) as refused:
        add(site, "contract", "c1", name="保守", vendor="nobody", start="2026-04-01")
    assert refused.value.where == "vendor"


def test_undo_restores_the_earlier_values_and_undoing_twice_brings_them_back(site: Site) -> None:
    vendor = add(site, "vendor", "v1", name="A")
    with work(site) as step:
        edit_entry(step, "vendor", "v1", values_of("vendor", name="B"), 1)
        undo_change(step, "vendor", "v1", 2)
    assert read(site, vendor).title == "A"
    with work(site) as step:
        undo_change(step, "vendor", "v1", 3)
    assert read(site, vendor).title == "B"
    assert deeds(site, vendor) == [Deed.UNDONE, Deed.UNDONE, Deed.EDITED, Deed.CREATED]


def test_undoing_a_creation_retires_and_undoing_that_restores(site: Site) -> None:
    vendor = add(site, "vendor", "v1", name="A")
    with work(site) as step:
        undo_change(step, "vendor", "v1", 1)
    assert read(site, vendor).state is State.RETIRED
    with work(site) as step:
        undo_change(step, "vendor", "v1", 2)
    assert read(site, vendor).state is State.ACTIVE


def test_taken_code_and_unknown_record_are_told(site: Site) -> None:
    add(site, "vendor", "v1", name="A")
    with pytest.raises(ConflictError, match="taken"):
        add(site, "vendor", "v1", name="B")
    with pytest.raises(NotFoundError), work(site) as step:
        retire_entry(step, "vendor", "none", 1)
    with pytest.raises(NotFoundError):
        find_kind("nothing")


def test_title_of_a_dependency_follows_its_ends(site: Site) -> None:
    add(site, "system", "core", name="勘定系", criticality="critical")
    add(site, "service", "deposits", name="預金")
    arrow = add(site, "dependency", source="service:deposits", target="system:core")
    assert (arrow.code, arrow.title) == ("service.deposits--system.core", "預金 → 勘定系")
    with work(site) as step:
        edit_entry(step, "system", "core", values_of("system", name="新勘定系", criticality="critical"), 1)
    assert read(site, arrow).title == "預金 → 新勘定系"
    assert read(site, arrow).version == 1


def test_circle_of_dependencies_is_noticed_not_forbidden(site: Site) -> None:
    for code in ("a", "b"):
        add(site, "system", code, name=code.upper(), criticality="low")
    add(site, "dependency", source="system:a", target="system:b")
    with site.database.read() as connection:
        assert list_cycles(connection) == ()
    add(site, "dependency", source="system:b", target="system:a")
    with site.database.read() as connection:
        assert list_cycles(connection) == (("A", "B"),)


def add_all(step: Step, names: dict[str, str]) -> None:
    for code, name in names.items():
        create_entry(step, "vendor", code, values_of("vendor", name=name))


def test_failed_step_leaves_nothing_behind(site: Site) -> None:
    with pytest.raises(InputError), work(site) as step:
        add_all(step, {"v1": "A", "not a code": "B"})
    with site.database.read() as connection:
        assert store.count_entries(connection, "vendor") == 0


@pytest.mark.parametrize(
    ("kind", "field", "text"),
    [
        ("service", "tolerance_minutes", "-5"),
        ("service", "tolerance_minutes", "2.5"),
        ("company", "share", "1.2"),
        ("contract", "start", "2026-02-30"),
        ("contract", "start", "来月"),
        ("system", "criticality", "urgent"),
        ("vendor", "is_critical", "perhaps"),
        ("vendor", "name", "長" * 401),
        ("contract", "vendor", "vendor:a b"),
        ("dependency", "source", "vendor:v1"),
        ("office", "hours", "いつでも"),
    ],
)
def test_value_of_the_wrong_type_is_refused_at_its_field(kind: str, field: str, text: str) -> None:
    assert field in [name for name, _ in check_texts(find_kind(kind), {field: text}).errors]


def test_contract_cannot_end_before_it_starts() -> None:
    texts = {"name": "A", "vendor": "v", "start": "2026-04-01", "end": "2026/03/31"}
    assert [name for name, _ in check_texts(find_kind("contract"), texts).errors] == ["end"]


def test_every_kind_is_described_consistently() -> None:
    for kind in list_kinds().values():
        names = {field.name for field in kind.fields}
        pairs = {name for pair in kind.order for name in pair}
        assert {*kind.title, *kind.code, *pairs} <= names
        refers = {to_kind for field in kind.fields for to_kind in field.refers}
        assert refers <= set(list_kinds())
