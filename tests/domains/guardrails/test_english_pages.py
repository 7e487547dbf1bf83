"""Pages of the guards in English: no Japanese title stands where an English one is known."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from akashi.domains.guardrails.guards import open_guards, shipped_policies
from akashi.domains.guardrails.proxy_shapes import FAULTS, upstream_failed
from akashi.domains.guardrails.rules import read_rules
from akashi.platform.endpoint import Fault
from akashi.platform.site import Site
from tests.conftest import open_client, sign_in

JAPANESE = re.compile("[぀-ヿ一-鿿]")


def english(client: TestClient, path: str) -> str:
    """Return what stands in the middle of a page in English, without what is marked as Japanese."""
    client.cookies.set("akashi_language", "en")
    page = client.get(path)
    assert page.status_code == 200
    main = page.text[page.text.index("<main") : page.text.index("</main")]
    main = re.sub(r'(?s)<(\w+)[^>]* lang="ja".*?</\1>|<pre.*?</pre>|<textarea.*?</textarea>', "", main)
    return re.sub(r"<[^>]*>", " ", main)


@pytest.mark.parametrize(
    "path", ["/guard", "/guard/monitoring", "/guard/policies", "/guard/use", "/guard/uses", "/guard/stops"]
)
def test_page_in_english_has_no_japanese_words(client: TestClient, path: str) -> None:
    sign_in(client, "nagisa_makoto")
    assert JAPANESE.findall(english(client, path)) == []


def test_every_shipped_policy_has_an_english_title_that_changes_no_digest(tmp_path: Path) -> None:
    policies = shipped_policies()
    assert all(one.title_en and not JAPANESE.search(one.label("en")) for one in policies.values())
    text = policies["staff"].text.replace(f'title_en = "{policies["staff"].title_en}"\n', "")
    (tmp_path / "staff.toml").write_text(text, encoding="utf-8")
    own = open_guards(tmp_path).policy("staff")
    assert (own.label("en"), own.digest) == (policies["staff"].title, policies["staff"].digest)


def test_rules_have_a_translation_line_by_line_that_is_not_what_is_agreed_to() -> None:
    rules = read_rules()
    assert len(rules.rules_en) == len(rules.rules)
    assert not JAPANESE.search(rules.title_en + "".join(rules.rules_en))
    assert type(rules)(rules.title, rules.rules, rules.tasks).digest == rules.digest


def test_institution_has_its_english_name_in_the_head_of_english_pages(sample_site: Site) -> None:
    with open_client(sample_site) as client:
        assert "株式会社" in client.get("/").text
        client.cookies.set("akashi_language", "en")
        assert "The Shiomi Bank, Ltd." in client.get("/").text


def test_faults_of_the_model_are_told_in_words() -> None:
    told = [upstream_failed(fault) for fault in Fault]
    assert all(not one.values for one in told)
    assert len({one.message for one in told}) == len(FAULTS) + 1


def test_text_that_is_too_long_for_the_interface_is_told_its_limit(client: TestClient) -> None:
    sign_in(client, "shiokawa_nozomi")
    for path in ("check", "mask", "unmask"):
        answer = client.post(f"/api/guard/{path}", json={"text": "あ" * 1_000_001, "vault": ""})
        assert answer.status_code == 422
        assert "1,000,000" in answer.text
