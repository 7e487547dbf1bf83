"""An application on the officer's desk: papers, assessments, edits, its way through approvals and back."""

from __future__ import annotations

import io
from dataclasses import replace

import openpyxl
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from akashi.approvals.matters import act, read_matter
from akashi.approvals.measure import measure_state
from akashi.approvals.model import Action, Condition, Phase
from akashi.conversations.talk import read_messages, start
from akashi.core.errors import ConflictError, ForbiddenError, InputError, SetupError
from akashi.core.moments import tokyo_day
from akashi.core.people import Actor, Role
from akashi.domains.loans import desk_store, treat, upload_store
from akashi.domains.loans.measure.freezing import thaw_draft
from akashi.domains.loans.model import ItemValue, Origin, State, Value
from akashi.domains.loans.register.products import list_files
from akashi.domains.loans.store import (
    add_values,
    change_state,
    find_outline,
    insert_application,
    read_application,
)
from akashi.domains.loans.tables import metadata
from akashi.domains.loans.uploads import decide_proposal, receive, remove, scan_content
from akashi.ledger.verify import verify_ledger
from akashi.platform.schema import upgrade_schema
from akashi.platform.site import Site
from akashi.sample.seed import list_actors, walk_route
from tests.domains.loans.cases import OVEN, OVEN_DESK

PEOPLE = list_actors()
OFFICER = next(one for one in PEOPLE.values() if one.has(Role.LOAN_OFFICER))


def with_loans(site: Site) -> Site:
    """Return the site with this room's tables."""
    upgrade_schema(site.database, site.rooms)
    return site


def apply_for(site: Site, values: dict[str, ItemValue] | None = None) -> str:
    """Return a submitted application for an oven."""
    now = site.now()
    product, content = next(one for one in list_files(site.settings.home) if one[0].id == "equipment")
    given = [
        Value(item, value, str(value), Origin.ANSWER, "turn:1", now, confirmed=True)
        for item, value in (values or OVEN).items()
    ]
    with site.database.write() as connection:
        conversation = start(connection, site.keys, "web", "ja", now, "loan_intake").conversation.id
        application_id = insert_application(
            connection,
            site.keys,
            product,
            content,
            language="ja",
            conversation=conversation,
            office="shirasuna",
            now=now,
        )
        add_values(connection, site.keys, application_id, given, actor="customer", now=now)
        change_state(
            connection,
            application_id,
            State.SUBMITTED,
            expected=(State.COLLECTING,),
            actor="customer",
            now=now,
        )
    return application_id


def workbook(sales: int) -> bytes:
    """Return a statement as XLSX, in thousands of yen."""
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for row in (
        ["損益計算書", "（単位：千円）"],
        ["売上高", sales],
        ["経常利益", 8000],
        ["減価償却費", 2500],
    ):
        sheet.append(row)
    sheet.append(["資産の部合計", 70000])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def fill_desk(site: Site, application_id: str) -> None:
    """Enter everything the officer enters, hand in all papers, write an opinion."""
    texts = {**{name: str(value) for name, value in OVEN_DESK.items()}, "assessed_rate": "2.4%"}
    for item, text in {**texts, "proposal": "approve"}.items():
        treat.assess(site, OFFICER, application_id, item, text, "決算書（令和8年3月期）")
    with site.database.write() as connection:
        product = read_application(connection, site.keys, application_id).product
        for paper in product.due_documents(OVEN):
            for copy in range(paper.copies):
                new = upload_store.NewUpload(
                    paper.id, f"{paper.id}{copy}.pdf", "application/pdf", b"x", (), (), (), False
                )
                upload_store.insert_upload(connection, site.keys, application_id, new, OFFICER.id, site.now())
    treat.edit_sentence(site, OFFICER, application_id, "opinion.own", "取り上げたい。", "")


def test_tables_and_migrations_agree(site: Site) -> None:
    with_loans(site)
    with site.database.read() as connection:
        own = {"include_object": lambda thing, name, kind, *_: kind != "table" or name.startswith("loans_")}
        context = MigrationContext.configure(connection, opts=own)
        assert compare_metadata(context, metadata) == []


