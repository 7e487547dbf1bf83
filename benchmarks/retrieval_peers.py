"""Other engines beside ours in `benchmarks.retrieval --peers`; they come with `make setup-bench`."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

import bm25s
import numpy as np
import rank_bm25
from numpy.typing import NDArray

from akashi.domains.assistant.measure.index import Entry
from akashi.language.tokens import read_tokens
from benchmarks.retrieval import Ranking, Search


def build_bm25s(cut: Callable[[str], list[str]]) -> Callable[[Sequence[Entry]], Search]:
    """Return a builder of plain bm25s over the joined fields."""

    def build(entries: Sequence[Entry]) -> Search:
        engine = bm25s.BM25()
        engine.index([cut(_joined(entry)) or [""] for entry in entries], show_progress=False)
        ids = np.array([entry.id for entry in entries])

        def search(query: str, k: int) -> Ranking:
            terms = [term for term in cut(query) if term in engine.vocab_dict]
            if not terms:
                return []
            return _top(ids, engine.get_scores(terms), k)

        return search

    return build


def build_rank_bm25(entries: Sequence[Entry]) -> Search:
    """Return rank_bm25's BM25Okapi over the same normalised words."""
    engine = rank_bm25.BM25Okapi([cut_normalised(_joined(entry)) for entry in entries])
    ids = np.array([entry.id for entry in entries])
    return lambda query, k: _top(ids, engine.get_scores(cut_normalised(query)), k)


def _top(ids: NDArray[np.str_], scores: NDArray[np.float64], k: int) -> Ranking:
    return [str(id_) for id_ in ids[np.argsort(-scores, kind="stable")[:k]]]


def _joined(entry: Entry) -> str:
    return f"{entry.question}\n{entry.answer}"


def cut_normalised(text: str) -> list[str]:
    """Return all words in Sudachi's normalised form, particles included."""
    return [token.form for token in read_tokens(text)]


def cut_surface(text: str) -> list[str]:
    """Return all words as written."""
    return [token.span.of(text) for token in read_tokens(text)]


def cut_runs(text: str) -> list[str]:
    r"""Return the runs of ``\w``: what a tokeniser for languages with blanks sees."""
    return re.findall(r"\w+", text.lower())


PEERS: dict[str, Callable[[Sequence[Entry]], Search]] = {
    "bm25s, Sudachi normalised": build_bm25s(cut_normalised),
    "bm25s, Sudachi surface": build_bm25s(cut_surface),
    "rank_bm25, Sudachi normalised": build_rank_bm25,
    "bm25s, \\w+": build_bm25s(cut_runs),
}
