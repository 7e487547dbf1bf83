"""People as CSV: out, in again, and every fault with file and line."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from akashi.core.errors import ForbiddenError, InputError
from akashi.core.people import Role
from akashi.identity.people import PersonData, change_person
from akashi.identity.register import import_people, read_people, write_people
from akashi.identity.report import view_people
from akashi.identity.store import list_people
from tests.identity.conftest import Town


def export(town: Town) -> str:
    """Return everybody as CSV."""
    with town.site.database.read() as connection:
        return write_people(view_people(connection, town.now))


def test_exported_people_come_in_again_unchanged(town: Town) -> None:
    first, second = town.found()
    town.add(first, "汐見 花子", Role.OPERATOR)
    rows = read_people(export(town).encode(), "people.csv")
    with town.site.database.write() as connection:
        done = import_people(connection, second.actor(town.site), rows, "people.csv", town.now)
    assert (done.created, done.changed, done.same) == (0, 0, 3)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932"])
def test_new_people_come_in_without_roles(town: Town, encoding: str) -> None:
    first, _ = town.found()
    content = "name,kana,roles\n髙橋 花子,タカハシ ハナコ,executive\n".encode(encoding)
    with town.site.database.write() as connection:
        rows = read_people(content, "people.csv")
        assert import_people(connection, first.actor(town.site), rows, "people.csv", town.now).created == 1
        view = next(view for view in view_people(connection, town.now) if view.person.kana)
    assert (view.person.name, view.roles, view.grants) == ("髙橋 花子", (), [])


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "people.csv: The file is empty."),
        (b"\n", "people.csv: The file is empty."),
        (b"name\n", "people.csv: The file holds no persons."),
        (b"kana\n\xef\xbd\xb1\n", "people.csv:1: The column name is missing."),
        (b"name,rolle\na,b\n", "people.csv:1: Unknown column: rolle."),
        ("name,kana\n花子,hanako\n".encode(), "people.csv:2: kana: The reading must be written in kana."),
        (b"name\nA\n \n", "people.csv:3: name: The name is empty."),
        (b"name\n=cmd()\n", "people.csv:2: name: This must not begin with"),
        (b"name\nA,B\n", "people.csv:2: The line has more fields"),
        (b'name\n"A', "people.csv:2: The line is not CSV."),
        (b"name\nA\0B\n", "people.csv: The file is neither UTF-8 nor Shift_JIS"),
        (b"\xff\xfe\x00", "people.csv: The file is neither UTF-8 nor Shift_JIS"),
        ("name\nA\u202eB\n".encode(), "people.csv:2: name: Control and direction characters"),
        (b"name,mail\nA,nowhere\n", "people.csv:2: mail: This is not a mail address."),
        (b"name\n" + b"A" * 101 + b"\n", "people.csv:2: name: At most 100 characters."),
        (b"x" * 5_000_001, "people.csv: The file is larger than 5 MB."),
    ],
)
def test_fault_names_file_and_line(content: bytes, message: str) -> None:
    with pytest.raises(InputError) as caught:
        read_people(content, "people.csv")
    assert str(caught.value).startswith(message)


def test_unknown_id_changes_nothing_at_all(town: Town) -> None:
    first, _ = town.found()
    rows = read_people(b"id,name\n,New\nnobody,Old\n", "people.csv")
    with (
        pytest.raises(InputError, match=r"people\.csv:3: No person has the id nobody"),
        town.site.database.write() as connection,
    ):
        import_people(connection, first.actor(town.site), rows, "people.csv", town.now)
    with town.site.database.read() as connection:
        assert len(list_people(connection)) == 2


def test_only_administrators_import(town: Town) -> None:
    first, second = town.found()
    officer = town.add(first, "担当", Role.OPERATOR)
    town.confirm(second, officer)
    rows = read_people(b"name\nNew\n", "people.csv")
    with town.site.database.write() as connection, pytest.raises(ForbiddenError):
        import_people(connection, officer.actor(town.site), rows, "people.csv", town.now)


def test_correction_is_in_the_ledger_as_field_names_only(town: Town) -> None:
    first, second = town.found()
    with town.site.database.write() as connection:
        change_person(connection, first.actor(town.site), second.id, PersonData("新しい名前"), town.now)
    kind, subject, payload = town.ledger()[-1]
    assert (kind, subject, payload) == ("identity.person_changed", second.id, {"fields": ["name"]})


@given(st.binary(max_size=200))
def test_any_bytes_are_people_or_one_clear_error(content: bytes) -> None:
    try:
        assert read_people(content, "people.csv")
    except InputError as error:
        where = error.where
    else:
        where = "people.csv"
    assert where.startswith("people.csv")