def test_what_is_kept_comes_back_on_both_databases(site: Site) -> None:
    application_id = apply_for(with_loans(site))
    received = receive(
        site, application_id, "financial_statements", "決算書.xlsx", workbook(110_000), OFFICER.id
    )
    assert received.proposals == 4
    with site.database.read() as connection:
        (upload,) = upload_store.list_uploads(connection, site.keys, application_id)
        picture = upload_store.read_picture(connection, site.keys, application_id, upload.id, 1)
        stored = upload_store.read_file(connection, site.keys, application_id, upload.id)[1]
        proposals = {
            one.proposal.item: one
            for one in upload_store.list_proposals(connection, site.keys, application_id)
        }
        desk = treat.load_desk(site, connection, application_id)
    assert picture.startswith(b"\x89PNG")
    assert stored == workbook(110_000) or stored.startswith(b"PK")
    assert [one.items for one in desk.case.breaches] == [("annual_sales",)]
    decide_proposal(site, application_id, proposals["total_assets"].id, True, OFFICER.id)
    decide_proposal(site, application_id, proposals["annual_sales"].id, True, OFFICER.id)
    with pytest.raises(InputError):
        decide_proposal(site, application_id, proposals["annual_sales"].id, False, OFFICER.id)
    with site.database.read() as connection:
        case = treat.load_desk(site, connection, application_id).case
    assert case.known["total_assets"] == 70_000_000
    assert case.known["annual_sales"] == 110_000_000
    assert case.application.known["annual_sales"] == 120_000_000
    remove(site, application_id, upload.id, OFFICER.id)
    with site.database.read() as connection:
        assert upload_store.list_uploads(connection, site.keys, application_id) == ()


def test_a_paper_goes_its_way_is_returned_and_decided_with_a_condition(sample_site: Site) -> None:
    site = with_loans(sample_site)
    application_id = apply_for(site)
    with pytest.raises(ConflictError):
        treat.hand_in(site, OFFICER, application_id)
    fill_desk(site, application_id)
    treat.edit_sentence(
        site, OFFICER, application_id, "purpose.equipment_reason", "窯の能力が1日400斤にとどまる。", ""
    )
    matter = treat.hand_in(site, OFFICER, application_id)
    assert state_of(site, application_id) is State.DRAFTED
    with pytest.raises(ConflictError):
        treat.edit_sentence(site, OFFICER, application_id, "opinion.own", "やはり", "")
    circulating = next(one for one in PEOPLE.values() if one.has(Role.LOAN_OFFICER) and one.id != OFFICER.id)
    with site.database.write() as connection:
        act(connection, matter.id, Action.RETURN, circulating, site.now(), reason="窯の耐用年数を記すこと")
    assert state_of(site, application_id) is State.SUBMITTED
    with pytest.raises(ConflictError, match="desk"), site.database.write() as connection:
        act(connection, matter.id, Action.RESUBMIT, OFFICER, site.now())
    treat.edit_sentence(
        site, OFFICER, application_id, "opinion.own", "窯の耐用年数は12年である。", "見積書 12年"
    )
    assert treat.hand_in(site, OFFICER, application_id).id == matter.id
    decide_with_condition(site, matter.id)
    assert state_of(site, application_id) is State.DECIDED
    with site.database.read() as connection:
        kept = desk_store.find_paper(connection, site.keys, application_id)
        assert kept is not None
        assert kept.revision == 2
        told = [one.text for one in thaw_draft(kept.content["draft"]).section("opinion").sentences]
        assert told == ["取り上げたい。", "窯の耐用年数は12年である。"]
    assert verify_ledger(site, OFFICER.id).fault is None


def decide_with_condition(site: Site, matter_id: str) -> None:
    with site.database.read() as connection:
        matter = read_matter(connection, matter_id)
    assert matter.draft.risk.value == "low"
    head, risk, decider = (
        next(one for one in PEOPLE.values() if one.has(role) and one.id != OFFICER.id)
        for role in (Role.LOAN_OFFICER, Role.RISK_OFFICER, Role.BUSINESS_OWNER)
    )
    due = Condition("", "実行前に見積書の原本を確かめる", OFFICER.id, tokyo_day(site.now()))
    with site.database.write() as connection:
        act(connection, matter_id, Action.CIRCULATE, head, site.now())
        act(connection, matter_id, Action.CONCUR, risk, site.now())
        act(connection, matter_id, Action.DECIDE, decider, site.now(), conditions=[due])
        matter = read_matter(connection, matter_id)
    state = measure_state(matter.steps, matter.events)
    assert (state.phase, len(state.conditions)) == (Phase.DECIDED, 1)


def state_of(site: Site, application_id: str) -> State:
    with site.database.read() as connection:
        return find_outline(connection, application_id).state


