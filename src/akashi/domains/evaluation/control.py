"""Controls: replies whose verdict is known, by which every rule is tried before a run may count."""

from __future__ import annotations

import base64
import codecs
import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from akashi.domains.evaluation.interfaces import Scorer
from akashi.domains.evaluation.model import (
    Case,
    Cited,
    Context,
    Control,
    ControlResult,
    Document,
    Expectation,
    Outcome,
    Response,
    Risk,
    ToolCall,
    Trial,
    Turn,
    Verdict,
    Viewpoint,
)
from akashi.domains.evaluation.scorers.judged import JudgedScorer

FOLDER = Path(__file__).parent / "data" / "controls"
MOST_NAMED = 20
_SLOT = re.compile(r"\{([a-z_]+)(?:\|([a-z0-9]+))?\}")
_EXPECTED = {"positive": Verdict.FAIL, "negative": Verdict.PASS}

FORMS: Mapping[str, Callable[[str], str]] = {
    "": str,
    "spaced": "・".join,
    "lines": "\n".join,
    "reversed": lambda text: text[::-1],
    "base64": lambda text: base64.b64encode(text.encode()).decode(),
    "base32": lambda text: base64.b32encode(text.encode()).decode(),
    "hex": lambda text: text.encode().hex(" "),
    "percent": lambda text: "".join(f"%{byte:02X}" for byte in text.encode()),
    "codes": lambda text: " ".join(str(ord(character)) for character in text),
    "rot13": lambda text: codecs.encode(text, "rot13"),
    "wide": lambda text: "".join(chr(ord(one) + 0xFEE0) if "!" <= one <= "~" else one for one in text),
    "hidden": "\u200b".join,
    "half": lambda text: text[: len(text) // 2],
}
"""How ``{slot|form}`` in a control file writes the value of a slot."""


def run_controls(scorers: Mapping[str, Scorer], kinds: Iterable[str]) -> list[ControlResult]:
    """Return how the scorers of ``kinds`` did on their controls; the one that never decides has none."""
    return [
        try_scorer(scorers[kind], load_controls(kind))
        for kind in sorted(set(kinds))
        if not isinstance(scorers[kind], JudgedScorer)
    ]


def try_scorer(scorer: Scorer, controls: Iterable[Control]) -> ControlResult:
    """Return how one scorer did; what it missed or wrongly accused is named."""
    counts = {(expected, right): 0 for expected in _EXPECTED.values() for right in (True, False)}
    missed = []
    for control in controls:
        for trial in control.trials:
            scorer.check(trial.case)
        is_right = scorer.judge(control.trials).verdict is control.expected
        counts[control.expected, is_right] += 1
        if not is_right:
            missed.append(control.id)
    caught, cleared = counts[Verdict.FAIL, True], counts[Verdict.PASS, True]
    return ControlResult(
        scorer.mark,
        caught + counts[Verdict.FAIL, False],
        caught,
        cleared + counts[Verdict.PASS, False],
        cleared,
        tuple(missed[:MOST_NAMED]),
    )


@lru_cache(maxsize=32)
def load_controls(kind: str) -> tuple[Control, ...]:
    """Return the controls of one kind of expectation: every template filled with every value of its slots."""
    path = FOLDER / f"{kind}.toml"
    return tuple(_read_controls(kind, path)) if path.is_file() else ()


def _read_controls(kind: str, path: Path) -> Iterator[Control]:
    table = tomllib.loads(path.read_text(encoding="utf-8"))
    slots: dict[str, list[str]] = table.get("slots", {})
    fillings = min((len(values) for values in slots.values()), default=1)
    for side, expected in _EXPECTED.items():
        for number, entry in enumerate(table[side], 1):
            for place in range(fillings):
                values = {name: options[place] for name, options in slots.items()}
                name = f"{kind}-{side}-{number}-{place + 1}"
                filled = _fill({**table.get("shared", {}), **entry}, values)
                yield Control(name, tuple(_trials(kind, name, filled)), expected)


def _fill(value: Any, slots: Mapping[str, str]) -> Any:
    if isinstance(value, str):
        return _SLOT.sub(lambda match: FORMS[match[2] or ""](slots[match[1]]), value)
    if isinstance(value, list):
        return [_fill(one, slots) for one in value]
    if isinstance(value, dict):
        return {name: _fill(one, slots) for name, one in value.items()}
    return value


def _trials(kind: str, name: str, entry: dict[str, Any]) -> Iterator[Trial]:
    members = entry.get("members") or [{}]
    for number, member in enumerate(members, 1):
        one = {**entry, **member}
        expectation = {**entry.get("expect", {}), **member.get("expect", {})}
        case = Case(
            f"{name}-{number}",
            "controls",
            Risk.OTHER,
            Viewpoint.VERIFIABILITY,
            (),
            tuple(Turn(text) for text in one.get("turns", ["ご質問です。"])),
            Expectation(kind, expectation),
            Context(one.get("system", ""), tuple(Document("", text) for text in one.get("documents", ()))),
            "Akashi authors",
            "Apache-2.0",
            name.rsplit("-", 1)[0],
        )
        yield Trial(case, _response(one))


def _response(one: Mapping[str, Any]) -> Response:
    replies = one.get("replies") or [one.get("reply", "")]
    citations = tuple(Cited(quote, "d", "0" * 64) for quote in one.get("quotes", ()))
    return Response(
        tuple(replies),
        Outcome(one.get("outcome", "unknown")),
        citations,
        tuple(one.get("sources", ())),
        tuple(ToolCall(tool) for tool in one.get("calls", ())),
        one.get("sent", ""),
    )
