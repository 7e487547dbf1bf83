"""Inventory: reading a large CycloneDX file streamed, its memory, and the official library beside it.

`python -m benchmarks.inventory [--megabytes 500] [--peer-components 2000] --json`
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import multiprocessing
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from multiprocessing.connection import Connection
from pathlib import Path

import orjson

from akashi.domains.vulnerability.register.sources import read_source


def make_component(number: int) -> dict[str, object]:
    """Return a component of about a kilobyte, as build tools write them."""
    name = f"part-{number}"
    version = f"{number % 9}.{number % 31}.{number % 7}"
    return {
        "type": "library",
        "bom-ref": f"pkg:maven/org.example/{name}@{version}",
        "group": "org.example",
        "name": name,
        "version": version,
        "description": 'A "quoted" part with [brackets], {braces} and 日本語 ' + "x" * 300,
        "hashes": [
            {"alg": "SHA-256", "content": f"{number:064x}"},
            {"alg": "SHA-1", "content": f"{number:040x}"},
        ],
        "licenses": [{"license": {"id": "Apache-2.0"}}],
        "purl": f"pkg:maven/org.example/{name}@{version}",
        "externalReferences": [{"type": "vcs", "url": f"https://example.org/{name}"}],
    }


def write_bill(path: Path, megabytes: float = 0, components: int = 0) -> int:
    """Write a bill of about that size, or with that many components; return how many it has."""
    count = 0
    with path.open("wb") as file:
        file.write(b'{"bomFormat":"CycloneDX","specVersion":"1.6","version":1,"components":[')
        while file.tell() < megabytes * 1e6 or count < components:
            file.write((b"," if count else b"") + orjson.dumps(make_component(count)))
            count += 1
        file.write(b"]}")
    return count


def read_ours(path: Path) -> int:
    """Return how many components our reader yields."""
    with path.open("rb") as file:
        return sum(type(item).__name__ == "Component" for item in read_source(file, path.name, "web")[1])


def read_whole(path: Path) -> int:
    """Return how many components orjson reads in one piece."""
    return len(orjson.loads(path.read_bytes())["components"])


def read_official(path: Path) -> int:
    """Return how many components the official library reads."""
    from cyclonedx.model.bom import Bom  # noqa: PLC0415  its import must not count in our own process

    bom = Bom.from_json(json.loads(path.read_bytes()))  # type: ignore[attr-defined]  # made by its decorator
    return len(bom.components)


def measure_apart(read: Callable[[Path], int], path: Path) -> tuple[int, float, float]:
    """Return components, seconds and peak megabytes above the start, in a process of its own."""
    ours, theirs = multiprocessing.get_context("spawn").Pipe()
    process = multiprocessing.get_context("spawn").Process(target=_measure, args=(read, path, theirs))
    process.start()
    theirs.close()  # so that a reader that fails ends the pipe instead of leaving us waiting
    try:
        count, seconds, memory = ours.recv()
    except EOFError as error:
        raise SystemExit(f"{read.__name__} ended without a result") from error
    finally:
        process.join()
    return count, seconds, memory


def _measure(read: Callable[[Path], int], path: Path, answer: Connection) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    started = time.perf_counter()
    count = read(path)
    seconds = time.perf_counter() - started
    answer.send((count, seconds, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024))


def main(arguments: Sequence[str] | None = None) -> int:
    """Print one JSON line."""
    parser = argparse.ArgumentParser(prog="benchmarks.inventory")
    parser.add_argument("--megabytes", type=float, default=500)
    parser.add_argument("--peer-components", type=int, default=2000)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(arguments)
    result: dict[str, object] = {}
    with tempfile.TemporaryDirectory() as folder:
        small, large = Path(folder) / "small.json", Path(folder) / "large.json"
        write_bill(small, components=options.peer_components)
        readers = {"ours": read_ours, "orjson_whole": read_whole, "official": read_official}
        if importlib.util.find_spec("cyclonedx") is None:
            del readers["official"]
            print(
                "the official library is missing and left out; it comes with make setup-test", file=sys.stderr
            )
        for name, read in readers.items():
            count, seconds, _ = measure_apart(read, small)
            result |= {f"small_{name}_components": count, f"small_{name}_s": round(seconds, 3)}
            print(name, count, round(seconds, 3), file=sys.stderr)
        made = write_bill(large, megabytes=options.megabytes)
        count, seconds, memory = measure_apart(read_ours, large)
        size = large.stat().st_size / 1e6
    result |= {
        "megabytes": round(size),
        "components": count,
        "components_written": made,
        "wall_s": round(seconds, 1),
        "megabytes_per_s": round(size / seconds, 1),
        "peak_rss_mb": round(memory, 1),
    }
    print(json.dumps(result) if options.json else "\n".join(f"{k}: {v}" for k, v in result.items()))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
