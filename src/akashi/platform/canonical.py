"""Canonical JSON (RFC 8785): the one way of writing a value that a digest or a signature covers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias

import rfc8785

from akashi.core.errors import AkashiError

Json: TypeAlias = bool | int | float | str | Sequence["Json"] | Mapping[str, "Json"] | None

MAX_INTEGER = 2**53 - 1
"""Larger whole numbers are not exact in every reader of JSON. Source: RFC 8785 section 3.2.2.3, RFC 7493."""

_Plain: TypeAlias = bool | int | float | str | list["_Plain"] | dict[str, "_Plain"] | None


class CanonicalError(AkashiError, ValueError):
    """A value has no canonical form; the message names the place inside it."""


def canonical_json(value: Json, *, floats: bool = True) -> bytes:
    """Return ``value`` as RFC 8785 writes it: UTF-8, sorted keys, no spaces.

    ``floats=False`` refuses every float, for records whose numbers must be exact.

    Raises: CanonicalError: NaN or infinity, an integer beyond 2^53 - 1, a lone surrogate, a key that
    is not text, or a type that JSON does not have.

    >>> canonical_json({"b": 1, "a": "証"}).decode()
    '{"a":"証","b":1}'
    """
    plain = _make_plain(value, "$", floats)
    try:
        return rfc8785.dumps(plain)
    except (rfc8785.CanonicalizationError, UnicodeEncodeError) as error:
        raise CanonicalError(f"This value has no canonical form: {error}.") from error


def _make_plain(value: object, place: str, floats: bool) -> _Plain:
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return _check_text(value, place)
    if isinstance(value, int):
        return _check_integer(value, place)
    if isinstance(value, float):
        return _check_float(value, place, floats)
    if isinstance(value, Mapping):
        return {
            _check_key(key, place): _make_plain(item, f"{place}.{key}", floats) for key, item in value.items()
        }
    if isinstance(value, (list, tuple)):
        return [_make_plain(item, f"{place}[{index}]", floats) for index, item in enumerate(value)]
    raise CanonicalError(f"{place}: {type(value).__name__} is not a JSON value.")


def _check_text(value: str, place: str) -> str:
    try:
        value.encode("utf-8")
    except UnicodeEncodeError as error:
        raise CanonicalError(f"{place}: the text holds a lone surrogate.") from error
    return str.__str__(value)


def _check_key(key: object, place: str) -> str:
    if not isinstance(key, str):
        raise CanonicalError(f"{place}: a key is {type(key).__name__}, not text.")
    return _check_text(key, f"{place} (key)")


def _check_integer(value: int, place: str) -> int:
    if abs(value) > MAX_INTEGER:
        raise CanonicalError(f"{place}: {value} is beyond 2^53 - 1; write it as text.")
    return int(value)


def _check_float(value: float, place: str, floats: bool) -> float:
    if not floats:
        raise CanonicalError(f"{place}: floats are refused; write a whole number of a unit, or text.")
    if value != value or value in (float("inf"), float("-inf")):
        raise CanonicalError(f"{place}: {value} is not a JSON number.")
    return float(value)
