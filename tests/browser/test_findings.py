"""Findings, register and catalogue in a real browser: both widths, accessible, nothing cut off."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect
from pypdfium2 import PdfDocument

from akashi.core.people import Actor, ActorKind, Role
from akashi.core.thread import Acceptance, DecisionReference, Mitigation, Remediation, Severity
from akashi.findings.duties import record_turns
from akashi.findings.treat import (
    Step,
    accept,
    complete_treatment,
    measure_again,
    open_finding,
    propose_treatment,
)
from akashi.platform.site import Site
from tests.browser.serving import WIDTHS, become, follow, look, opened_browser, put_up
from tests.findings.conftest import make_finding, seen

pytestmark = pytest.mark.browser

OFFICER = Actor("nagisa_makoto", ActorKind.PERSON, frozenset({Role.RISK_OFFICER}))
FINDINGS = (
    ("インターネットバンキング共同基盤に未適用の重大な修正がある", Severity.CRITICAL, "vulnerability"),
    ("自動応答が手数料表の旧版を引用した", Severity.HIGH, "evaluation"),
    ("保守契約に夜間・休日の緊急パッチ適用が含まれない", Severity.MEDIUM, "findings"),
    ("一部の端末で多要素認証が必須になっていない", Severity.MEDIUM, "findings"),
    ("自己点検票の回答に根拠資料の添付漏れがある", Severity.LOW, "findings"),
)


def fill(site: Site) -> list[str]:
    """Put findings in every state into the sample and let five weeks pass."""
    with site.database.write() as connection:
        step = Step(connection, OFFICER, site.now())
        ids = [
            open_finding(
                connection, replace(make_finding(title, severity, room), title=title), OFFICER, site.now()
            ).finding_id
            for title, severity, room in FINDINGS
        ]
        due, expires = date(2026, 11, 27), date(2026, 12, 18)
        signals = ("攻撃コードの公開", "ベンダーの修正の提供")
        risk = Acceptance(
            "iwasaki_tomoko",
            due,
            "次の定期保守まで現状を受け入れる。",
            "夜間の悪用に即応できない。",
            expires,
            signals,
        )
        one = propose_treatment(connection, ids[2], risk, OFFICER, site.now())
        accept(step, ids[2], one, DecisionReference("mat_1", "令和8年度第12号", site.now()))
        hold = Mitigation(
            "funakoshi_jun", due, "WAFの規則で通信を遮断する。", "別経路の攻撃は残る。", expires, signals
        )
        two = propose_treatment(connection, ids[0], hold, OFFICER, site.now())
        complete_treatment(step, ids[0], two, (seen(site, "waf"),))
        repair = Remediation("funakoshi_jun", due, "端末の設定を一斉に変更する。")
        propose_treatment(connection, ids[3], repair, OFFICER, site.now())
        measure_again(connection, ids[4], seen(site, "check"), passed=True, actor=OFFICER, now=site.now())
    site.clock.advance(timedelta(days=20))  # type: ignore[attr-defined]  # the frozen clock of the tests
    record_turns(site, site.now())
    return ids


@pytest.fixture
def filled(sample_site: Site) -> Iterator[tuple[Site, list[str]]]:
    """The sample institution with findings, served on a port of its own."""
    ids = fill(sample_site)
    with put_up(sample_site) as there:
        yield there, ids


@pytest.fixture
def browser(chromium: str) -> Iterator[Browser]:
    """A headless browser."""
    with opened_browser(chromium) as browser:
        yield browser


def paths(ids: list[str]) -> dict[str, str]:
    """Return every page worth looking at, by a name for its picture."""
    return {
        "findings-dashboard": "/dashboard",
        "findings-list": "/findings",
        "findings-detail-mitigated": f"/findings/{ids[0]}",
        "findings-detail-accepted": f"/findings/{ids[2]}",
        "findings-detail-late": f"/findings/{ids[3]}",
        "findings-new": "/findings/new",
        "findings-accept": f"/findings/{ids[1]}/accept",
        "findings-measure": f"/findings/{ids[1]}/measure",
        "register-overview": "/register",
        "register-systems": "/register/system",
        "register-offices": "/register/office",
        "register-dependencies": "/register/dependency",
        "register-vendor": "/register/vendor/records/tobiuo_tech",
        "register-office-edit": "/register/office/records/aoiso/edit",
        "register-contract-new": "/register/contract/new",
        "register-import": "/register/service/import",
        "catalogue-list": "/catalogue",
        "catalogue-detail": "/catalogue/frontier-7-other-measures",
    }


@pytest.mark.parametrize("width", WIDTHS)
def test_every_page_is_accessible_and_whole_at_both_widths(
    filled: tuple[Site, list[str]], browser: Browser, width: int
) -> None:
    site, ids = filled
    origin = site.settings.public_origin
    page = browser.new_page(viewport={"width": width, "height": 900}, locale="ja-JP")
    become(page, origin, "nagisa_makoto")
    for name, path in paths(ids).items():
        answer = page.goto(origin + path)
        assert answer is not None
        assert answer.status == 200, path
        look(page, name, width)


@pytest.mark.parametrize("width", WIDTHS)
def test_import_is_previewed_with_its_errors(
    filled: tuple[Site, list[str]], browser: Browser, width: int, tmp_path: Path
) -> None:
    site, _ = filled
    origin = site.settings.public_origin
    page = browser.new_page(viewport={"width": width, "height": 900})
    become(page, origin, "nagisa_makoto")
    for name, rows in {
        "register-preview": "符号,名称,耐性度\r\ndeposits,預金と積金,180\r\nnew_one,新しい業務,60\r\n",
        "register-preview-errors": "符号,名称,耐性度\r\ndeposits,,多い\r\nbad code,名前,1\r\n",
    }.items():
        file = tmp_path / f"{name}.csv"
        file.write_bytes(rows.encode("cp932"))
        page.goto(f"{origin}/register/service/import")
        page.get_by_label("ファイル").set_input_files(file)
        follow(page.get_by_role("button", name="変更内容を確認"))
        look(page, name, width)
    expect(page.get_by_text("「多い」は整数ではありません。")).to_be_visible()


@pytest.mark.parametrize("width", WIDTHS)
def test_faulty_treatment_shows_its_errors_at_the_fields(
    filled: tuple[Site, list[str]], browser: Browser, width: int
) -> None:
    site, ids = filled
    origin = site.settings.public_origin
    page = browser.new_page(viewport={"width": width, "height": 900})
    become(page, origin, "nagisa_makoto")
    page.goto(f"{origin}/findings/{ids[1]}/treat/mitigate")
    page.get_by_label("期日").fill("2026-12-12")
    page.get_by_role("button", name="リスク対応を記録").click()
    expect(
        page.get_by_text("2026-12-12は営業日ではありません。次の営業日は2026-12-14です。").first
    ).to_be_visible()
    look(page, "findings-treatment-errors", width)


def test_dashboard_prints_on_one_page(filled: tuple[Site, list[str]], browser: Browser) -> None:
    site, _ = filled
    origin = site.settings.public_origin
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    become(page, origin, "shioda_masaomi")
    page.goto(f"{origin}/dashboard")
    document = page.pdf(format="A4", print_background=True)
    folder = os.environ.get("AKASHI_SHOTS")
    if folder:
        (Path(folder) / "findings-dashboard.pdf").write_bytes(document)
    with PdfDocument(document) as printed:
        assert len(printed) == 1
