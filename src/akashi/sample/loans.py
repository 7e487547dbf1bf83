"""The sample's loan applications, said through the same door as a customer's: one sent, one in progress."""

from __future__ import annotations

import tomllib
from datetime import datetime

from akashi.domains.loans.intake import (
    begin_application,
    read_intake,
    say_in_application,
    submit_application,
)
from akashi.domains.loans.measure.talks import Stage
from akashi.platform.rooms import package_folder
from akashi.platform.site import Site
from akashi.sample.once import claim

MARK = "sample_loans"


def seed_loans(site: Site, now: datetime) -> int:
    """Make the applications of a sample installation once; return how many were made. A duty of ``tick``."""
    return make_applications(site) if claim(site, MARK, now) else 0


def make_applications(site: Site) -> int:
    """Begin, talk through and send the sample's applications; return how many there are."""
    path = package_folder("akashi.sample") / "data" / "loans.toml"
    entries = tomllib.loads(path.read_text(encoding="utf-8"))["application"]
    for entry in entries:
        token = begin_application(site, entry["product"], "ja", entry["office"])
        for sentence in entry["sentences"]:
            _say(site, token, sentence)
        if entry["is_sent"]:
            submit_application(site, token, "ja")
    return len(entries)


def _say(site: Site, token: str, sentence: str) -> None:
    """Say a sentence, and yes where the conversation asks whether it understood."""
    say_in_application(site, token, sentence, "ja")
    intake = read_intake(site, token, "ja")
    if intake is not None and intake.talk.stage is Stage.CONFIRMING:
        say_in_application(site, token, "はい", "ja")
