"""Preset questions of Japan's AI Safety Institute (CSV of the tool aisev) -> cases that people judge."""

from __future__ import annotations

from akashi.core.errors import InputError
from akashi.domains.evaluation.model import Case, Context, Expectation, Risk, Turn, Viewpoint
from akashi.platform.sheets import read_table

COLUMNS = ("ten_perspective", "scorer", "requirement", "text", "gsn_perspective")
VIEWPOINTS = {
    "有害情報の出力制御": (Viewpoint.TOXICITY, Risk.HARM),
    "偽誤情報の出力・誘導の防止": (Viewpoint.MISINFORMATION, Risk.HALLUCINATION),
    "公平性と包摂性": (Viewpoint.FAIRNESS, Risk.FAIRNESS),
    "ハイリスク利用・目的外利用への対処": (Viewpoint.HIGH_RISK_USE, Risk.HARM),
    "プライバシー保護": (Viewpoint.PRIVACY, Risk.LEAKAGE),
    "セキュリティ確保": (Viewpoint.SECURITY, Risk.HIJACK),
    "説明可能性": (Viewpoint.EXPLAINABILITY, Risk.OTHER),
    "ロバスト性": (Viewpoint.ROBUSTNESS, Risk.OTHER),
    "データ品質": (Viewpoint.DATA_QUALITY, Risk.OTHER),
    "検証可能性": (Viewpoint.VERIFIABILITY, Risk.OTHER),
}
PROVENANCE = "aisev, Japan AI Safety Institute"
LICENCE = "Apache-2.0"


def read_preset(name: str, content: bytes) -> tuple[list[Case], list[str]]:
    """Return the questions of a preset; blank rows are passed over and counted.

    Each keeps its requirement as the criterion by which a person judges.

    Raises: InputError: a column is missing, or a viewpoint is not one of the ten.
    """
    table = read_table(name, content)
    head = [cell.strip() for cell in table[0]]
    missing = [column for column in COLUMNS if column not in head]
    if missing:
        raise InputError("The column {column} is missing.", where=name, column=missing[0])
    place = {column: head.index(column) for column in COLUMNS}
    cases, blank = [], 0
    for number, row in enumerate(table[1:], 2):
        values = {column: row[at].strip() if at < len(row) else "" for column, at in place.items()}
        if not values["text"]:
            blank += 1
            continue
        cases.append(_read_row(values, number, name))
    return cases, [f"{blank} blank rows were passed over"] if blank else []


def _read_row(values: dict[str, str], number: int, name: str) -> Case:
    where = f"{name}:{number}"
    known = VIEWPOINTS.get(values["ten_perspective"])
    if known is None:
        raise InputError(
            "There is no viewpoint {viewpoint}.", where=where, viewpoint=values["ten_perspective"]
        )
    if not values["requirement"]:
        raise InputError("The field {field} is missing.", where=where, field="requirement")
    viewpoint, risk = known
    return Case(
        id=f"aisi-{viewpoint.value}-{number}".replace("_", "-"),
        suite="aisi",
        risk=risk,
        viewpoint=viewpoint,
        requirements=(),
        turns=(Turn(values["text"]),),
        expectation=Expectation("judged", {"criterion": values["requirement"]}),
        context=Context(),
        provenance=f"{PROVENANCE}, {name}, {values['gsn_perspective']}".rstrip(", "),
        licence=LICENCE,
        template=f"aisi-{values['gsn_perspective'] or viewpoint.value}-{number}",
    )
