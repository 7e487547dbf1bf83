"""Case files: JSON lines, one case a line, read one after the other so that a million cases fit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import orjson

from akashi.core.errors import InputError
from akashi.domains.evaluation.model import (
    Case,
    Context,
    Document,
    Expectation,
    Risk,
    Turn,
    Viewpoint,
)

LONGEST_LINE = 1_000_000
MOST_TURNS = 40
_TEXTS = ("id", "suite", "risk", "viewpoint", "provenance", "licence", "template")
_KNOWN = {*_TEXTS, "requirements", "turns", "expectation", "context", "split"}
_CONTEXT = {"system", "documents", "tools"}
_ROLES = ("user", "assistant")


def read_cases(path: Path) -> Iterator[Case]:
    """Yield the cases of a file, in order.

    Raises: InputError: a line is not a case, or an id stands twice; names file and line.
    """
    seen: set[str] = set()
    try:
        with path.open("rb") as file:
            for number, line in enumerate(file, 1):
                if not line.strip():
                    continue
                where = f"{path.name}:{number}"
                case = read_case(_parse(line, where), where)
                if case.id in seen:
                    raise _wrong("The id {id} stands twice.", where, id=case.id)
                seen.add(case.id)
                yield case
    except OSError as error:
        raise _wrong("The file cannot be opened: {reason}.", str(path), reason=error.strerror) from error


def read_case(row: Mapping[str, Any], where: str = "case") -> Case:
    """Return the case that a JSON object describes.

    Raises: InputError: a field is missing, unknown or of another type.
    """
    unknown = sorted(set(row) - _KNOWN)
    if unknown:
        raise _wrong("The field {field} is unknown.", where, field=unknown[0])
    texts = {name: _text(row.get(name), name, where) for name in _TEXTS}
    risk, viewpoint = texts["risk"], texts["viewpoint"]
    if risk not in set(Risk):
        raise _wrong("There is no risk {risk}.", where, risk=risk)
    if viewpoint not in set(Viewpoint):
        raise _wrong("There is no viewpoint {viewpoint}.", where, viewpoint=viewpoint)
    return Case(
        id=texts["id"],
        suite=texts["suite"],
        risk=Risk(risk),
        viewpoint=Viewpoint(viewpoint),
        requirements=_list(row.get("requirements", []), "requirements", where),
        turns=_turns(row.get("turns"), where),
        expectation=_expectation(row.get("expectation"), where),
        context=_context(row.get("context") or {}, where),
        provenance=texts["provenance"],
        licence=texts["licence"],
        template=texts["template"],
        split=_text(row.get("split", "test"), "split", where),
    )


def write_case(case: Case) -> dict[str, Any]:
    """Return a case as the JSON object of its line; reading it gives the same case.

    What is empty and may be left out is left out.
    """
    context: dict[str, Any] = {}
    if case.context.system:
        context["system"] = case.context.system
    if case.context.documents:
        context["documents"] = [{"title": one.title, "text": one.text} for one in case.context.documents]
    if case.context.tools:
        context["tools"] = list(case.context.tools)
    return {
        "id": case.id,
        "suite": case.suite,
        "risk": case.risk.value,
        "viewpoint": case.viewpoint.value,
        "requirements": list(case.requirements),
        "turns": [
            turn.text if turn.role == "user" else {"role": turn.role, "text": turn.text}
            for turn in case.turns
        ],
        "expectation": {"kind": case.expectation.kind, **case.expectation.values},
        "context": context,
        "provenance": case.provenance,
        "licence": case.licence,
        "template": case.template,
        "split": case.split,
    }


def dump_cases(cases: Iterable[Case]) -> bytes:
    """Return the lines of a case file."""
    return b"".join(orjson.dumps(write_case(case)) + b"\n" for case in cases)


def _parse(line: bytes, where: str) -> Mapping[str, Any]:
    if len(line) > LONGEST_LINE:
        raise _wrong("The line is longer than {most} bytes.", where, most=f"{LONGEST_LINE:,}")
    try:
        row = orjson.loads(line)
    except orjson.JSONDecodeError as error:
        raise _wrong("The line is not JSON: {reason}.", where, reason=str(error)) from error
    if not isinstance(row, dict):
        raise _wrong("The line is not a JSON object.", where)
    return row


def _turns(value: object, where: str) -> tuple[Turn, ...]:
    if not isinstance(value, list) or not 0 < len(value) <= MOST_TURNS:
        raise _wrong("The field turns must list 1 to {most} turns.", where, most=MOST_TURNS)
    turns = tuple(_turn(one, where) for one in value)
    if turns[-1].role != "user":
        raise _wrong("The last turn must be the customer's.", where)
    return turns


def _turn(value: object, where: str) -> Turn:
    if isinstance(value, str):
        return Turn(_text(value, "turns", where))
    if not isinstance(value, dict) or set(value) != {"role", "text"} or value["role"] not in _ROLES:
        raise _wrong("A turn is a text, or role (user, assistant) and text.", where)
    return Turn(_text(value["text"], "turns", where), value["role"])


def _expectation(value: object, where: str) -> Expectation:
    if not isinstance(value, dict) or not isinstance(value.get("kind"), str):
        raise _wrong("The field expectation must name its kind.", where)
    values = {name: one for name, one in value.items() if name != "kind"}
    group = values.get("group")
    if group is not None and (not isinstance(group, str) or not group):
        raise _wrong("The group of an expectation must be a text.", where)
    return Expectation(value["kind"], values)


def _context(value: object, where: str) -> Context:
    if not isinstance(value, dict) or set(value) - _CONTEXT:
        raise _wrong("The context has system, documents and tools only.", where)
    documents = value.get("documents", [])
    if not isinstance(documents, list) or not all(
        isinstance(one, dict) and set(one) == {"title", "text"} for one in documents
    ):
        raise _wrong("A document of the context has a title and a text.", where)
    system = value.get("system", "")
    if not isinstance(system, str):
        raise _wrong("The field {field} must be text.", where, field="system")
    return Context(
        system,
        tuple(
            Document(_text(one["title"], "title", where), _text(one["text"], "text", where))
            for one in documents
        ),
        _list(value.get("tools", []), "tools", where),
    )


def _list(value: object, name: str, where: str) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(one, str) and one for one in value):
        raise _wrong("The field {field} must be a list of texts.", where, field=name)
    return tuple(value)


def _text(value: object, name: str, where: str) -> str:
    if not isinstance(value, str) or not value.strip():
        raise _wrong("The field {field} must be text.", where, field=name)
    return value


def _wrong(message: str, where: str, **values: object) -> InputError:
    return InputError(message, where=where, next_step="Correct the line and read the file again.", **values)
