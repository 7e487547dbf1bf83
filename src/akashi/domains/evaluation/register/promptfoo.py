"""promptfoo's YAML -> cases: prompts with variables, assertions as expectations; nothing is executed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson
import yaml

from akashi.core.errors import InputError
from akashi.domains.evaluation.model import Case, Context, Expectation, Risk, Turn, Viewpoint

MOST_CASES = 20_000
_VARIABLE = re.compile(r"\{\{-?\s*([A-Za-z_][A-Za-z0-9_]*)\s*-?\}\}")
_TO_TEXT = {
    "contains": "all",
    "icontains": "all",
    "contains-all": "all",
    "icontains-all": "all",
    "contains-any": "any",
    "icontains-any": "any",
    "not-contains": "none",
    "not-icontains": "none",
    "not-contains-any": "none",
    "not-icontains-any": "none",
}
_JUDGED = {"llm-rubric", "g-eval", "factuality", "model-graded-closedqa", "answer-relevance"}


@dataclass
class _Wish:
    """The assertions of one test as expectations, and what could not be taken over."""

    text: dict[str, Any] = field(default_factory=dict)
    others: list[Expectation] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    def expectations(self) -> list[Expectation]:
        """Return the expectations; each becomes a case of its own."""
        return [*([Expectation("text", self.text)] if self.text else []), *self.others]


class _Plain(yaml.SafeLoader):  # type: ignore[misc]  # PyYAML carries no types
    """Reads plain data; references (which could unfold without bound) are refused."""

    def compose_node(self, parent: Any, index: int) -> Any:
        if self.check_event(yaml.AliasEvent):
            raise yaml.YAMLError("references are not read")
        return super().compose_node(parent, index)


def read_promptfoo(name: str, content: bytes) -> tuple[list[Case], list[str]]:
    """Return a case for each prompt, test and expectation, and remarks on what was left out.

    Code (javascript, python, webhook) and files (file://) are never run or opened.

    Raises: InputError: it is not such a file.
    """
    table = _parse(name, content)
    prompts, tests = table.get("prompts", ["{{prompt}}"]), table.get("tests", [])
    prompts = [prompts] if isinstance(prompts, str) else prompts
    if not isinstance(prompts, list) or not isinstance(tests, list) or not tests:
        raise InputError("The file has no list of tests.", where=name)
    remarks: list[str] = []
    usual = table.get("defaultTest")
    usual = usual if isinstance(usual, dict) else {}
    cases: list[Case] = []
    for number, test in enumerate(tests, 1):
        if not isinstance(test, dict):
            remarks.append(f"test {number}: not read, it lies in another place")
            continue
        cases += _read_test(name, number, test, usual, prompts, remarks)
        if len(cases) > MOST_CASES:
            raise InputError("The file makes more than {most} cases.", where=name, most=MOST_CASES)
    return cases, remarks


def _parse(name: str, content: bytes) -> Mapping[str, Any]:
    try:
        table = yaml.load(content, _Plain)  # noqa: S506  # _Plain is a SafeLoader
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError, ValueError) as error:
        reason = " ".join(str(error).split())[:200]
        raise InputError("The file is not plain YAML: {reason}.", where=name, reason=reason) from error
    if not isinstance(table, dict):
        raise InputError("The file is not a promptfoo configuration.", where=name)
    return table


def _read_test(
    name: str,
    number: int,
    test: Mapping[str, Any],
    usual: Mapping[str, Any],
    prompts: list[Any],
    remarks: list[str],
) -> Iterator[Case]:
    asserts = [*_list(usual.get("assert")), *_list(test.get("assert"))]
    variables = {**_table(usual.get("vars")), **_table(test.get("vars"))}
    wish = _Wish()
    for one in asserts:
        _take_assertion(one, variables, wish)
    remarks.extend(f"test {number}: {remark}" for remark in wish.remarks)
    for place, prompt in enumerate(prompts, 1):
        asked = _read_prompt(prompt, variables)
        if asked is None:
            remarks.append(f"test {number}, prompt {place}: left out, it lies in another place or is empty")
            continue
        for part, expectation in enumerate(wish.expectations(), 1):
            yield Case(
                id=f"promptfoo-{number}-{place}-{part}",
                suite="promptfoo",
                risk=Risk.OTHER,
                viewpoint=Viewpoint.VERIFIABILITY,
                requirements=(),
                turns=asked[1],
                expectation=expectation,
                context=Context(asked[0]),
                provenance=f"promptfoo, {name}",
                licence="as the file",
                template=f"test-{number}",
            )


def _take_assertion(one: object, variables: Mapping[str, Any], wish: _Wish) -> None:
    if not isinstance(one, dict) or not isinstance(one.get("type"), str):
        wish.remarks.append("an assertion cannot be read")
        return
    kind, value = one["type"], one.get("value")
    values = [_fill(str(text), variables) for text in (value if isinstance(value, list) else [value])]
    if kind in _TO_TEXT and value is not None:
        wish.text.setdefault(_TO_TEXT[kind], []).extend(values)
    elif kind == "equals" and value is not None:
        wish.text["equals"] = values[0]
    elif kind == "regex" and value is not None:
        wish.text["pattern"] = values[0]
    elif kind == "starts-with" and value is not None:
        wish.text["pattern"] = f"^{re.escape(values[0])}"
    elif kind == "is-refusal":
        wish.others.append(Expectation("decline"))
    elif kind == "not-is-refusal":
        wish.others.append(Expectation("answer"))
    elif kind in _JUDGED and value is not None:
        wish.others.append(Expectation("judged", {"criterion": values[0]}))
    else:
        wish.remarks.append(f"assertion {kind} was left out")


def _read_prompt(prompt: object, variables: Mapping[str, Any]) -> tuple[str, tuple[Turn, ...]] | None:
    """Return instructions and turns of a filled prompt; None when it is not in the file itself."""
    raw = prompt.get("raw") if isinstance(prompt, dict) else prompt
    if not isinstance(raw, str) or raw.startswith("file://"):
        return None
    text = _fill(raw, variables)
    if not text.strip() or _VARIABLE.search(text):
        return None
    try:
        messages = orjson.loads(text)
    except orjson.JSONDecodeError:
        messages = None
    if not isinstance(messages, list):
        return "", (Turn(text),)
    said = [(str(one.get("role")), str(one.get("content"))) for one in messages if isinstance(one, dict)]
    turns = tuple(Turn(content, role) for role, content in said if role in ("user", "assistant") and content)
    if not turns or turns[-1].role != "user":
        return None
    return "\n".join(content for role, content in said if role == "system"), turns


def _fill(text: str, variables: Mapping[str, Any]) -> str:
    return _VARIABLE.sub(lambda match: str(variables[match[1]]) if match[1] in variables else match[0], text)


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _table(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
