"""Forms: WTForms in the reader's language, and the dependency that reads a posted form."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Mapping
from functools import cache
from typing import Annotated, Any, TypeVar

import wtforms
from fastapi import Depends, Request
from starlette.datastructures import FormData
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.i18n import get_translations
from wtforms.meta import DefaultMeta

from akashi.core.errors import InputError
from akashi.platform.kit.catalogs import Message, read_entries
from akashi.platform.rooms import package_folder

FormT = TypeVar("FormT", bound="Form")


class ValidatorWords:
    """What WTForms' own validators say: our wording where the kit has one, else theirs."""

    def __init__(self, language: str) -> None:
        self._ours = read_entries(package_folder("akashi.platform.kit") / "locale" / f"{language}.po")
        self._theirs = get_translations([language, "en"])

    def gettext(self, string: str) -> str:
        """Return one message; an unknown one stays English."""
        return self._ours.get(string) or str(self._theirs.gettext(string))

    def ngettext(self, singular: str, plural: str, n: int) -> str:
        """Return the form for ``n``."""
        return self._ours.get(singular) or str(self._theirs.ngettext(singular, plural, n))


@cache
def find_words(language: str) -> ValidatorWords:
    """Return the validators' words in ``language``."""
    return ValidatorWords(language)


class FormMeta(DefaultMeta):
    """Forms speak the language they were parsed in; no token, see ``Form``."""

    language = "ja"

    def bind_field(self, form: wtforms.form.BaseForm, unbound_field: Any, options: Any) -> Any:
        """Return the field; choices may be written as plain ``(value, label)`` pairs."""
        offered = unbound_field.kwargs.get("choices")
        if offered is not None and not callable(offered):
            options = {**options, "choices": list_choices(offered)}
        return super().bind_field(form, unbound_field, options)

    def get_translations(self, form: wtforms.form.BaseForm) -> ValidatorWords:
        """Return the words of the form's language."""
        return find_words(self.language)


def list_choices(offered: Iterable[Any] | Mapping[Any, Any]) -> list[SelectChoice]:
    """Return choices as WTForms wants them.

    Takes ``(value, label)`` pairs, bare values, ``{value: label}``, or ``{group: pairs}``.

    >>> [(choice.value, choice.label, choice.optgroup) for choice in list_choices({"東": [("1", "本店")]})]
    [('1', '本店', '東')]
    """
    if isinstance(offered, Mapping):
        grouped = [(key, value) for key, value in offered.items() if isinstance(value, (list, tuple))]
        plain = [(key, value) for key, value in offered.items() if not isinstance(value, (list, tuple))]
        made = [SelectChoice(value, label) for value, label in plain]
        return made + [SelectChoice(*pair, optgroup=group) for group, pairs in grouped for pair in pairs]
    return [
        SelectChoice(*item) if isinstance(item, tuple) else SelectChoice.from_input(item) for item in offered
    ]


class Form(wtforms.Form):
    """Base of every form. Labels, descriptions and own error texts are message ids.

    Cross-site posts are refused before any form is read (web layer), so forms carry no token.
    """

    Meta = FormMeta

    def fail(self, name: str, message: str, /, **values: object) -> None:
        """Add an error to the field ``name``; an unknown or empty name puts it on the whole form."""
        said = Message(message, **values)
        if name in self._fields:
            field = self._fields[name]
            field.errors = [*field.errors, said]
        else:
            self.form_errors.append(said)

    def fail_with(self, error: InputError) -> None:
        """Show an ``InputError``: at the field its ``where`` names, else above the form."""
        self.fail(error.where, error.message, **error.values)
        if error.next_step:
            self.fail(error.where, error.next_step, **error.values)


async def read_form(request: Request) -> AsyncIterator[FormData]:
    """Yield the posted form; its temporary files are closed after the response."""
    async with request.form() as form:
        for name, value in form.multi_items():
            if isinstance(value, str) and "\x00" in value:
                raise InputError(
                    "The text holds a character that cannot be kept.",
                    where=name,
                    next_step="Write it again by hand.",
                )
        yield form


FormDep = Annotated[FormData, Depends(read_form)]


def parse_form(
    request_form: FormData | None,
    form_class: type[FormT],
    language: str = "ja",
    data: Mapping[str, Any] | None = None,
    *,
    choices: Mapping[str, Any] | None = None,
    prefix: str = "",
) -> FormT:
    """Return the form filled from what was posted, or from ``data`` when nothing was.

    Call ``validate()`` on it; WTForms' own messages then come in ``language``. ``choices`` gives the
    options of select and radio fields by name: ``{"office": [("01", "本店"), …]}``. ``prefix`` keeps
    two forms of one page apart.

    >>> class Name(Form):
    ...     name = wtforms.StringField("Name", [wtforms.validators.DataRequired()])
    >>> form = parse_form(FormData([("name", "")]), Name, "ja")
    >>> form.validate(), list(form.name.errors)
    (False, ['必須の項目です。'])
    """
    form = form_class(formdata=request_form, data=data, prefix=prefix, meta={"language": language})
    for name, offered in (choices or {}).items():
        setattr(form[name], "choices", list_choices(offered))  # noqa: B010  the stubs know it of choice fields only
    return form
