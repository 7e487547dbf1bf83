"""Responses to and from JSON, and the chain of digests over what came back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from hashlib import sha256
from typing import Any

import orjson

from akashi.domains.evaluation.model import Cited, Outcome, Response, ToolCall

GENESIS = "0" * 64
_SORTED = orjson.OPT_SORT_KEYS
_EMPTY = Response()
_DEFAULTS = {name: getattr(_EMPTY, name) for name in Response.__slots__}


def dump_response(response: Response) -> str:
    """Return a response as sorted JSON without its empty fields; characters nobody can store are replaced."""
    values = {
        name: value for name in Response.__slots__ if (value := getattr(response, name)) != _DEFAULTS[name]
    }
    if "citations" in values:
        values["citations"] = [asdict(one) for one in response.citations]
    if "tool_calls" in values:
        values["tool_calls"] = [asdict(one) for one in response.tool_calls]
    try:
        return orjson.dumps(values, option=_SORTED).decode()
    except TypeError:
        return orjson.dumps(_storable(values), option=_SORTED).decode()


def load_response(body: str | bytes) -> Response:
    """Return the response behind its JSON."""
    values = orjson.loads(body)
    for name in ("replies", "sources"):
        if name in values:
            values[name] = tuple(values[name])
    if "outcome" in values:
        values["outcome"] = Outcome(values["outcome"])
    if "citations" in values:
        values["citations"] = tuple(Cited(**one) for one in values["citations"])
    if "tool_calls" in values:
        values["tool_calls"] = tuple(ToolCall(**one) for one in values["tool_calls"])
    return Response(**values)


def chain_digest(previous: str, place: int, case_body: str, body: str) -> str:
    """Return the digest of one result: of the one before it, its place, its case and what came back."""
    hasher = sha256(previous.encode())
    for part in (str(place), case_body, body):
        data = part.encode()
        hasher.update(b"%d:" % len(data))
        hasher.update(data)
    return hasher.hexdigest()


def _storable(value: Any) -> Any:
    """Return JSON values without lone surrogates and without numbers that JSON cannot hold."""
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()
    if isinstance(value, Mapping):
        return {str(_storable(str(key))): _storable(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_storable(one) for one in value]
    return value if isinstance(value, bool | float) or value is None else str(value)
