"""Names of persons: a small model over words, and what lists and honorifics make certain."""

from __future__ import annotations

import functools
import itertools
import re
from collections.abc import Iterator, Sequence
from importlib.resources import as_file, files
from operator import attrgetter
from pathlib import Path

from akashi.core.errors import SetupError
from akashi.domains.guardrails.model import Kind
from akashi.domains.guardrails.name_denials import begin_after_field, is_nobody_here, is_plain_hiragana
from akashi.domains.guardrails.name_echoes import find_echoes
from akashi.domains.guardrails.name_evidence import Evidence, ends_sentence
from akashi.domains.guardrails.name_families import find_families
from akashi.domains.guardrails.name_frames import find_framed
from akashi.domains.guardrails.name_introductions import find_introduced
from akashi.domains.guardrails.name_rules import (
    find_certain,
    is_bare_place,
    is_everyday_word,
    is_place_or_firm,
)
from akashi.domains.guardrails.name_spellings import find_spelt
from akashi.domains.guardrails.name_wholes import find_set_apart, whole_names
from akashi.domains.guardrails.numbers import Hit
from akashi.language.words import Word, Words, read_words

LABELS = "OBI"
"""Outside, begins and inside a name, in the order of the weights."""
_INSIDE = LABELS.index("I")
_ENDS, _IS_CANDIDATE = attrgetter("ends"), attrgetter("is_candidate")
_ROUNDING = 1e-6
Span = tuple[int, int]
Weights = tuple[float, float, float]


def split_sentences(words: Sequence[Word]) -> Iterator[list[Word]]:
    """Yield the words of each sentence or line."""
    sentence: list[Word] = []
    for word in words:
        sentence.append(word)
        if ends_sentence(word.surface):
            yield sentence
            sentence = []
    if sentence:
        yield sentence


class PersonModel:
    """The name model: a linear-chain conditional random field over the words of a sentence.

    Learnt by python-crfsuite (scripts/train_names.py) and read from a table of weights, because most
    features of a text are unknown to the model and looking up the known ones here takes a third of
    the time of handing all of them over. The most probable labels are found by Viterbi's algorithm.
    """

    def __init__(self, path: Path) -> None:
        weights: dict[str, Weights] = {}
        for line in path.read_text(encoding="utf-8").splitlines():
            if not line.startswith("#"):
                name, *values = line.split("\t")
                weights[name] = (float(values[0]), float(values[1]), float(values[2]))
        self._moves = tuple(weights.pop(f"{label}>") for label in LABELS)
        (oo, ob, oi), (bo, bb, bi), (io, ib, ii) = self._moves
        to_begin, to_inside = max(ob, bb, ib, oo) - oo, max(oi, bi, ii, oo) - oo
        self._bounds = to_begin, to_inside, oo - max(bo, io) - _ROUNDING
        self._evidence = Evidence({name: complex(b - o, i - o) for name, (o, b, i) in weights.items()})

    def find(self, text: str) -> Iterator[Span]:
        """Yield where the persons of a normalised text stand."""
        yield from self.find_in(read_words(text))

    def find_in(self, words: Words) -> Iterator[Span]:
        """Yield where the persons among ``words`` stand."""
        seen = self._evidence.see(words.forms)
        candidates = list(map(_IS_CANDIDATE, seen))
        ends = list(itertools.compress(itertools.count(1), map(_ENDS, seen)))
        sentences = [
            (start, end)
            for start, end in itertools.pairwise([0, *ends, len(seen)])
            if True in candidates[start:end]
        ]
        if not sentences:
            return
        weighed = self._evidence.weigh([seen[start:end] for start, end in sentences])
        for (start, _), evidence in zip(sentences, weighed, strict=True):
            if self.may_hold_name(evidence):
                for first, last in _join(self.label(evidence)):
                    yield words.places[start + first], words.places[start + last]

    def may_hold_name(self, evidence: Sequence[complex]) -> bool:
        """Return whether words in a row may say enough for a name to make up for the move out of it.

        A bound from above, each move within a name counted as the best one into its label; where it is
        not reached, the most probable labels are O alone. A name at the end of a sentence has no move out.
        """
        to_begin, to_inside, to_out = self._bounds
        said = 0.0
        for one in evidence:
            begin, inside = one.real + to_begin, one.imag + to_inside
            said = (said if said > 0.0 else 0.0) + (begin if begin > inside else inside)
            if said > to_out:
                return True
        return said > -_ROUNDING

    def label(self, evidence: Sequence[complex]) -> list[int]:
        """Return the place in ``LABELS`` of the most probable label of each word of a sentence."""
        (oo, ob, oi), (bo, bb, bi), (io, ib, ii) = self._moves
        out, begin, inside = 0.0, evidence[0].real, evidence[0].imag
        paths: list[tuple[int, int, int]] = []
        for said in evidence[1:]:
            # Which label before each label is best. Written out three times: this is the innermost loop.
            first, second, third = out + oo, begin + bo, inside + io
            to_out = (0 if first > third else 2) if first > second else 1 if second > third else 2
            reached = (first, second, third)[to_out]
            first, second, third = out + ob, begin + bb, inside + ib
            to_begin = (0 if first > third else 2) if first > second else 1 if second > third else 2
            begun = (first, second, third)[to_begin]
            first, second, third = out + oi, begin + bi, inside + ii
            to_inside = (0 if first > third else 2) if first > second else 1 if second > third else 2
            out, begin, inside = reached, begun + said.real, (first, second, third)[to_inside] + said.imag
            paths.append((to_out, to_begin, to_inside))
        best = _best(out, begin, inside)
        labels = [best]
        for path in reversed(paths):
            best = path[best]
            labels.append(best)
        labels.reverse()
        return labels


