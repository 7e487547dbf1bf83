"""Forms: WTForms in the reader's language, and the dependency that reads a posted form."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from typing import Annotated, Any, TypeVar

import wtforms
from fastapi import Depends, Request
from starlette.datastructures import FormData

from akashi.core.errors import InputError
from akashi.platform.kit.catalogs import Message

FormT = TypeVar("FormT", bound="Form")


class Form(wtforms.Form):
    """Base of every form. Labels, descriptions and own error texts are message ids.

    Cross-site posts are refused before any form is read (web layer), so forms carry no token.
    """

    def fail(self, name: str, message: str, **values: object) -> None:
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
    (False, ['このフィールドは必須です。'])
    """
    meta = {"locales": [language, "en"]}
    form = form_class(formdata=request_form, data=data, prefix=prefix, meta=meta)
    for name, offered in (choices or {}).items():
        setattr(form[name], "choices", offered)  # noqa: B010  the stubs know it of choice fields only
    return form
