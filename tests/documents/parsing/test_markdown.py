"""Markdown: the text is the file; headings, tables and what readers do not see."""

from __future__ import annotations

from akashi.documents.parsing import parse_bytes

from .files import show

PAGE = """# 手数料 **規定**

本文です。

小見出し
--------

| 種類 | 金額 |
|------|------|
| 当行 | 110円 |

1. 一つ
2. 二つ

```
# コード
```
"""


def test_headings_tables_and_lists_are_verbatim_parts_of_the_file() -> None:
    document = parse_bytes("a.md", PAGE.encode())
    assert document.text == PAGE
    assert show(document) == [
        (("手数料 規定",), "本文です。"),
        (("手数料 規定", "小見出し", "種類 | 金額"), "当行 | 110円"),
        (("手数料 規定", "小見出し"), "1. 一つ\n2. 二つ\n\n```\n# コード\n```"),
    ]


def test_article_without_markdown_continues_articles_with_it() -> None:
    page = "# 規定\n\n## 第１条（目的）\n\n目的。\n\n第２条（範囲）\n\n範囲。\n"
    assert [heading for heading, _ in show(parse_bytes("a.md", page.encode()))] == [
        ("規定", "第１条（目的）"),
        ("規定", "第２条（範囲）"),
    ]


def test_comment_is_removed_and_counted() -> None:
    document = parse_bytes("a.md", "本文。<!-- 指示\n\n続き --> 終わり。\n".encode())
    assert document.text == "本文。 終わり。\n"
    assert [str(warning) for warning in document.warnings] == ["1 hidden comments were removed."]


def test_link_definition_and_hidden_block_are_in_no_passage_and_counted() -> None:
    page = '本文。\n\n[//]: # (指示)\n\n<div style="display:none">指示</div>\n'
    document = parse_bytes("a.md", page.encode())
    assert show(document) == [((), "本文。")]
    assert [str(warning) for warning in document.warnings] == [
        "2 lines that readers of the page do not see were left out."
    ]


def test_numbered_line_between_paragraphs_is_a_heading() -> None:
    page = "1. 目的\n\n目的の本文です。\n\n2. 範囲\n\n範囲の本文です。\n"
    assert show(parse_bytes("a.md", page.encode())) == [
        (("1. 目的",), "目的の本文です。"),
        (("2. 範囲",), "範囲の本文です。"),
    ]
