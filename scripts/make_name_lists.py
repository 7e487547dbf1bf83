"""Make the product's lists of readings from the name lists of shuheilocale (MIT).

`python scripts/make_name_lists.py ../shared/data/names` writes the sorted, deduplicated surnames and
readings to ``src/akashi/domains/guardrails/data/name_lists.toml``.
"""

from __future__ import annotations

import csv
import sys
from pathlib import Path

TARGET = Path(__file__).parents[1] / "src/akashi/domains/guardrails/data/name_lists.toml"
HEAD = """# Japanese names: surnames in kanji and the readings of surnames and given names.
# Derived by scripts/make_name_lists.py from "japanese-personal-name-dataset" @ 9046343,
# MIT, Copyright (c) 2022 shuheilocale (see NOTICE). Sorted, deduplicated, one string per list.
"""


def main(folder: Path) -> int:
    """Write the lists."""
    surnames = list(csv.reader((folder / "last_name_org.csv").open(encoding="utf-8")))
    given = [
        row
        for name in sorted(folder.glob("first_name_*.csv"))
        for row in csv.reader(name.open(encoding="utf-8"))
    ]
    lists = {
        "surnames": {row[0] for row in surnames},
        "surname_readings": {row[2] for row in surnames},
        "surname_romaji": {row[3].lower() for row in surnames},
        "given_readings": {row[0] for row in given},
        "given_romaji": {row[1].lower() for row in given},
    }
    lines = [f'{name} = "{" ".join(sorted(words - {""}))}"' for name, words in lists.items()]
    TARGET.write_text(HEAD + "\n".join(lines) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
