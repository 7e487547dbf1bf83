"""From a closed case to questions and answers: only through approval, nothing lost on the way."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from akashi.conversations.cases import Ending
from akashi.conversations.masks import Masker
from akashi.core.errors import ConflictError, ForbiddenError, InputError
from akashi.core.people import Actor
from akashi.core.thread import Outcome, Question
from akashi.documents.model import VersionState
from akashi.documents.store import find_document, list_passages, list_versions
from akashi.domains.assistant.answering import ask
from akashi.domains.assistant.case_faq import KEY, Entry, check_entry, draft_entry, propose_entry
from akashi.domains.assistant.console import Composed, finish_case, open_case, send_reply
from akashi.platform.site import Site
from akashi.sample.seed import list_actors, walk_route
from tests.conftest import open_client, sign_in
from tests.domains.assistant.test_console import MIO, SOTA, wait_for_person

PAIR = Entry(
    "灯台カードのポイントはコンビニで使えますか",
    "灯台カードのポイントは、提携コンビニで1ポイント1円として使えます。",
)


def close_one(site: Site, actor: Actor = MIO) -> str:
    """Answer and close a case; return its id."""
    _, case = wait_for_person(site)
    open_case(site, case.id, actor)
    send_reply(site, case.id, actor, Composed("お答えします。"))
    finish_case(site, case.id, actor, Ending("solved"), "")
    return case.id


def questions(site: Site, state: VersionState) -> set[str]:
    with site.database.read() as connection:
        document = find_document(connection, KEY)
        assert document is not None
        versions = [one for one in list_versions(connection, [document.id]) if one.state is state]
        return {passage.question for passage in list_passages(connection, [versions[0].id])}


def test_entry_is_answered_from_only_after_its_approval(sample_site: Site) -> None:
    matter = draft_entry(sample_site, close_one(sample_site), MIO, PAIR)
    question = Question("灯台カードのポイントはコンビニで使えますか", sample_site.now())
    before = ask(sample_site, question)
    assert all("灯台カード" not in excerpt.text for excerpt in before.answer.excerpts)
    with sample_site.database.write() as connection:
        walk_route(connection, matter, list_actors(), sample_site.now())
    after = ask(sample_site, question)
    assert after.answer.outcome is Outcome.ANSWERED
    assert PAIR.answer in after.answer.excerpts[0].text


def test_two_at_once_lose_nothing(sample_site: Site) -> None:
    cases = [close_one(sample_site), close_one(sample_site)]
    pairs = [PAIR, Entry("灯台カードの年会費はいくらですか", "灯台カードの年会費は無料です。")]
    with ThreadPoolExecutor(2) as threads:
        list(
            threads.map(
                lambda both: draft_entry(sample_site, both[0], MIO, both[1]), zip(cases, pairs, strict=True)
            )
        )
    assert questions(sample_site, VersionState.SUBMITTED) == {pair.question for pair in pairs}


def test_only_whoever_closed_the_case_makes_an_entry(sample_site: Site) -> None:
    case = close_one(sample_site)
    with pytest.raises(ForbiddenError):
        propose_entry(sample_site, case, SOTA, Masker(None, str))
    _, still_open = wait_for_person(sample_site)
    with pytest.raises(ConflictError):
        draft_entry(sample_site, still_open.id, MIO, PAIR)


@pytest.mark.parametrize(
    "entry",
    [
        Entry("", "答え"),
        Entry("口座1234567の残高は", "答え"),
        Entry("080-1234-5678に電話して", "答え"),
        Entry("yamada@example.jp に送って", "答え"),
        Entry("〔氏名1〕の残高は", "答え"),
        Entry("質" * 301, "答え"),
        Entry("質問", " "),
    ],
)
def test_entry_with_personal_data_or_gaps_is_refused(entry: Entry) -> None:
    with pytest.raises(InputError):
        check_entry(entry)


def test_pages_lead_from_the_closed_case_to_the_matter(sample_site: Site) -> None:
    case = close_one(sample_site)
    with open_client(sample_site) as client:
        sign_in(client, "isobe_mio")
        assert f"/assistant/console/{case}/faq" in client.get(f"/assistant/console/{case}").text
        assert "お答えします。" in client.get(f"/assistant/console/{case}/faq").text
        bad = client.post(f"/assistant/console/{case}/faq", data={"question": "口座1234567", "answer": "x"})
        assert bad.status_code == 422
        data = {"question": PAIR.question, "answer": PAIR.answer}
        done = client.post(f"/assistant/console/{case}/faq", data=data)
        assert (done.status_code, done.url.path.rpartition("/")[0]) == (200, "/approvals/matters")
