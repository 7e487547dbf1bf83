"""The demonstration's questions expect answers that are in force for customers on their day."""

from __future__ import annotations

from collections import Counter

from tests.sample.test_corpus import APPROVED, AS_OF, QUESTIONS, _faq, _headings, _holds_on


def test_questions_come_in_the_promised_numbers() -> None:
    kinds = Counter(item["kind"] for item in QUESTIONS["sanity"])
    assert kinds == {"answerable": 40, "unanswerable": 8, "off_topic": 4}
    assert [item["kind"] for item in QUESTIONS["demo"]] == ["answerable", "answerable", "unanswerable"]
    asked = [item["question"] for item in (*QUESTIONS["sanity"], *QUESTIONS["demo"])]
    assert len(set(asked)) == len(asked)


def test_every_expected_answer_is_in_force_for_customers_today() -> None:
    today = [entry for entry in APPROVED if entry["audience"] == "customers" and _holds_on(entry, AS_OF)]
    entries = {question for entry in today if entry["kind"] == "faq" for question, _ in _faq(entry)}
    headings = {entry["key"]: _headings(entry) for entry in today if entry["kind"] == "document"}
    for item in (*QUESTIONS["demo"], *QUESTIONS["sanity"]):
        assert bool(item["expects"]) == (item["kind"] == "answerable"), item["id"]
        assert item["question"] not in entries, item["id"]
        for wanted in item["expects"]:
            if isinstance(wanted, str):
                assert wanted in entries, item["id"]
            else:
                assert wanted[1] in headings[wanted[0]], item["id"]
