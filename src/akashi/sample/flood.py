"""The flood at 汐見銀行: its list, bills of materials, well-known vulnerabilities, and volume made up.

Numbers of real vulnerabilities are public facts; ids that begin with SAMPLE and every EPSS value are made up.
"""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import orjson

from akashi.core.moments import tokyo_day
from akashi.core.people import SYSTEM
from akashi.platform.meta import write_meta
from akashi.platform.rooms import call_name, package_folder
from akashi.platform.site import Site
from akashi.sample.once import is_due

DATA = package_folder("akashi.sample") / "data" / "vulnerability"
SEEDED = "sample_flood_seeded_at"
PACKAGE = "akashi.domains.vulnerability"
VOLUME = 600
SEED = 20261120
_KINDS = (
    "遠隔からのコード実行",
    "認証の回避",
    "権限の昇格",
    "情報の漏えい",
    "サービス妨害",
    "入力検証の不備",
)


def seed_flood(site: Site, now: datetime) -> int:
    """Take the flood into a sample installation, once; return 1 when it was done. A duty of the room."""
    if not is_due(site, SEEDED):
        return 0
    for name, system in (
        ("assets.csv", ""),
        ("ib_platform.cdx.json", "ib_platform"),
        ("mobile_app.spdx.json", "mobile_app"),
    ):
        _take(site, DATA / name, system)
    call_name(f"{PACKAGE}.selfscan:scan_self", site, "ai_assistant", SYSTEM)
    call_name(f"{PACKAGE}.store:confirm_proposals", site, SYSTEM.id, now)
    files = [(name, io.BytesIO(content)) for name, content in write_files(now)]
    call_name(
        f"{PACKAGE}.intelligence:import_advisories", site, files, "汐見銀行の見本（脆弱性の洪水）", SYSTEM
    )
    call_name(f"{PACKAGE}.matches:refresh_matches", site, SYSTEM)
    call_name(f"{PACKAGE}.planning:keep_plan", site, SYSTEM)
    with site.database.write() as connection:
        write_meta(connection, SEEDED, now.isoformat())
    return 1


def _take(site: Site, path: Path, system: str) -> None:
    with path.open("rb") as file:
        call_name(f"{PACKAGE}.intake:import_inventory", site, file, path.name, system, SYSTEM)


