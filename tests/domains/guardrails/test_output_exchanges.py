"""Two things of a source that change places, and what looking for them may cost."""

from __future__ import annotations

import pytest

from akashi.domains.guardrails import output_exchanges
from akashi.domains.guardrails.output import check_output
from akashi.domains.guardrails.output_words import has_unit

_RATES = "本店の金利は0.3%、西店の金利は0.5%です。"


def test_what_two_clauses_have_may_not_change_places() -> None:
    assert check_output(_RATES, [_RATES]).supported
    assert not check_output("本店の金利は0.5%、西店の金利は0.3%です。", [_RATES]).supported


def test_a_sentence_of_very_many_clauses_costs_no_more_comparisons(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []

    def count(units: object, unit: object) -> bool:
        asked[-1] += 1
        return has_unit(units, unit)  # type: ignore[arg-type]

    monkeypatch.setattr(output_exchanges, "has_unit", count)
    for clauses in (14, 28):
        asked.append(0)
        text = "".join(f"{at}番は午前{at % 9 + 1}時から午後5時まで、" for at in range(clauses))
        check_output(text, [text[::-1] + text])
    assert 0 < asked[1] <= 1.5 * asked[0]