def test_a_number_without_a_ground_is_refused_in_an_edit(sqlite_site: Site) -> None:
    site = with_loans(sqlite_site)
    application_id = apply_for(site)
    with pytest.raises(InputError, match="stands in no data"):
        treat.edit_sentence(
            site, OFFICER, application_id, "opinion.own", "来期は売上が1億5千万円になる。", ""
        )
    treat.edit_sentence(
        site, OFFICER, application_id, "opinion.own", "来期は売上が1億5千万円になる。", "事業計画 150百万円"
    )
    with site.database.read() as connection:
        (sentence,) = (
            treat.load_desk(site, connection, application_id).edited.draft.section("opinion").sentences
        )
    assert sentence.basis == "事業計画 150百万円"


def test_an_edit_whose_data_move_is_stale(sqlite_site: Site) -> None:
    site = with_loans(sqlite_site)
    application_id = apply_for(site)
    treat.edit_sentence(site, OFFICER, application_id, "conditions.amount_term", "申込みは1千万円。", "")
    wanted = Value("amount", 9_000_000, "900万円", Origin.FORM, "form", site.now(), confirmed=True)
    with site.database.write() as connection:
        add_values(connection, site.keys, application_id, [wanted], actor="customer", now=site.now())
    with site.database.read() as connection:
        desk = treat.load_desk(site, connection, application_id)
    assert [one.sentence for one in desk.edited.stale] == ["conditions.amount_term"]
    assert ("stale", 1) in treat.list_obstacles(desk)


def test_only_a_loan_officer_works_and_the_applicant_is_told_why(sqlite_site: Site) -> None:
    site = with_loans(sqlite_site)
    application_id = apply_for(site)
    other = Actor("p9", OFFICER.kind, frozenset({Role.EXECUTIVE}))
    with pytest.raises(ForbiddenError):
        treat.assess(site, other, application_id, "taxes", "100円", "決算書")
    treat.send_back(site, OFFICER, application_id, "納税証明書をもう一度お送りください。")
    with site.database.read() as connection:
        outline = find_outline(connection, application_id)
        message = read_messages(connection, site.keys, outline.conversation)[-1]
    assert (outline.state, message.text) == (State.RETURNED, "納税証明書をもう一度お送りください。")


def test_files_are_taken_by_content_and_by_the_scanner(sqlite_site: Site) -> None:
    site = with_loans(sqlite_site)
    application_id = apply_for(site)
    for name, content in (
        ("a.pdf", b"MZ\x90\x00evil"),
        ("a.png", b"%PDF-1.7"),
        ("a.xlsm", workbook(1)),
        ("a.pdf", b""),
    ):
        with pytest.raises(InputError):
            receive(site, application_id, "quotation", name, content, OFFICER.id)
    assert scan_content((), b"x") is False
    assert scan_content(("true",), b"x") is True
    infected = replace(site, settings=replace(site.settings, scan_command=("false",)))
    with pytest.raises(InputError, match="scanner found"):
        receive(infected, application_id, "quotation", "a.xlsx", workbook(1), OFFICER.id)
    with pytest.raises(SetupError):
        scan_content(("/nowhere/scanner",), b"x")
    with site.database.read() as connection:
        assert upload_store.list_uploads(connection, site.keys, application_id) == ()


def test_another_application_cannot_reach_a_page(sqlite_site: Site) -> None:
    site = with_loans(sqlite_site)
    mine, other = apply_for(site), apply_for(site)
    upload = receive(site, mine, "quotation", "見積.xlsx", workbook(1), OFFICER.id).upload
    with site.database.read() as connection, pytest.raises(InputError):
        upload_store.read_picture(connection, site.keys, other, upload, 1)
    with pytest.raises(InputError):
        remove(site, other, upload, OFFICER.id)


@pytest.mark.full
def test_sizes_of_the_authority_table_are_walked(sample_site: Site) -> None:
    site = with_loans(sample_site)
    application_id = apply_for(
        site, {**OVEN, "amount": 60_000_000, "equipment_price": 62_000_000, "collateral": "real_estate"}
    )
    fill_desk(site, application_id)
    matter = treat.hand_in(site, OFFICER, application_id)
    with site.database.write() as connection:
        walk_route(connection, matter, PEOPLE, site.now())
    assert matter.draft.risk.value == "high"
    assert state_of(site, application_id) is State.DECIDED
