"""The role matrix lets in only whom a handwritten line names."""

from __future__ import annotations

from pathlib import Path

import pytest

from akashi.core.errors import SetupError
from akashi.core.people import NOBODY, SYSTEM, Actor, ActorKind, Role
from akashi.platform.access import Rule, read_matrix

AUDITOR = Actor("p", ActorKind.PERSON, frozenset({Role.AUDITOR}))
MACHINE = Actor("service:m", ActorKind.SERVICE, scopes=frozenset({"ask"}))
LOCAL = Actor("local:me", ActorKind.LOCAL)


def rule(*allowed: str) -> Rule:
    return Rule("route", "GET", "/x", frozenset(allowed))


@pytest.mark.parametrize(
    ("allowed", "actor", "expected"),
    [
        ("public", NOBODY, True),
        ("signed_in", NOBODY, False),
        ("signed_in", AUDITOR, True),
        ("signed_in", MACHINE, False),
        ("auditor", AUDITOR, True),
        ("executive", AUDITOR, False),
        ("scope:ask", MACHINE, True),
        ("scope:write", MACHINE, False),
        ("scope:ask", AUDITOR, False),
        ("local", LOCAL, True),
        ("auditor", LOCAL, False),
        ("local", AUDITOR, False),
        ("signed_in", SYSTEM, False),
    ],
)
def test_rule_admits_exactly_whom_it_names(allowed: str, actor: Actor, expected: bool) -> None:
    assert rule(allowed).admits(actor) is expected


def write(path: Path, *lines: str) -> Path:
    path.write_text("kind,method,target,roles\n" + "\n".join(lines) + "\n")
    return path


def test_matrix_is_read_by_kind_method_and_target(tmp_path: Path) -> None:
    table = write(tmp_path / "r.csv", "route,GET,/x,auditor executive", "command,,ledger verify,local")
    matrix = read_matrix((), [table])
    assert matrix["route", "GET", "/x"].allowed == {"auditor", "executive"}
    assert ("command", "", "ledger verify") in matrix


@pytest.mark.parametrize(
    "line", ["route,GET,/x,king", "page,GET,/x,auditor", "route,GET,/x,", "route,GET,,auditor"]
)
def test_malformed_line_is_named(tmp_path: Path, line: str) -> None:
    with pytest.raises(SetupError, match=r"r\.csv:2"):
        read_matrix((), [write(tmp_path / "r.csv", line)])


def test_line_that_stands_twice_is_refused(tmp_path: Path) -> None:
    table = write(tmp_path / "r.csv", "route,GET,/x,auditor", "route,GET,/x,public")
    with pytest.raises(SetupError, match="twice"):
        read_matrix((), [table])
