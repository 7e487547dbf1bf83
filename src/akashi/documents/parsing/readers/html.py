"""HTML: what a reader of the page sees, in order; what is hidden is left out and reported."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from akashi.core.errors import InputError
from akashi.documents.parsing.decode import Decoded, decode
from akashi.documents.parsing.draft import Draft, LineKind, Source, shorten
from akashi.documents.parsing.tables import add_table

Element = etree._Element  # lxml has no public name for it

_ENTITY = re.compile(rb"<!ENTITY", re.IGNORECASE)
_CHARSET = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([-\w]+)", re.IGNORECASE)
_DECLARED = {"shift_jis": "cp932", "shift-jis": "cp932", "x-sjis": "cp932", "windows-31j": "cp932"}
_DROPPED = frozenset({
    "script", "style", "noscript", "template", "head", "iframe", "object", "embed", "svg",
    "canvas", "audio", "video", "map", "select", "textarea", "button", "math", "dialog",
    "applet", "frameset", "input",
})  # fmt: skip
_BLOCKS = frozenset({
    "address", "article", "aside", "blockquote", "body", "br", "caption", "center", "dd",
    "details", "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form",
    "header", "hr", "html", "legend", "li", "main", "nav", "ol", "p", "pre", "section",
    "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul",
})  # fmt: skip
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_HIDING = re.compile(
    r"display:none|visibility:(?:hidden|collapse)|opacity:0(?:\.0+)?(?:;|$)"
    r"|font-size:0(?:\.0+)?(?:px|pt|em|rem|%)?(?:;|$)|(?:left|top|text-indent):-\d{3,}"
    r"|clip(?:-path)?:(?:rect\(0|inset\(100%)"
)
_WHITE = re.compile(
    r"(?:^|;)color:(?:white|#fff(?:fff)?f?f?|rgba?\(255,255,255[^)]*\)|transparent"
    r"|rgba\([^)]*,0(?:\.0+)?\))"
)
_RULE = re.compile(r"([^{}]{1,500})\{([^{}]{0,2000})\}")
_SELECTOR = re.compile(r"([.#]?)([-\w]+)$")


def read(content: bytes, source: Source) -> Draft:
    """Return the draft of an HTML page.

    Raises: InputError: entity definitions, or nothing that is HTML.
    """
    if _ENTITY.search(content.replace(b"\x00", b"")):
        raise InputError(
            "The file defines XML entities, which can hide an attack.",
            where=source.name,
            next_step="Export the document again from the program that made it.",
        )
    decoded = _decode(content, source.name)
    draft = Draft(source)
    draft.note_encoding(decoded)
    parser = etree.HTMLParser(
        encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True, huge_tree=False
    )
    # The characters that XML forbids would end the parsing; Draft counts and removes the others.
    document = decoded.text.replace("\x00", "").encode("utf-8", "ignore")
    try:
        root = etree.fromstring(document, parser) if document.strip() else None
    except etree.XMLSyntaxError:
        root = None
    if root is not None:
        _Page(draft, root).read()
    return draft


def _decode(content: bytes, where: str) -> Decoded:
    """The page's own declaration counts when its decoder accepts every byte."""
    declared = _CHARSET.search(content[:2048])
    if declared is not None:
        name = declared[1].decode("ascii", "replace").lower()
        name = _DECLARED.get(name, name)
        if name in ("cp932", "euc-jp", "iso-2022-jp"):
            try:
                return Decoded(content.decode(name), name.replace("-", "_"))
            except UnicodeDecodeError:
                return decode(content, where)
    return decode(content, where)


