"""House rules that no ready-made linter knows; prints each breach and exits 1 if there is one."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
MAX_LINES = 500
MAX_FUNCTION_LINES = 80
REGISTRY_HOSTS = ("py" + "pi.org", "python" + "hosted", "np" + "mjs.", "deb." + "debian", "crates" + ".io")
BANNED_MODULES = {"utils", "util", "helpers", "helper", "manager", "misc", "common"}
TEXT_LIMIT_BYTES = 2_000_000


def main() -> int:
    """Check every tracked file."""
    breaches = [breach for path in tracked_files() for breach in check_file(path)]
    print("\n".join(breaches) or "The house is in order.")
    return 1 if breaches else 0


def tracked_files() -> list[Path]:
    """Return every file git tracks and that still exists."""
    names = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [ROOT / name for name in names.splitlines() if (ROOT / name).is_file()]


def check_file(path: Path) -> Iterator[str]:
    """Yield what is wrong with one file."""
    name = path.relative_to(ROOT)
    if path.stat().st_size > TEXT_LIMIT_BYTES:
        return
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return
    for host in REGISTRY_HOSTS:
        if host in text:
            yield f"{name}: names a package registry"
    if path.suffix == ".py":
        yield from check_python(name, text)


def check_python(name: Path, text: str) -> Iterator[str]:
    """Yield what is wrong with one Python file."""
    if text.count("\n") > MAX_LINES:
        yield f"{name}: {text.count(chr(10))} lines, more than one story"
    if name.stem in BANNED_MODULES:
        yield f"{name}: a module is one noun, not {name.stem}"
    tree = ast.parse(text)
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            size = (node.end_lineno or node.lineno) - node.lineno + 1
            if size > MAX_FUNCTION_LINES:
                yield f"{name}:{node.lineno}: {node.name} has {size} lines"
        if str(name).startswith("src/") and isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield from check_docstring(name, node)
    if str(name).startswith("src/") and "migrations" not in name.parts and ast.get_docstring(tree) is None:
        yield f"{name}: a module says in one sentence what it is"


def check_docstring(name: Path, node: ast.FunctionDef | ast.ClassDef) -> Iterator[str]:
    """Yield a breach when a public top-level name has no docstring."""
    is_public = not node.name.startswith("_") and node.col_offset == 0
    if is_public and ast.get_docstring(node) is None:
        yield f"{name}:{node.lineno}: {node.name} has no docstring"


if __name__ == "__main__":
    sys.exit(main())
