"""The 融資稟議書 as a paper (HTML, PDF, DOCX): every sentence and table line carries marks of its grounds,
and the paper's own appendix lists them, so that a reader with nothing but the paper can follow each number.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from akashi.domains.loans.measure.drafting import OPINION, Draft, Section, Sheet
from akashi.domains.loans.measure.grounds import (
    Author,
    Ground,
    GroundKind,
    Sentence,
    plain_words,
    write_marks,
)
from akashi.platform.papers import (
    Block,
    Bullets,
    Figure,
    Heading,
    Paper,
    PaperTable,
    Signatures,
    Text,
)
from akashi.platform.papers.charts import draw_bars, draw_lines

TITLE = "融資稟議書"
SEALS = ("担当者", "融資課長", "支店長", "審査部", "決裁")
MARK = "根拠"
WAY = "record:way"
NO_OPINION = "（担当者が記入する）"
APPENDIX = "根拠一覧"
READING = (
    "文末と表の右端の〔　〕は根拠の記号で、末尾の根拠一覧に対応する。Ａは申込人の回答、Ｄは提出書類、"
    "Ｏは担当者、Ｆは算出、Ｐは商品の定め、Ｒは申込みの記録である。指標は採点や可否の判定ではない。"
)
_AUTHORS = {
    Author.RULE: "",
    Author.OFFICER: "（担当者加筆）",
    Author.ENDPOINT: "（文章整形：生成AI、担当者確認）",
}
_ALTS = {
    "finances": "売上高と経常利益の推移。値は「主な計数」の表のとおり。",
    "balance": "返済予定による残高の推移。値は次の表のとおり。",
}


@dataclass(frozen=True, slots=True)
class Head:
    """What stands around a draft: who issues the paper, on which day, what was decided on it so far."""

    day: date
    issuer: str = ""
    office: str = ""
    drafter: str = ""
    decisions: tuple[tuple[str, str, str], ...] = ()
    conditions: tuple[str, ...] = ()
    number: str = ""


class Marks:
    """Gives each ground its mark, by kind and in the order in which the paper first names it."""

    def __init__(self, grounds: Mapping[str, Ground]) -> None:
        self._grounds = grounds
        self._given: dict[str, str] = {}
        self._counts: dict[str, int] = {}

    def write(self, ids: Iterable[str]) -> str:
        """Return the marks of grounds, in brackets."""
        return write_marks(self._mark(one) for one in ids if one in self._grounds)

    def listed(self) -> list[tuple[str, Ground]]:
        """Return every ground with its mark, those used by figures too, by letter and number."""
        for one in list(self._given):
            self._reach(one)
        found = [(mark, self._grounds[one]) for one, mark in self._given.items()]
        return sorted(found, key=lambda pair: (pair[0][0], int(pair[0][1:])))

    def _reach(self, ground_id: str) -> None:
        for used in self._grounds[ground_id].uses:
            if used in self._grounds and used not in self._given:
                self._mark(used)
                self._reach(used)

    def _mark(self, ground_id: str) -> str:
        if ground_id not in self._given:
            letter = self._grounds[ground_id].kind.value
            self._counts[letter] = self._counts.get(letter, 0) + 1
            self._given[ground_id] = f"{letter}{self._counts[letter]}"
        return self._given[ground_id]


def make_paper(draft: Draft, head: Head) -> Paper:
    """Return the 融資稟議書 of a draft."""
    marks = Marks({**draft.grounds, **_decision_ground(head)})
    blocks: list[Block] = [Signatures(SEALS), _overview(draft, marks), Text(READING, "small")]
    for section in draft.sections:
        blocks += _write_section(draft, section, marks)
    blocks += _write_decisions(head, marks)
    blocks += [Heading(APPENDIX), _appendix(marks)]
    return Paper(
        title=TITLE,
        subtitle=draft.product,
        blocks=tuple(blocks),
        day=head.day,
        language="ja",
        issuer="　".join(one for one in (head.issuer, head.office, head.drafter) if one),
        addressee="",
        number=draft.number,
        marking="社外秘",
    )


def _overview(draft: Draft, marks: Marks) -> Block:
    wanted = (
        ("company_name", "trade_name", "applicant_name"),
        ("product",),
        ("amount",),
        ("term",),
        ("purpose", "equipment"),
        ("needed_on", "delivered_on"),
        ("repayment",),
        ("collateral",),
        ("proposal",),
        ("record:submitted",),
        ("record:consented",),
    )
    rows = []
    for names in wanted:
        ground = next((draft.grounds[name] for name in names if name in draft.grounds), None)
        if ground is not None:
            rows.append((ground.label, ground.shown, marks.write((ground.id,))))
    return PaperTable(("項目", "内容", MARK), tuple(rows), "申込みの概要", (2.6, 5.4, 1))


def _write_section(draft: Draft, section: Section, marks: Marks) -> Iterator[Block]:
    yield Heading(section.title)
    if section.sentences:
        yield Bullets(tuple(_write_sentence(one, marks) for one in section.sentences))
    elif section.id == OPINION:
        yield Text(NO_OPINION, "warning")
    for sheet in section.sheets:
        if sheet.id == "balance":
            yield _draw_chart(draft, sheet, marks)
            continue
        if sheet.id == "finances" and "finances" in draft.charts:
            yield _draw_chart(draft, sheet, marks)
            continue
        yield _write_sheet(sheet, marks)


def _write_sentence(sentence: Sentence, marks: Marks) -> str:
    told = _AUTHORS[sentence.author]
    return f"{sentence.text}{told}{marks.write(sentence.grounds)}"


def _write_sheet(sheet: Sheet, marks: Marks) -> PaperTable:
    rows = tuple((*row.cells, marks.write(row.grounds)) for row in sheet.rows)
    return PaperTable((*sheet.columns, MARK), rows, sheet.caption, (*sheet.widths, 1.7), sheet.numbers)


def _draw_chart(draft: Draft, sheet: Sheet, marks: Marks) -> Figure:
    points = draft.charts[sheet.id]
    if sheet.id == "balance":
        svg = draw_lines(points, "百万円", "")
    else:
        svg = draw_bars(points, "百万円", stacked=False)
    table = replace(_write_sheet(sheet, marks), caption="")
    return Figure(svg, sheet.caption, _ALTS[sheet.id], table)


def _decision_ground(head: Head) -> dict[str, Ground]:
    if not head.decisions:
        return {}
    worked = "、".join(plain_words(f"{step} {name} {told}") for step, name, told in head.decisions)
    conditions = "、".join(plain_words(one) for one in head.conditions)
    words = f"{worked}　条件 {conditions}" if conditions else worked
    label = "回付・合議・決裁の記録"
    return {WAY: Ground(WAY, GroundKind.RECORD, label, head.number, "", "案件の記録", worked=words)}


def _write_decisions(head: Head, marks: Marks) -> Iterator[Block]:
    if not head.decisions:
        return
    yield Heading("回付・合議・決裁の記録")
    if head.number:
        yield Text(f"決裁番号：{head.number}{marks.write((WAY,))}", "strong")
    rows = tuple((*map(plain_words, row), marks.write((WAY,))) for row in head.decisions)
    yield PaperTable(("段階", "氏名", "日時・意見", MARK), rows, widths=(1.4, 2, 5, 1.2))
    if head.conditions:
        yield Text("条件付承認の条件", "strong")
        yield Bullets(tuple(f"{plain_words(one)}{marks.write((WAY,))}" for one in head.conditions))


def _appendix(marks: Marks) -> PaperTable:
    listed = marks.listed()
    given = {ground.id: mark for mark, ground in listed}
    rows = tuple((mark, ground.label, ground.shown, _tell_ground(ground, given)) for mark, ground in listed)
    return PaperTable(("記号", "項目", "値", "出所"), rows, widths=(0.8, 2.6, 3, 5))


def _tell_ground(ground: Ground, given: Mapping[str, str]) -> str:
    parts = [ground.where]
    if ground.worked:
        parts.append(f"計算 {ground.worked}")
    if ground.said and ground.said != ground.shown:
        parts.append(f"記載 「{ground.said}」")
    if ground.uses:
        parts.append(f"基 {write_marks(given[one] for one in ground.uses if one in given)}")
    return "\n".join(part for part in parts if part)
