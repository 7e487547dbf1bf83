"""The peer of the harness in its own process: inspect_ai, run with ``.peers/bin/python``.

`.peers/bin/python benchmarks/harness_peer.py SUITE.jsonl PORT CONCURRENCY`: plays the cases of a suite to the
server of constant latency, scores each by looking for its secret, writes its own log, and prints one JSON
object. Not imported by anything: its packages are not ours.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import tempfile
import time
from pathlib import Path
from typing import Any


def read_samples(path: Path) -> list[dict[str, Any]]:
    """Return instructions, question and secret of every case."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return [
        {
            "id": row["id"],
            "system": row["context"]["system"],
            "input": row["turns"][0],
            "target": row["expectation"]["secrets"][0],
        }
        for row in rows
    ]


def cpu_s() -> float:
    """Return user and system seconds of this process and of its children that have ended."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def measure(path: Path, port: int, concurrency: int) -> dict[str, float]:
    """Return the figures of one evaluation; what happens once (imports, a first case) is left out."""
    from inspect_ai import Task, eval  # noqa: A004, PLC0415
    from inspect_ai.dataset import MemoryDataset, Sample  # noqa: PLC0415
    from inspect_ai.model import ChatMessageSystem, ChatMessageUser, get_model  # noqa: PLC0415
    from inspect_ai.scorer import includes  # noqa: PLC0415
    from inspect_ai.solver import generate  # noqa: PLC0415

    samples = [
        Sample(
            id=one["id"],
            input=[ChatMessageSystem(content=one["system"]), ChatMessageUser(content=one["input"])],
            target=one["target"],
        )
        for one in read_samples(path)
    ]
    address = f"http://127.0.0.1:{port}/v1"
    model = get_model("openai/constant", base_url=address, api_key="none", responses_api=False)

    def play(chosen: list[Any]) -> None:
        task = Task(dataset=MemoryDataset(chosen), solver=generate(), scorer=includes())
        options = {"max_connections": concurrency, "max_samples": concurrency, "display": "none"}
        with tempfile.TemporaryDirectory() as folder:
            logs = eval(task, model=model, log_dir=folder, log_level="error", **options)
        scored = logs[0].results.completed_samples if logs[0].results else 0
        if logs[0].status != "success" or scored != len(chosen):
            raise RuntimeError(f"the peer ended {logs[0].status}")

    play(samples[:1])
    before, started = cpu_s(), time.perf_counter()
    play(samples)
    wall_s, used_s = time.perf_counter() - started, cpu_s() - before
    return {
        "wall_s": wall_s,
        "cpu_ms_per_case": used_s * 1000 / len(samples),
        "peak_rss_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


if __name__ == "__main__":
    os.environ["INSPECT_LOG_FORMAT"] = "eval"
    print(json.dumps(measure(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))))
