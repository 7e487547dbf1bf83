"""Passwords, tokens and keys: what detect-secrets knows, and what Japanese labels say."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator

from detect_secrets.plugins.aws import AWSKeyDetector
from detect_secrets.plugins.azure_storage_key import AzureStorageKeyDetector
from detect_secrets.plugins.base import RegexBasedDetector
from detect_secrets.plugins.basic_auth import BasicAuthDetector
from detect_secrets.plugins.discord import DiscordBotTokenDetector
from detect_secrets.plugins.github_token import GitHubTokenDetector
from detect_secrets.plugins.gitlab_token import GitLabTokenDetector
from detect_secrets.plugins.jwt import JwtTokenDetector
from detect_secrets.plugins.mailchimp import MailchimpDetector
from detect_secrets.plugins.npm import NpmDetector
from detect_secrets.plugins.openai import OpenAIDetector
from detect_secrets.plugins.sendgrid import SendGridDetector
from detect_secrets.plugins.slack import SlackDetector
from detect_secrets.plugins.square_oauth import SquareOAuthDetector
from detect_secrets.plugins.stripe import StripeDetector
from detect_secrets.plugins.telegram_token import TelegramBotTokenDetector
from detect_secrets.plugins.twilio import TwilioKeyDetector

from akashi.domains.guardrails.model import Kind
from akashi.domains.guardrails.numbers import Hit

_PLUGINS = (
    *(AWSKeyDetector, AzureStorageKeyDetector, BasicAuthDetector, DiscordBotTokenDetector),
    *(GitHubTokenDetector, GitLabTokenDetector, JwtTokenDetector, MailchimpDetector, NpmDetector),
    *(OpenAIDetector, SendGridDetector, SlackDetector, SquareOAuthDetector, StripeDetector),
    *(TelegramBotTokenDetector, TwilioKeyDetector),
)
_LONG_RUN = re.compile(r"[A-Za-z0-9_+/=-][A-Za-z0-9_+/=-]{19}")
_LOGIN = re.compile(r"://[^\s/]{1,80}:[^\s/]{1,80}@")
_LONGEST_LINE = 4_000
_PRIVATE_KEY = re.compile(
    r"-----BEGIN [A-Z ]{0,30}PRIVATE KEY[A-Z ]{0,10}-----"
    r"(?:[A-Za-z0-9+/=\s]{0,20000}-----END [A-Z ]{0,40}-----)?"
)
_LABELLED = re.compile(
    r"(?:(?:ワンタイム|ログイン|取引)?パスワード|暗証番号|パスコード|認証コード|認証番号|確認コード"
    r"|秘密の?鍵|シークレット|トークン"
    r"|(?i:api)[ _-]?(?:キー|(?i:key))|(?i:password|passwd|secret|token|pin(?: ?code)?))"
    r"(?:\s?(?:は|が|:|=|を)\s?|[「『\"' ])[「『\"']?([!-~]{4,64})"
)
_NOT_A_VALUE = re.compile(r"[0-9]{1,2}(?:桁|文字|回|日|時間|分)|[a-z]{1,12}$|https?:.*|\[[A-Z_]+-.*")


@functools.cache
def _plugins() -> tuple[RegexBasedDetector, ...]:
    return tuple(plugin() for plugin in _PLUGINS)


def _names_a_secret(text: str) -> bool:
    """Return whether a word stands in ``text`` without which ``_LABELLED`` finds nothing."""
    return _SECRET_WORD.search(text.lower()) is not None


# Three further letters are equal to i and s where case does not count.
_SECRET_WORD = re.compile(
    "パスワード|パスコード|暗証番号|認証番号|認証コード|確認コード|鍵|シークレット|トークン"
    "|api|passw|secret|token|pin|ı|ſ|\u0307"
)


def _is_worth_a_look(text: str) -> bool:
    """Return whether ``text`` holds what a token of a service may look like."""
    is_known = "-----BEGIN" in text or ("://" in text and _LOGIN.search(text) is not None)
    return is_known or _LONG_RUN.search(text) is not None


def find_secrets(text: str) -> Iterator[Hit]:
    """Yield passwords, tokens and keys in a normalised text.

    >>> [text[hit.start : hit.end] for text in ["パスワードはHanako#77です"] for hit in find_secrets(text)]
    ['Hanako#77']
    """
    for found in _LABELLED.finditer(text) if _names_a_secret(text) else ():
        if not _NOT_A_VALUE.match(found[1]):
            yield Hit(*found.span(1), Kind.SECRET, "A password or key that a label names.")
    if _is_worth_a_look(text):
        for found in _PRIVATE_KEY.finditer(text):
            yield Hit(*found.span(), Kind.SECRET, "A private key.")
        yield from _known_tokens(text)


def _known_tokens(text: str) -> Iterator[Hit]:
    """Yield what the plugins know; kana and kanji become blanks, so that words have borders."""
    for line in re.finditer(r"[^\n]+", re.sub(r"[^\x00-\x7f]", " ", text)):
        if len(line.group()) > _LONGEST_LINE or not _is_worth_a_look(line.group()):
            continue
        for plugin in _plugins():
            for pattern in plugin.denylist:
                for found in pattern.finditer(line.group()):
                    start, end = line.start() + found.start(), line.start() + found.end()
                    yield Hit(start, end, Kind.SECRET, "A token or key of a known service.")
