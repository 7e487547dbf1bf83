"""An installation whose ledger has entries."""

from __future__ import annotations

import pytest

from akashi.platform.site import Site
from tests.ledger.chains import fill


@pytest.fixture
def chained(site: Site) -> Site:
    """An installation on each database with nine entries."""
    fill(site, 9)
    return site