class _Page:
    """One walk over the tree of a page, writing a draft."""

    def __init__(self, draft: Draft, root: Element) -> None:
        self._draft = draft
        self._root = root
        self._words: list[str] = []
        self._level = 0
        self._items = 0
        self._hidden_rules = set(_hiding_selectors(root))

    def read(self) -> None:
        """Write the visible text of the page."""
        walk = etree.iterwalk(self._root, events=("start", "end"))
        for event, element in walk:
            if event == "end":
                self._close(element)
            elif self._is_left_out(element):
                walk.skip_subtree()
            elif element.tag == "table" and not _is_layout(element):
                self._flush()
                self._read_table(element)
                walk.skip_subtree()
            else:
                self._open(element)
        self._flush()

    def _open(self, element: Element) -> None:
        tag = str(element.tag)
        if tag in _BLOCKS or tag in _HEADINGS:
            self._flush()
        if tag in _HEADINGS:
            self._level = _HEADINGS[tag]
        self._items += tag in ("li", "blockquote")
        self._words.append(element.text or "")

    def _close(self, element: Element) -> None:
        """The end event comes for skipped elements too: only their tail is seen."""
        tag = str(element.tag)
        skipped = self._is_left_out(element) or (tag == "table" and not _is_layout(element))
        if not skipped:
            if tag in _BLOCKS or tag in _HEADINGS:
                self._flush()
            if tag in _HEADINGS:
                self._level = 0
            self._items -= tag in ("li", "blockquote")
        self._words.append(element.tail or "")

    def _flush(self) -> None:
        words = " ".join("".join(self._words).split())
        self._words = []
        if not words:
            return
        if self._level:
            self._draft.gap()
            self._draft.add(words, LineKind.HEADING, level=self._level)
        else:
            self._draft.add(words, LineKind.BODY if self._items else LineKind.TEXT)

    def _read_table(self, table: Element) -> None:
        rows: list[list[str]] = []
        header = False
        for row in table.iter("tr"):
            if self._is_left_out(row):
                continue
            cells = list(row.iterchildren("td", "th"))
            if not rows:
                header = len(cells) > 1 and all(cell.tag == "th" for cell in cells)
            rows.append([self._cell_text(cell) for cell in cells])
        for caption in table.iterchildren("caption"):
            self._draft.add(self._cell_text(caption), LineKind.BODY)
        add_table(self._draft, rows, header=header or None)

    def _cell_text(self, cell: Element) -> str:
        parts: list[str] = [cell.text or ""] if not self._is_left_out(cell) else []
        walk = etree.iterwalk(cell, events=("start", "end"))
        for event, element in walk:
            if element is cell:
                continue
            if event == "end":
                parts.append((" " if element.tag in _BLOCKS else "") + (element.tail or ""))
            elif self._is_left_out(element):
                walk.skip_subtree()
            else:
                parts.append(element.text or "")
        return "".join(parts)

    def _is_left_out(self, element: Element) -> bool:
        tag = element.tag
        if not isinstance(tag, str) or tag in _DROPPED:
            return True
        if not self._is_hidden(element, tag):
            return False
        words = shorten("".join(map(str, element.itertext())), 60)
        if words:
            self._draft.warn("Hidden text was left out: {words}", words=words)
        return True

    def _is_hidden(self, element: Element, tag: str) -> bool:
        style = element.get("style", "")
        if style and is_hiding(style):
            return True
        if element.get("hidden") is not None:
            return True
        if not self._hidden_rules:
            return False
        names = {tag, "#" + element.get("id", ""), *("." + c for c in element.get("class", "").split())}
        return not names.isdisjoint(self._hidden_rules)


def is_hiding(style: str) -> bool:
    """Return whether a style makes text invisible; white on a stated background is not.

    >>> is_hiding("color: #FFF"), is_hiding("color: #fff; background: navy")
    (True, False)
    """
    flat = re.sub(r"\s|!important", "", style.lower())
    if _HIDING.search(flat):
        return True
    return _WHITE.search(flat) is not None and "background" not in flat


def _hiding_selectors(root: Element) -> Iterator[str]:
    """Yield the plain selectors (.name, #name, name) whose rules hide what they match."""
    for style in root.iter("style"):
        for selectors, rule in _RULE.findall(style.text or ""):
            if is_hiding(rule):
                for selector in selectors.split(","):
                    if match := _SELECTOR.search(selector.strip()):
                        yield match[1] + match[2]


def _is_layout(table: Element) -> bool:
    """Return whether a table only places things: it holds another table or headings."""
    return any(table.find(f".//{tag}") is not None for tag in ("table", *_HEADINGS))
