"""The Jinja environment: everything escaped, nothing undefined, and the filters of the kit."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from akashi.core.people import Role
from akashi.platform.kit import formats
from akashi.platform.kit.assets import Assets
from akashi.platform.kit.frame import current_frame
from akashi.platform.kit.menu import ROLE_NAMES

_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")
"""Characters that make following ones run the other way, so that people read something else than is there."""


def make_environment(folders: Iterable[Path], assets: Assets) -> Environment:
    """Return the environment over template folders; templates are never taken from elsewhere.

    Constant folding is off: a filter of a constant depends on the reader's language.
    """
    environment = Environment(
        loader=FileSystemLoader([str(folder) for folder in folders]),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_keep_order,
        trim_blocks=True,
        lstrip_blocks=True,
        optimized=False,
        auto_reload=False,
    )
    environment.globals.update(
        _=_translate,
        ngettext=_plural,
        static=assets.address,
        address=_address,
        asked=_asked,
        translate_in=_translate_in,
    )
    environment.filters.update(_FILTERS)
    return environment


def _translate(message: str, /, **values: object) -> str:
    return current_frame.get().translator(message, **values)


def _translate_in(room: str, message: str) -> str:
    return current_frame.get().in_room(room)(message)


def _plural(singular: str, plural: str, count: int, /, **values: object) -> str:
    return current_frame.get().translator.plural(singular, plural, count, **values)


def _address(**changes: object) -> str:
    return current_frame.get().address(**changes)


def _keep_order(value: object) -> object:
    """Return what a page shows, with a visible mark in place of a character that turns the text round."""
    return _TURNING.sub("\N{REPLACEMENT CHARACTER}", value) if type(value) is str else value


def _asked(name: str, default: str = "") -> str:
    return current_frame.get().asked(name, default)


def _date(value: date | datetime | None) -> str:
    return formats.write_date(value, current_frame.get().language)


def _moment(value: datetime | None) -> str:
    return formats.write_moment(value, current_frame.get().language)


def _money(value: int | None) -> str:
    return formats.write_money(value, current_frame.get().language)


def _stamp(value: date | datetime) -> str:
    return formats.write_stamp(value, current_frame.get().language)


def _ago(value: datetime | None) -> str:
    frame = current_frame.get()
    return formats.write_distance(value, frame.now, frame.language)


def _days_left(value: date | None) -> str:
    frame = current_frame.get()
    return formats.write_days_left(value, frame.now, frame.language)


def _role(value: Role | str) -> str:
    return _translate_in("kit", ROLE_NAMES[Role(value)])


def _listing(values: Iterable[object]) -> str:
    """Return things one after the other, with the comma of the page's language."""
    return ("、" if current_frame.get().language == "ja" else ", ").join(str(value) for value in values)


def _lines(value: str) -> Markup:
    """Return text with its line ends as ``<br>``; the text itself is escaped."""
    return Markup("<br>").join(escape(_keep_order(line)) for line in value.splitlines())


_FILTERS = {
    "date": _date,
    "moment": _moment,
    "iso": formats.write_iso,
    "machine": formats.write_machine,
    "ago": _ago,
    "days_left": _days_left,
    "yen": _money,
    "rate": formats.write_rate,
    "number": formats.write_number,
    "size": formats.write_size,
    "clock": formats.write_clock,
    "stamp_date": _stamp,
    "role": _role,
    "lines": _lines,
    "listing": _listing,
}
