"""The page kit: what every screen of the product is made of.

For rooms: ``render`` and ``redirect`` in page handlers, ``Form``, ``parse_form`` and ``FormDep`` for
forms, ``Page`` and ``Sort`` for lists, ``translate`` where Python itself must speak to a reader.
For the house: ``make_kit`` stored as ``app.state.kit``, ``mount_static``, ``render_error``.
"""

from akashi.platform.kit.assets import mount_static
from akashi.platform.kit.catalogs import Message, Translator, mark
from akashi.platform.kit.errors import render_error
from akashi.platform.kit.forms import Form, FormDep, parse_form
from akashi.platform.kit.kit import Kit, make_kit
from akashi.platform.kit.lists import Page, Sort, read_page_number, read_sort, take_page
from akashi.platform.kit.responses import redirect, render, translate, translator

__all__ = [
    "Form",
    "FormDep",
    "Kit",
    "Message",
    "Page",
    "Sort",
    "Translator",
    "make_kit",
    "mark",
    "mount_static",
    "parse_form",
    "read_page_number",
    "read_sort",
    "redirect",
    "render",
    "render_error",
    "take_page",
    "translate",
    "translator",
]
