"""The whole input screen in milliseconds: normalisation, personal data, hijacking.

`python -m benchmarks.screen --messages FILE.jsonl --json [--peer]`
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from akashi.domains.guardrails.personal import find_personal
from akashi.domains.guardrails.screening import screen
from benchmarks.pii import run_peer
from benchmarks.spans import Message, read_messages

LENGTH = 300


def time_each(run: Callable[[str], object], texts: Sequence[str]) -> list[float]:
    """Return the milliseconds of each text, warm."""
    for text in texts[:20]:
        run(text)
    times = []
    for text in texts:
        started = time.perf_counter()
        run(text)
        times.append((time.perf_counter() - started) * 1000)
    return times


def join_messages(messages: Sequence[Message], length: int = LENGTH) -> list[str]:
    """Return texts of about ``length`` characters: messages one after another, cut at the length."""
    texts, text = [], ""
    for message in messages:
        text += ("\n" if text else "") + message.text
        if len(text) >= length:
            texts.append(text[:length])
            text = ""
    return texts


def measure(messages: Sequence[Message], *, peer: bool) -> dict[str, Any]:
    """Return the figures of the contract; the fields of the peer only when it was measured."""
    texts = [message.text for message in messages]
    times = time_each(screen, texts)
    personal = float(np.percentile(time_each(find_personal, texts), 50))
    long = join_messages(messages)
    long_times, long_personal = time_each(screen, long), time_each(find_personal, long)
    figures: dict[str, Any] = {
        "ms_p50": float(np.percentile(times, 50)),
        "ms_p99": float(np.percentile(times, 99)),
        "chars_per_s": sum(map(len, texts)) / sum(times) * 1000,
        "personal_ms_p50": personal,
        "chars_300": {
            "n": len(long),
            "ms_p50": float(np.percentile(long_times, 50)),
            "ms_p99": float(np.percentile(long_times, 99)),
            "personal_ms_p50": float(np.percentile(long_personal, 50)),
        },
    }
    if peer:
        figures["peer_ms_p50"] = float(np.percentile(run_peer(messages)[1], 50))
        figures["personal_ratio"] = figures["peer_ms_p50"] / personal
        joined = [Message(str(at), "", text, ()) for at, text in enumerate(long)]
        peer_300 = float(np.percentile(run_peer(joined)[1], 50))
        ratio = peer_300 / figures["chars_300"]["personal_ms_p50"]
        figures["chars_300"] |= {"peer_ms_p50": peer_300, "personal_ratio": ratio}
    return figures


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the benchmark; returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=Path, required=True)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--peer", action="store_true", help="measure Presidio with GiNZA beside us")
    chosen = parser.parse_args(arguments)
    figures = measure(read_messages(chosen.messages), peer=chosen.peer)
    print(json.dumps(figures, indent=2), file=sys.stderr)
    if chosen.json:
        print(json.dumps(figures))
    return 0


if __name__ == "__main__":
    sys.exit(main())
