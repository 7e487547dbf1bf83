"""What people fill in: acting on a matter, fulfilling a condition, attaching a file, naming a deputy."""

from __future__ import annotations

from datetime import date

from wtforms import DateField, FileField, HiddenField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from akashi.approvals.model import Action, Condition
from akashi.approvals.texts import REASON_LIMIT
from akashi.platform.kit import Form

CONDITION_ROWS = (1, 2, 3)


class ActForm(Form):
    """Act on a matter; ``seen`` is how many events the page showed."""

    seen = HiddenField()
    hand = SelectField("Sign as", choices=[("", "")])
    reason = TextAreaField(
        "Opinion or reason",
        [Length(max=REASON_LIMIT)],
        description="A return needs a reason. Otherwise it may stay empty.",
    )

    @property
    def seen_count(self) -> int | None:
        """Return how many events were shown, or None when that cannot be read."""
        text = str(self.seen.data or "")
        return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else None


class DecideForm(ActForm):
    """Act on a matter, with up to three conditions; whether an owner exists is checked where it is kept."""

    condition_text_1 = StringField("Condition 1", [Length(max=REASON_LIMIT)])
    condition_owner_1 = SelectField("Who owns condition 1", choices=[("", "")], validate_choice=False)
    condition_due_1 = DateField("Condition 1 is due on", [Optional()])
    condition_text_2 = StringField("Condition 2", [Length(max=REASON_LIMIT)])
    condition_owner_2 = SelectField("Who owns condition 2", choices=[("", "")], validate_choice=False)
    condition_due_2 = DateField("Condition 2 is due on", [Optional()])
    condition_text_3 = StringField("Condition 3", [Length(max=REASON_LIMIT)])
    condition_owner_3 = SelectField("Who owns condition 3", choices=[("", "")], validate_choice=False)
    condition_due_3 = DateField("Condition 3 is due on", [Optional()])

    def read_conditions(self, today: date) -> list[Condition]:
        """Return the conditions filled in; whatever is half filled in becomes an error of its field."""
        found = []
        for row in CONDITION_ROWS:
            text, owner, due = (self[f"condition_{name}_{row}"] for name in ("text", "owner", "due"))
            if not (text.data or owner.data or due.data):
                continue
            for field in (text, owner, due):
                if not field.data and not field.errors:
                    self.fail(field.name, "Fill in this field.")
            if due.data and due.data < today:
                self.fail(due.name, "The due day has passed already.")
            if text.data and owner.data and due.data:
                found.append(Condition("", text.data, owner.data, due.data))
        return found


class FulfilForm(Form):
    """Say with which evidence a condition was fulfilled."""

    evidence = TextAreaField(
        "Evidence",
        [InputRequired(), Length(max=REASON_LIMIT)],
        description="What was done, when, and where it can be seen.",
    )


class AttachForm(Form):
    """Add a file to a matter."""

    file = FileField("File", description="Minutes, committee papers, evidence. At most 10 MiB.")


class DeputyForm(Form):
    """Register a deputy."""

    principal_id = SelectField("For whom", [InputRequired()])
    deputy_id = SelectField("Deputy", [InputRequired()])
    first_day = DateField("First day", [InputRequired()])
    last_day = DateField("Last day", [InputRequired()], description="One year at most.")


BUTTON_ACTIONS = {action.value: action for action in Action if action is not Action.WITHDRAW}


class RulesForm(Form):
    """The changed file of routes and authority lines."""

    file = FileField("File", [InputRequired()], description="TOML, as exported here.")
