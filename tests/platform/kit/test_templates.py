"""Every template of every room: it compiles, and nothing in it could run or style inline."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from jinja2 import Environment

from akashi.platform.rooms import package_folder

FORBIDDEN = {
    "style attribute": re.compile(r"<[^>]*\sstyle\s*=", re.I),
    "style element": re.compile(r"<style\b", re.I),
    "inline script": re.compile(r"<script\b(?![^>]*\bsrc=)", re.I),
    "script without nonce": re.compile(r"<script\b(?![^>]*\bnonce=)", re.I),
    "event attribute": re.compile(r"<[^>]*\son[a-z]+\s*=", re.I),
    "script address": re.compile(r"javascript:", re.I),
    "unescaped value": re.compile(r"\|\s*safe\b|autoescape\s+false", re.I),
    "foreign address": re.compile(r"(?:src|href|action)\s*=\s*[\"'](?:https?:)?//", re.I),
    "method of a form unsaid": re.compile(r"<form\b(?![^>]*\bmethod=)", re.I),
}
TEMPLATES = sorted(package_folder("akashi").rglob("templates/**/*.html"))
TAGS = re.compile(r"\{[#%].*?[#%]\}|\{\{.*?\}\}", re.S)


def find_faults(source: str) -> set[str]:
    """Return the names of what must not stand in a template; Jinja's own parts count for escaping only."""
    bare = TAGS.sub("x", source)
    return {
        name
        for name, pattern in FORBIDDEN.items()
        if pattern.search(source if name == "unescaped value" else bare)
    }


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: "/".join(path.parts[-2:]))
def test_template_compiles_and_holds_nothing_inline(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    Environment(autoescape=True).parse(source)
    assert find_faults(source) == set()


@pytest.mark.parametrize(
    ("source", "fault"),
    [
        ('<p style="color: red">', "style attribute"),
        ("<style>p {}</style>", "style element"),
        ('<script nonce="{{ nonce }}">go()</script>', "inline script"),
        ("<script src=\"{{ static('a/b.js') }}\"></script>", "script without nonce"),
        ('<button onclick="go()">', "event attribute"),
        ('<a href="javascript:go()">', "script address"),
        ("{{ text | safe }}", "unescaped value"),
        ('<img src="//cdn.example/x.png">', "foreign address"),
        ("<form><input></form>", "method of a form unsaid"),
    ],
)
def test_the_reader_of_templates_notices(source: str, fault: str) -> None:
    assert fault in find_faults(source)


def test_styles_and_scripts_fetch_nothing_from_elsewhere() -> None:
    files = [path for path in package_folder("akashi").rglob("static/**/*") if path.suffix in {".css", ".js"}]
    assert len(files) > 10
    outside = re.compile(r"@import|url\(|(?:https?:)?//[a-z0-9-]+\.[a-z]", re.I)
    assert [path.name for path in files if outside.search(path.read_text(encoding="utf-8"))] == []


def test_scripts_never_write_markup() -> None:
    risky = re.compile(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function")
    files = list(package_folder("akashi").rglob("static/**/*.js"))
    assert [path.name for path in files if risky.search(path.read_text(encoding="utf-8"))] == []
