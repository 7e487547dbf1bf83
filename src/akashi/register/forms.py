"""Forms made from the description of a kind; the rules are those of ``fields``, the same as for files."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import wtforms
from sqlalchemy.engine import Connection
from starlette.datastructures import FormData
from wtforms import validators, widgets

from akashi.platform.kit import Form
from akashi.register import store
from akashi.register.exchange import BOOL_TITLES
from akashi.register.fields import write_local
from akashi.register.model import Field, FieldType, Kind, State, Values
from akashi.register.treat import Checked, check_texts

NOTHING = ("", "—")
_LINES = {FieldType.LONG: 5, FieldType.HOURS: 3, FieldType.EXCEPTIONS: 3}


class UploadForm(Form):
    """The file of an import."""

    file = wtforms.FileField(
        "File",
        [validators.InputRequired()],
        description="CSV (UTF-8 or Shift_JIS) or XLSX, as exported here.",
    )


def make_form(connection: Connection, kind: Kind, *, is_new: bool) -> type[Form]:
    """Return the form class of a kind; a new record also asks for its code where none can be made."""
    fields: dict[str, Any] = {"version": wtforms.HiddenField()}
    if is_new and not kind.code:
        help_text = "Letters, digits, hyphens and low lines; it never changes."
        fields["code"] = wtforms.StringField("Code", [validators.InputRequired()], description=help_text)
    for field in kind.fields:
        fields[field.name] = _make_field(connection, field)
    return type(f"{kind.name.title()}Form", (Form,), fields)


def read_texts(kind: Kind, posted: FormData) -> dict[str, str]:
    """Return the posted texts by field; a box that is not ticked is empty."""
    return {field.name: str(posted.get(field.name, "")) for field in kind.fields}


def write_texts(kind: Kind, values: Values, language: str) -> dict[str, Any]:
    """Return what fills the form with ``values``."""
    return {
        field.name: values.get(field.name)
        if field.type is FieldType.BOOL
        else write_local(field, values.get(field.name), language)
        for field in kind.fields
    }


def check_form(kind: Kind, form: Form, posted: FormData) -> Checked:
    """Return the values of a posted form; what is wrong already stands at its fields."""
    form.validate()
    checked = check_texts(kind, read_texts(kind, posted))
    for name, error in checked.errors:
        if not form[name].errors:
            form.fail_with(error)
    return checked


def _make_field(connection: Connection, field: Field) -> Any:
    rules = [validators.InputRequired()] if field.required else []
    options: dict[str, Any] = {"label": field.label, "validators": rules, "description": field.help}
    if field.type is FieldType.BOOL:
        return wtforms.BooleanField(field.label, description=field.help, false_values=("", "no", "false"))
    if field.type is FieldType.CHOICE:
        return wtforms.SelectField(choices=[NOTHING, *(field.choices or {}).items()], **options)
    if field.type is FieldType.REF:
        choices = [NOTHING, *_list_targets(connection, field)]
        return wtforms.SelectField(choices=choices, **options)
    if field.type in _LINES:
        return wtforms.TextAreaField(render_kw={"rows": _LINES[field.type]}, **options)
    widget = widgets.DateInput() if field.type is FieldType.DATE else widgets.TextInput()
    return wtforms.StringField(widget=widget, **options)


def _list_targets(connection: Connection, field: Field) -> list[tuple[str, str]]:
    """Return the records a reference may lead to; with several kinds the kind stands in the value."""
    found = []
    for kind in field.refers:
        for entry in store.list_entries(connection, kind, state=State.ACTIVE.value):
            value = entry.code if len(field.refers) == 1 else f"{kind}:{entry.code}"
            found.append((value, entry.title))
    return found


def show_value(field: Field, values: Values, titles: Mapping[tuple[str, str], str], language: str) -> str:
    """Return the message id or text by which a page shows a value; references by their titles."""
    text = write_local(field, values.get(field.name), language)
    if field.type is FieldType.REF and text:
        kind, _, code = text.rpartition(":")
        return titles.get((kind or field.refers[0], code), text)
    if field.type is FieldType.BOOL:
        return BOOL_TITLES[text] if text else ""
    return (field.choices or {}).get(text, text)
