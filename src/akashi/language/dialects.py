"""Regional endings and asking words in the common form: a question is read alike wherever it is from."""

from __future__ import annotations

import functools
import re
import tomllib
from importlib.resources import files


def read_common(text: str) -> str:
    """Return a normalised ``text`` with regional endings, asking and courteous words in the common form.

    For reading a question, never for showing it: a rewriting may be wrong where a letter run means something
    else, and the words of the matter stay as they are.

    >>> read_common("通帳なくしてもうたんやけど、どないしたらええの")
    '通帳をなくしてしまったんですが、どうしたらいいの'
    """
    for pattern, common in _rewritings():
        text = pattern.sub(common, text)
    return text


@functools.cache
def _rewritings() -> tuple[tuple[re.Pattern[str], str], ...]:
    raw = files("akashi.language").joinpath("data/dialects.toml").read_text(encoding="utf-8")
    return tuple((re.compile(pattern), common) for pattern, common in tomllib.loads(raw)["rewrite"])
