"""The sample's loan applications, said through the same door as a customer's: one sent, one in progress."""

from __future__ import annotations

import tomllib
from datetime import datetime

from akashi.domains.loans.intake import begin_application, say_in_application, submit_application
from akashi.platform.installation import is_sample
from akashi.platform.meta import read_meta, write_meta
from akashi.platform.rooms import package_folder
from akashi.platform.site import Site
from akashi.sample import SEEDED

MARK = "sample_loans"


def seed_loans(site: Site, now: datetime) -> int:
    """Make the applications of a sample installation once; return how many were made. A duty of ``tick``."""
    if not is_sample(site.database):
        return 0
    with site.database.write() as connection:
        if read_meta(connection, SEEDED) is None or read_meta(connection, MARK) is not None:
            return 0
        write_meta(connection, MARK, now.isoformat())
    return make_applications(site)


def make_applications(site: Site) -> int:
    """Begin, talk through and send the sample's applications; return how many there are."""
    path = package_folder("akashi.sample") / "data" / "loans.toml"
    entries = tomllib.loads(path.read_text(encoding="utf-8"))["application"]
    for entry in entries:
        token = begin_application(site, entry["product"], "ja", entry["office"])
        for sentence in entry["sentences"]:
            say_in_application(site, token, sentence, "ja")
        if entry["is_sent"]:
            submit_application(site, token, "ja")
    return len(entries)
