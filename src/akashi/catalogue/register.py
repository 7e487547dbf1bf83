"""The institution's own rules 規程 from outside: a table (XLSX, CSV) or a document by its headings."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath

from akashi.catalogue.model import Clause, Kind, Rule
from akashi.catalogue.store import insert_rule, list_clauses, list_rules
from akashi.catalogue.treat import Step
from akashi.core.errors import ConflictError, InputError
from akashi.core.ports import Headed, ReadHeadings
from akashi.core.thread import digest_of
from akashi.ledger.model import JsonValue, Record
from akashi.ledger.store import append
from akashi.platform.ids import new_id
from akashi.platform.sheets import read_table

MOST_CLAUSES = 2_000
MOST_TEXT = 20_000
MOST_TITLES = 10
TABLES = (".xlsx", ".csv", ".tsv")

COLUMNS = {
    "clause": ("条項", "条", "項番", "番号", "clause", "no", "no."),
    "heading": ("見出し", "件名", "項目", "標題", "heading", "title"),
    "text": ("本文", "要約", "内容", "規定内容", "text", "content"),
    "kind": ("確認方法", "種別", "kind"),
    "evidence": ("証拠", "証跡", "確認資料", "evidence"),
}
KINDS = {
    "自動": Kind.AUTOMATIC,
    "自動測定": Kind.AUTOMATIC,
    "automatic": Kind.AUTOMATIC,
    "確認": Kind.ATTEST,
    "責任者の確認": Kind.ATTEST,
    "attest": Kind.ATTEST,
    "文書": Kind.DOCUMENT,
    "document": Kind.DOCUMENT,
    "": Kind.ATTEST,
}
_CODE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_ARTICLE = re.compile(r"第\s*[0-9〇一二三四五六七八九十百]+\s*条(?:\s*の\s*[0-9一二三四五六七八九十]+)*")
_KANJI = {letter: value for value, letter in enumerate("〇一二三四五六七八九")}


@dataclass(frozen=True, slots=True)
class RuleFile:
    """A rule as somebody hands it in."""

    code: str
    title: str
    edition: str
    issuer: str
    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Imported:
    """The edition that came in, and how its clauses differ from the edition it replaces."""

    rule: Rule
    before: Rule | None
    added: tuple[Clause, ...]
    changed: tuple[Clause, ...]
    removed: tuple[Clause, ...]
    count: int


def import_rule(step: Step, handed: RuleFile, read_headings: ReadHeadings | None) -> Imported:
    """Keep a new edition of a rule; the edition before it stays readable.

    Raises: InputError: the file or a field cannot be used; ConflictError: this very file is in use already.
    """
    _check_fields(handed)
    clauses = read_clauses(handed, read_headings)
    digest = digest_of(handed.content)
    before = next((one for one in list_rules(step.connection, handed.code) if one.replaced_at is None), None)
    if before and before.sha256 == digest:
        raise ConflictError("This very file is the edition in use already.", where="file")
    rule = Rule(
        new_id("rul"),
        handed.code,
        handed.title.strip(),
        handed.issuer.strip(),
        handed.edition.strip(),
        handed.name,
        digest,
        step.now,
        step.actor.id,
    )
    old = list_clauses(step.connection, before.id) if before else ()
    insert_rule(step.connection, rule, clauses)
    payload: dict[str, JsonValue] = {"code": rule.code, "sha256": digest, "clauses": len(clauses)}
    append(step.connection, Record("catalogue.rule_imported", rule.id, step.actor.id, step.now, payload))
    return _compare(rule, before, clauses, old)


def read_clauses(handed: RuleFile, read_headings: ReadHeadings | None) -> tuple[Clause, ...]:
    """Return the clauses of a rule file, each with an id that stays from edition to edition.

    Raises: InputError: not readable, no clause found, or too many.
    """
    if PurePath(handed.name).suffix.lower() in TABLES:
        clauses = _read_rows(handed, read_table(handed.name, handed.content))
    elif read_headings is None:
        raise InputError("This installation cannot read documents.", where=handed.name)
    else:
        clauses = _read_headed(handed, read_headings(handed.name, handed.content))
    if not clauses:
        raise InputError(
            "No clause was found in the file.",
            where=handed.name,
            next_step="Use headings such as 第1条, or a table with the columns 条項, 見出し and 本文.",
        )
    if len(clauses) > MOST_CLAUSES:
        raise InputError("The rule has more than {most} clauses.", where=handed.name, most=MOST_CLAUSES)
    return _number(handed.code, clauses)


def _check_fields(handed: RuleFile) -> None:
    if not _CODE.fullmatch(handed.code) or len(handed.code) > 40:
        raise InputError("The code may hold small letters, digits and hyphens only.", where="code")
    for field in ("title", "edition"):
        if not getattr(handed, field).strip():
            raise InputError("This field is needed.", where=field)
    for field in ("title", "edition", "issuer"):
        if len(getattr(handed, field)) > 200:
            raise InputError("This field has more than {most} characters.", where=field, most=200)


def _read_rows(handed: RuleFile, table: Sequence[Sequence[str]]) -> list[Clause]:
    header, places = _find_header(table)
    if not places:
        raise InputError(
            "The table lacks the columns 条項 and 見出し or 本文.",
            where=handed.name,
            next_step="Name the columns in the first line.",
        )
    clauses = []
    for line, row in enumerate(table[header:], header + 1):
        cells = {name: row[at].strip() if at < len(row) else "" for name, at in places.items()}
        if any(cells.values()):
            clauses.append(_read_row(handed.name, line, cells))
    return clauses


def _read_row(name: str, line: int, cells: Mapping[str, str]) -> Clause:
    kind = KINDS.get(cells.get("kind", "").lower())
    if kind is None:
        raise InputError(
            "Line {line}: {kind} is no way of showing a requirement.",
            where=name,
            next_step="Write 自動測定, 責任者の確認 or 文書.",
            line=line,
            kind=cells["kind"],
        )
    heading, text = cells.get("heading", ""), cells.get("text", "")[:MOST_TEXT]
    return Clause("", cells["clause"] or heading, heading, text, kind, cells.get("evidence", ""))


def _find_header(table: Sequence[Sequence[str]]) -> tuple[int, dict[str, int]]:
    """Return the number of lines up to the header and its columns; titles may stand above it."""
    for line, row in enumerate(table[:MOST_TITLES], 1):
        places = _find_columns(row)
        if "clause" in places and {"heading", "text"} & set(places):
            return line, places
    return 0, {}


def _find_columns(header: Sequence[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for at, cell in enumerate(header):
        title = unicodedata.normalize("NFKC", cell).strip().lower()
        for name, titles in COLUMNS.items():
            if title in titles:
                found.setdefault(name, at)
    return found


def _read_headed(handed: RuleFile, parts: Sequence[Headed]) -> list[Clause]:
    clauses = []
    for part in parts:
        if not part.headings:
            continue
        last = part.headings[-1]
        article = _ARTICLE.search(unicodedata.normalize("NFKC", last))
        clause = article.group() if article else " ".join(part.headings[-2:])
        clauses.append(Clause("", clause, last, part.text[:MOST_TEXT], page=part.page))
    return clauses


def _number(code: str, clauses: Sequence[Clause]) -> tuple[Clause, ...]:
    taken: set[str] = set()
    numbered = []
    for place, clause in enumerate(clauses, 1):
        number = "-".join(re.findall(r"\d+", read_numerals(clause.clause)))
        name = f"own-{code}_{number or f'x{place}'}"[:110]
        while name in taken:
            name = f"{name}-x{place}"
        taken.add(name)
        numbered.append(
            Clause(
                name, clause.clause, clause.heading, clause.text, clause.kind, clause.evidence, clause.page
            )
        )
    return tuple(numbered)


def read_numerals(text: str) -> str:
    """Return ``text`` with the numerals of clause numbers as digits, up to 百.

    >>> read_numerals("第二十三条の二"), read_numerals("第１０条")
    ('第23条の2', '第10条')
    """
    return re.sub("[〇一二三四五六七八九十百]+", _read_numeral, unicodedata.normalize("NFKC", text))


def _read_numeral(match: re.Match[str]) -> str:
    total, digit = 0, 0
    seen = False
    for letter in match.group():
        if letter in _KANJI:
            digit, seen = digit * 10 + _KANJI[letter], True
        else:
            total += (digit if seen else 1) * (10 if letter == "十" else 100)
            digit, seen = 0, False
    return str(total + digit)


def _compare(rule: Rule, before: Rule | None, new: Sequence[Clause], old: Sequence[Clause]) -> Imported:
    known = {clause.entry_id: clause for clause in old}
    names = {clause.entry_id for clause in new}
    return Imported(
        rule,
        before,
        tuple(one for one in new if one.entry_id not in known),
        tuple(one for one in new if one.entry_id in known and one != known[one.entry_id]),
        tuple(one for one in old if one.entry_id not in names),
        len(new),
    )
