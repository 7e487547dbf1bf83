"""The whole JSON API, walked by schemathesis from its own OpenAPI: no server error, whatever is sent."""

from __future__ import annotations

from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import APIOperation, Case
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok

from akashi.platform.site import Site
from akashi.web.app import create_app
from tests.conftest import open_client, sign_in

pytestmark = pytest.mark.full
EXAMPLES = 25


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("person", ["", "hoshi_aya", "kishimoto_rei"])
def test_api_never_answers_with_a_server_error(sample_site: Site, person: str) -> None:
    app = create_app(sample_site)
    headers = {"host": "localhost:8765", "origin": "http://localhost:8765", "sec-fetch-site": "same-origin"}
    schema = schemathesis.openapi.from_asgi("/api/openapi.json", app, headers=headers)
    if person:
        with open_client(sample_site) as client:
            sign_in(client, person)
            headers["cookie"] = "; ".join(f"{name}={value}" for name, value in client.cookies.items())
    results = list(schema.get_all_operations())
    operations = [result.ok() for result in results if isinstance(result, Ok)]
    assert len(operations) == len(results) > 0
    for operation in operations:
        walk(operation, headers)


def walk(operation: APIOperation[Any, Any, Any, Any], headers: dict[str, str]) -> None:
    """Send what the operation's schema allows."""

    @settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    @given(case=operation.as_strategy())
    def send(case: Case[Any]) -> None:
        case.call_and_validate(headers=headers, checks=[not_a_server_error])

    send()
