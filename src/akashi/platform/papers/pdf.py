"""A paper as PDF, set by Typst with the IPAex Gothic font. The same paper gives the same bytes."""

from __future__ import annotations

import functools
import re
from datetime import UTC, datetime
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from typing import Any, cast

import orjson
import typst

from akashi.core.errors import SetupError
from akashi.platform.kit.formats import write_date
from akashi.platform.papers.model import (
    Block,
    Bullets,
    Facts,
    Figure,
    Heading,
    Paper,
    PaperTable,
    Signatures,
    Text,
)

_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")


def render_pdf(paper: Paper) -> bytes:
    """Return the paper as PDF with outline, page numbers and tags. Its words are data: none is run as markup.

    Raises: SetupError: the font of the installation is missing.
    """
    given = orjson.dumps(
        {
            "title": _clean(paper.title),
            "subtitle": _clean(paper.subtitle),
            "issuer": _clean(paper.issuer),
            "addressee": _clean(paper.addressee),
            "number": _clean(paper.number),
            "marking": _clean(paper.marking),
            "day": write_date(paper.day, paper.language),
            "language": paper.language,
            "blocks": [_describe(block) for block in paper.blocks],
        }
    ).decode()
    stamp = datetime(paper.day.year, paper.day.month, paper.day.day, tzinfo=UTC)
    made = _compiler().compile(
        files("akashi.platform.papers").joinpath("data/paper.typ").read_bytes(),
        format="pdf",
        sys_inputs={"paper": given},
        timestamp=stamp,
    )
    return cast("bytes", made)


@functools.cache
def _compiler() -> typst.Compiler:
    return typst.Compiler(font_paths=[str(font_folder())], ignore_system_fonts=True)


def font_folder() -> Path:
    """Return the folder of IPAex Gothic, without loading the package it comes in. Raises: SetupError."""
    found = find_spec("matplotlib_fontja")
    for place in (found.submodule_search_locations or ()) if found else ():
        folder = Path(place) / "fonts"
        if (folder / "ipaexg.ttf").is_file():
            return folder
    raise SetupError("The font for PDF is missing. Install Akashi again: make setup")


def _describe(block: Block) -> dict[str, Any]:
    match block:
        case Heading():
            return {"kind": "heading", "text": _clean(block.text), "level": block.level}
        case Text():
            return {"kind": "text", "text": _clean(block.text), "tone": block.tone}
        case Bullets():
            items = [_clean(item) for item in block.items]
            return {"kind": "bullets", "items": items, "numbered": block.is_numbered}
        case Facts():
            return {"kind": "facts", "rows": [[_clean(cell) for cell in row] for row in block.rows]}
        case PaperTable():
            return {"kind": "table", **_table(block)}
        case Figure():
            table = _table(block.table) if block.table else None
            caption, alt = _clean(block.caption), _clean(block.alt)
            return {"kind": "figure", "svg": block.svg, "caption": caption, "alt": alt, "table": table}
        case Signatures():
            return {"kind": "signatures", "names": [_clean(name) for name in block.names]}
        case _:
            return {"kind": "break"}


def _table(table: PaperTable) -> dict[str, Any]:
    rows = table.rows or ((table.empty, *("" for _ in table.columns[1:])),)
    return {
        "columns": [_clean(cell) for cell in table.columns],
        "rows": [[_clean(cell) for cell in row] for row in rows],
        "caption": _clean(table.caption),
        "widths": list(table.widths or [1.0] * len(table.columns)),
        "numbers": list(table.numbers),
    }


def _clean(text: str) -> str:
    """Return ``text`` without what cannot be printed or hides what is."""
    return _UNPRINTABLE.sub("", text.replace("\r\n", "\n"))
