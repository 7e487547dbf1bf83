"""Write one split of the hijack corpus as a case file of `benchmarks.injection`.

    python -m benchmarks.data.injection_cases --split test > /tmp/cases.jsonl

Groups: attacks by their form, `attack_long` where they stand in a long harmless text; harmless texts by what
they are: `bank_message`, `policy_document` (rules, minutes, forms, notices, code), `trigger_words`, or long.
"""

import argparse
import json
import sys
from collections.abc import Iterator
from typing import Any

from benchmarks.data.make_corpus import build

ORDINARY = {"bank_message", "feedback", "mail", "upload", "search_result", "memo_table"}
TRIGGERS = {"trigger_words", "staff_request", "fraud_question"}


def group_of(row: dict[str, Any], attack: bool) -> str:
    """The group of a case."""
    if attack:
        return "attack_long" if "host" in row else f"attack_{row['form']}"
    family = row["family"]
    name = (
        "bank_message" if family in ORDINARY else "trigger_words" if family in TRIGGERS else "policy_document"
    )
    return f"{name}_long" if row["form"] == "long" else name


def cases(split: str) -> Iterator[dict[str, Any]]:
    """The cases of a split (train, dev, test): id, group, text, label."""
    for label, rows in zip((1, 0), build(), strict=True):
        for row in rows:
            if row["split"] == split:
                yield {
                    "id": row["id"],
                    "group": group_of(row, label == 1),
                    "text": row["text"],
                    "label": label,
                }


def main() -> None:
    """Write the cases to standard output."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--split", choices=("train", "dev", "test"), required=True)
    for case in cases(parser.parse_args().split):
        sys.stdout.write(json.dumps(case, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
