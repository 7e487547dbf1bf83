"""What people fill in: a validation, a judged output, a figure, a reason."""

from __future__ import annotations

from wtforms import (
    DateField,
    FloatField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional, Regexp

from akashi.domains.governance.treat import MOST_TEXT
from akashi.platform.kit import Form


class ValidationForm(Form):
    """The independent validator's document and signature."""

    method = TextAreaField(
        "Method",
        [InputRequired(), Length(max=MOST_TEXT)],
        description="What was examined, how, with which runs.",
    )
    assumptions = TextAreaField("Assumptions", [InputRequired(), Length(max=MOST_TEXT)])
    limits = TextAreaField("Limits", [InputRequired(), Length(max=MOST_TEXT)])
    uncertainty = TextAreaField("Uncertainty", [InputRequired(), Length(max=MOST_TEXT)])
    conclusion = TextAreaField("Conclusion", [InputRequired(), Length(max=MOST_TEXT)])
    verdict = RadioField("Judgment", [InputRequired()])


class SampleForm(Form):
    """One output of the trial."""

    day = DateField("Day", [InputRequired()])
    verdict = RadioField("Was it used?", [InputRequired()])
    seconds_saved = IntegerField(
        "Seconds saved",
        [InputRequired(), NumberRange(-36_000, 36_000)],
        description="Against doing it by hand; negative when it took longer.",
    )
    note = StringField("Note", [Length(max=400)], description="No personal data, please.")


class PlayForm(Form):
    """The judgment on the newest output of a trial, and the next sentence of who plays a customer."""

    setting = SelectField("What is played", validate_choice=False)
    verdict = RadioField("Was it used?", [Optional()])
    seconds_saved = IntegerField(
        "Seconds saved",
        [Optional(), NumberRange(-36_000, 36_000)],
        description="Against doing it by hand; negative when it took longer.",
    )
    note = StringField("Note", [Length(max=400)], description="No personal data, please.")
    sentence = TextAreaField("Your sentence as a customer", [Length(max=2_000)])


class ReasonForm(Form):
    """A reason."""

    reason = TextAreaField("Reason", [InputRequired(), Length(max=MOST_TEXT)])


class KpiForm(Form):
    """One figure of one month."""

    name = StringField("Figure", [InputRequired(), Length(max=80)])
    month = StringField(
        "Month",
        [InputRequired(), Regexp(r"\A20\d\d-(0[1-9]|1[0-2])\Z", message="Write the month as 2026-04.")],
    )
    plan = FloatField("Plan", [InputRequired()])
    actual = FloatField("Actual", [Optional()])
    unit = StringField("Unit", [Length(max=16)])
