"""Phrases that tell a password, found without repeating it."""

from __future__ import annotations

import re

from akashi.language.normalise import normalise

_SECRET = r"(?P<secret>(?=[^\s]{0,40}[0-9A-Za-z])[!-~]{4,64})"  # noqa: S105
_WORD = (
    r"(?:(?:解凍|展開|閲覧|開封|添付(?:ファイル)?の?)?\s?"
    r"(?:パスワード|パスコード|password|passwd|pass\s?word|pw|pass|暗証(?:番号)?|解凍キー|キーワード))"
)
_PASSWORD = re.compile(
    rf"{_WORD}\s?(?:\([^()\n]{{0,20}}\))?(?:(?:は|が)[、,]?\s?[:=→⇒]?|\s?[:=→⇒]|\s?\n)"
    rf"[\s「『\"'【\[]{{0,4}}(?:次の通り(?:です)?[。:]?\s{{0,3}})?{_SECRET}"
    rf"|[「『\"'\[]{_SECRET.replace('secret', 'quoted')}[」』\"'\]]\s?(?:が|を|は)\s?{_WORD}",
    re.IGNORECASE,
)
_HINT = re.compile(
    rf"{_WORD}\s?(?:は|が|には)[^。\n]{{0,30}}"
    r"(?:下\s?[0-9]\s?(?:桁|ケタ)|誕生日|生年月日|電話番号|社員番号|口座番号|西暦|代表番号)",
    re.IGNORECASE,
)


def find_password(text: str) -> str:
    """Return the phrase that tells a password, without the password itself; empty if none does.

    >>> find_password("添付ファイルのパスワードは Ab12!xyz です。")
    '添付ファイルのパスワードは ***'
    >>> find_password("パスワードは別途お電話でお伝えします。")
    ''
    """
    plain = normalise(text).text
    found = _PASSWORD.search(plain)
    if found is not None:
        secret = found["secret"] or found["quoted"]
        return re.sub(r"\s+", " ", found.group().replace(secret, "***")).strip()[-60:]
    hint = _HINT.search(plain)
    return hint.group()[:60] if hint is not None else ""
