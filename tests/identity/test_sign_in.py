"""Sign-in with a passkey: what is accepted, and every way in which it is refused."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url

from akashi.core.people import NOBODY, Role
from akashi.identity.credentials import revoke_credential
from akashi.identity.people import restore_person, suspend_person
from akashi.identity.refusals import Refusal, RefusedError
from akashi.identity.sessions import resolve_actor
from akashi.identity.sign_in import begin_sign_in, finish_sign_in
from akashi.identity.store import find_credential
from tests.identity.authenticator import Authenticator
from tests.identity.conftest import Browser, Staff, Town

Answer = dict[str, Any]


def refusal_of(town: Town, attempt: Callable[[], object]) -> Refusal:
    """Return why the attempt was refused, once the ledger has been seen to know it too."""
    with pytest.raises(RefusedError) as caught:
        attempt()
    kind, _, payload = town.ledger()[-1]
    assert (kind, payload["reason"]) == ("identity.sign_in_refused", caught.value.refusal.value)
    return caught.value.refusal


def question(browser: Browser) -> Answer:
    """Return the options of a new sign-in."""
    options, browser.cookies["akashi_ceremony"] = begin_sign_in(browser.site, browser.request())
    return options


def test_passkey_signs_its_owner_in_without_a_user_name(town: Town) -> None:
    staff = town.enrol_founder()
    assert question(staff.browser)["allowCredentials"] == []
    staff.browser.sign_in()
    actor = resolve_actor(town.site, staff.browser.request())
    assert (actor.id, actor.roles, actor.confirmed) == (staff.id, frozenset({Role.ADMINISTRATOR}), False)


def test_user_verification_is_asked_for_and_short_lived(town: Town) -> None:
    options = question(town.enrol_founder().browser)
    assert options["userVerification"] == "required"
    assert options["timeout"] == 120_000
    assert len(base64url_to_bytes(options["challenge"])) == 64


def test_sign_in_without_user_verification_is_refused(town: Town) -> None:
    staff = town.enrol_founder()
    staff.browser.device.verified = False
    assert refusal_of(town, staff.browser.sign_in) is Refusal.NOT_VERIFIED


def test_same_answer_twice_is_refused(town: Town) -> None:
    staff = town.enrol_founder()
    answer = staff.browser.device.sign_in(question(staff.browser))
    finish_sign_in(town.site, staff.browser.request(), answer)
    again = refusal_of(town, lambda: finish_sign_in(town.site, staff.browser.request(), answer))
    assert again is Refusal.REPLAYED


def test_refused_answer_has_used_its_challenge_up(town: Town) -> None:
    staff = town.enrol_founder()
    options = question(staff.browser)
    staff.browser.device.verified = False
    bad = staff.browser.device.sign_in(options)
    refusal_of(town, lambda: finish_sign_in(town.site, staff.browser.request(), bad))
    staff.browser.device.verified = True
    good = staff.browser.device.sign_in(options)
    late = refusal_of(town, lambda: finish_sign_in(town.site, staff.browser.request(), good))
    assert late is Refusal.REPLAYED


def test_answer_after_two_minutes_is_refused(town: Town) -> None:
    staff = town.enrol_founder()
    options = question(staff.browser)
    town.advance(timedelta(minutes=2))
    answer = staff.browser.device.sign_in(options)
    late = refusal_of(town, lambda: finish_sign_in(town.site, staff.browser.request(), answer))
    assert late is Refusal.EXPIRED


@pytest.mark.parametrize("cookies", [{}, {"akashi_ceremony": "x" * 43}])
def test_answer_from_another_browser_is_refused(sqlite_town: Town, cookies: dict[str, str]) -> None:
    staff = sqlite_town.enrol_founder()
    answer = staff.browser.device.sign_in(question(staff.browser))
    thief = Browser(sqlite_town.site, cookies=cookies)
    stolen = refusal_of(sqlite_town, lambda: finish_sign_in(sqlite_town.site, thief.request(), answer))
    assert stolen is Refusal.OTHER_BROWSER


def test_challenge_that_we_never_asked_is_refused(town: Town) -> None:
    staff = town.enrol_founder()
    question(staff.browser)
    answer = staff.browser.device.sign_in({"challenge": bytes_to_base64url(b"x" * 64)})
    unknown = refusal_of(town, lambda: finish_sign_in(town.site, staff.browser.request(), answer))
    assert unknown is Refusal.UNKNOWN_CHALLENGE


@pytest.mark.parametrize(
    ("field", "value", "expected"),
    [
        ("origin", "http://localhost:9999", Refusal.WRONG_ORIGIN),
        ("origin", "https://localhost:8765", Refusal.WRONG_ORIGIN),
        ("is_framed", True, Refusal.WRONG_ORIGIN),
        ("party", "shiomi.example", Refusal.WRONG_RELYING_PARTY),
        ("handle", b"somebody else", Refusal.FOREIGN_CREDENTIAL),
        ("handle", b"", Refusal.FOREIGN_CREDENTIAL),
        ("credential_id", b"never registered", Refusal.UNKNOWN_CREDENTIAL),
    ],
)
def test_answer_for_something_else_is_refused(
    sqlite_town: Town, field: str, value: Any, expected: Refusal
) -> None:
    staff = sqlite_town.enrol_founder()
    setattr(staff.browser.device, field, value)
    assert refusal_of(sqlite_town, staff.browser.sign_in) is expected


def test_forged_signature_is_refused(sqlite_town: Town) -> None:
    staff = sqlite_town.enrol_founder()
    staff.browser.device.key = Authenticator().key
    assert refusal_of(sqlite_town, staff.browser.sign_in) is Refusal.BAD_SIGNATURE


def test_counter_that_goes_backwards_is_refused(town: Town) -> None:
    staff = town.enrol_founder()
    staff.browser.device.count = 10
    staff.browser.sign_in()
    staff.browser.device.count = 5
    assert refusal_of(town, staff.browser.sign_in) is Refusal.COUNTER_REGRESSED
    with town.site.database.read() as connection:
        credential = find_credential(connection, staff.credential_id)
    assert credential is not None
    assert credential.sign_count == 11


def test_synced_passkey_without_a_counter_signs_in_again_and_again(town: Town) -> None:
    staff = town.enrol_founder()
    for _ in range(2):
        staff.browser.device.count = -1
        assert staff.browser.sign_in()


def test_revoked_passkey_is_refused_and_its_session_is_over_at_once(town: Town) -> None:
    first, second = town.found()
    second.browser.sign_in()
    assert resolve_actor(town.site, second.browser.request()).id == second.id
    with town.site.database.write() as connection:
        revoke_credential(connection, first.actor(town.site), second.credential_id, town.now)
    assert resolve_actor(town.site, second.browser.request()) is NOBODY
    assert refusal_of(town, second.browser.sign_in) is Refusal.REVOKED_CREDENTIAL


def test_suspended_person_is_refused_until_restored(town: Town) -> None:
    first, second = town.found()
    second.browser.sign_in()
    with town.site.database.write() as connection:
        suspend_person(connection, first.actor(town.site), second.id, town.now)
    assert resolve_actor(town.site, second.browser.request()) is NOBODY
    assert refusal_of(town, second.browser.sign_in) is Refusal.SUSPENDED
    with town.site.database.write() as connection:
        restore_person(connection, first.actor(town.site), second.id, town.now)
    assert second.browser.sign_in()


def test_two_simultaneous_answers_open_one_session(town: Town) -> None:
    staff = town.enrol_founder()
    answer = staff.browser.device.sign_in(question(staff.browser))
    outcomes: list[str] = []

    def attempt() -> None:
        try:
            finish_sign_in(town.site, staff.browser.request(), answer)
            outcomes.append("in")
        except RefusedError as error:
            outcomes.append(error.refusal.value)

    threads = [threading.Thread(target=attempt) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["in", "replayed", "replayed", "replayed"]


WORDS = st.sampled_from(
    ["id", "rawId", "type", "response", "clientDataJSON", "authenticatorData", "signature", "userHandle"]
)
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=20)
    | st.binary(max_size=60).map(bytes_to_base64url),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=8),
    max_leaves=12,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(part=WORDS, value=VALUES)
def test_damaged_answer_is_refused_and_never_a_fault(sqlite_town: Town, part: str, value: Any) -> None:
    browser = Browser(sqlite_town.site)
    answer = Authenticator(handle=b"h").sign_in({"challenge": bytes_to_base64url(b"c" * 64)})
    target = answer if part in answer else answer["response"]
    target[part] = value
    with pytest.raises(RefusedError):
        finish_sign_in(sqlite_town.site, browser.request(), answer)


def test_ledger_of_a_refusal_names_the_known_person_and_no_address(town: Town) -> None:
    staff: Staff = town.enrol_founder()
    staff.browser.device.verified = False
    refusal_of(town, staff.browser.sign_in)
    _, subject, payload = town.ledger()[-1]
    assert subject == staff.id
    assert "127.0.0.1" not in str(payload)
