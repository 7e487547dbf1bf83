"""Matching: all components against all affected ranges, beside univers comparing pair by pair.

`python -m benchmarks.matching --components 200000 --ranges 100000 --json [--sample 4000] [--seed 1]`
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
from collections.abc import Sequence

from univers.version_range import VersionRange
from univers.versions import PypiVersion

from akashi.domains.vulnerability.match.join import Product, match_products
from akashi.domains.vulnerability.model import Range

CANDIDATES = 8
SUFFIXES = ("", "", "", "", "", "", "rc1", "b2", ".post1", ".dev3")


def make_version(random_: random.Random) -> str:
    """Return a version of the Python ecosystem, now and then a pre-release."""
    parts = [random_.randrange(0, 12), random_.randrange(0, 30)]
    parts += [random_.randrange(0, 40)] * (random_.random() < 0.8)
    return ".".join(map(str, parts)) + random_.choice(SUFFIXES)


def make_instance(components: int, ranges: int, seed: int) -> tuple[list[Product], list[Range]]:
    """Return components and ranges with about eight candidate ranges for each component."""
    random_ = random.Random(seed)
    names = [f"package-{number}" for number in range(max(1, ranges // CANDIDATES))]
    products = [Product("pypi", random_.choice(names), make_version(random_)) for _ in range(components)]
    found = []
    for _ in range(ranges):
        first, fixed = sorted((make_version(random_), make_version(random_)), key=PypiVersion)
        found.append(Range("pypi", random_.choice(names), first, fixed))
    return products, found


def compare_pairs(products: Sequence[Product], ranges: Sequence[Range]) -> tuple[set[tuple[int, int]], float]:
    """Return what univers finds pair by pair, as its documentation shows, and the seconds it took."""
    by_name: dict[str, list[int]] = {}
    for place, one in enumerate(ranges):
        by_name.setdefault(one.name, []).append(place)
    hits = set()
    started = time.perf_counter()
    for place, product in enumerate(products):
        for candidate in by_name.get(product.name, ()):
            one = ranges[candidate]
            text = f"vers:pypi/>={one.introduced}|<{one.fixed}"
            affected = VersionRange.from_string(text)  # type: ignore[no-untyped-call]  # univers is half typed
            if PypiVersion(product.version) in affected:
                hits.add((place, candidate))
    return hits, time.perf_counter() - started


def main(arguments: Sequence[str] | None = None) -> int:
    """Print one JSON line; the exit code says whether it could be measured."""
    parser = argparse.ArgumentParser(prog="benchmarks.matching")
    parser.add_argument("--components", type=int, default=200_000)
    parser.add_argument("--ranges", type=int, default=100_000)
    parser.add_argument("--sample", type=int, default=4_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(arguments)
    products, ranges = make_instance(options.components, options.ranges, options.seed)
    started = time.perf_counter()
    hits = match_products(products, ranges)
    listed = list(hits.pairs())
    wall = time.perf_counter() - started
    sample = min(options.sample, len(products))
    print(f"{len(listed)} hits in {wall:.2f} s; univers on {sample} components …", file=sys.stderr)
    theirs, seconds = compare_pairs(products[:sample], ranges)
    estimate = seconds / sample * len(products)
    result = {
        "wall_s": round(wall, 3),
        "univers_wall_s_estimate": round(estimate, 1),
        "ratio": round(estimate / wall, 1),
        "hits_equal": {pair for pair in listed if pair[0] < sample} == theirs,
        "hits": len(listed),
        "hits_in_sample": len(theirs),
        "unparsed": len(hits.unparsed),
        "components": len(products),
        "ranges": len(ranges),
    }
    print(json.dumps(result) if options.json else "\n".join(f"{k}: {v}" for k, v in result.items()))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
