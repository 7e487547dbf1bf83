"""A compliance officer's real case: five public documents, added for staff, answer cited questions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from akashi.approvals.register import seed_routes
from akashi.core.people import SYSTEM
from akashi.core.thread import Audience, Outcome, Question
from akashi.documents.register import Described, add_paths
from akashi.documents.store import read_text, read_version
from akashi.documents.treat import submit_version
from akashi.domains.assistant.answering import ask
from akashi.platform.database import Database
from akashi.platform.site import Site
from akashi.sample.seed import list_actors, read_table, walk_route
from tests.conftest import FrozenClock, make_site

# Question, beginning of the file's name, words that the excerpt must hold (white space left out).
QUESTIONS = (
    ("AIアンケート調査の実施期間はいつですか", "000", "2024年10月3日"),
    ("アンケート調査には何社が回答しましたか", "000", "130社"),
    ("金融機関が対顧客向けの生成AI利活用に慎重なのはなぜですか", "001", "慎重に判断"),
    ("サイバーセキュリティセルフアセスメントの自己点検票は誰が開発しましたか", "002", "FISC"),
    ("中小金融機関向けの自己点検票は何事務年度に開発されましたか", "002", "2021事務年度"),
    ("5月に不正取引が発生した証券会社は何社に拡大しましたか", "003", "16社"),
    ("NISA口座数は何口座になりましたか", "003", "2,647万口座"),
    ("最優先で対応すべき外部公開ITシステムはどれですか", "004", "インターネットバンキング"),
    ("ベンダーとの維持保守契約では何を確認すべきですか", "004", "維持保守契約"),
    ("金融機関はフロンティアAIへの対応をどのくらいの期間で進めることが期待されますか", "004", "1ヶ月"),
)


@pytest.fixture(scope="module")
def library(
    shared_data: Path, sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    """An empty institution that has added and approved the five documents for its staff."""
    home = tmp_path_factory.mktemp("public") / "home"
    home.mkdir()
    (home / "akashi.db").write_bytes(sqlite_template.read_bytes())
    database = Database(f"sqlite:///{home / 'akashi.db'}")
    site = make_site(database, home, FrozenClock())
    paths = sorted((shared_data / "seeds").glob("*.txt"))
    outcomes = list(add_paths(site, paths, Described(Audience.STAFF), SYSTEM))
    actors = list_actors()
    with database.write() as connection:
        seed_routes(connection, read_table("routes.toml"), site.now())
        for outcome in outcomes:
            assert outcome.added is not None, outcome.error
            matter = submit_version(connection, outcome.added.version.id, actors["isobe_mio"], site.now())
            walk_route(connection, matter, actors, site.now())
    yield site
    database.close()


@pytest.mark.parametrize(("question", "file", "words"), QUESTIONS)
def test_staff_question_gets_a_cited_correct_passage(
    library: Site, question: str, file: str, words: str
) -> None:
    reply = ask(library, Question(question, library.now(), Audience.STAFF))
    assert reply.answer.outcome is Outcome.ANSWERED, reply.answer
    with library.database.read() as connection:
        for source in reply.sources:
            assert source.citation.matches(read_text(connection, source.version_id))
        right = [
            source
            for source in reply.sources
            if read_version(connection, source.version_id).file_name.startswith(file)
            and words in re.sub(r"\s+", "", source.citation.quote)
        ]
    assert right, [source.citation.quote for source in reply.sources]


def test_customers_get_nothing_of_it(library: Site) -> None:
    for question, _file, _words in QUESTIONS:
        reply = ask(library, Question(question, library.now()))
        assert reply.answer.outcome is Outcome.HAND_OVER


def test_same_files_again_change_nothing(library: Site, shared_data: Path) -> None:
    paths = sorted((shared_data / "seeds").glob("*.txt"))
    again = list(add_paths(library, paths, Described(Audience.STAFF), SYSTEM))
    assert [outcome.added.is_new for outcome in again if outcome.added] == [False] * 5
