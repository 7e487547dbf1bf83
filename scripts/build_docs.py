"""Turn docs/, the READMEs and the changelog into pages in site/, and check every local link."""

from __future__ import annotations

import html
import re
import shutil
import sys
from pathlib import Path

from markdown_it import MarkdownIt

ROOT = Path(__file__).resolve().parents[1]
SITE = ROOT / "site"
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
PAGE = """<!doctype html>
<html lang="{language}"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{title}</title><link rel="stylesheet" href="{up}akashi.css"><body>
<nav><a href="{up}README.html">Akashi 証</a> <a href="{up}docs/index.html">docs</a></nav>
<main>{body}</main></body></html>
"""
STYLE = """body{max-width:52rem;margin:2rem auto;padding:0 1rem;line-height:1.75;font-family:sans-serif}
table{border-collapse:collapse}td,th{border:1px solid #c9d1d9;padding:.3rem .6rem;vertical-align:top}
pre{background:#f3f5f7;padding:.8rem;overflow-x:auto}img{max-width:100%}nav a{margin-right:1rem}
"""


def main() -> int:
    """Build every page; exit 1 when a link leads nowhere."""
    shutil.rmtree(SITE, ignore_errors=True)
    sources = [
        ROOT / "README.md",
        ROOT / "README.ja.md",
        ROOT / "CHANGELOG.md",
        *sorted((ROOT / "docs").rglob("*.md")),
    ]
    broken = [line for source in sources for line in broken_links(source)]
    for source in sources:
        build_page(source)
    write_index(sources)
    (SITE / "akashi.css").write_text(STYLE)
    if (ROOT / "docs" / "images").is_dir():
        shutil.copytree(ROOT / "docs" / "images", SITE / "docs" / "images")
    print("\n".join(broken) or f"{len(sources)} pages in {SITE.relative_to(ROOT)}/, no broken link.")
    return 1 if broken else 0


def broken_links(source: Path) -> list[str]:
    """Return one line for each local link of ``source`` that leads nowhere."""
    found = LINK.findall(source.read_text(encoding="utf-8"))
    local = [link.partition("#")[0] for link in found if "://" not in link and not link.startswith("#")]
    return [f"{source.relative_to(ROOT)}: {link}" for link in local if not (source.parent / link).exists()]


def build_page(source: Path) -> None:
    """Write the HTML page of one Markdown file."""
    relative = source.relative_to(ROOT)
    target = (SITE / relative).with_suffix(".html")
    target.parent.mkdir(parents=True, exist_ok=True)
    text = source.read_text(encoding="utf-8")
    body = MarkdownIt("commonmark").enable("table").render(text)
    body = re.sub(r'href="(?!https?:)([^"#]+)\.md(#[^"]*)?"', r'href="\1.html\2"', body)
    language = "ja" if source.name.endswith(".ja.md") else "en"
    up = "../" * (len(relative.parts) - 1)
    title = html.escape(text.partition("\n")[0].lstrip("# "))
    target.write_text(PAGE.format(language=language, title=title, up=up, body=body), encoding="utf-8")


def write_index(sources: list[Path]) -> None:
    """Write docs/index.html with a link to every page below docs/."""
    names = [
        source.relative_to(ROOT / "docs").with_suffix(".html") for source in sources if "docs" in source.parts
    ]
    items = "".join(f'<li><a href="{name}">{name.with_suffix("")}</a></li>' for name in names)
    body = f"<h1>docs</h1><ul>{items}</ul>"
    (SITE / "docs").mkdir(parents=True, exist_ok=True)
    (SITE / "docs" / "index.html").write_text(PAGE.format(language="en", title="docs", up="../", body=body))


if __name__ == "__main__":
    sys.exit(main())
