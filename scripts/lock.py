"""Pin every package with hashes into requirements/*.txt; no file names a registry."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
UV = ROOT / ".venv" / "bin" / "uv"
COMMON = [
    "--generate-hashes", "--no-emit-index-url", "--no-emit-find-links", "--no-header", "--no-annotate",
    "--python-version", "3.11", "--universal", "-q",
]  # fmt: skip

ALONE = ("installer", "peer")
"""Requirements that live in an environment of their own: uv, and the peers whose pins contradict ours."""


def main() -> int:
    """Write runtime, test and bench, each constrained by the one before; return an exit code."""
    folder = ROOT / "requirements"
    for name in ALONE:
        alone = [
            str(UV),
            "pip",
            "compile",
            f"requirements/{name}.in",
            *COMMON,
            "-o",
            f"requirements/{name}.txt",
        ]
        subprocess.run(alone, cwd=ROOT, check=True)
    for name, extras, constraints in (
        ("runtime", [], []),
        ("test", ["test"], ["runtime"]),
        ("bench", ["test", "bench"], ["runtime", "test"]),
    ):
        command = [str(UV), "pip", "compile", "pyproject.toml", *COMMON, "-o", f"requirements/{name}.txt"]
        for extra in extras:
            command += ["--extra", extra]
        for constraint in constraints:
            command += ["-c", f"requirements/{constraint}.txt"]
        subprocess.run(command, cwd=ROOT, check=True)
    keep_only_new(folder)
    return 0


def keep_only_new(folder: Path) -> None:
    """Leave in each file only the packages that the files before it do not pin already."""
    seen: set[str] = set()
    for name in ("runtime", "test", "bench"):
        path = folder / f"{name}.txt"
        blocks = read_blocks(path.read_text())
        path.write_text("".join(block for block in blocks if block not in seen))
        seen.update(blocks)


def read_blocks(text: str) -> list[str]:
    """Return one block of lines for each pinned package."""
    blocks: list[str] = []
    for line in text.splitlines(keepends=True):
        if line.startswith((" ", "\t")) and blocks:
            blocks[-1] += line
        elif line.strip():
            blocks.append(line)
    return blocks


if __name__ == "__main__":
    sys.exit(main())
