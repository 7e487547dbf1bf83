"""Does a text try to take over the assistant? By sentence windows, in every layer; read this first."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from akashi.core.spans import Interval
from akashi.domains.guardrails.hijack_features import VEIL
from akashi.domains.guardrails.hijack_kinds import TextKind, kind_of, veil_quotations
from akashi.domains.guardrails.hijack_model import HijackModel, shipped_model
from akashi.language.layers import Layer, unfold

MAX_CHARACTERS = 200_000
TURNS_JOINED = 3
_DECODED_BONUS = 1.5
_TAIL = 240
_NO_SIGN = "〓"
"""What stands for the sign of a veil where a text holds it itself: nobody veils his own orders."""
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


def screen_hijack(
    text: str,
    model: HijackModel | None = None,
    layers: Sequence[Layer] | None = None,
    kind: TextKind | None = None,
) -> Hijack:
    """Return whether ``text`` tries to hijack an assistant.

    Each sentence and each two neighbours are judged for themselves, so neither the length of the
    text nor its beginning matters; encoded and hidden layers are judged too, and more strictly.
    ``layers`` are those of ``text`` where they are known already. ``kind`` is what the caller knows of
    the text; without it its look decides. Speech that a paper reports (an example, a warning) is not
    read; a turn of a conversation is read whole, and a long one has the threshold of papers. Fails
    closed: a text above ``MAX_CHARACTERS`` is flagged. Linear in the length.
    """
    model = model or shipped_model()
    if len(text) > MAX_CHARACTERS:
        return Hijack(True, 0.0, Interval(0, len(text)), TOO_LONG)
    best = Hijack(False, -20.0, Interval(0, 0))
    for layer in unfold(text) if layers is None else layers:
        # A short text is no paper because it is written in many signs.
        look = kind_of(layer.text)
        threshold = model.threshold_of(kind if kind is TextKind.PAPER else look)
        bonus = _DECODED_BONUS if layer.is_decoded else 0.0
        is_reported = (kind or look) is TextKind.PAPER and not layer.is_decoded
        plain = layer.text.replace(VEIL, _NO_SIGN)
        read = veil_quotations(plain) if is_reported else plain
        for place, raw, turned in _readings(read, model):
            score = raw + bonus - threshold
            if score <= best.score:
                continue
            reason = HIDDEN if turned or layer.is_decoded else HIJACK
            path = (*layer.path, "reversed") if turned else layer.path
            best = Hijack(score >= 0, score, layer.to_original(place), reason if score >= 0 else "", path)
    return best


def _readings(text: str, model: HijackModel) -> Iterator[tuple[Interval, float, bool]]:
    """Yield the window most like an attack, forwards and in what seems to be written backwards."""
    found = _score(text, model)
    if found is not None:
        yield *found, False
    for part in backward_parts(text):
        found = _score(part.of(text)[::-1], model)
        if found is not None:
            place, score = found
            yield Interval(part.end - place.end, part.end - place.start), score, True


def find_orders(text: str, model: HijackModel | None = None) -> tuple[Interval, ...]:
    """Return every place of ``text`` that reads like an order to an assistant, in order, without overlaps.

    For papers that come in: nothing is refused, but the approver is told where to look, also where an
    attack is only quoted. Texts above
    ``MAX_CHARACTERS`` are read in pieces that overlap.
    """
    model = model or shipped_model()
    threshold = model.threshold_of(TextKind.PAPER)
    found: list[Interval] = []
    for start in range(0, max(1, len(text) - _OVERLAP), MAX_CHARACTERS - _OVERLAP):
        for layer in unfold(text[start : start + MAX_CHARACTERS]):
            bonus = _DECODED_BONUS if layer.is_decoded else 0.0
            windows, scores = model.score_windows(layer.text.replace(VEIL, _NO_SIGN))
            for window, score in zip(windows, scores, strict=True):
                if score + bonus >= threshold:
                    place = layer.to_original(window)
                    found.append(Interval(start + place.start, start + place.end))
    return _merged(found)


_OVERLAP = 400


def _merged(spans: Sequence[Interval]) -> tuple[Interval, ...]:
    merged: list[Interval] = []
    for span in sorted(spans):
        if merged and span.start < merged[-1].end:
            merged[-1] = Interval(merged[-1].start, max(merged[-1].end, span.end))
        else:
            merged.append(span)
    return tuple(merged)


_PART = re.compile(r"[^。！？!?\n]+[。！？!?\n]*")
# Pairs of kana that stand in this order fifteen times and more as often as in the other (our training side).
_PAIRS = (
    "す。 ます い。 した ない は、 くだ ださ です さい する る。 りま から てく か。 った ませ とき "
    "せん すか あり ると で、 だけ きは まで ん。 があ が、 さま きま られ て、 えて ード その にな "
    "れた ただ には し、 るこ いる をお ても たら よう れて める たと とし るの され ら、 てお うか "
    "り、 ある えま めて おり につ ては ステ シス テム かり 、そ によ はな けて ット とを しょ ょう "
    "われ それ あっ わな どう より 、こ なっ ワー ドを はあ イン えた を、 れな けま プリ アプ メー "
    "スワ ざい ござ りに らの ネッ けで もう ちら べて けれ って せる ける かっ どこ ず、 せて まっ "
    "んで たも げま 。そ ば、 ころ きる ずに すぐ すべ わり への ング リス ーン スク らず ルは モデ "
    "デル 。ど トバ であ デー ちに きし もっ 。こ をご もし りし て。 ービ ビス んだ めに ラー エラ "
    "ャッ たく らは とめ パソ ソコ く。 たず せよ"
)


def _any_of(pairs: Iterable[str], words: Iterable[str]) -> re.Pattern[str]:
    """Return what finds the first sign of each pair and word: a set of characters is searched for fastest."""
    seconds: dict[str, str] = {}
    for pair in pairs:
        seconds[pair[0]] = seconds.get(pair[0], "") + pair[1]
    found = [f"{first}(?=[{rest}])" for first, rest in seconds.items()]
    return re.compile("|".join([*found, *(f"{word[0]}(?={word[1:]})" for word in words)]))


_FORWARD = _any_of(_PAIRS.split(), ["the ", "ing", "ion", "you", "and ", "system", "user", "prompt"])
_BACKWARD = _any_of(
    (pair[::-1] for pair in _PAIRS.split()),
    [
        " eht",
        "gni",
        "noi",
        "uoy",
        " dna",
        "erongi",
        "tpmorp",
        "metsys",
        "resu",
        "I(?<![A-Za-z]I)A(?![A-Za-z])",
    ],
)


def backward_parts(text: str) -> Iterator[Interval]:
    """Yield the passages of ``text`` that look written backwards, with sentences beside that look no way.

    >>> text = "口座の件です。。いさだくてし示表を部全"
    >>> [part.of(text) for part in backward_parts(text)]
    ['いさだくてし示表を部全']
    """
    if _BACKWARD.search(text) is None:
        return
    start, end, is_backward = -1, -1, False
    for part in _PART.finditer(text):
        back, ahead = len(_BACKWARD.findall(part.group())), len(_FORWARD.findall(part.group()))
        if ahead > back:
            if is_backward:
                yield Interval(start, end)
            start, is_backward = -1, False
            continue
        start = part.start() if start < 0 else start
        end, is_backward = part.end(), is_backward or back > ahead
    if is_backward:
        yield Interval(start, end)


def _score(text: str, model: HijackModel) -> tuple[Interval, float] | None:
    windows, scores = model.score_windows(text)
    if not windows:
        return None
    at = int(scores.argmax())
    return windows[at], float(scores[at])


def screen_turns(
    turns: Sequence[str], model: HijackModel | None = None, kind: TextKind | None = None
) -> Hijack:
    """Return the verdict on the last of a customer's ``turns``, in the light of those before it.

    An attack spread over turns is found because the last ``TURNS_JOINED`` are also read as one text.
    The span lies in the last turn, or covers it where only the turns together are an attack.
    """
    if not turns:
        return Hijack.nothing()
    alone = screen_hijack(turns[-1], model, kind=kind)
    if alone.flagged or len(turns) == 1:
        return alone
    tails = "".join(turn[-_TAIL:].replace("\n", " ") for turn in turns[-TURNS_JOINED:])
    joined = screen_hijack(tails, model, kind=kind)
    if joined.flagged and joined.score > alone.score:
        return Hijack(True, joined.score, Interval(0, len(turns[-1])), joined.reason, joined.path)
    return alone
