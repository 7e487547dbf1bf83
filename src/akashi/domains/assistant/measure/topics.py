"""What a text is about, in words that give nobody away."""

from __future__ import annotations

from collections.abc import Container

from akashi.domains.assistant.measure.features import Stream
from akashi.language.tokens import Token, read_tokens

MOST_WORDS = 5
NOUNS = frozenset(["名詞", "接頭辞", "接尾辞"])


def topic_words(text: str, known: Container[str], most: int = MOST_WORDS) -> tuple[str, ...]:
    """Return the content words of ``text`` that stand in approved documents, in order, each once.

    ``known`` holds the word terms of the index. Names, numbers and everything else that no approved
    document says is left out, so that the words may be shown where the text may not.

    Nouns that stand side by side and are both known are one word, as people read them.

    >>> topic_words("山田太郎です。通帳の発行手数料は", {"w通帳", "w発行", "w手数", "w料"})
    ('通帳', '発行手数料')
    """
    found: list[str] = []
    before: Token | None = None
    for token in read_tokens(text):
        if not token.content or _is_number(token.form) or Stream.WORD + token.form not in known:
            before = None
            continue
        if before is not None and _is_joined(before, token):
            found[-1] += token.form
        else:
            found.append(token.form)
        before = token
    return tuple(dict.fromkeys(found))[:most]


def _is_joined(one: Token, other: Token) -> bool:
    return _is_noun(one) and _is_noun(other) and one.span.end == other.span.start


def _is_noun(token: Token) -> bool:
    return token.part in NOUNS and token.detail != "固有名詞"


def _is_number(form: str) -> bool:
    return any(letter.isdigit() for letter in form)
