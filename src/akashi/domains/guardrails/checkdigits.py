"""Check digits of cards, My Numbers and corporate numbers."""

from __future__ import annotations


def passes_luhn(digits: str) -> bool:
    """Return whether the last digit is right by ISO/IEC 7812-1 annex B.

    >>> passes_luhn("4111111111111111"), passes_luhn("4111111111111112")
    (True, False)
    """
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (1 + place % 2)
        total += value - 9 * (value > 9)
    return total % 10 == 0


def passes_my_number(digits: str) -> bool:
    """Return whether 12 digits end in their check digit (平成26年総務省令第85号 第5条).

    >>> passes_my_number("123456789018"), passes_my_number("123456789010")
    (True, False)
    """
    if len(digits) != 12:
        return False
    rest = sum(int(digits[10 - n]) * (n + 2 if n <= 5 else n - 4) for n in range(11)) % 11
    return int(digits[11]) == (0 if rest <= 1 else 11 - rest)


def passes_corporate_number(digits: str) -> bool:
    """Return whether 13 digits begin with their check digit (法人番号の指定等に関する省令 第2条).

    >>> passes_corporate_number("7000012050002"), passes_corporate_number("1000012050002")
    (True, False)
    """
    if len(digits) != 13:
        return False
    rest = sum(int(digits[13 - n]) * (1 if n % 2 else 2) for n in range(1, 13)) % 9
    return int(digits[0]) == 9 - rest
