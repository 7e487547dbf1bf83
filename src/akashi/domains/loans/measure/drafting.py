"""The draft of a 融資稟議書: sentences with their grounds, tables and charts, by rules alone.

Read ``grounds.py`` first. Wording lies in ``data/ringi.toml``; nothing here judges the application.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from akashi.domains.loans.measure.case import Case
from akashi.domains.loans.measure.checks import list_rules
from akashi.domains.loans.measure.figures import PLAN_ITEMS, Figure, Lacking, read_amounts
from akashi.domains.loans.measure.formulas import Amount, Formula, holds, write_formula
from akashi.domains.loans.measure.grounds import Fragment, Ground, GroundKind, Sentence, plain_words
from akashi.domains.loans.measure.payments import MONTHS
from akashi.domains.loans.measure.showing import show_period
from akashi.domains.loans.measure.writing import write_figure, write_value
from akashi.domains.loans.model import Origin, Value
from akashi.domains.loans.register.desk import read_desk
from akashi.domains.loans.register.ringi import Risk, SectionText, SentenceText, read_wording
from akashi.platform.kit.formats import write_moment, write_money

JA = "ja"
NO_RISK = "no_risk"
OPINION = "opinion"
CHECKS = "checks"
LONG_YEARS, LONG_STEP = 10, 5
_PLACE = re.compile(r"\{([a-z_]+)\}")
_KINDS: Mapping[Origin, GroundKind] = {
    Origin.ANSWER: GroundKind.ANSWER,
    Origin.FORM: GroundKind.ANSWER,
    Origin.ENDPOINT: GroundKind.ANSWER,
    Origin.DOCUMENT: GroundKind.DOCUMENT,
    Origin.OFFICER: GroundKind.OFFICER,
}
_ORIGINS: Mapping[Origin, str] = {
    Origin.ANSWER: "申込時の回答",
    Origin.FORM: "申込フォーム",
    Origin.ENDPOINT: "申込時の回答（本人確認済み）",
    Origin.DOCUMENT: "提出書類",
    Origin.OFFICER: "担当者の入力",
}


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a table: its cells, and the grounds that bear their numbers."""

    cells: tuple[str, ...] = field(repr=False)
    grounds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table of the draft; ``numbers`` are the columns set to the right."""

    id: str
    caption: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    widths: tuple[float, ...]
    numbers: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """A chapter: sentences, then tables."""

    id: str
    title: str
    sentences: tuple[Sentence, ...]
    sheets: tuple[Sheet, ...] = ()


@dataclass(frozen=True, slots=True)
class Draft:
    """A whole draft with every ground its sentences and tables name."""

    number: str
    product: str
    sections: tuple[Section, ...]
    grounds: Mapping[str, Ground]
    charts: Mapping[str, tuple[tuple[str, str, float], ...]] = field(default_factory=dict)

    def section(self, section_id: str) -> Section:
        """Return one chapter. Raises: KeyError."""
        return {one.id: one for one in self.sections}[section_id]


def list_grounds(case: Case) -> dict[str, Ground]:
    """Return every ground that the case offers, by the name that wording uses."""
    found: dict[str, Ground] = {}
    product = case.application.product
    edition = f"{product.source.title}（{product.source.edition}）"
    found["product"] = Ground(
        "product", GroundKind.PRODUCT, "商品", product.title[JA], product.title[JA], edition
    )
    found |= _record_grounds(case)
    for name, value in case.values.items():
        if name in case.items:
            found[name] = _value_ground(case, name, value)
    for name, (given, origin) in case.derived.items():
        if name in case.items and origin in found:
            shown = write_value(case.items[name], given, JA)
            label = name_of(case, name)
            said = f"{found[origin].label}：{found[origin].shown}"
            found[name] = Ground(
                name, found[origin].kind, label, shown, said, found[origin].where, uses=(origin,)
            )
    for figure in case.figures:
        if isinstance(figure, Figure):
            found[figure.measure.id] = _figure_ground(case, figure, found)
    return found


def _record_grounds(case: Case) -> dict[str, Ground]:
    one = case.application
    told = {
        "record:number": ("申込番号", one.number),
        "record:created": ("申込開始", write_moment(one.created_at, JA)),
        "record:submitted": ("申込受付", write_moment(one.submitted_at, JA)),
        "record:consented": ("個人情報の取扱いへの同意", write_moment(one.consented_at, JA)),
    }
    return {
        name: Ground(name, GroundKind.RECORD, label, shown, "", "申込みの記録")
        for name, (label, shown) in told.items()
    }


def _value_ground(case: Case, name: str, value: Value) -> Ground:
    item = case.items[name]
    where = f"{_ORIGINS[value.origin]} {write_moment(value.at, JA)}"
    upload = next((one for one in case.uploads if one.id and value.reference.startswith(one.id)), None)
    if upload is not None:
        where += f" {plain_words(upload.name)}"
    answered = case.application.values.get(name)
    if answered is not None and answered.confirmed and answered.value != value.value:
        where += f"（申込時の回答は{plain_words(write_value(item, answered.value, JA))}）"
    shown = plain_words(write_value(item, value.value, JA))
    return Ground(name, _KINDS[value.origin], name_of(case, name), shown, plain_words(value.said), where)


def _figure_ground(case: Case, figure: Figure, found: Mapping[str, Ground]) -> Ground:
    measure = figure.measure
    shown = write_figure(figure.amount, measure.unit, measure.decimals, JA)
    uses = tuple(name for name in measure.uses if name in found)
    if measure.formula is None:
        worked = "、".join(f"{found[name].label} {found[name].shown}" for name in uses)
        formula = measure.told[JA]
    else:
        formula = write_formula(measure.formula, {name: _short(name_of(case, name)) for name in measure.uses})
        worked = write_formula(measure.formula, {name: _bare(found[name].shown) for name in measure.uses})
    return Ground(measure.id, GroundKind.FIGURE, measure.label[JA], shown, "", "算出", uses, formula, worked)


def name_of(case: Case, name: str) -> str:
    """Return the Japanese label of an item or figure."""
    if name in case.items:
        return read_desk().paper_labels.get(name) or case.items[name].label[JA]
    labels = {one.measure.id: one.measure.label[JA] for one in case.figures}
    return labels.get(name, name)


def _short(label: str) -> str:
    return label.partition("（")[0] or label


def _bare(shown: str) -> str:
    return shown.removesuffix("円")


def make_draft(case: Case) -> Draft:
    """Return the draft of a case: the same case gives the same draft."""
    grounds = list_grounds(case)
    amounts: dict[str, Amount] = {**read_amounts(case.known)}
    amounts |= {one.measure.id: one.amount for one in case.figures if isinstance(one, Figure)}
    wording = read_wording()
    grounds |= _term_grounds(case) | _upload_grounds(case) | _reading_grounds(case)
    grounds |= _plan_ground(case, grounds) | _checks_ground(case)
    sheets = {
        "finances": (*_finance_sheets(case, grounds),),
        "repayment": (*_figure_sheet(case, grounds), *_plan_sheet(case)),
    }
    sections = [
        Section(one.id, one.title, tuple(_word(one, grounds, amounts)), sheets.get(one.id, ()))
        for one in wording.sections
    ]
    sections = [one for one in sections if one.sentences or one.sheets]
    sections.append(Section("terms", "商品条件との照合", (), (_term_sheet(case, grounds),)))
    sections.append(Section("risks", "リスクと対応", tuple(_list_risks(case, grounds, wording.risks))))
    sections.append(Section("checklist", "確認事項", (), tuple(_check_sheets(case, grounds))))
    sections.append(Section(OPINION, "担当者所見", ()))
    number = case.application.number
    return Draft(
        number, case.application.product.title[JA], tuple(sections), grounds, dict(_list_charts(case))
    )


def _word(
    section: SectionText, grounds: Mapping[str, Ground], amounts: Mapping[str, Amount]
) -> Iterator[Sentence]:
    said: set[str] = set()
    for one in section.sentences:
        if one.group in said or not _can_say(one, grounds, amounts):
            continue
        if one.group:
            said.add(one.group)
        yield Sentence(f"{section.id}.{one.id}", fill(one.text, grounds))


def _can_say(one: SentenceText, grounds: Mapping[str, Ground], amounts: Mapping[str, Amount]) -> bool:
    if any(name not in grounds for name in _PLACE.findall(one.text)):
        return False
    return one.when is None or _holds(one.when, amounts)


def _holds(formula: Formula, amounts: Mapping[str, Amount]) -> bool:
    return all(name in amounts for name in formula.names) and holds(formula, amounts) is True


def fill(text: str, grounds: Mapping[str, Ground]) -> tuple[Fragment, ...]:
    """Return wording with its places filled, each place as a fragment of its ground."""
    pieces = _PLACE.split(text)
    made = [
        Fragment(piece) if place % 2 == 0 else Fragment(grounds[piece].shown, piece)
        for place, piece in enumerate(pieces)
    ]
    return tuple(one for one in made if one.text)


def _term_grounds(case: Case) -> dict[str, Ground]:
    product = case.application.product
    edition = f"{product.source.title}（{product.source.edition}）"
    return {
        f"term:{one.term.id}": Ground(
            f"term:{one.term.id}",
            GroundKind.PRODUCT,
            one.term.label[JA],
            one.term.text[JA],
            "",
            f"{edition} {one.term.clause}",
        )
        for one in case.terms
    }


def _upload_grounds(case: Case) -> dict[str, Ground]:
    labels = {paper.id: paper.label[JA] for paper in case.application.product.documents}
    return {
        f"upload:{one.id}": Ground(
            f"upload:{one.id}",
            GroundKind.DOCUMENT,
            labels.get(one.document, one.document),
            plain_words(one.name),
            "",
            f"提出 {write_moment(one.at, JA)}",
        )
        for one in case.uploads
    }


def _reading_grounds(case: Case) -> dict[str, Ground]:
    names = {one.id: plain_words(one.name) for one in case.uploads}
    found = {}
    for place, breach in enumerate(case.breaches):
        reading = breach.reading
        if reading is None or reading.item not in case.items:
            continue
        item = case.items[reading.item]
        found[f"reading:{place}"] = Ground(
            f"reading:{place}",
            GroundKind.DOCUMENT,
            item.label[JA],
            plain_words(write_value(item, reading.value, JA)),
            plain_words(reading.said),
            f"{names.get(reading.upload, '')} {reading.page}ページ",
        )
    return found


def _plan_ground(case: Case, grounds: Mapping[str, Ground]) -> dict[str, Ground]:
    if not case.plan:
        return {}
    worked = "、".join(f"{when} {write_money(balance, JA)}" for when, balance in list_balances(case))
    uses = tuple(name for name in PLAN_ITEMS if name in grounds)
    told = "申込金額・期間・返済方法・審査金利による残高"
    return {"plan": Ground("plan", GroundKind.FIGURE, "返済予定表", "", "", "算出", uses, told, worked)}


def _checks_ground(case: Case) -> dict[str, Ground]:
    computed = sum(isinstance(one, Figure) for one in case.figures)
    compared = sum(one.is_kept is not None for one in case.terms)
    counts = (computed, compared, len(case.readings), len(list_rules()))
    names = ("指標", "商品の定め", "書類の記載", "整合の規則")
    worked = "、".join(f"{name} {count}" for name, count in zip(names, counts, strict=True))
    told = "指標を目安と、申込みを商品の定めと、回答を書類の記載と互いに照合"
    return {CHECKS: Ground(CHECKS, GroundKind.FIGURE, "照合", "", "", "算出", (), told, worked)}


def list_balances(case: Case) -> list[tuple[str, int]]:
    """Return what is owed after each month, year or five years of the plan, and at its end."""
    months = len(case.plan)
    step = 1 if months <= MONTHS else MONTHS if months <= LONG_YEARS * MONTHS else LONG_STEP * MONTHS
    chosen = sorted({*range(step, months + 1, step), months})
    found = []
    for month in chosen:
        years, rest = divmod(month, MONTHS)
        period = f"P{f'{years}Y' if years else ''}{f'{rest}M' if rest else ''}"
        found.append((show_period(period, JA), case.plan[month - 1].balance))
    return found


def _term_sheet(case: Case, grounds: Mapping[str, Ground]) -> Sheet:
    told = {True: "満たす", False: "満たさない", None: "確認できない"}
    rows = []
    for one in case.terms:
        used = sorted(name for name in one.term.condition.items if name in grounds)
        present = "、".join(grounds[name].shown for name in used)
        cells = (one.term.label[JA], one.term.text[JA], present or "—", told[one.is_kept])
        rows.append(Row(cells, (f"term:{one.term.id}", *used)))
    columns = ("条件", "商品の定め", "本件", "照合")
    return Sheet("terms", "", columns, tuple(rows), (2, 3.4, 3, 1.6))


def _finance_sheets(case: Case, grounds: Mapping[str, Ground]) -> Iterator[Sheet]:
    names = [
        "annual_sales",
        "ordinary_profit",
        "depreciation",
        "taxes",
        "receivables",
        "inventory",
        "payables",
        "cash",
        "total_assets",
        "net_assets",
        "debt_balance",
        "annual_repayment",
    ]
    if case.application.product.audience != "business":
        return
    earlier = {
        "annual_sales": ("sales_prior", "sales_before"),
        "ordinary_profit": ("profit_prior", "profit_before"),
    }
    rows = []
    for name in names:
        if name not in grounds:
            continue
        years = (name, *earlier.get(name, ("", "")))
        cells = [grounds[one].shown if one in grounds else "—" for one in reversed(years)]
        rows.append(Row((name_of(case, name), *cells), tuple(one for one in years if one in grounds)))
    if rows:
        columns = ("科目", "前々期", "前期", "直近期")
        yield Sheet("finances", "主な計数", columns, tuple(rows), (3, 2, 2, 2), (1, 2, 3))


def _figure_sheet(case: Case, grounds: Mapping[str, Ground]) -> Iterator[Sheet]:
    rows = []
    for one in case.figures:
        label = one.measure.label[JA]
        if isinstance(one, Lacking):
            lacking = "、".join(name_of(case, name) for name in one.missing)
            reason = f"算出できない（不足：{lacking}）" if lacking else "算出できない（分母がゼロ）"
            rows.append(Row((label, "—", reason), ()))
        else:
            ground = grounds[one.measure.id]
            told = f"{ground.formula}\n＝ {ground.worked}" if one.measure.formula else ground.formula
            rows.append(Row((label, ground.shown, told), (one.measure.id,)))
    if rows:
        yield Sheet("figures", "主な指標と算式", ("指標", "値", "算式"), tuple(rows), (2.6, 1.7, 5), (1,))


def _plan_sheet(case: Case) -> Iterator[Sheet]:
    if case.plan:
        rows = [Row((when, write_money(balance, JA)), ("plan",)) for when, balance in list_balances(case)]
        yield Sheet("balance", "残高の推移（返済予定）", ("経過", "残高"), tuple(rows), (1, 2), (1,))


def _list_risks(case: Case, grounds: Mapping[str, Ground], risks: tuple[Risk, ...]) -> Iterator[Sentence]:
    watched = {one.measure.id for one in case.figures if isinstance(one, Figure) and one.is_watched}
    count = 0
    for risk in risks:
        if risk.figure in watched:
            count += 1
            yield Sentence(f"risks.{risk.figure}", fill(f"{risk.text}対応：{risk.answer}", grounds))
    for one in case.terms:
        if one.is_kept is False:
            count += 1
            fragments = (
                Fragment("商品の定め「"),
                Fragment(one.term.text[JA], f"term:{one.term.id}"),
                Fragment("」を満たさない。対応：例外として取り上げる理由を担当者が記す。"),
            )
            yield Sentence(f"risks.term_{one.term.id}", fragments)
    for place, breach in enumerate(case.breaches):
        count += 1
        yield Sentence(f"risks.breach_{place}_{breach.id}", tuple(_tell_breach(case, place, grounds)))
    if not count:
        told = (
            "目安の外にある指標、満たさない商品の定め、整合しない記載は、上の表の範囲では見つからなかった。"
        )
        yield Sentence(f"risks.{NO_RISK}", (Fragment(told), Fragment("", CHECKS)))


def _tell_breach(case: Case, place: int, grounds: Mapping[str, Ground]) -> Iterator[Fragment]:
    breach = case.breaches[place]
    yield Fragment(breach.reason[JA])
    for name in breach.items:
        if name in grounds:
            yield Fragment(f"（{grounds[name].label} {grounds[name].shown}）", name)
    if f"reading:{place}" in grounds:
        yield Fragment(f"（書類の記載 {grounds[f'reading:{place}'].shown}）", f"reading:{place}")
    yield Fragment("対応：申込人に確かめる。")


def _check_sheets(case: Case, grounds: Mapping[str, Ground]) -> Iterator[Sheet]:
    rows = []
    for paper in case.application.product.due_documents(case.known):
        names = [one for one in case.uploads if one.document == paper.id and one.is_usable]
        told = "受領" if len(names) >= paper.copies else "一部受領" if names else "未受領"
        shown = "\n".join(plain_words(one.name) for one in names) or "—"
        rows.append(Row((paper.label[JA], told, shown), tuple(f"upload:{one.id}" for one in names)))
    yield Sheet("documents", "提出書類", ("書類", "状況", "ファイル"), tuple(rows), (4, 1.4, 4))
    items = [one for one in case.missing if one.id in case.items]
    if items:
        lacking = tuple(Row((one.label[JA], "未確認"), ()) for one in items)
        yield Sheet("missing", "未回答の項目", ("項目", "状況"), lacking, (4, 1.4))


def _list_charts(case: Case) -> Iterator[tuple[str, tuple[tuple[str, str, float], ...]]]:
    known = case.known
    million = 1_000_000
    years = (
        ("前々期", "sales_before", "profit_before"),
        ("前期", "sales_prior", "profit_prior"),
        ("直近期", "annual_sales", "ordinary_profit"),
    )
    points = [
        (year, title, int(known[name]) / million)
        for year, *names in years
        for title, name in zip(("売上高", "経常利益"), names, strict=True)
        if name in known
    ]
    if len({year for year, _, _ in points}) > 1:
        yield "finances", tuple(points)
    if case.plan:
        start = ("実行時", int(known["amount"]))
        balances = (start, *list_balances(case))
        yield "balance", tuple((when, "残高", balance / million) for when, balance in balances)
