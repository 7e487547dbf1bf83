"""The gallery: every part of the kit in every state, with the content of a bank. Sample installations only.

It is where a part is looked at before a room uses it, and what the browser tests drive.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response
from wtforms import (
    BooleanField,
    DateField,
    FileField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from akashi.core.errors import NotFoundError
from akashi.platform.installation import is_sample
from akashi.platform.kit.forms import Form, FormDep, parse_form
from akashi.platform.kit.lists import Page
from akashi.platform.kit.responses import redirect, render
from akashi.platform.requests import LanguageDep, SiteDep

OFFICES = [("001", "本店営業部"), ("012", "汐見駅前支店"), ("027", "浜崎支店"), ("900", "インターネット支店")]
KINDS = [("explain", "商品・手続きの案内"), ("draft", "文書の下書き"), ("score", "取引の検知")]
DIGEST = "9f2c41d07be35a86c1d94e0f7ab2580c36de1f0947ac55b2e8137d60fa94c1bb"


class UseCaseForm(Form):
    """A form with every kind of control."""

    name = StringField("Name of the use case", [InputRequired(), Length(max=40)])
    office = SelectField("Office in charge", choices=[("", "—"), *OFFICES], validators=[InputRequired()])
    kind = RadioField("Kind of use", choices=KINDS, validators=[InputRequired()])
    loss = IntegerField(
        "Largest loss of one error",
        [Optional(), NumberRange(min=0)],
        description="An estimate is enough. It decides who has to agree.",
    )
    start = DateField("Planned start", [Optional()])
    purpose = TextAreaField(
        "Purpose and customers",
        [InputRequired()],
        description="Who asks, what is answered, what is never answered.",
    )
    paper = FileField("Committee paper", description="PDF or DOCX, at most 20 MB.")
    personal = BooleanField("Personal data is handled")


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a side-by-side comparison."""

    kind: str
    old: list[tuple[str, bool]]
    new: list[tuple[str, bool]]
    note: str = ""


def require_sample(site: SiteDep) -> None:
    """Let only sample installations show the gallery. Raises: NotFoundError: this is a real one."""
    if not is_sample(site.database):
        raise NotFoundError("This page exists in the sample installation only.")


router = APIRouter(prefix="/kit", dependencies=[Depends(require_sample)], include_in_schema=False)


@router.get("")
def show_gallery(request: Request, site: SiteDep, language: LanguageDep) -> Response:
    """Return the page of all staff parts."""
    form = parse_form(None, UseCaseForm, language, {"name": "預金規定の自動応答", "office": "012"})
    return render(request, "kit/gallery.html", {"form": form, **_content(site.now())})


@router.post("")
def try_form(request: Request, site: SiteDep, language: LanguageDep, posted: FormDep) -> Response:
    """Return the gallery with field errors, or go back to it with a flash message. Nothing is stored."""
    form = parse_form(posted, UseCaseForm, language)
    if not form.validate():
        return render(request, "kit/gallery.html", {"form": form, **_content(site.now())}, 422)
    return redirect(request, "/kit", "{name} was registered.", name=form.name.data)


@router.get("/customer")
def show_customer(request: Request, site: SiteDep) -> Response:
    """Return the customers' layout with a conversation."""
    return render(request, "kit/gallery_customer.html", _content(site.now()))


@router.get("/confirm")
def show_confirm(request: Request) -> Response:
    """Return the page that asks before something dangerous."""
    context = {
        "question": "『インターネットバンキング利用規定』第4版を取り下げますか",
        "consequences": ["この版は、今すぐ回答に使われなくなります。", "引用済みの回答と証跡は残ります。"],
        "action": "/kit",
        "verb": "取り下げる",
        "back": "/kit",
    }
    return render(request, "kit/confirm.html", context)


def _content(now: datetime) -> dict[str, Any]:
    return {
        "now": now,
        "digest_value": DIGEST,
        "findings": _findings(now),
        "page": Page([0] * 50, 6, 948),
        "entries": _entries(now),
        "route": _route(now),
        "rows": _rows(),
    }


def _findings(now: datetime) -> list[dict[str, Any]]:
    today = date(now.year, now.month, now.day)
    return [
        {
            "id": "F-2026-0312",
            "title": "振込手数料の案内が旧版を引用している",
            "subject": "預金規定の自動応答",
            "tone": "alert",
            "state": "対応中",
            "due": today - timedelta(days=2),
            "rate": 0.0495,
            "loss": 1_250_000,
        },
        {
            "id": "F-2026-0308",
            "title": "相続手続きの質問で担当者への引継ぎが遅れる",
            "subject": "相続のご相談",
            "tone": "notice",
            "state": "リスク受容",
            "due": today + timedelta(days=12),
            "rate": 0.0166,
            "loss": 320_000,
        },
        {
            "id": "F-2026-0297",
            "title": "口座番号のマスキング漏れ",
            "subject": "会話ログ",
            "tone": "done",
            "state": "改善済み",
            "due": None,
            "rate": 0.0,
            "loss": None,
        },
    ]


def _entries(now: datetime) -> list[dict[str, Any]]:
    return [
        {
            "at": now - timedelta(minutes=12),
            "title": "決裁",
            "who": "真鍋 聡（常務執行役員）",
            "detail": "条件付承認：稼働後30日間、全件を人の目で確認すること。決裁番号 2026-リ-0147",
            "digest": DIGEST,
            "tone": "done",
        },
        {
            "at": now - timedelta(hours=3),
            "title": "合議",
            "who": "小田切 遥（コンプライアンス統括部）",
            "detail": "意見なし",
        },
        {
            "at": now - timedelta(days=1),
            "title": "差戻し",
            "who": "三枝 拓也（リスク統括部）",
            "detail": "残存リスクの期限が書かれていない。",
            "tone": "notice",
        },
        {"at": now - timedelta(days=2), "title": "起案", "who": "早瀬 美咲（個人営業部）"},
    ]


def _route(now: datetime) -> list[dict[str, Any]]:
    return [
        {"title": "起案", "state": "done", "who": "早瀬 美咲", "at": now - timedelta(days=2)},
        {"title": "回付", "state": "done", "who": "個人営業部長"},
        {"title": "合議", "state": "now", "who": "リスク統括部"},
        {"title": "決裁", "state": "next", "who": "常務執行役員"},
    ]


def _rows() -> list[Row]:
    return [
        Row("gap", [], [], "第1条〜第6条（略）"),
        Row("same", [("第7条（取引限度額）", False)], [("第7条（取引限度額）", False)]),
        Row(
            "changed",
            [("１日あたりの振込限度額は、", False), ("500万円", True), ("とします。", False)],
            [
                ("１日あたりの振込限度額は、", False),
                ("200万円", True),
                ("とします。", False),
                ("満70歳以上のお客さまは50万円とします。", True),
            ],
        ),
        Row("added", [], [("２　限度額の引上げは、本人確認のうえ窓口で受け付けます。", False)]),
        Row("removed", [("３　電話による引上げの申出は、翌営業日に反映します。", False)], []),
    ]
