"""Records to and from CSV and XLSX: what goes out comes in again, and nothing comes in unseen.

A file's first line names the columns, by field name or by label in either language. An import is first a
plan that shows what would change; it is applied whole or not at all.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from sqlalchemy.engine import Connection

from akashi.core.errors import InputError
from akashi.platform.kit.catalogs import read_entries
from akashi.platform.rooms import package_folder
from akashi.platform.sheets import Table
from akashi.register import store
from akashi.register.fields import write_value
from akashi.register.model import Deed, Entry, Field, FieldType, Kind, State, Value, Values
from akashi.register.treat import (
    Step,
    check_texts,
    create_entry,
    edit_entry,
    list_links,
    make_code,
    restore_entry,
    retire_entry,
)

CODE_COLUMN, STATE_COLUMN = "code", "state"
LABELS = {CODE_COLUMN: "Code", STATE_COLUMN: "State"}
STATE_TITLES = {State.ACTIVE: "In use", State.RETIRED: "Retired"}
BOOL_TITLES = {"yes": "Yes", "no": "No"}
MOST_ERRORS = 200

Speak = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class CellError:
    """What is wrong in one place of a file; ``line`` counts from 1 with the header."""

    line: int
    column: str
    error: InputError


@dataclass(frozen=True, slots=True)
class Difference:
    """One field that would change, as text."""

    field: Field
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Planned:
    """What one line would do: create, or change some fields, or retire or restore; or nothing."""

    line: int
    code: str
    title: str
    values: Values
    state: State
    before: Entry | None
    differences: tuple[Difference, ...]

    @property
    def is_new(self) -> bool:
        """Return whether the record does not exist yet."""
        return self.before is None

    @property
    def changes_state(self) -> bool:
        """Return whether the record would be retired or taken into use again."""
        return self.before is not None and self.before.state is not self.state

    @property
    def is_change(self) -> bool:
        """Return whether the line would change anything."""
        return self.is_new or self.changes_state or bool(self.differences)


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything a file would change, or every reason why it cannot be read."""

    kind: Kind
    lines: tuple[Planned, ...]
    errors: tuple[CellError, ...]

    @property
    def changes(self) -> tuple[Planned, ...]:
        """Return the lines that change something."""
        return tuple(line for line in self.lines if line.is_change)


def write_entries(kind: Kind, entries: Sequence[Entry], speak: Speak) -> Table:
    """Return header and lines of a file, in the reader's language."""
    header = [speak(LABELS[CODE_COLUMN]), *(speak(field.label) for field in kind.fields)]
    return [[*header, speak(LABELS[STATE_COLUMN])], *(_write_entry(kind, one, speak) for one in entries)]


def plan_import(connection: Connection, kind: Kind, table: Table) -> Plan:
    """Return what the table would change. Nothing is written.

    Raises: InputError: the first line does not name the columns.
    """
    columns = match_columns(kind, table[0] if table else [])
    lines: list[Planned] = []
    errors: list[CellError] = []
    seen: dict[str, int] = {}
    for place, row in enumerate(table[1:], 2):
        if len(errors) >= MOST_ERRORS or not any(cell.strip() for cell in row):
            continue
        planned, found = _plan_line(connection, kind, columns, place, row)
        errors += found
        if planned is None:
            continue
        if planned.code in seen:
            twice = InputError(
                "The code {code} stands in line {line} already.", code=planned.code, line=seen[planned.code]
            )
            errors.append(CellError(place, LABELS[CODE_COLUMN], twice))
        seen[planned.code] = place
        lines.append(planned)
    errors += _check_references(connection, kind, lines)
    return Plan(kind, tuple(lines), tuple(sorted(errors, key=lambda one: one.line)))


def apply_plan(step: Step, plan: Plan) -> int:
    """Carry out a plan without errors, whole; return how many records changed.

    Raises: InputError: the plan has errors, or a step fails; the caller's transaction is then given up.
    """
    if plan.errors:
        first = plan.errors[0]
        raise InputError(
            first.error.message, where=f"{first.line}", next_step=first.error.next_step, **first.error.values
        )
    for line in plan.changes:
        _apply_line(step, plan.kind, line)
    return len(plan.changes)


def match_columns(kind: Kind, header: Sequence[str]) -> dict[str, int]:
    """Return the place of each column by field name; a column may be left out if it is not required.

    Raises: InputError: a column is unknown, stands twice, or a required one is missing.
    """
    known = {**{word: name for name, word in _column_words(kind)}}
    columns: dict[str, int] = {}
    for place, text in enumerate(header):
        if not text.strip():
            continue
        name = known.get(_fold(text))
        if name is None or name in columns:
            raise InputError(
                "The column {column} is unknown or stands twice.",
                where="1",
                next_step="Export the list once and use its first line.",
                column=text.strip()[:80],
            )
        columns[name] = place
    _require_columns(kind, columns)
    return columns