def read_known() -> list[dict[str, str]]:
    """Return the well-known vulnerabilities, one row for each affected range."""
    with (DATA / "known.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def write_files(now: datetime) -> list[tuple[str, bytes]]:
    """Return the scenario as the files that sources would send: CVE and OSV records, KEV, EPSS."""
    known = read_known()
    made = list(make_volume(now))
    cves = {row["flaw"]: _cve_record([one for one in known if one["flaw"] == row["flaw"]]) for row in known}
    packages = [_osv_record(row) for row in known if row["ecosystem"] != "cpe"]
    lines = [orjson.dumps(one) for one in (*cves.values(), *(one["record"] for one in made))]
    listed = {row["flaw"]: (row["listed"], row["ransomware"]) for row in known if row["listed"]}
    listed |= {one["id"]: (one["listed"], "Unknown") for one in made if one["listed"]}
    random_ = random.Random(SEED)  # noqa: S311  a made-up scenario needs no secrecy
    scores = {flaw: (0.9, 0.995 + random_.random() / 250) for flaw in cves}
    scores |= {one["id"]: (one["rank"] ** 12, one["rank"]) for one in made}
    return [
        ("cve.jsonl", b"\n".join([*lines, b""])),
        ("osv.jsonl", b"\n".join([*(orjson.dumps(one) for one in packages), b""])),
        ("kev.csv", _write_kev(listed)),
        ("epss.csv", _write_epss(scores, now)),
    ]


def make_volume(now: datetime) -> Iterator[dict[str, Any]]:
    """Yield made-up vulnerabilities of products that the bank has, published in the last two months."""
    random_ = random.Random(SEED)  # noqa: S311  a made-up scenario needs no secrecy
    with (DATA / "assets.csv").open(encoding="utf-8", newline="") as file:
        products = [row for row in csv.DictReader(file) if row["種別"] not in {"モデル", "エンドポイント"}]
    for number in range(1, VOLUME + 1):
        row = random_.choice(products)
        named = call_name(f"{PACKAGE}.register.products:propose_naming", row["ベンダー"], row["製品"])
        published = tokyo_day(now) - timedelta(days=random_.randrange(0, 60))
        rank, score = random_.random() ** 0.7, round(random_.uniform(3.5, 9.9), 1)
        is_listed = random_.random() < 0.012
        listed = (
            min(published + timedelta(days=random_.randrange(0, 9)), tokyo_day(now)) if is_listed else None
        )
        flaw = f"SAMPLE-2026-{number:04d}"
        criterion = {"flaw": flaw, "ecosystem": "cpe", "name": named.name, "introduced": "", "last": ""}
        facts = {
            **criterion,
            "fixed": f"{row['バージョン']}.{random_.randrange(1, 9)}",
            "title": f"見本：{row['製品']} の{random_.choice(_KINDS)}",
            "published": published.isoformat(),
            "cvss": str(score),
            "exploitation": "active" if is_listed else random_.choice(("none", "none", "none", "poc")),
            "automatable": random_.choice(("yes", "no")),
            "impact": random_.choice(("partial", "partial", "total")),
        }
        found = max(rank, 0.97) if is_listed else rank
        listed_text = listed.isoformat() if listed else ""
        yield {"id": flaw, "record": _cve_record([facts]), "listed": listed_text, "rank": round(found, 5)}


def _cve_record(rows: list[dict[str, str]]) -> dict[str, Any]:
    first = rows[0]
    matches = [_criterion(row) for row in rows if row["ecosystem"] == "cpe"]
    options = [
        {"Exploitation": first["exploitation"]},
        {"Automatable": first["automatable"]},
        {"Technical Impact": first["impact"]},
    ]
    cna = {
        "title": first["title"],
        "metrics": [{"cvssV3_1": {"baseScore": float(first["cvss"])}}],
        "cpeApplicability": [{"nodes": [{"cpeMatch": matches}]}],
    }
    ssvc = {"other": {"type": "ssvc", "content": {"options": options}}}
    return {
        "dataType": "CVE_RECORD",
        "dataVersion": "5.1",
        "cveMetadata": {"cveId": first["flaw"], "state": "PUBLISHED", "datePublished": first["published"]},
        "containers": {"cna": cna, "adp": [{"metrics": [ssvc]}]},
    }


def _criterion(row: dict[str, str]) -> dict[str, Any]:
    tail = ":".join(["*"] * 8)
    found: dict[str, Any] = {"vulnerable": True, "criteria": f"cpe:2.3:a:{row['name']}:{tail}"}
    for name, key in (("introduced", "StartIncluding"), ("fixed", "EndExcluding"), ("last", "EndIncluding")):
        if row[name]:
            found[f"version{key}"] = row[name]
    return found


def _osv_record(row: dict[str, str]) -> dict[str, Any]:
    events = [{"introduced": row["introduced"] or "0"}, {"fixed": row["fixed"]}]
    package = {"ecosystem": "Maven", "name": row["name"]}
    return {
        "id": f"SAMPLE-OSV-{row['flaw']}",
        "aliases": [row["flaw"]],
        "summary": row["title"],
        "published": row["published"],
        "affected": [{"package": package, "ranges": [{"type": "ECOSYSTEM", "events": events}]}],
    }


def _write_kev(listed: dict[str, tuple[str, str]]) -> bytes:
    lines = ["cveID,dateAdded,dueDate,knownRansomwareCampaignUse"]
    lines += [f"{flaw},{day},,{ransomware}" for flaw, (day, ransomware) in listed.items()]
    return "\n".join([*lines, ""]).encode()


def _write_epss(scores: dict[str, tuple[float, float]], now: datetime) -> bytes:
    lines = [f"#model_version:sample,score_date:{tokyo_day(now)}T00:00:00+0900", "cve,epss,percentile"]
    lines += [f"{flaw},{epss:.5f},{rank:.5f}" for flaw, (epss, rank) in scores.items()]
    return "\n".join([*lines, ""]).encode()
