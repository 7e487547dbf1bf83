"""The few errors of the product. What is wrong at the bank is a Finding, never an exception."""

from __future__ import annotations


class AkashiError(Exception):
    """Base of every error that Akashi raises on purpose."""


class InputError(AkashiError):
    """What a person gave us cannot be used; says what, where and what to do.

    ``message`` is an English message id with ``{name}`` fields filled from ``values``, so that a
    page can show it in the reader's language. Nothing has been changed when it is raised.

    >>> str(InputError("The file {name} is empty.", where="fees.csv", next_step="Choose another file.",
    ...                name="fees.csv"))
    'fees.csv: The file fees.csv is empty. Choose another file.'
    """

    def __init__(self, message: str, *, where: str = "", next_step: str = "", **values: object) -> None:
        self.message = message
        self.where = where
        self.next_step = next_step
        self.values = values
        super().__init__(message)

    def __str__(self) -> str:
        head = f"{self.where}: " if self.where else ""
        tail = f" {self.next_step}" if self.next_step else ""
        return (head + self.message + tail).format_map(_Fields(self.values))


class _Fields(dict[str, object]):
    """Fields of a message; an unknown field stays visible instead of failing."""

    def __missing__(self, key: str) -> str:
        return "{" + key + "}"


class NotFoundError(InputError):
    """What was asked for does not exist, or the asker may not know that it does."""


class ConflictError(InputError):
    """Somebody else changed the record first, or its state no longer allows the step."""


class ForbiddenError(AkashiError):
    """The actor's roles do not allow this; nothing has been changed."""


class EvidenceError(AkashiError):
    """The evidence is not what it claims to be: a digest, chain or signature does not match."""


class SetupError(AkashiError):
    """The installation itself is not ready; the message says which command repairs it."""