def _require_columns(kind: Kind, columns: Mapping[str, int]) -> None:
    required = [field.name for field in kind.fields if field.required]
    required += [] if kind.code else [CODE_COLUMN]
    missing = [name for name in required if name not in columns]
    if missing:
        label = LABELS.get(missing[0]) or kind.field(missing[0]).label
        raise InputError("The column {column} is missing.", where="1", next_step="Add it.", column=label)


def _plan_line(
    connection: Connection, kind: Kind, columns: Mapping[str, int], line: int, row: Sequence[str]
) -> tuple[Planned | None, list[CellError]]:
    texts = {name: row[place] if place < len(row) else "" for name, place in columns.items()}
    coded = {field.name: _to_code(field, texts[field.name]) for field in kind.fields if field.name in texts}
    code = texts.get(CODE_COLUMN, "").strip()
    before = _find(connection, kind, code)
    if before is not None:
        kept = {field.name: write_value(field, before.values.get(field.name)) for field in kind.fields}
        coded = {**kept, **coded}
    checked = check_texts(kind, coded)
    errors = [CellError(line, kind.field(name).label, error) for name, error in checked.errors]
    try:
        made = make_code(kind, code, checked.values)
        state = _read_state(texts.get(STATE_COLUMN, ""), before)
    except InputError as error:
        return None, [
            *errors,
            CellError(line, LABELS[CODE_COLUMN if error.where == "code" else STATE_COLUMN], error),
        ]
    if errors:
        return None, errors
    before = before or _find(connection, kind, made)
    differences = _compare(kind, before.values, checked.values) if before else ()
    title = str(checked.values.get(kind.title[0]) or made)
    return Planned(line, made, title, checked.values, state, before, differences), []


def _apply_line(step: Step, kind: Kind, line: Planned) -> None:
    entry = line.before
    if entry is None:
        entry = create_entry(step, kind.name, line.code, line.values, Deed.IMPORTED)
    elif not entry.is_active and line.state is State.ACTIVE:
        entry = restore_entry(step, kind.name, line.code, entry.version)
    if entry.is_active and line.differences:
        entry = edit_entry(step, kind.name, line.code, line.values, entry.version, Deed.IMPORTED)
    if entry.is_active and line.state is State.RETIRED:
        retire_entry(step, kind.name, line.code, entry.version)


def _check_references(connection: Connection, kind: Kind, lines: Sequence[Planned]) -> list[CellError]:
    """Return an error for each reference that would lead nowhere, in the file or in the register."""
    coming = {line.code for line in lines if line.state is State.ACTIVE}
    errors = []
    for line in lines:
        for field, to_kind, to_code in list_links(kind, line.values):
            found = _find_in(connection, to_kind, to_code)
            is_here = found is not None and found.is_active
            if not is_here and not (to_kind == kind.name and to_code in coming):
                error = InputError("There is no {code} in use.", where=field, code=to_code)
                errors.append(CellError(line.line, kind.field(field).label, error))
    return errors


def _compare(kind: Kind, old: Values, new: Values) -> tuple[Difference, ...]:
    pairs = [
        (field, write_value(field, old.get(field.name)), write_value(field, new.get(field.name)))
        for field in kind.fields
    ]
    return tuple(Difference(*pair) for pair in pairs if pair[1] != pair[2])


def _find(connection: Connection, kind: Kind, code: str) -> Entry | None:
    return _find_in(connection, kind.name, code) if code else None


def _find_in(connection: Connection, kind: str, code: str) -> Entry | None:
    return store.find_entry(connection, kind, code) if store.has_entry(connection, kind, code) else None


def _read_state(text: str, before: Entry | None) -> State:
    word = _fold(text)
    if not word:
        return before.state if before else State.ACTIVE
    for state, title in STATE_TITLES.items():
        if word in {state.value, *_spellings(title)}:
            return state
    raise InputError("{value} is not one of the choices.", where="state", value=text)


def _write_entry(kind: Kind, entry: Entry, speak: Speak) -> list[str]:
    cells = [_from_value(field, entry.values.get(field.name), speak) for field in kind.fields]
    return [entry.code, *cells, speak(STATE_TITLES[entry.state])]


def _from_value(field: Field, value: Value, speak: Speak) -> str:
    text = write_value(field, value)
    titles = _titles(field)
    return speak(titles[text]) if text in titles else text


def _to_code(field: Field, text: str) -> str:
    """Return the code behind a choice's title in either language; other texts stay as they are."""
    word = _fold(text)
    return next((code for code, title in _titles(field).items() if word in _spellings(title)), text)


def _titles(field: Field) -> Mapping[str, str]:
    if field.type is FieldType.BOOL:
        return BOOL_TITLES
    return field.choices or {}


def _column_words(kind: Kind) -> list[tuple[str, str]]:
    names = [(field.name, field.label) for field in kind.fields] + list(LABELS.items())
    return [(name, word) for name, label in names for word in {name, *_spellings(label)}]


@cache
def _spellings(message: str) -> frozenset[str]:
    entries = read_entries(package_folder("akashi.register") / "locale" / "ja.po")
    return frozenset({_fold(message), _fold(entries.get(message, message))})


def _fold(text: str) -> str:
    return " ".join(text.split()).casefold()
