"""Who acts: roles of the three lines of defence and the actor behind every change."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class Role(StrEnum):
    """What a person is trusted with. Source: DESIGN, "How a bank decides"."""

    OPERATOR = "operator"
    BUSINESS_OWNER = "business_owner"
    LOAN_OFFICER = "loan_officer"
    VALIDATOR = "validator"
    RISK_OFFICER = "risk_officer"
    COMPLIANCE_OFFICER = "compliance_officer"
    PRIVACY_OFFICER = "privacy_officer"
    SECURITY_OFFICER = "security_officer"
    EXECUTIVE = "executive"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"
    AUTHORITY = "authority"


FIRST_LINE = frozenset({Role.OPERATOR, Role.BUSINESS_OWNER, Role.LOAN_OFFICER})
SECOND_LINE = frozenset(
    {Role.RISK_OFFICER, Role.COMPLIANCE_OFFICER, Role.PRIVACY_OFFICER, Role.SECURITY_OFFICER}
)
THIRD_LINE = frozenset({Role.AUDITOR})


class ActorKind(StrEnum):
    """How the actor proved who it is."""

    PERSON = "person"
    SERVICE = "service"
    LOCAL = "local"
    CUSTOMER = "customer"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody or something that reads or changes records.

    ``id`` is what the ledger keeps: a person id, ``service:<id>``, ``local:<os-user>`` or ``system``.
    ``confirmed`` is false while a second administrator has not yet confirmed a new credential.

    >>> Actor("p1", ActorKind.PERSON, frozenset({Role.AUDITOR})).has(Role.AUDITOR)
    True
    """

    id: str
    kind: ActorKind
    roles: frozenset[Role] = field(default_factory=frozenset)
    name: str = ""
    scopes: frozenset[str] = field(default_factory=frozenset)
    confirmed: bool = True

    def has(self, *roles: Role) -> bool:
        """Return whether the actor holds at least one of ``roles``."""
        return bool(self.roles.intersection(roles))


NOBODY = Actor("", ActorKind.CUSTOMER)
SYSTEM = Actor("system", ActorKind.SYSTEM)
