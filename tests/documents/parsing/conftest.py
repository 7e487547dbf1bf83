"""One good file of every format."""

from __future__ import annotations

import pytest

from .files import make_docx, make_pdf, make_pptx, make_xlsx


@pytest.fixture(scope="session")
def samples() -> dict[str, bytes]:
    """One small good file of every format, by name."""
    return {
        "fees.txt": "第１条（手数料）\n振込は110円です。\n".encode(),
        "fees.md": "# 手数料\n\n振込は110円です。\n\n|種類|金額|\n|---|---|\n|当行|110円|\n".encode(),
        "fees.html": "<h1>手数料</h1><p>振込は110円です。</p>".encode(),
        "faq.csv": "質問,回答\n振込はいくら,110円です。\n".encode(),
        "faq.xlsx": make_xlsx([["質問", "回答"], ["振込はいくら", "110円です。"]]),
        "fees.docx": make_docx(["第１条（手数料）", "振込は110円です。"]),
        "fees.pptx": make_pptx(["手数料"]),
        "fees.pdf": make_pdf([["第１条（手数料）", "振込は110円です。"]]),
    }
