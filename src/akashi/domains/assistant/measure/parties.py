"""Whether a text speaks of a company or of a private person: banks answer both, and seldom alike."""

from __future__ import annotations

import re
from enum import StrEnum

from akashi.language.normalise import normalise


class Party(StrEnum):
    """Who a question or an answer is about."""

    COMPANY = "company"
    PERSON = "person"


_COMPANY = re.compile(
    "法人|弊社|当社|企業|事業者|ビジネス|社長|会社(?:名義|として|の(?:口座|名義|通帳|カード|代表|印鑑|借入|融資))"
)
_PERSON = re.compile("個人")
# Beside these 個人 is not who asks (a director's own guarantee, a sole trader), or is part of another word.
_MIXED = re.compile("会社|代表|事業|経営|保証人|個人(?:情報|番号|保証|の保証)")


def read_party(text: str) -> Party | None:
    """Return who ``text`` says it is about; None where it says neither or both.

    >>> read_party("法人のネットバンキング"), read_party("個人向けの限度額"), read_party("個人事業主の口座")
    (<Party.COMPANY: 'company'>, <Party.PERSON: 'person'>, None)
    """
    plain = normalise(text).text
    is_company, is_person = (bool(words.search(plain)) for words in (_COMPANY, _PERSON))
    if is_company:
        return None if is_person else Party.COMPANY
    return Party.PERSON if is_person and not _MIXED.search(plain) else None


def are_different(one: Party | None, other: Party | None) -> bool:
    """Return whether one text is about a company and the other about a person."""
    return one is not None and other is not None and one is not other
