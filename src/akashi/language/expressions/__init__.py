"""Amounts, dates, periods and rates as customers write them, read exactly or asked back."""

from akashi.language.expressions.model import AskBack, Reading, Reason
from akashi.language.expressions.reading import read_expression

__all__ = ["AskBack", "Reading", "Reason", "read_expression"]
