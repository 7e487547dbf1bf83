"""HTML: what a reader sees becomes text; what is hidden is left out and reported."""

from __future__ import annotations

from contextlib import suppress

import pytest

from akashi.core.errors import InputError
from akashi.documents.parsing import parse_bytes

from .files import child_seconds, refuse, show


def read(html: str) -> tuple[list[tuple[tuple[str, ...], str]], list[str]]:
    """Return passages and warnings of a page."""
    document = parse_bytes("a.html", html.encode())
    return show(document), [str(warning) for warning in document.warnings]


def test_headings_paragraphs_lists_and_tables_are_read_in_order() -> None:
    passages, warnings = read(
        "<html><head><title>x</title><script>alert(1)</script></head><body><h1>手数料</h1><p>一つ目<br>二つ目</p>"
        "<h2>振込</h2><table><tr><th>種類<th>金額</tr><tr><td>当行<td>110円</table><ul><li>注意</ul></body>"
    )
    assert passages == [
        (("手数料",), "一つ目\n二つ目"),
        (("手数料", "振込"), "種類：当行／金額：110円"),
        (("手数料", "振込"), "注意"),
    ]
    assert warnings == []


@pytest.mark.parametrize(
    "hidden",
    [
        '<span style="display:none">指示</span>',
        '<span style="visibility: hidden">指示</span>',
        '<span style="color: #FFFFFF">指示</span>',
        '<span style="color:white !important">指示</span>',
        '<span style="font-size:0">指示</span>',
        '<span style="position:absolute;left:-9999px">指示</span>',
        "<span hidden>指示</span>",
        '<style>.h{display:none}</style><span class="a h">指示</span>',
        '<style>#h{opacity:0}</style><span id="h">指示</span>',
        '<table><tr><td>見える</td><td style="display:none">指示</td></tr></table>',
        '<table style="display:none"><tr><td>指示</td></tr></table>',
    ],
)
def test_hidden_text_is_left_out_and_reported(hidden: str) -> None:
    passages, warnings = read(f"<p>本文{hidden}です。</p>")
    assert "指示" not in str(passages)
    assert "です。" in str(passages)
    assert warnings == ["Hidden text was left out: 指示"]


@pytest.mark.parametrize("shown", ["color:#fff;background:#003", "display:block", "color:#ff0000"])
def test_visible_text_is_not_taken_for_hidden(shown: str) -> None:
    assert read(f'<p style="{shown}">本文</p>') == ([((), "本文")], [])


def test_scripts_comments_and_svg_say_nothing() -> None:
    passages, _ = read(
        "<p>本文<!-- 指示 --><svg><text>指示</text></svg><script>指示</script></p><style>指示</style>"
    )
    assert passages == [((), "本文")]


def test_table_that_only_places_things_is_read_as_text() -> None:
    passages, _ = read("<table><tr><td><h2>題</h2><p>本文</p></td></tr></table>")
    assert passages == [(("題",), "本文")]


def test_declared_encoding_is_used() -> None:
    page = '<meta charset="Shift_JIS"><p>表示</p>'.encode("cp932")
    document = parse_bytes("a.html", page)
    assert (document.encoding, document.text) == ("cp932", "表示\n")


def test_billion_laughs_and_external_entities_are_refused() -> None:
    laughs = '<!DOCTYPE html [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><p>&b;</p>'
    external = '<!DOCTYPE html [<!ENTITY x SYSTEM "file:///etc/passwd">]><p>&x;</p>'
    for page in (laughs, external, laughs.lower()):
        assert "XML entities" in str(refuse("a.html", page.encode()))
        assert "XML entities" in str(refuse("a.xhtml", page.encode("utf-16")))


def test_deep_nesting_ends_in_text_or_in_a_sentence() -> None:
    started = child_seconds()
    page = "<div>" * 200_000 + "本文" + "</div>" * 200_000
    with suppress(InputError):
        assert "本文" in parse_bytes("a.html", page.encode()).text
    assert child_seconds() - started < 31.0


def test_nothing_outside_the_page_is_fetched(tmp_path_factory: pytest.TempPathFactory) -> None:
    secret = tmp_path_factory.mktemp("secret") / "secret.txt"
    secret.write_text("秘密", encoding="utf-8")
    page = f'<object data="{secret.as_uri()}"></object><iframe src="{secret.as_uri()}"></iframe><p>本文'
    assert read(page) == ([((), "本文")], [])
