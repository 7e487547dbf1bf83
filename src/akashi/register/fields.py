"""One way from text to value and back for each type of field; forms and files share it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date

from akashi.core.errors import InputError
from akashi.register.hours import (
    DAYS,
    KANJI_DAYS,
    parse_exceptions,
    parse_weekly,
    write_exceptions,
    write_weekly,
)
from akashi.register.model import Field, FieldType, Value

MOST_TEXT = 400
MOST_LONG = 8_000
CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,127}")

_YES = frozenset({"yes", "true", "1", "on", "はい", "○", "有", "該当"})
_NO = frozenset({"", "no", "false", "0", "off", "いいえ", "×", "無", "非該当"})
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069]")


def parse_value(field: Field, text: str) -> Value:
    """Return what ``text`` means for ``field``; None for nothing.

    Raises: InputError: it means nothing of this type, with the field as ``where``.
    """
    cleaned = _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()
    if not cleaned and field.type is not FieldType.BOOL:
        if field.required:
            raise InputError("This must be filled in.", where=field.name)
        return None
    try:
        return _PARSERS[field.type](field, cleaned)
    except InputError as error:
        raise InputError(
            error.message, where=field.name, next_step=error.next_step, **error.values
        ) from error


def write_value(field: Field, value: Value) -> str:
    """Return the text of a value; ``parse_value`` gives it back."""
    if value is None:
        return ""
    if field.type is FieldType.BOOL:
        return "yes" if value else "no"
    return str(value)


def write_local(field: Field, value: Value, language: str) -> str:
    """Return the text of a value as readers of ``language`` write it; ``parse_value`` gives it back.

    >>> write_local(Field("hours", FieldType.HOURS, "Hours"), "mon-fri 09:00-15:00", "ja")
    '月-金 09:00-15:00'
    """
    text = write_value(field, value)
    if language != "ja" or field.type not in (FieldType.HOURS, FieldType.EXCEPTIONS):
        return text
    for word, japanese in (*zip(DAYS, KANJI_DAYS, strict=True), ("closed", "休業")):
        text = text.replace(word, japanese)
    return text


def split_reference(field: Field, text: str) -> tuple[str, str]:
    """Return kind and code of a reference; the kind may be left out where only one is possible."""
    kind, colon, code = text.partition(":")
    if colon:
        return kind.strip(), code.strip()
    return field.refers[0], text.strip()


def _parse_text(field: Field, text: str) -> Value:
    if len(text) > MOST_TEXT:
        raise InputError("At most {most} characters.", most=MOST_TEXT)
    return " ".join(text.split())


def _parse_long(field: Field, text: str) -> Value:
    if len(text) > MOST_LONG:
        raise InputError("At most {most} characters.", most=MOST_LONG)
    return text


def _parse_choice(field: Field, text: str) -> Value:
    if text not in (field.choices or {}):
        raise InputError("{value} is not one of the choices.", value=text)
    return text


def _parse_bool(field: Field, text: str) -> Value:
    word = text.lower()
    if word not in _YES | _NO:
        raise InputError("{value} is neither yes nor no.", value=text)
    return word in _YES


def _parse_integer(field: Field, text: str) -> Value:
    digits = text.replace(",", "")
    if not re.fullmatch(r"[0-9]{1,12}", digits):
        raise InputError("{value} is not a whole number.", value=text)
    return int(digits)


def _parse_rate(field: Field, text: str) -> Value:
    if not re.fullmatch(r"[0-9]?(\.[0-9]{1,9})?|1\.0+", text) or not 0 <= float(text or 0) <= 1:
        raise InputError("{value} is not a number between 0 and 1.", value=text)
    return float(text)


def _parse_date(field: Field, text: str) -> Value:
    matched = re.fullmatch(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?", text)
    try:
        return date(*(int(part) for part in matched.groups())).isoformat() if matched else _no_date(text)
    except ValueError:
        return _no_date(text)


def _no_date(text: str) -> Value:
    raise InputError("{value} is not a date such as 2026-04-01.", value=text)


def _parse_reference(field: Field, text: str) -> Value:
    kind, code = split_reference(field, text)
    if kind not in field.refers or not CODE.fullmatch(code):
        raise InputError("{value} does not name a record.", value=text)
    return code if len(field.refers) == 1 else f"{kind}:{code}"


_PARSERS: Mapping[FieldType, Callable[[Field, str], Value]] = {
    FieldType.TEXT: _parse_text,
    FieldType.LONG: _parse_long,
    FieldType.CHOICE: _parse_choice,
    FieldType.BOOL: _parse_bool,
    FieldType.INTEGER: _parse_integer,
    FieldType.RATE: _parse_rate,
    FieldType.DATE: _parse_date,
    FieldType.REF: _parse_reference,
    FieldType.HOURS: lambda field, text: write_weekly(parse_weekly(text)),
    FieldType.EXCEPTIONS: lambda field, text: write_exceptions(parse_exceptions(text)),
}
