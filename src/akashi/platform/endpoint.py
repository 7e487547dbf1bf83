"""The words of the LLM endpoint: what is asked, what comes back, what can go wrong, how tokens are estimated.

Any OpenAI-compatible endpoint may be configured; none is by default. This module never loads the SDK:
``endpoint_client`` does, and is itself loaded only when an endpoint is configured.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from akashi.core.errors import AkashiError


class Fault(StrEnum):
    """Why an endpoint gave us nothing we can use."""

    NOT_CONFIGURED = "not_configured"
    BUSY = "busy"
    RESTING = "resting"
    BUDGET = "budget"
    CONVERSATION_BUDGET = "conversation_budget"
    TOO_LONG = "too_long"
    UNREACHABLE = "unreachable"
    TIMEOUT = "timeout"
    RATE_LIMITED = "rate_limited"
    SERVER_ERROR = "server_error"
    KEY_REFUSED = "key_refused"
    REJECTED = "rejected"
    MALFORMED = "malformed"
    EMPTY = "empty"
    CUT = "cut"
    FLOODED = "flooded"
    ABANDONED = "abandoned"


UNSENT = frozenset(
    {
        Fault.NOT_CONFIGURED,
        Fault.BUSY,
        Fault.RESTING,
        Fault.BUDGET,
        Fault.CONVERSATION_BUDGET,
        Fault.TOO_LONG,
        Fault.UNREACHABLE,
    }
)
"""With these nothing reached the endpoint, so nothing is charged."""

OURS = UNSENT - {Fault.UNREACHABLE}
"""With these the endpoint was not even tried: they say nothing about its health."""


class EndpointError(AkashiError):
    """The endpoint gave nothing usable; ``fault`` says why. The message never quotes what was sent or got."""

    def __init__(self, fault: Fault, detail: str = "") -> None:
        self.fault = fault
        super().__init__(f"The LLM endpoint gave no usable reply: {fault.value}. {detail}".strip())


class Purpose(StrEnum):
    """What a call was made for."""

    ANSWER = "answer"
    CANARY = "canary"
    EMBEDDING = "embedding"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Caller:
    """On whose account a call goes: use case, purpose, and the conversation or run it belongs to."""

    use_case: str
    purpose: Purpose
    subject: str = ""


@dataclass(frozen=True, slots=True)
class Prompt:
    """What is sent: our instructions, and data that is fenced as data."""

    system: str
    user: str
    temperature: float = 0.0

    @property
    def tokens(self) -> int:
        """Return our estimate of the tokens sent, with what the endpoint's own template may add."""
        return estimate_tokens(self.system) + estimate_tokens(self.user) + TEMPLATE_TOKENS


@dataclass(frozen=True, slots=True)
class Talk:
    """A conversation of somebody else that is passed on: the request's body, and all words in it.

    ``body`` holds ``model``, ``messages`` and options as the protocol writes them; how the reply comes
    back and how long it may be is ours to say.
    """

    body: Mapping[str, Any]
    sent: str
    answer_tokens: int

    @property
    def tokens(self) -> int:
        """Return our estimate of the tokens sent."""
        return estimate_tokens(self.sent) + TEMPLATE_TOKENS


@dataclass(frozen=True, slots=True)
class Completion:
    """The end of a reply: its whole text, what it cost, and what the endpoint says of itself.

    ``is_whole`` is False when the reply ended early: cut off, or at the limit of its length.
    ``is_reported`` says whether the tokens are the endpoint's own count or our estimate.
    """

    text: str
    is_whole: bool
    tokens_in: int
    tokens_out: int
    is_reported: bool
    model: str = ""
    fingerprint: str = ""


TEMPLATE_TOKENS = 64
TOKENS_PER_CHARACTER = 2
CHARACTERS_PER_TOKEN = 2
ASCII = 128


def estimate_tokens(text: str) -> int:
    """Return at least as many tokens as usual vocabularies make of ``text``, without knowing any.

    Two tokens for each character outside ASCII, one for each two ASCII characters, never more than the
    UTF-8 bytes (which byte-level vocabularies cannot exceed). Deliberately high: Japanese usually takes
    about one token a character, so prompts are cut early and budgets end early, never late. Our estimate.

    >>> estimate_tokens("振込手数料は110円です。")
    22
    >>> estimate_tokens("")
    0
    """
    ascii_ = sum(ord(character) < ASCII for character in text)
    wide = len(text) - ascii_
    guess = wide * TOKENS_PER_CHARACTER + -(-ascii_ // CHARACTERS_PER_TOKEN)
    return min(guess, len(text.encode("utf-8", "surrogatepass")))


def cut_to_tokens(text: str, most: int) -> str:
    """Return the longest beginning of ``text`` that is estimated at ``most`` tokens or fewer.

    >>> cut_to_tokens("振込手数料", 6)
    '振込手'
    """
    if estimate_tokens(text) <= most:
        return text
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if estimate_tokens(text[:middle]) <= most else (low, middle - 1)
    return text[:low]


def count_tokens(text: str, reported: object) -> tuple[int, bool]:
    """Return the tokens to book for ``text`` and whether they are the endpoint's own count.

    An endpoint's count is believed only where it can be true: not below one token for eight characters,
    not above one for each byte and what a template adds.
    """
    is_number = isinstance(reported, int) and not isinstance(reported, bool)
    most = len(text.encode("utf-8", "surrogatepass")) + 16 * TEMPLATE_TOKENS
    if is_number and isinstance(reported, int) and len(text) // 8 <= reported <= most:
        return reported, True
    return estimate_tokens(text), False
