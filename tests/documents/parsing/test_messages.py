"""Every sentence that parsing can say exists in Japanese, with the same fields."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

import akashi.documents.parsing
from akashi.documents.parsing.clean import MESSAGES

PACKAGE = Path(akashi.documents.parsing.__file__).parent
FIELDS = re.compile(r"\{\w+\}")
SENTENCE = re.compile(r"[A-Z{].* .*")


def say(node: ast.AST) -> Iterator[str]:
    """Yield the constant sentences in the arguments of a call, also those collected in a tuple."""
    for part in ast.walk(node):
        if isinstance(part, ast.Constant) and isinstance(part.value, str) and SENTENCE.match(part.value):
            yield part.value


def find_messages() -> set[str]:
    """Return every message id that InputError, warn, refuse or _count is given."""
    found = set(MESSAGES.values())
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                name = getattr(node.func, "id", getattr(node.func, "attr", ""))
                if name in ("InputError", "warn", "refuse", "_count"):
                    found.update(say(node))
            elif isinstance(node, ast.For) and "message" in ast.unparse(node.target):
                found.update(say(node.iter))
    return found


def read_catalogue() -> Catalog:
    with (PACKAGE.parent / "locale" / "ja.po").open("rb") as stream:
        return read_po(stream, locale="ja")


def test_every_message_is_translated() -> None:
    catalogue = read_catalogue()
    messages = find_messages()
    assert len(messages) > 60
    translated = {str(message.id) for message in catalogue if message.id and message.string}
    assert sorted(messages - translated) == []


def test_translations_fill_the_same_fields() -> None:
    for message in read_catalogue():
        if message.id:
            source, target = str(message.id), str(message.string)
            assert sorted(FIELDS.findall(source)) == sorted(FIELDS.findall(target)), source
