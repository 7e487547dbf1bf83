"""A paper as one self-contained HTML file: no script, nothing from elsewhere."""

from __future__ import annotations

import base64
import functools

from jinja2 import Environment, PackageLoader, StrictUndefined

from akashi.platform.kit.formats import write_date
from akashi.platform.papers.model import Block, Paper

_KINDS = {
    "Heading": "heading",
    "Text": "text",
    "Bullets": "bullets",
    "Facts": "facts",
    "PaperTable": "table",
    "Figure": "figure",
    "Signatures": "signatures",
    "PageBreak": "break",
}


def render_html(paper: Paper) -> str:
    """Return the paper as a whole HTML page with its style inside; all its words are escaped."""
    template = _environment().get_template("paper.html")
    return template.render(paper=paper, day=write_date(paper.day, paper.language))


def kind_of(block: Block) -> str:
    """Return the name of a block's kind, as templates know it."""
    return _KINDS[type(block).__name__]


def picture_address(svg: str) -> str:
    """Return an SVG as an address for ``<img>``: a picture cannot run scripts."""
    return "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode()


@functools.cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("akashi.platform.papers", "data"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(kind=kind_of, picture=picture_address)
    return environment
