"""A paper as the answer of a page: a file of the form the reader asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from urllib.parse import quote

from starlette.responses import Response

from akashi.core.errors import NotFoundError
from akashi.platform.papers.docx import render_docx
from akashi.platform.papers.html import render_html
from akashi.platform.papers.model import Paper
from akashi.platform.papers.pdf import render_pdf

_MAKERS: Mapping[str, tuple[str, Callable[[Paper], bytes]]] = MappingProxyType(
    {
        "html": ("text/html; charset=utf-8", lambda paper: render_html(paper).encode()),
        "pdf": ("application/pdf", render_pdf),
        "docx": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", render_docx),
    }
)
FORMS = tuple(_MAKERS)
"""The forms in which a paper is given."""


def make_file(paper: Paper, form: str) -> bytes:
    """Return the paper as ``html``, ``pdf`` or ``docx``. Raises: NotFoundError: another form is asked for."""
    return _maker(form)[1](paper)


def answer_paper(paper: Paper, form: str, name: str) -> Response:
    """Return the paper as a file to keep, called ``name`` with the form's ending; never stored on the way.

    Raises: NotFoundError: another form than html, pdf or docx is asked for.
    """
    media, make = _maker(form)
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(f'{name}.{form}')}",
        "Cache-Control": "no-store",
    }
    return Response(make(paper), media_type=media, headers=headers)


def _maker(form: str) -> tuple[str, Callable[[Paper], bytes]]:
    if form not in _MAKERS:
        raise NotFoundError(
            "A paper is given as html, pdf or docx.", where=form, next_step="Choose one of them."
        )
    return _MAKERS[form]
