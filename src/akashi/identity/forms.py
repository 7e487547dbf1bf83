"""Forms of the people pages; labels and descriptions are message ids."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import wtforms
from wtforms import validators
from wtforms.widgets import CheckboxInput, ListWidget

from akashi.identity.people import NAME_LIMIT, PersonData
from akashi.identity.tokens import LIFETIMES_DAYS
from akashi.platform.clock import TOKYO
from akashi.platform.kit import Form


class PersonForm(Form):
    """What an administrator writes down about a person."""

    name = wtforms.StringField(
        "Name",
        [validators.DataRequired(), validators.Length(max=NAME_LIMIT)],
        description="Family name first.",
    )
    kana = wtforms.StringField("Reading in kana", [validators.Length(max=NAME_LIMIT)])
    romaji = wtforms.StringField(
        "Name in Latin letters", [validators.Length(max=NAME_LIMIT)], description="Shown on English pages."
    )
    mail = wtforms.StringField("Mail address", [validators.Length(max=NAME_LIMIT)])
    office = wtforms.StringField(
        "Office id", [validators.Length(max=64)], description="As in the register of offices."
    )

    def person_data(self) -> PersonData:
        """Return what was entered."""
        return PersonData(**{name: self[name].data or "" for name in PersonData.__dataclass_fields__})


class GrantForm(Form):
    """A role for some time; both days included, in Tokyo."""

    role = wtforms.SelectField("Role", [validators.InputRequired()])
    first_day = wtforms.DateField("First day", [validators.Optional()], description="Empty: from now on.")
    last_day = wtforms.DateField(
        "Last day", [validators.Optional()], description="Empty: until it is taken back."
    )

    def begins(self) -> datetime | None:
        """Return the start of the first day."""
        return _start_of(self.first_day.data)

    def ends(self) -> datetime | None:
        """Return the end of the last day, exclusive."""
        start = _start_of(self.last_day.data)
        return None if start is None else start + timedelta(days=1)


class ConfirmForm(Form):
    """The code that the owner of a new passkey reads out."""

    code = wtforms.StringField("Code", [validators.DataRequired(), validators.Length(max=20)])


class TokenForm(Form):
    """A service token for one machine."""

    name = wtforms.StringField("Name of the system", [validators.DataRequired(), validators.Length(max=80)])
    scopes = wtforms.SelectMultipleField(
        "Scopes", [validators.DataRequired()], widget=ListWidget(), option_widget=CheckboxInput()
    )
    days = wtforms.SelectField(
        "Lifetime", coerce=int, default=90, choices=[(days, str(days)) for days in LIFETIMES_DAYS]
    )


class ImportForm(Form):
    """A file with people."""

    file = wtforms.FileField("CSV file", description="UTF-8 or Shift_JIS, at most 5 MB.")


def _start_of(day: date | None) -> datetime | None:
    return None if day is None else datetime.combine(day, time(), TOKYO)
