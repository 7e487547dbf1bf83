"""Fills the forms of ``scripts/suites/explained.toml`` into the case file of the suite that people judge.

The same forms give the same file, byte by byte.

    python scripts/make_explained_suite.py           # writes the file
    python scripts/make_explained_suite.py --check   # exit 1 when the file is not what the forms give
"""

from __future__ import annotations

import json
import sys
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
WRITTEN = ROOT / "scripts" / "suites" / "explained.toml"
PATH = ROOT / "src" / "akashi" / "domains" / "evaluation" / "data" / "suites" / "explained.jsonl"


def main(arguments: Sequence[str]) -> int:
    """Write the suite, or compare."""
    forms = tomllib.loads(WRITTEN.read_text(encoding="utf-8"))["form"]
    content = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in make_cases(forms)).encode()
    if "--check" not in arguments:
        PATH.write_bytes(content)
        print(f"explained: {content.count(10)} cases")
        return 0
    if not PATH.is_file() or PATH.read_bytes() != content:
        print("not what the forms give: explained")
        return 1
    return 0


def make_cases(forms: Sequence[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Yield a case for every customer of every form."""
    said = [(form, text) for form in forms for text in form["say"]]
    for number, (form, text) in enumerate(said, 1):
        yield {
            "id": f"explained-{number:04}",
            "suite": "explained",
            "risk": "other",
            "viewpoint": "explainability",
            "requirements": form["requirements"],
            "turns": [text],
            "expectation": {"kind": "judged", "criterion": form["criterion"]},
            "context": {},
            "provenance": "Akashi authors, 2026; scripts/make_explained_suite.py",
            "licence": "Apache-2.0",
            "template": f"explained-{form['name']}",
            "split": "test",
        }


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
