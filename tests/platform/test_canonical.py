"""Canonical JSON against the values that RFC 8785 itself publishes."""

from __future__ import annotations

import struct

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from akashi.platform.canonical import CanonicalError, Json, canonical_json

# RFC 8785, appendix B: the bits of a double, and how it is written.
NUMBERS = [
    ("0000000000000000", "0"),
    ("8000000000000000", "0"),
    ("0000000000000001", "5e-324"),
    ("8000000000000001", "-5e-324"),
    ("7fefffffffffffff", "1.7976931348623157e+308"),
    ("ffefffffffffffff", "-1.7976931348623157e+308"),
    ("4340000000000000", "9007199254740992"),
    ("c340000000000000", "-9007199254740992"),
    ("4430000000000000", "295147905179352830000"),
    ("44b52d02c7e14af5", "9.999999999999997e+22"),
    ("44b52d02c7e14af6", "1e+23"),
    ("44b52d02c7e14af7", "1.0000000000000001e+23"),
    ("444b1ae4d6e2ef4e", "999999999999999700000"),
    ("444b1ae4d6e2ef4f", "999999999999999900000"),
    ("444b1ae4d6e2ef50", "1e+21"),
    ("3eb0c6f7a0b5ed8c", "9.999999999999997e-7"),
    ("3eb0c6f7a0b5ed8d", "0.000001"),
    ("41b3de4355555553", "333333333.3333332"),
    ("41b3de4355555554", "333333333.33333325"),
    ("41b3de4355555555", "333333333.3333333"),
    ("41b3de4355555556", "333333333.3333334"),
    ("41b3de4355555557", "333333333.33333343"),
    ("becbf647612f3696", "-0.0000033333333333333333"),
    ("43143ff3c1cb0959", "1424953923781206.2"),
]

PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


def make_double(bits: str) -> float:
    """Return the double with these bits."""
    value: float = struct.unpack(">d", bytes.fromhex(bits))[0]
    return value


@pytest.mark.parametrize(("bits", "text"), NUMBERS)
def test_numbers_are_written_as_the_rfc_lists_them(bits: str, text: str) -> None:
    assert canonical_json(make_double(bits)).decode() == text


@pytest.mark.parametrize("bits", ["7fffffffffffffff", "7ff0000000000000", "fff0000000000000"])
def test_values_that_are_no_numbers_are_refused(bits: str) -> None:
    with pytest.raises(CanonicalError, match="not a JSON number"):
        canonical_json([make_double(bits)])


def test_example_of_the_rfc_is_written_byte_for_byte() -> None:
    value: Json = {
        "numbers": [333333333.33333329, 1e30, 4.50, 2e-3, 0.000000000000000000000000001],
        "string": "\u20ac$\u000f\u000aA'\u0042\u0022\u005c\\\"/",
        "literals": [None, True, False],
    }
    expected = (
        '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],'
        '"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}'
    )
    assert canonical_json(value).decode() == expected


def test_keys_are_sorted_by_their_utf16_units() -> None:
    names = {"\u20ac": 5, "\r": 1, "\ufb33": 7, "1": 2, "\U0001f600": 6, "\u0080": 3, "\u00f6": 4}
    assert list(orjson.loads(canonical_json(names)).values()) == [1, 2, 3, 4, 5, 6, 7]


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ({"a": [0, 2**53]}, r"\$\.a\[1\]: 9007199254740992 is beyond"),
        ({"a": "\ud800"}, r"\$\.a: the text holds a lone surrogate"),
        ({"\udfff": 1}, "key"),
        ({1: 2}, "a key is int"),
        ({"a": {1, 2}}, r"\$\.a: set is not a JSON value"),
        (b"bytes", "bytes is not a JSON value"),
    ],
)
def test_what_json_cannot_hold_is_refused_with_its_place(value: Json, said: str) -> None:
    with pytest.raises(CanonicalError, match=said):
        canonical_json(value)


def test_floats_are_refused_where_numbers_must_be_exact() -> None:
    assert canonical_json({"rate": 0.5}) == b'{"rate":0.5}'
    with pytest.raises(CanonicalError, match=r"\$\.rate: floats are refused"):
        canonical_json({"rate": 0.5}, floats=False)


@given(PLAIN)
def test_writing_loses_nothing_and_is_stable(value: Json) -> None:
    once = canonical_json(value)
    assert orjson.loads(once) == value
    assert canonical_json(orjson.loads(once)) == once


@given(st.text())
def test_text_is_written_as_orjson_writes_it(text: str) -> None:
    assert canonical_json(text) == orjson.dumps(text)
