"""Write questions about the world as a file of `benchmarks.abstention --offcorpus`.

    python -m benchmarks.data.world_questions FILE.jsonl [FILE.jsonl …] > /tmp/world.jsonl

Every fourth question of the articles that nothing was learnt from (`fit_voice.is_learnt`).
"""

import argparse
import json
import sys
from pathlib import Path

from benchmarks.fit_voice import is_learnt
from benchmarks.retrieval import read_lines

STEP = 4


def main() -> None:
    """Write the questions to standard output."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="+", type=Path)
    for path in parser.parse_args().files:
        rest = [row for row in read_lines(path) if not is_learnt(row["_id"])]
        for row in rest[::STEP]:
            sys.stdout.write(json.dumps(row, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
