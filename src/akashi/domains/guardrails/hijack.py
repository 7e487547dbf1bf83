"""Does a text try to take over the assistant? By sentence windows, in every layer; read this first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from akashi.core.spans import Interval
from akashi.domains.guardrails.hijack_model import HijackModel, shipped_model
from akashi.language.layers import unfold

MAX_CHARACTERS = 200_000
TURNS_JOINED = 3
_DECODED_BONUS = 1.5
_TAIL = 240
HIJACK = "The text tries to give the assistant orders or to change its rules."
HIDDEN = "Orders to the assistant are hidden or encoded in the text."
TOO_LONG = "The text is too long to be screened."


@dataclass(frozen=True, slots=True)
class Hijack:
    """The verdict on a text: the highest score of a window above the threshold, and where.

    ``score`` is log odds less the threshold: at or above 0 is flagged. ``span`` lies in the original
    text; ``path`` says through which encodings it was read.
    """

    flagged: bool
    score: float
    span: Interval
    reason: str = ""
    path: tuple[str, ...] = ()

    @classmethod
    def nothing(cls) -> Hijack:
        """Return the verdict on a text that was not looked at or says nothing."""
        return cls(False, -20.0, Interval(0, 0))


def screen_hijack(text: str, model: HijackModel | None = None) -> Hijack:
    """Return whether ``text`` tries to hijack an assistant.

    Each sentence and each two neighbours are judged for themselves, so neither the length of the
    text nor its beginning matters; encoded and hidden layers are judged too, and more strictly.
    Fails closed: a text above ``MAX_CHARACTERS`` is flagged. Linear in the length.
    """
    model = model or shipped_model()
    if len(text) > MAX_CHARACTERS:
        return Hijack(True, 0.0, Interval(0, len(text)), TOO_LONG)
    best = Hijack(False, -20.0, Interval(0, 0))
    for layer in unfold(text):
        bonus = _DECODED_BONUS if layer.is_decoded else 0.0
        for turned in (False, True):
            found = _score(layer.text[::-1] if turned else layer.text, model)
            if found is None or found[1] + bonus - model.threshold <= best.score:
                continue
            place, score = found
            if turned:
                place = Interval(len(layer.text) - place.end, len(layer.text) - place.start)
            score += bonus - model.threshold
            reason = HIDDEN if turned or layer.is_decoded else HIJACK
            path = (*layer.path, "reversed") if turned else layer.path
            best = Hijack(score >= 0, score, layer.to_original(place), reason if score >= 0 else "", path)
    return best


def _score(text: str, model: HijackModel) -> tuple[Interval, float] | None:
    windows, scores = model.score_windows(text)
    if not windows:
        return None
    at = int(scores.argmax())
    return windows[at], float(scores[at])


def screen_turns(turns: Sequence[str], model: HijackModel | None = None) -> Hijack:
    """Return the verdict on the last of a customer's ``turns``, in the light of those before it.

    An attack spread over turns is found because the last ``TURNS_JOINED`` are also read as one text.
    The span lies in the last turn, or covers it where only the turns together are an attack.
    """
    if not turns:
        return Hijack.nothing()
    alone = screen_hijack(turns[-1], model)
    if alone.flagged or len(turns) == 1:
        return alone
    joined = screen_hijack("".join(turn[-_TAIL:].replace("\n", " ") for turn in turns[-TURNS_JOINED:]), model)
    if joined.flagged and joined.score > alone.score:
        return Hijack(True, joined.score, Interval(0, len(turns[-1])), joined.reason, joined.path)
    return alone
