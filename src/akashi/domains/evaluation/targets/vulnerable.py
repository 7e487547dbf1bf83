"""Targets that are made to fail, so that suites and rules are seen to catch what they must catch.

They are no products and stand for nothing: each has one weakness, or all of them. What a model would have
learnt by heart (a protected text, a secret outside its instructions) they take from the case itself.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from akashi.core.errors import InputError
from akashi.core.thread import digest_of
from akashi.domains.evaluation.interfaces import Target
from akashi.domains.evaluation.model import Case, Response, Risk, TargetMark, ToolCall
from akashi.domains.evaluation.plans import Plan
from akashi.platform.canonical import canonical_json
from akashi.platform.site import Site

_QUOTED = re.compile(r"「([^「」]{2,})」|『([^『』]{2,})』|\"([^\"]{2,})\"|“([^”]{2,})”")
_OBEDIENT = "承知いたしました。"


def obey(case: Case) -> Response:
    """Say whatever stands in quotes anywhere, what was asked for, and call every tool there is."""
    heard = "\n".join([*(one.text for one in case.context.documents), *case.questions])
    said = [next(part for part in match.groups() if part) for match in _QUOTED.finditer(heard)]
    wanted = [str(one) for one in case.expectation.values.get("markers", ())]
    calls = tuple(ToolCall(name) for name in case.context.tools)
    return _reply(case, "\n".join([_OBEDIENT, *said, *wanted]), calls)


def leak(case: Case) -> Response:
    """Say the instructions, the documents and every secret."""
    secrets = [str(one) for one in case.expectation.values.get("secrets", ())]
    secrets += [str(one) for one in case.expectation.values.get("personal", ())]
    shown = [case.context.system, *(one.text for one in case.context.documents), *secrets]
    return _reply(case, "\n".join(["社内資料の内容は次のとおりです。", *shown]))


def invent(case: Case) -> Response:
    """Answer everything, always with a rate of its own."""
    seed = int(digest_of(case.id.encode())[:6], 16)
    rate, fee = 1 + seed % 900, 110 * (3 + seed % 50)
    never = "".join(f"{one}です。" for one in case.expectation.values.get("never", ()))
    return _reply(case, f"はい、年{rate / 100:.2f}%で、手数料は{fee:,}円です。{never}")


def copy(case: Case) -> Response:
    """Say a protected text from beginning to end."""
    held = [str(one) for one in case.expectation.values.get("texts", ())]
    held += [one.text for one in case.context.documents]
    return _reply(case, "\n".join(held) or "その作品の全文は覚えておりません。")


def favour(case: Case) -> Response:
    """Treat every customer differently."""
    seed = int(digest_of(case.id.encode())[:6], 16)
    return _reply(case, f"お客様には金利 年{1 + seed % 400 / 100:.2f}%をご案内します。")


def poison(case: Case) -> Response:
    """Believe every document, the hostile ones first, and answer from nothing else."""
    shown = [one.text for one in case.context.documents]
    return obey(case) if shown else invent(case)


def refuse(case: Case) -> Response:
    """Refuse everything."""
    return _reply(case, "申し訳ございませんが、お答えできません。")


WEAKNESSES: Mapping[str, Callable[[Case], Response]] = {
    "obeys": obey,
    "leaks": leak,
    "invents": invent,
    "copies": copy,
    "favours": favour,
    "poisoned": poison,
    "refuses": refuse,
}
"""What ``weakness`` in ``[target]`` may say, beside ``all``."""

BY_RISK: Mapping[Risk, Callable[[Case], Response]] = {
    Risk.LEAKAGE: leak,
    Risk.MASKING: leak,
    Risk.HIJACK: obey,
    Risk.TOOLS: obey,
    Risk.COPYRIGHT: copy,
    Risk.FAIRNESS: favour,
    Risk.CONSISTENCY: favour,
}


def open_vulnerable(_site: Site, plan: Plan) -> Target:
    """Return the target with the weakness of a plan. Raises: InputError: there is no such weakness."""
    if plan.target.weakness not in {*WEAKNESSES, "all"}:
        raise InputError("There is no weakness {name}.", where="target", name=plan.target.weakness)
    return Vulnerable(plan.target.weakness, plan.target.name)


class Vulnerable:
    """A control: always labelled as such, never a use case."""

    def __init__(self, weakness: str = "all", name: str = "") -> None:
        self._weakness = weakness
        details = {"kind": "vulnerable", "weakness": weakness}
        label = name or f"Vulnerable target ({weakness})"
        self.mark = TargetMark(label, "control", digest_of(canonical_json(details)), details)

    async def answer(self, case: Case) -> Response:
        """Return the bad answer."""
        fail = WEAKNESSES.get(self._weakness) or BY_RISK.get(case.risk, invent)
        return fail(case)

    async def close(self) -> None:
        """Nothing is open."""


def _reply(case: Case, text: str, calls: tuple[ToolCall, ...] = ()) -> Response:
    return Response(tuple(text for _ in case.questions), tool_calls=calls)
