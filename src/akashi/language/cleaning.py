"""What stands around or between the characters that count: mark-up, ruby, look-alikes, gaps."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator

from akashi.language.traced import Edit, Traced, apply_edits, as_written

_MARKUP = re.compile(
    r"<r[tp]\b[^<>]{0,200}>[^<]{0,100}(?:</r[tp]>)?|(?<=\S)<!--[^<>\n]{0,20}-->(?=\S)|<!--|-->|</?[A-Za-z][A-Za-z0-9]{0,15}(?=[\s/>])[^<>]{0,300}>"
)
_ENTITY = re.compile(r"&(?:(?:#[0-9]{1,7}+|#[xX][0-9A-Fa-f]{1,6}+);?|[A-Za-z][A-Za-z0-9]{1,24};)")
_RUBY = re.compile(r"[(《](?<=[一-鿿々〆].)([ぁ-ゖー]{1,20})[)》]")
_GAP = r"[ .,・_*|/、\n-]"
_SPACED = re.compile(
    rf"[A-Za-zぁ-ヿ一-鿿](?<![0-9A-Za-z].)(?:{_GAP}{{1,3}}[A-Za-zぁ-ヿ一-鿿](?![A-Za-z])){{4,}}+"
)
# One character after the other with blanks between, whatever they are; the same with one sign between.
_ALONE = re.compile(r"(?<!\S)\S(?:[ \n]{1,9}\S(?!\S)){4,}+")
_BLANKS = re.compile(r"[ \n]+")
_UNIT = r"[A-Za-z0-9ぁ-ヿ一-鿿、。「」!?:]"
_SIGN = r"[^\w\s、。「」!?:]"
_SIGNED = re.compile(rf"{_UNIT}({_SIGN}{{1,6}}){_UNIT}(?:\1{_UNIT}){{3,}}+")
# Cut into pieces of two or three characters.
_PIECES = re.compile(
    r"(?<!\S)(?:\S{2}(?: \S{2}(?!\S)){5,}+(?: \S(?!\S))?|\S{3}(?: \S{3}(?!\S)){5,}+(?: \S{1,2}(?!\S))?)"
)
# What stands within each of these; it begins with what is rarer than letters, so that most texts are
# ruled out fast.
_WITHIN_ALONE = re.compile(r"[ \n](?:\S[ \n]{1,9}){3}\S")
_WITHIN_PIECES = re.compile(r" \S{2,3}(?: \S{2,3}){4}")
_WITHIN_SIGNED = re.compile(rf"{_SIGN}(?:{_UNIT}{_SIGN}{{1,6}}){{3}}{_UNIT}")
_WITHIN_SPACED = re.compile(rf"{_GAP}(?:[A-Za-zぁ-ヿ一-鿿]{_GAP}{{1,3}}){{3}}[A-Za-zぁ-ヿ一-鿿]")
_LETTER = re.compile("[A-Za-zぁ-ヿ一-鿿]")
_HIRAGANA = re.compile("[ぁ-ん]")
_LATIN_LIKE = dict(
    zip(
        "АВЕЅІЈКМНОРСТУХҮԌԚԜавеѕіјкмнорстухүһԁԛԝɡɑıοαενικρτυχωγΑΒΕΖΗΙΚΜΝΟΡΤΥΧ",
        "ABESIJKMHOPCTYXYGQWabesijkmhopctyxyhdqwgaioaevikptuxwyABEZHIKMNOPTYX",
        strict=True,
    )
)
_MIXED_WORD = re.compile(f"[A-Za-z{''.join(_LATIN_LIKE)}]+")
_KANA_LIKE = {
    "口": "ロ",
    "力": "カ",
    "二": "ニ",
    "工": "エ",
    "八": "ハ",
    "夕": "タ",
    "卜": "ト",
    "一": "ー",
    "才": "オ",
}
_HIDDEN_KANA = re.compile(r"[口力二工八夕卜一才](?<=[ァ-ヺー].)(?=[ァ-ヺー])")
# What `STEPS` cannot do without, one search each: most texts have nothing to clean.
_FOREIGN = "".join(_LATIN_LIKE)
_LOOK_ALIKE = re.compile(rf"[{_FOREIGN}口力二工八夕卜一才](?:(?<=[{_FOREIGN}])|(?<=[ァ-ヺー].)(?=[ァ-ヺー]))")
_MARKED = re.compile("[&<]")
_GAPPED = re.compile(
    r"[^0-9A-Za-zぁ-ゖァ-ヺー一-鿿](?=\S{1,3}[\W_])(?:"
    + "|".join(
        f"(?<={first}){one.pattern.removeprefix(first)}"
        for first, one in (
            (r"[ \n]", _WITHIN_ALONE),
            (" ", _WITHIN_PIECES),
            (_SIGN, _WITHIN_SIGNED),
            (_GAP, _WITHIN_SPACED),
        )
    )
    + ")"
)

Step = Callable[[str], Traced]


def strip_markup(text: str) -> Traced:
    """Return ``text`` with HTML entities read, and tags and HTML ruby taken away.

    >>> strip_markup("<ruby>山田<rt>やまだ</rt></ruby>&amp;").text
    '山田&'
    """
    if _MARKED.search(text) is None:
        return as_written(text)
    edits = [(*found.span(), "") for found in _MARKUP.finditer(text)]
    edits += [(*found.span(), html.unescape(found.group())) for found in _ENTITY.finditer(text)]
    return apply_edits(text, _without_overlaps(sorted(edits)))


def _without_overlaps(edits: list[Edit]) -> Iterator[Edit]:
    reached = 0
    for edit in edits:
        if edit[0] >= reached:
            reached = edit[1]
            yield edit


def strip_ruby(text: str) -> Traced:
    """Return ``text`` without readings in brackets after kanji.

    >>> strip_ruby("漢字(かんじ)です").text
    '漢字です'
    """
    return apply_edits(text, ((*found.span(), "") for found in _RUBY.finditer(text)))


def read_homoglyphs(text: str) -> Traced:
    """Return ``text`` with the letters that foreign ones only look like.

    Cyrillic and Greek letters become Latin in words that also hold Latin letters or nothing else,
    and kanji that look like katakana become katakana between katakana.

    >>> read_homoglyphs("раssword パスワ一ド").text
    'password パスワード'
    """
    edits: list[Edit] = []
    for word in _MIXED_WORD.finditer(text):
        if _reads_latin(word.group()):
            edits += [
                (at, at + 1, _LATIN_LIKE[text[at]]) for at in range(*word.span()) if text[at] in _LATIN_LIKE
            ]
    edits += [(*found.span(), _KANA_LIKE[found.group()]) for found in _HIDDEN_KANA.finditer(text)]
    return apply_edits(text, sorted(edits))


def _reads_latin(word: str) -> bool:
    return len(word) >= 3 or any(one.isascii() for one in word)


def join_spaced(text: str) -> Traced:
    """Return ``text`` without the gaps between letters that stand one by one.

    Gaps are blanks or signs; pieces of two or three characters count where they hold hiragana, as lists
    of words seldom do. Of longer gaps what the text itself had stays.

    >>> join_spaced("無 視 し て く だ さ い").text, join_spaced("A~I~は~規~則~を").text
    ('無視してください', 'AIは規則を')
    """
    base = as_written(text)
    for find in (_alone, _pieces, _signed, _spaced):
        edits = list(find(base.text))
        if edits:
            base = apply_edits(base.text, edits).onto(base)
    return base


def _alone(text: str) -> Iterator[Edit]:
    if _WITHIN_ALONE.search(text) is None:
        return
    for found in _ALONE.finditer(text):
        if len(_LETTER.findall(found.group())) < _LEAST_LETTERS:
            continue
        gaps = list(_BLANKS.finditer(text, *found.span()))
        least = min(len(gap.group()) for gap in gaps)
        for gap in gaps:
            kept = gap.group()[1::2] if least == 1 else " " * (len(gap.group()) > least)
            yield (*gap.span(), kept)


def _pieces(text: str) -> Iterator[Edit]:
    if _WITHIN_PIECES.search(text) is None:
        return
    for found in _PIECES.finditer(text):
        if len(_HIRAGANA.findall(found.group())) >= _LEAST_LETTERS:
            yield from ((*gap.span(), "") for gap in _BLANKS.finditer(text, *found.span()))


def _signed(text: str) -> Iterator[Edit]:
    if _WITHIN_SIGNED.search(text) is None:
        return
    for found in _SIGNED.finditer(text):
        sign = found[1]
        if len(_LETTER.findall(found.group())) >= _LEAST_LETTERS:
            starts = range(found.start() + 1, found.end() - 1, len(sign) + 1)
            yield from ((at, at + len(sign), "") for at in starts)


def _spaced(text: str) -> Iterator[Edit]:
    if _WITHIN_SPACED.search(text) is None:
        return
    for found in _SPACED.finditer(text):
        yield from ((at, at + 1, "") for at in range(*found.span()) if re.match(_GAP, text[at]))


_LEAST_LETTERS = 4


STEPS: tuple[tuple[str, re.Pattern[str], Step], ...] = (
    ("markup", _MARKED, strip_markup),
    ("ruby", _RUBY, strip_ruby),
    ("homoglyphs", _LOOK_ALIKE, read_homoglyphs),
    ("spaced", _GAPPED, join_spaced),
)
"""What is taken away, in this order, each with what a text holds from which it takes anything."""
