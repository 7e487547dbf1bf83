"""Names of persons: a small model over words, and what lists and honorifics make certain."""

from __future__ import annotations

import functools
import re
import threading
from collections.abc import Iterable, Iterator, Sequence
from importlib.resources import as_file, files
from pathlib import Path

import pycrfsuite

from akashi.core.errors import SetupError
from akashi.domains.guardrails.model import Kind
from akashi.domains.guardrails.name_features import describe_words
from akashi.domains.guardrails.numbers import Hit
from akashi.language.words import Word, read_words

_ENDS = frozenset("。!?！？")
Span = tuple[int, int]


def split_sentences(words: Sequence[Word]) -> Iterator[list[Word]]:
    """Yield the words of each sentence or line."""
    sentence: list[Word] = []
    for word in words:
        sentence.append(word)
        if word.surface[-1] in _ENDS or "\n" in word.surface:
            yield sentence
            sentence = []
    if sentence:
        yield sentence


class PersonModel:
    """The name model: weights of a conditional random field over the words of a sentence."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._local = threading.local()

    def find(self, text: str) -> Iterator[Span]:
        """Yield where the persons of a normalised text stand."""
        yield from self.find_in(read_words(text))

    def find_in(self, words: Sequence[Word]) -> Iterator[Span]:
        """Yield where the persons among ``words`` stand."""
        tagger = self._tagger()
        for sentence in split_sentences(words):
            if any(map(is_candidate, sentence)):
                yield from _join(sentence, tagger.tag(describe_words(sentence)))

    def _tagger(self) -> pycrfsuite.Tagger:
        tagger: pycrfsuite.Tagger | None = getattr(self._local, "tagger", None)
        if tagger is None:
            tagger = pycrfsuite.Tagger()
            tagger.open(str(self._path))
            self._local.tagger = tagger
        return tagger


def _join(words: Sequence[Word], labels: Iterable[str]) -> Iterator[Span]:
    start = end = -1
    for word, label in zip(words, labels, strict=True):
        if label == "I" and start >= 0:
            end = word.end
            continue
        if start >= 0:
            yield start, end
        start, end = (word.start, word.end) if label != "O" else (-1, -1)
    if start >= 0:
        yield start, end


def is_candidate(word: Word) -> bool:
    """Return whether a word can be part of a name at all; sentences without one are not analysed."""
    return (
        "固有名詞" in word.tag
        or not word.known
        or (len(word.surface) > 1 and "ァ" <= word.surface[0] <= "ヴ")
    )


@functools.cache
def person_model() -> PersonModel:
    """Return the shipped model.

    Raises: SetupError: its weights are missing.
    """
    weights = files("akashi.domains.guardrails").joinpath("data/share_alike/names.crfsuite")
    with as_file(weights) as path:
        if not path.is_file():
            raise SetupError(
                "The name model is missing. Run: python scripts/train_names.py ../shared/data/names"
            )
        return PersonModel(path)


def find_names(text: str) -> Iterator[Hit]:
    """Yield the persons of a normalised text."""
    if re.search(r"[^\x00-\x40]", text):
        for start, end in person_model().find(text):
            yield Hit(start, end, Kind.PERSON, "A person's name.")
