"""Before an answer is shown: every sentence against its sources, and nothing that must stay inside."""

from __future__ import annotations

from collections.abc import Sequence

from akashi.core.ports import Checked, CheckedSentence, Verdict
from akashi.core.spans import Interval
from akashi.domains.guardrails.held_texts import HeldTexts
from akashi.domains.guardrails.leaks import find_leaks
from akashi.domains.guardrails.output_judge import judge_sentence
from akashi.domains.guardrails.output_units import read_units

MAX_ANSWER = 20_000
TOO_LONG = "The answer is too long to be checked."
EMPTY = "The answer is empty."
NO_SOURCE = "The answer cites no source."


def check_output(
    answer: str,
    sources: Sequence[str],
    *,
    secret: Sequence[str] = (),
    held: HeldTexts | None = None,
) -> Checked:
    """Return whether ``answer`` may be shown: every sentence supported by ``sources``, nothing leaked.

    sources: the exact texts the answer cites, approved and in effect. secret: canaries and the
    system prompt of this request. held: what the house must not show or copy; compiled once.
    Fails closed: an empty answer, one without sources, or one above ``MAX_ANSWER`` characters is
    unverified.

    >>> check_output("手数料は3,500万円です。", ["手数料は35,000,000円です。"]).supported
    True
    >>> check_output("金利は年0.3%です。", ["金利は年0.2%です。"]).reasons
    ('The source gives another number, date or rate here.',)
    """
    refusal = _refusal(answer, sources)
    if refusal:
        whole = CheckedSentence(Interval(0, len(answer)), Verdict.UNVERIFIED, (refusal,))
        return Checked(False, (refusal,), (whole,))
    leaks = find_leaks(answer, sources, secret, held)
    if leaks:
        reasons = tuple(dict.fromkeys(leak.reason for leak in leaks))
        told = (CheckedSentence(leak.span, Verdict.LEAKED, (leak.reason,)) for leak in leaks)
        return Checked(False, reasons, tuple(told))
    cited = [sentence for source in sources for sentence in read_units(source)]
    judged = tuple(judge_sentence(sentence, cited) for sentence in read_units(answer))
    reasons = tuple(dict.fromkeys(reason for one in judged for reason in one.reasons))
    return Checked(all(one.verdict is Verdict.SUPPORTED for one in judged), reasons, judged)


def _refusal(answer: str, sources: Sequence[str]) -> str:
    if not answer.strip():
        return EMPTY
    if len(answer) > MAX_ANSWER:
        return TOO_LONG
    return "" if any(source.strip() for source in sources) else NO_SOURCE
