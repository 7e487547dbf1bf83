"""Where the LLM endpoint is, what it may cost, and its key: all from the installation's own files.

The table ``[endpoint]`` of ``akashi.toml`` and ``AKASHI_ENDPOINT_*`` variables. The key is an environment
secret (``AKASHI_ENDPOINT_KEY``) or a file that only its owner may read; it is never shown or logged.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from urllib.parse import urlsplit

from akashi.core.errors import InputError, SetupError

PREFIX = "AKASHI_ENDPOINT_"
KEY_VARIABLE = "AKASHI_ENDPOINT_KEY"
PORTS = {"http": 80, "https": 443}
MOST = 10**12


@dataclass(frozen=True, slots=True)
class EndpointSettings:
    """One OpenAI-compatible endpoint, its limits and its price.

    ``url`` ends where ``/chat/completions`` begins, usually in ``/v1``. Seconds are wall time:
    ``total_seconds`` from the first attempt to the last byte, ``idle_seconds`` between two bytes,
    ``embedding_seconds`` for the vectors of one question, which a customer waits for.
    Prices are whole yen for a million tokens. At least one monthly limit must be set; 0 means no limit.
    """

    url: str
    model: str
    embedding_model: str = ""
    key_file: str = ""
    total_seconds: int = 20
    connect_seconds: int = 3
    idle_seconds: int = 8
    retries: int = 2
    context_tokens: int = 8000
    answer_tokens: int = 600
    most_at_once: int = 4
    yen_per_million_in: int = 0
    yen_per_million_out: int = 0
    monthly_yen: int = 0
    monthly_tokens: int = 0
    conversation_tokens: int = 40_000
    canary_hours: int = 24
    embedding_seconds: int = 2

    @property
    def address(self) -> str:
        """Return ``host:port`` as the list of allowed addresses writes it."""
        parts = urlsplit(self.url)
        return f"{parts.hostname}:{parts.port or PORTS[parts.scheme]}"

    def microyen(self, tokens_in: int, tokens_out: int) -> int:
        """Return the price in millionths of a yen: yen for a million tokens is microyen for one."""
        return tokens_in * self.yen_per_million_in + tokens_out * self.yen_per_million_out


def read_endpoint(table: object, environment: Mapping[str, str]) -> EndpointSettings | None:
    """Return the endpoint that the settings describe, or None when there is none.

    Raises: InputError: a field is unknown or cannot be used.
    """
    if table is not None and not isinstance(table, Mapping):
        raise InputError("The setting endpoint must be a table.", where="akashi.toml")
    values: dict[str, object] = {str(key): value for key, value in (table or {}).items()}
    for key, value in environment.items():
        if key.startswith(PREFIX) and key != KEY_VARIABLE and value:
            values[key.removeprefix(PREFIX).lower()] = value
    if not values:
        return None
    known = {field.name: field.type for field in fields(EndpointSettings)}
    for name in values:
        if name not in known:
            raise InputError("The endpoint has no setting {name}.", where="akashi.toml", name=name)
    for name in ("url", "model"):
        if not str(values.get(name, "")).strip():
            raise InputError("The endpoint needs {name}.", where="akashi.toml", name=name)
    read = {name: _read(name, str(known[name]), value) for name, value in values.items()}
    found = EndpointSettings(**read)  # type: ignore[arg-type]  # each value was read by its field's type
    _check(found)
    return found


def check_allowed(endpoint: EndpointSettings, allowed: tuple[str, ...]) -> None:
    """Let pass an endpoint whose address an administrator has allowed. Raises: SetupError: it is not."""
    if endpoint.address not in allowed:
        raise SetupError(
            f"The endpoint {endpoint.address} is not among the allowed addresses. "
            f'Add it to allowed_hosts in akashi.toml, as "{endpoint.address}".'
        )


def read_key(endpoint: EndpointSettings, environment: Mapping[str, str] | None = None) -> str:
    """Return the endpoint's key; empty when the endpoint needs none.

    Raises: SetupError: the file cannot be read, others may read it, or the key holds unusable characters.
    """
    found = (os.environ if environment is None else environment).get(KEY_VARIABLE, "")
    if not found and endpoint.key_file:
        path = Path(endpoint.key_file).expanduser()
        try:
            if path.stat().st_mode & 0o077:
                raise SetupError(f"Others may read the endpoint's key. Run: chmod 600 {path}")
            found = path.read_text(encoding="ascii")
        except (OSError, UnicodeDecodeError) as error:
            raise SetupError(f"The endpoint's key {path} cannot be read.") from error
    found = found.strip()
    if not found.isascii() or any(not character.isprintable() for character in found):
        raise SetupError("The endpoint's key holds characters that cannot be sent.")
    return found


def _read(name: str, kind: str, value: object) -> object:
    if kind == "str":
        return str(value).strip()
    try:
        number = int(str(value))
    except ValueError:
        number = -1
    if not 0 <= number <= MOST:
        raise InputError("The endpoint's {name} must be a whole number.", where="akashi.toml", name=name)
    return number


def _check(endpoint: EndpointSettings) -> None:
    parts = urlsplit(endpoint.url)
    is_plain = not (parts.query or parts.fragment or parts.username or parts.password)
    if parts.scheme not in PORTS or not parts.hostname or not is_plain:
        raise InputError(
            "The endpoint's url must be http(s)://host[:port]/path without user name or query.",
            where="akashi.toml",
        )
    if not (endpoint.monthly_tokens or (endpoint.monthly_yen and endpoint.yen_per_million_out)):
        raise InputError(
            "The endpoint needs a monthly limit that can be reached.",
            where="akashi.toml",
            next_step="Set monthly_tokens, or monthly_yen with both prices.",
        )
    positive = ("total_seconds", "connect_seconds", "idle_seconds", "answer_tokens", "most_at_once")
    for name in (*positive, "conversation_tokens", "canary_hours", "embedding_seconds"):
        if not getattr(endpoint, name):
            raise InputError("The endpoint's {name} must be above 0.", where="akashi.toml", name=name)
    if endpoint.context_tokens < 2 * endpoint.answer_tokens:
        raise InputError(
            "The endpoint's context_tokens must be at least twice its answer_tokens.", where="akashi.toml"
        )
