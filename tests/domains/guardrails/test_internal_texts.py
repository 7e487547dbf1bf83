"""What the documents for staff say is not told to a customer, however it is written."""

from __future__ import annotations

import base64
import time
from dataclasses import replace

import pytest

from akashi.core.people import Actor, ActorKind, Role
from akashi.core.thread import Audience
from akashi.documents.register import Described, add_file
from akashi.domains.guardrails.held_texts import HeldTexts, Owner
from akashi.domains.guardrails.internal_texts import hold_internal
from akashi.house import lend_ports
from akashi.platform.site import Site

WRITER = Actor("sasaki", ActorKind.PERSON, frozenset({Role.BUSINESS_OWNER}))
MANUAL = "窓口の職員は、限度額を超える申出を受けたとき、営業課長の決裁を得てから本部の照会票に記入する。"
LEAFLET = (
    "ご来店の際は、本人確認書類とお届けの印鑑をお持ちください。窓口は平日の午前九時から午後三時までです。"
)
PIECE = MANUAL[3:34]


def stocked(site: Site) -> Site:
    """Return an installation with a manual for staff and a leaflet for customers."""
    site = replace(site, ports=lend_ports())
    for name, text, audience in (
        ("manual.txt", MANUAL, Audience.STAFF),
        ("leaflet.txt", LEAFLET, Audience.CUSTOMERS),
    ):
        add_file(site, name, text.encode(), Described(audience), WRITER)
    return site


def test_a_run_of_a_staff_document_is_held_back_in_every_encoding_and_a_leaflet_is_not(
    sqlite_site: Site,
) -> None:
    site = stocked(sqlite_site)
    check = site.ports.check_of(site)
    assert check is not None
    for written in (
        PIECE,
        PIECE[::-1],
        " ".join(PIECE),
        base64.b64encode(PIECE.encode()).decode(),
        PIECE.encode().hex(),
        "\u200b".join(PIECE),
    ):
        checked = check(f"{LEAFLET}{written}", [LEAFLET])
        assert checked.reasons == (Owner.INTERNAL.value,), written
    assert check(LEAFLET, [LEAFLET]).supported
    assert check(MANUAL, [MANUAL]).supported, "what is cited may be said"


def test_a_document_added_later_is_held_from_then_on(sqlite_site: Site) -> None:
    site = stocked(sqlite_site)
    first = hold_internal(site)
    assert hold_internal(site) is first
    added = "審査の点数が六十点に満たない申込は、支店長が本部の審査部へ電話で事情を説明してから判断を仰ぐ。"
    assert list(first.find_runs(added)) == []
    add_file(site, "scores.txt", added.encode(), Described(Audience.STAFF), WRITER)
    assert len(list(hold_internal(site).find_runs(added))) == 1


@pytest.mark.full
def test_a_large_house_is_searched_in_milliseconds() -> None:
    held = HeldTexts()
    for number in range(200):
        held.add_text(
            "".join(f"第{number}条{at}項は{at * 7919 % 9973}番の定めによる。" for at in range(250)),
            Owner.INTERNAL,
        )
    held.find_runs("")
    list(held.find_runs("あ" * 40))
    started = time.process_time()
    assert list(held.find_runs(LEAFLET)) == []
    assert time.process_time() - started < 0.05
