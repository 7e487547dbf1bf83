"""Limits: what passes, how long to wait, on one process and on several."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from akashi.identity.limits import (
    SIGN_IN,
    Bucket,
    LimitedError,
    Limiter,
    enforce_limit,
    forget_expired,
    take_shared,
)
from akashi.identity.sign_in import begin_sign_in
from akashi.platform.site import Site
from tests.identity.conftest import make_request

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
TWO = Bucket("two", 2, 10.0)


def test_third_attempt_waits_ten_seconds() -> None:
    limiter = Limiter(TWO)
    assert [limiter.wait_seconds("a", NOON) for _ in range(3)] == [0.0, 0.0, 10.0]
    assert limiter.wait_seconds("a", NOON + timedelta(seconds=10)) == 0.0


def test_keys_do_not_share_a_bucket() -> None:
    limiter = Limiter(Bucket("one", 1, 10.0))
    assert [limiter.wait_seconds(key, NOON) for key in "ab"] == [0.0, 0.0]


def test_memory_is_bounded() -> None:
    limiter = Limiter(TWO, most_keys=3)
    for number in range(10):
        limiter.wait_seconds(str(number), NOON)
    assert len(limiter._levels) == 3


@given(st.lists(st.floats(0, 30), min_size=1, max_size=50))
def test_never_more_pass_than_capacity_and_refill_allow(gaps: list[float]) -> None:
    limiter, now, passed = Limiter(TWO), NOON, 0
    for gap in gaps:
        now += timedelta(seconds=gap)
        passed += limiter.wait_seconds("a", now) == 0.0
    assert passed <= TWO.capacity + (now - NOON).total_seconds() / TWO.refill_seconds + 1e-6


def test_shared_bucket_counts_attempts_of_every_replica(site: Site) -> None:
    passed = []

    def attempt() -> None:
        with site.database.write() as connection:
            passed.append(take_shared(connection, TWO, "a", NOON) == 0.0)

    threads = [threading.Thread(target=attempt) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert passed.count(True) == 2


def test_clock_that_goes_back_gives_nothing(site: Site) -> None:
    with site.database.write() as connection:
        for _ in range(2):
            take_shared(connection, TWO, "a", NOON)
        assert take_shared(connection, TWO, "a", NOON - timedelta(days=1)) == 10.0


def test_sign_in_questions_are_limited_by_address(site: Site) -> None:
    for _ in range(SIGN_IN.capacity):
        enforce_limit(site, SIGN_IN, make_request())
    with pytest.raises(LimitedError, match="Wait") as caught:
        begin_sign_in(site, make_request())
    assert caught.value.wait_seconds >= 1
    assert begin_sign_in(site, make_request(client="192.0.2.7"))


def test_old_challenges_and_limits_are_forgotten(site: Site) -> None:
    begin_sign_in(site, make_request())
    assert forget_expired(site, site.now()) == 0
    assert forget_expired(site, site.now() + timedelta(days=2)) == 2
