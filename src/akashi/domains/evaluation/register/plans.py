"""The TOML file of an evaluation -> plan."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

from akashi.core.errors import InputError
from akashi.domains.evaluation.model import Tolerance
from akashi.domains.evaluation.plans import Limits, Plan, TargetPlan

_KNOWN = {
    "title": str,
    "subject": str,
    "suites": list,
    "split": str,
    "share": float,
    "transforms": list,
    "target": dict,
    "limits": dict,
    "tolerance": dict,
    "benefit": dict,
}
MOST_CONCURRENCY, MOST = 1000, 10**12


def read_plan(path: Path) -> Plan:
    """Return the evaluation that a TOML file describes; paths of suites are relative to it.

    Raises: InputError: the file cannot be read, or a field is missing, unknown or of another type.
    """
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise _wrong("The file cannot be opened: {reason}.", str(path), reason=error.strerror) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise _wrong("The file is not TOML in UTF-8: {reason}.", path.name, reason=str(error)) from error
    return make_plan(table, path.name, path.parent)


def make_plan(table: Mapping[str, Any], where: str = "plan", folder: Path | None = None) -> Plan:
    """Return the plan that a table describes. Raises: InputError, as ``read_plan``."""
    for name, value in table.items():
        if name not in _KNOWN:
            raise _wrong("The field {field} is unknown.", where, field=name)
        if not isinstance(value, _KNOWN[name]):
            raise _wrong("The field {field} has the wrong type.", where, field=name)
    suites = _names(table, "suites", where)
    if not suites or "target" not in table or not str(table.get("title", "")).strip():
        raise _wrong("An evaluation needs title, suites and [target].", where)
    benefit = table.get("benefit", {})
    if set(benefit) - {"doing", "not_doing"}:
        raise _wrong("[benefit] holds doing and not_doing.", where)
    return Plan(
        title=table["title"],
        target=_read(TargetPlan, table["target"], "target", where),
        suites=tuple(_place(name, folder) for name in suites),
        subject=table.get("subject", ""),
        split=table.get("split", "test"),
        share=_share(table.get("share", 1.0), where),
        transforms=_names(table, "transforms", where),
        limits=_limits(table.get("limits", {}), where),
        tolerances={name: _tolerance(name, one, where) for name, one in table.get("tolerance", {}).items()},
        doing=str(benefit.get("doing", "")),
        not_doing=str(benefit.get("not_doing", "")),
    )


def _share(value: float, where: str) -> float:
    if not 0 < value <= 1:
        raise _wrong("The share lies above 0 and is at most 1.", where)
    return value


def _place(name: str, folder: Path | None) -> str:
    return str((folder / name).resolve()) if folder and name.endswith(".jsonl") else name


def _limits(table: Mapping[str, Any], where: str) -> Limits:
    limits: Limits = _read(Limits, table, "limits", where)
    if not 1 <= limits.concurrency <= MOST_CONCURRENCY or not limits.seconds >= 1:
        raise _wrong("The concurrency lies between 1 and {most}.", where, most=MOST_CONCURRENCY)
    if limits.yen and not limits.yen_per_million_out:
        raise _wrong("A limit in yen needs the prices.", where)
    return limits


def _tolerance(name: str, value: object, where: str) -> Tolerance:
    if not isinstance(value, dict) or set(value) - {"accepted", "human", "source"}:
        raise _wrong("[tolerance.{name}] holds accepted, human and source.", where, name=name)
    accepted, human = value.get("accepted"), value.get("human")
    shares = [one for one in (accepted, human) if one is not None]
    if accepted is None or any(
        isinstance(one, bool) or not isinstance(one, int | float) or not 0 <= one <= 1 for one in shares
    ):
        raise _wrong("[tolerance.{name}] needs accepted, a share from 0 to 1.", where, name=name)
    if human is not None and not value.get("source"):
        raise _wrong("[tolerance.{name}] says a human error rate without its source.", where, name=name)
    return Tolerance(float(accepted), None if human is None else float(human), str(value.get("source", "")))


def _read(kind: Any, table: Mapping[str, Any], part: str, where: str) -> Any:
    known = {field.name: type(field.default) for field in fields(kind)}
    known["kind"] = str
    for name, value in table.items():
        if name not in known:
            raise _wrong("The field {field} is unknown.", where, field=f"{part}.{name}")
        if type(value) is not known[name]:
            raise _wrong("The field {field} has the wrong type.", where, field=f"{part}.{name}")
        if isinstance(value, int) and not 0 <= value <= MOST:
            raise _wrong("The field {field} is out of its range.", where, field=f"{part}.{name}")
    if kind is TargetPlan and not table.get("kind"):
        raise _wrong("The field {field} is missing.", where, field="target.kind")
    return kind(**table)


def _names(table: Mapping[str, Any], name: str, where: str) -> tuple[str, ...]:
    found = table.get(name, [])
    if not all(isinstance(one, str) and one for one in found) or len(set(found)) != len(found):
        raise _wrong("The field {field} must list names, each once.", where, field=name)
    return tuple(found)


def _wrong(message: str, where: str, **values: object) -> InputError:
    return InputError(message, where=where, next_step="Correct the file and start again.", **values)
