"""Forms of findings: a finding by hand, a treatment of each kind, evidence, a note."""

from __future__ import annotations

from datetime import date

import wtforms
from starlette.datastructures import FormData, UploadFile
from wtforms import validators

from akashi.core.thread import (
    Acceptance,
    Mitigation,
    Remediation,
    Severity,
    Stop,
    Treatment,
    TreatmentKind,
)
from akashi.findings.evidence import MOST_BYTES, Handed
from akashi.findings.words import SEVERITIES, SUBJECTS
from akashi.language.calendar import is_bank_holiday, next_business_day
from akashi.platform.kit import Form, Message

LONG = validators.Length(max=4000)
SHORT = validators.Length(max=200)
SEVERITY_CHOICES = [(one.value, title) for one, title in SEVERITIES.items()]
SUBJECT_CHOICES = [(one.value, title) for one, title in SUBJECTS.items()]


class FindingForm(Form):
    """A finding that a person writes down, such as an audit point."""

    title = wtforms.StringField("What is wrong, in one line", [validators.InputRequired(), SHORT])
    detail = wtforms.TextAreaField("Details", [LONG], render_kw={"rows": 5})
    severity = wtforms.SelectField("Severity", choices=SEVERITY_CHOICES, default=Severity.MEDIUM.value)
    subject_kind = wtforms.SelectField("Kind of subject", choices=SUBJECT_CHOICES, default="system")
    subject_id = wtforms.StringField(
        "Subject", [validators.InputRequired(), SHORT], description="Its code in the register."
    )
    requirement_id = wtforms.SelectField("Requirement", [validators.InputRequired()])


class RemediationForm(Form):
    """What every treatment says: who, what, until when."""

    owner = wtforms.SelectField("Owner", [validators.InputRequired()])
    plan = wtforms.TextAreaField(
        "What will be done", [validators.InputRequired(), LONG], render_kw={"rows": 4}
    )
    due_on = wtforms.DateField(
        "Due on",
        [validators.InputRequired()],
        description="A business day; the treatment is late from the next day.",
    )

    def validate_due_on(self, field: wtforms.DateField) -> None:
        """Refuse days on which nobody works, and name the next one on which somebody does."""
        day = field.data
        if isinstance(day, date) and is_bank_holiday(day):
            said = Message(
                "{day} is not a business day; the next one is {next}.", day=day, next=next_business_day(day)
            )
            raise validators.ValidationError(said)


class MitigationForm(RemediationForm):
    """A treatment that leaves a risk behind, until a date or a signal."""

    remaining_risk = wtforms.TextAreaField(
        "Remaining risk", [validators.InputRequired(), LONG], render_kw={"rows": 3}
    )
    expires_on = wtforms.DateField(
        "Valid until",
        [validators.InputRequired()],
        description="The last day on which it holds. The finding opens again by itself the next day.",
    )
    lapse_signals = wtforms.TextAreaField(
        "Signals on which it lapses",
        [LONG],
        render_kw={"rows": 2},
        description="One on each line, for example: exploit code was published",
    )


class EvidenceForm(Form):
    """What was seen: in words, as a file, or both; no personal data."""

    text = wtforms.TextAreaField(
        "What was seen",
        [LONG],
        render_kw={"rows": 4},
        description="Do not write personal data of customers here.",
    )
    file = wtforms.FileField("File")


class MeasureForm(EvidenceForm):
    """The result of measuring again."""

    passed = wtforms.RadioField(
        "Result",
        [validators.InputRequired()],
        choices=[("yes", "The wrong is gone"), ("no", "The wrong is still there")],
    )


class ReasonForm(Form):
    """A reason in words."""

    reason = wtforms.TextAreaField("Reason", [validators.InputRequired(), LONG], render_kw={"rows": 3})


FORMS: dict[TreatmentKind, type[RemediationForm]] = {
    TreatmentKind.REMEDIATE: RemediationForm,
    TreatmentKind.MITIGATE: MitigationForm,
    TreatmentKind.ACCEPT: MitigationForm,
    TreatmentKind.STOP: RemediationForm,
}


def read_treatment(kind: TreatmentKind, form: RemediationForm) -> Treatment:
    """Return the treatment of a valid form."""
    owner, due_on, plan = str(form.owner.data), _day(form.due_on), str(form.plan.data).strip()
    if not isinstance(form, MitigationForm):
        return (Remediation if kind is TreatmentKind.REMEDIATE else Stop)(owner, due_on, plan)
    lines = str(form.lapse_signals.data or "").splitlines()
    signals = tuple(dict.fromkeys(line.strip() for line in lines if line.strip()))
    make = Mitigation if kind is TreatmentKind.MITIGATE else Acceptance
    return make(owner, due_on, plan, str(form.remaining_risk.data).strip(), _day(form.expires_on), signals)


def read_evidence(posted: FormData) -> Handed:
    """Return what was handed in: the file when there is one (with the words before it), else the words."""
    text = str(posted.get("text", "")).strip()
    file = posted.get("file")
    if isinstance(file, UploadFile) and file.filename:
        return Handed(file.filename[:200], file.file.read(MOST_BYTES + 1))
    return Handed("note.txt", text.encode("utf-8", "replace"))


def _day(field: wtforms.DateField) -> date:
    if not isinstance(field.data, date):
        raise TypeError("a valid form has its dates")
    return field.data
