"""Forms of the catalogue: an own rule to import, an attestation."""

from __future__ import annotations

import wtforms
from wtforms import validators

from akashi.platform.kit import Form

SHORT = validators.Length(max=200)
LONG = validators.Length(max=2000)


class RuleForm(Form):
    """One edition of a rule of the institution."""

    title = wtforms.StringField("Title of the rule", [validators.InputRequired(), SHORT])
    code = wtforms.StringField(
        "Code",
        [validators.InputRequired(), validators.Length(max=40)],
        description="Small letters, digits and hyphens; the same code for every edition of this rule.",
    )
    edition = wtforms.StringField("Edition", [validators.InputRequired(), SHORT])
    issuer = wtforms.StringField("Issuer", [validators.InputRequired(), SHORT])
    file = wtforms.FileField(
        "File",
        [validators.InputRequired()],
        description="XLSX or CSV with the columns 条項, 見出し, 本文; or DOCX and others by their headings.",
    )


class AttestForm(Form):
    """A responsible person's word."""

    statement = wtforms.TextAreaField(
        "What was confirmed", [validators.InputRequired(), LONG], render_kw={"rows": 3}
    )
    reference = wtforms.StringField(
        "On which evidence",
        [validators.InputRequired(), validators.Length(max=500)],
        description="The document and its version, the decision number, or where it is kept.",
    )
    holds_until = wtforms.DateField(
        "Holds until", [validators.InputRequired()], description="At most a year from today."
    )