def _best(out: float, begin: float, inside: float) -> int:
    if out > begin:
        return 0 if out > inside else 2
    return 1 if begin > inside else 2


def _join(labels: Sequence[int]) -> Iterator[Span]:
    """Yield from which word to which each name goes."""
    if not any(labels):
        return
    first = -1
    for at, label in enumerate([*labels, 0]):
        if first >= 0 and label != _INSIDE:
            yield first, at
            first = -1
        if label and first < 0:
            first = at


@functools.cache
def person_model() -> PersonModel:
    """Return the shipped model.

    Raises: SetupError: its weights are missing.
    """
    weights = files("akashi.domains.guardrails").joinpath("data/share_alike/names.tsv")
    with as_file(weights) as path:
        if not path.is_file():
            raise SetupError(
                "The name model is missing. Run: python scripts/train_names.py ../shared/data/names"
            )
        return PersonModel(path)


def find_names(text: str) -> Iterator[Hit]:
    """Yield the persons of a normalised text, the model's and the certain ones."""
    if not _LETTER.search(text):
        return
    words = read_words(text)
    guessed = (trim_name(text, *span) for span in person_model().find_in(words))
    kept = (
        one
        for one in guessed
        if not (is_everyday_word(words, *one) or is_bare_place(text, *one) or is_plain_hiragana(text, *one))
    )
    spans = itertools.chain(
        find_certain(text, words),
        find_introduced(text, words),
        find_framed(text),
        find_spelt(text),
        find_families(text),
        kept,
    )
    begun = dict.fromkeys((begin_after_field(text, *one), one[1]) for one in spans)
    names = [one for one in begun if one[1] > one[0] and not _is_denied(text, *one)]
    apart = [one for one in find_set_apart(text, names) if not _is_denied(text, *one)]
    more = [one for one in find_echoes(text, names) if not _is_denied(text, *one)] if names else ()
    for start, end in whole_names(text, [*names, *apart, *more]):
        yield Hit(start, end, Kind.PERSON, "A person's name.")


def trim_name(text: str, start: int, end: int) -> Span:
    """Return the span without honorifics and words around a name that the model took with it."""
    name = text[start:end]
    end = start + (_tail_at(name) or len(name))
    lead = _LEAD.match(text, start, end)
    return lead.end() if lead else start, end


@functools.lru_cache(maxsize=20_000)
def _tail_at(name: str) -> int:
    """Return where honorifics and signs at the end of ``name`` begin; 0 if none do or all of it is such."""
    cut = _TAIL.search(name)
    return cut.start() if cut else 0


_TAIL = re.compile(r"(?:名義人?|さん|様|さま|氏|殿|夫人|ご?夫妻|\s|・|:|、)+$")
_LEAD = re.compile(r"[\s・:、)(]+")


def _is_denied(text: str, start: int, end: int) -> bool:
    return is_place_or_firm(text, start, end) or is_nobody_here(text, start, end)


_LETTER = re.compile(r"[^\x00-\x40\x5b-\x60\x7b-\x7f]")
