"""What a text is about, in words that give nobody away."""

from __future__ import annotations

from collections.abc import Container

from akashi.domains.assistant.measure.features import Stream
from akashi.language.tokens import read_tokens

MOST_WORDS = 5


def topic_words(text: str, known: Container[str], most: int = MOST_WORDS) -> tuple[str, ...]:
    """Return the content words of ``text`` that stand in approved documents, in order, each once.

    ``known`` holds the word terms of the index. Names, numbers and everything else that no approved
    document says is left out, so that the words may be shown where the text may not.

    >>> topic_words("山田太郎です。通帳をなくしました", {"w通帳"})
    ('通帳',)
    """
    found: dict[str, None] = {}
    for token in read_tokens(text):
        if token.content and not _is_number(token.form) and Stream.WORD + token.form in known:
            found.setdefault(token.form)
    return tuple(found)[:most]


def _is_number(form: str) -> bool:
    return any(letter.isdigit() for letter in form)
