"""Vectors of the endpoint join the ranking when they are wanted, and nobody misses them when they fail."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from akashi.core.thread import Audience, Question
from akashi.documents.store import list_documents, list_versions, read_text
from akashi.domains.assistant.answering import ask
from akashi.domains.assistant.embedding import embed_passages, fuse_hits, vector_table
from akashi.domains.assistant.measure.index import Entry, Hit, build_index
from akashi.domains.assistant.model import Reply
from akashi.platform.endpoint_use import call_table
from akashi.platform.site import Site
from tests.endpoint.generative import MARRIED, PHONE, with_generative
from tests.endpoint.peer import Peer

INDEX = build_index(
    [
        Entry("a", "通帳の再発行", "窓口でお申し込みください。"),
        Entry("b", "通帳の繰越し", "機械でできます。"),
        Entry("c", "カードの再発行", "窓口でお申し込みください。"),
    ]
)


@pytest.fixture
def vectored(sample_site: Site, peer: Peer) -> Site:
    """The sample institution with vectors for its passages."""
    site = with_generative(sample_site, peer, embedding_model="e", total_seconds=10, idle_seconds=5)
    while embed_passages(site, site.now()):
        pass
    return site


def reply_to(site: Site, text: str = MARRIED) -> Reply:
    return ask(site, Question(text, site.now()))


def count_vectors(site: Site) -> int:
    with site.database.read() as connection:
        return int(connection.execute(sa.select(sa.func.count()).select_from(vector_table)).scalar_one())


def test_vectors_are_off_by_default(sample_site: Site, peer: Peer) -> None:
    site = with_generative(sample_site, peer)
    peer.script("honest")
    assert embed_passages(site, site.now()) == 0
    reply_to(site)
    assert peer.seen() == []


def test_each_passage_is_sent_once_and_only_what_customers_may_read(vectored: Site, peer: Peer) -> None:
    assert count_vectors(vectored) > 100
    sent = "".join(text for one in peer.seen() for text in one["body"]["input"])
    with vectored.database.read() as connection:
        staff = [one.id for one in list_documents(connection, [Audience.STAFF])]
        secret = [read_text(connection, one.id)[:200] for one in list_versions(connection, staff)]
    assert not any(text in sent for text in secret)
    peer.script("honest")
    assert embed_passages(vectored, vectored.now()) == 0
    assert peer.seen() == []


def test_masked_question_is_asked_and_failed_vectors_leave_the_words_to_decide(
    vectored: Site, peer: Peer
) -> None:
    peer.script("honest")
    assert reply_to(vectored, f"{MARRIED} 電話は{PHONE}").answer.excerpts[0].is_verbatim
    requests = peer.seen()
    assert requests
    assert PHONE not in json.dumps(requests, ensure_ascii=False)
    plain = reply_to(replace(vectored, settings=replace(vectored.settings, endpoint=None)))
    for kind in ("status", "bad_vectors"):
        peer.script(kind, status=500, vector=[1.0])
        assert reply_to(vectored).answer.excerpts == plain.answer.excerpts
    with vectored.database.read() as connection:
        faults = connection.execute(sa.select(call_table.c.fault)).scalars().all()
    assert "server_error" in faults


def test_like_entry_rises_and_unlike_one_falls() -> None:
    hits = INDEX.search("通帳の再発行", 3)
    last = hits[-1].entry_id
    similar = {hit.entry_id: 0.0 for hit in hits} | {last: 1.0}
    assert fuse_hits(hits, similar, weight=100)[0].entry_id == last


@given(st.dictionaries(st.sampled_from(["a", "b", "c", "z"]), st.floats(-1, 1)), st.floats(0, 10))
def test_fusion_neither_loses_nor_invents_hits(similar: dict[str, float], weight: float) -> None:
    hits: list[Hit] = INDEX.search("通帳の再発行", 3)
    fused = fuse_hits(hits, similar, weight)
    assert sorted(hit.entry_id for hit in fused) == sorted(hit.entry_id for hit in hits)
    assert [hit.score for hit in fused] == sorted((hit.score for hit in fused), reverse=True)


def test_without_vectors_nothing_moves() -> None:
    hits = INDEX.search("通帳の再発行", 3)
    assert fuse_hits(hits, {}) == fuse_hits(hits, {"a": 0.5, "b": 0.5, "c": 0.5}) == hits
