"""Which message ids a package uses, and which of them a language lacks.

Ids are found where they are written: ``_()`` in templates, and in Python the calls listed in
``_PLACES``, the constructors of input errors, and form fields. What is computed cannot be found; wrap
such ids in ``mark()`` where they are written down. ``python -m akashi.platform.kit.messages`` prints
what is missing in Japanese.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from jinja2.ext import babel_extract

from akashi.platform.kit.catalogs import read_entries
from akashi.platform.rooms import package_folder

# Called name -> positions and keywords that hold message ids.
_PLACES: dict[str, tuple[tuple[int, ...], tuple[str, ...]]] = {
    "mark": ((0,), ()),
    "Message": ((0,), ()),
    "ValidationError": ((0,), ()),
    "NavItem": ((0,), ("title",)),
    "Room": ((), ("title", "summary")),
    "Tile": ((0, 3), ("title", "unit")),
    "redirect": ((2,), ("flash",)),
    "translate": ((1,), ()),
    "said": ((0,), ()),
    "fail": ((1,), ()),
    "render_error": ((2, 4), ("message", "next_step")),
}
_ERRORS = frozenset({"InputError", "NotFoundError", "ConflictError", "ForbiddenError"})
_FIELD_WORDS = ("description", "message")
_TEMPLATE_WORDS = ("_", "ngettext", "translate_in")


@dataclass(frozen=True, slots=True, order=True)
class Use:
    """One id and where it stands."""

    message: str
    path: Path
    line: int


def find_uses(folder: Path) -> list[Use]:
    """Return every message id used below ``folder``, in order of file and line.

    Raises: SyntaxError, TemplateSyntaxError: a file is broken.
    """
    trees = {path: ast.parse(path.read_text(encoding="utf-8")) for path in sorted(folder.rglob("*.py"))}
    errors = _error_names(trees.values())
    uses = [use for path, tree in trees.items() for use in _uses_in_python(path, tree, errors)]
    for path in sorted(folder.rglob("templates/**/*.html")):
        uses += _uses_in_template(path)
    return [use for use in uses if use.message.strip()]


def find_untranslated(folders: Iterable[Path], catalogs: Iterable[Path], language: str) -> list[Use]:
    """Return what the packages in ``folders`` say without a translation in any of ``catalogs``."""
    known = {entry for file in catalogs for entry in read_entries(file / "locale" / f"{language}.po")}
    return [use for folder in folders for use in find_uses(folder) if use.message not in known]


def list_packages() -> list[Path]:
    """Return the folders of the packages that speak to readers; the command line speaks English."""
    root = package_folder("akashi")
    return [
        path for path in sorted(root.iterdir()) if (path / "__init__.py").is_file() and path.name != "cli"
    ]


def list_catalogs() -> list[Path]:
    """Return every folder of the product that holds Japanese."""
    return sorted(path.parent.parent for path in package_folder("akashi").rglob("locale/ja.po"))


def _error_names(trees: Iterable[ast.Module]) -> frozenset[str]:
    names = set(_ERRORS)
    for tree in trees:
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef) and names & {_last_name(base) for base in node.bases}:
                names.add(node.name)
    return frozenset(names)


def _uses_in_python(path: Path, tree: ast.Module, errors: frozenset[str]) -> Iterator[Use]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            for text in _texts_of_call(node, errors):
                yield Use(text, path, node.lineno)


def _texts_of_call(node: ast.Call, errors: frozenset[str]) -> Iterator[str]:
    name = _last_name(node.func)
    positions, words = _PLACES.get(name, ((), ()))
    if name in errors:
        positions, words = (0,), ("next_step",)
    elif name.endswith("Field"):
        positions, words = (0,), _FIELD_WORDS
    elif not positions and not words:
        words = ("message",) if name[:1].isupper() else ()
    for place, argument in enumerate(node.args):
        if place in positions:
            yield from _constants(argument)
    for keyword in node.keywords:
        if keyword.arg in words:
            yield from _constants(keyword.value)


def _constants(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from _constants(node.body)
        yield from _constants(node.orelse)


def _last_name(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def _uses_in_template(path: Path) -> list[Use]:
    options = {"trim_blocks": "true", "lstrip_blocks": "true", "silent": "false"}
    with path.open("rb") as file:
        found = list(babel_extract(file, _TEMPLATE_WORDS, (), options))
    return [Use(text, path, line) for line, name, words, _ in found for text in _message_of(name, words)]


def _message_of(name: str, words: str | tuple[str | None, ...] | None) -> list[str]:
    """Return the id among a call's texts: the first one, after the room's name in ``translate_in``."""
    texts = [words] if isinstance(words, str) else list(words or ())
    if name == "translate_in":
        texts = texts[1:] if len(texts) > 1 else []
    return [text for text in texts[:1] if text]


def main() -> int:
    """Print what Japanese lacks; return 1 when something does."""
    missing = sorted(set(find_untranslated(list_packages(), list_catalogs(), "ja")))
    for use in missing:
        sys.stdout.write(f"{use.path}:{use.line}: {use.message}\n")
    return 1 if missing else 0


if __name__ == "__main__":
    raise SystemExit(main())
