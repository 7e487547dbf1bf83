"""The five public documents of the authority are the real case: they must become good passages."""

from __future__ import annotations

import csv
import hashlib
from itertools import pairwise
from pathlib import Path

import pytest

from akashi.documents.model import ParsedDocument
from akashi.documents.parsing import parse_file

SEEDS = Path(__file__).parents[4] / "shared" / "data" / "seeds"
pytestmark = pytest.mark.skipif(not SEEDS.is_dir(), reason=f"the five public documents are not at {SEEDS}")


def parse_seed(number: str) -> ParsedDocument:
    return parse_file(next(SEEDS.glob(f"{number}_*.txt")))


def headings(document: ParsedDocument) -> set[tuple[str, ...]]:
    return {passage.heading for passage in document.passages}


def heading_above(document: ParsedDocument, words: str) -> tuple[str, ...]:
    """Return the path of headings of the one passage that says ``words``."""
    texts = [(p.heading, p.body.of(document.text)) for p in document.passages]
    (found,) = [heading for heading, body in texts if words in body.replace("\n", "")]
    return found


@pytest.mark.parametrize("number", ["000", "001", "002", "003", "004"])
def test_text_is_the_file_and_every_passage_is_short_and_verbatim(number: str) -> None:
    path = next(SEEDS.glob(f"{number}_*.txt"))
    document = parse_file(path)
    assert document.text == path.read_text(encoding="utf-8")
    assert (document.encoding, document.warnings) == ("utf-8", ())
    assert all(0 < len(passage.body) <= 600 for passage in document.passages)
    bodies = [passage.body for passage in document.passages]
    assert all(one.end <= two.start for one, two in pairwise(bodies))


def test_seeds_are_the_files_that_the_index_names() -> None:
    with (SEEDS / "INDEX.csv").open(encoding="utf-8-sig") as stream:
        for row in csv.DictReader(stream):
            digest = hashlib.sha256((SEEDS / row["file"]).read_bytes()).hexdigest()
            assert digest == row["sha256"]


def test_wrapped_heading_of_document_003_is_joined_and_all_fifteen_topics_are_found() -> None:
    document = parse_seed("003")
    topics = {path[0] for path in headings(document) if path and path[0][0] in "１２３４５６７８９0123456789"}
    assert "１．インターネット取引における不正アクセス・不正取引事案への対応について" in topics
    assert "２．2024 事務年度の証券等モニタリングの結果について" in topics
    assert len(topics) == 15


def test_brackets_of_document_003_nest_below_their_topic() -> None:
    topic = "２．2024 事務年度の証券等モニタリングの結果について"
    assert (topic, "（大手証券会社）", "＜顧客本位等＞") in headings(parse_seed("003"))
    assert (topic, "（地域証券会社）") in headings(parse_seed("003"))


def test_nine_measures_of_document_004_are_siblings_in_spite_of_uneven_markdown_levels() -> None:
    paths = [path for path in headings(parse_seed("004")) if path and path[-1][0] in "①②③④⑤⑥⑦⑧⑨"]
    assert sorted(path[-1][0] for path in paths) == list("①②③④⑤⑥⑦⑧⑨")
    assert {path[:-1] for path in paths} == {
        ("フロンティア AI による脅威変化を踏まえた金融機関等の短期的な対応について",)
    }


def test_rows_of_the_table_in_document_001_carry_their_header() -> None:
    document = parse_seed("001")
    rows = [passage for passage in document.passages if passage.kind == "table"]
    assert rows[-1].heading[-1] == "テーマ名 | 実施内容の概要 到達目標 (KPI)"
    assert rows[-1].body.of(document.text).startswith("③利用方針等の作成")


def test_agenda_of_document_002_is_a_list_and_its_chapters_are_headings() -> None:
    document = parse_seed("002")
    assert heading_above(document, "１．ITガバナンス２．サイバーセキュリティ") == ("本日のアジェンダ",)
    chapter = ("３．エマージングテクノロジー", "金融セクターにおけるAIのユースケースの広がり")
    assert chapter in headings(document)


@pytest.mark.parametrize(
    ("number", "words", "heading"),
    [
        ("000", "チャレンジしないリスク", "問題意識"),
        ("001", "ハルシネーション等のリスク低減", "1. 施策の概要"),
        ("002", "業務の強靭性", "オペレジの基本動作"),
        (
            "003",
            "パスキー等を用いた強度のある",
            "４．顧客口座・アカウントの不正アクセス等への対策の強化について",
        ),
        ("004", "パッチ適用作業に係る事前のテスト", "⑥ パッチ適用プロセスをリスクベースにする"),
    ],
)
def test_sentence_stands_under_its_heading(number: str, words: str, heading: str) -> None:
    assert heading_above(parse_seed(number), words)[-1] == heading
