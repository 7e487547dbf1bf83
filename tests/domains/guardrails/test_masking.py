"""Masking can be undone, changes nothing outside its spans, and twice is once."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from akashi.core.spans import Interval
from akashi.domains.guardrails.masking import Vault, mask, unmask

TEXTS = st.lists(
    st.sampled_from(
        [
            "山田太郎です。",
            "電話は090-1234-5678",
            "０９０ー１２３４ー５６７８",
            "口座番号1234567",
            "[PERSON-1-abc]",
            "金利は0.2%",
        ]
    )
    | st.text(max_size=12),
    max_size=8,
).map("".join)


@settings(max_examples=200, deadline=None)
@given(TEXTS)
def test_mask_then_unmask_is_the_identity(text: str) -> None:
    masked = mask(text)
    assert unmask(masked.text, masked.vault) == text


@settings(max_examples=200, deadline=None)
@given(TEXTS)
def test_masking_twice_changes_nothing(text: str) -> None:
    once = mask(text)
    twice = mask(once.text, once.vault)
    assert twice.text == once.text
    assert twice.vault == once.vault


@settings(max_examples=200, deadline=None)
@given(TEXTS)
def test_no_character_outside_a_span_changes(text: str) -> None:
    masked = mask(text)
    at, rest = 0, masked.text
    for one in masked.found:
        between = text[at : one.span.start]
        assert rest.startswith(between)
        placeholder = rest[len(between) :].split("]", 1)[0] + "]"
        assert placeholder in masked.vault.values
        rest, at = rest[len(between) + len(placeholder) :], one.span.end
    assert rest == text[at:]


def test_placeholders_stay_the_same_over_a_conversation() -> None:
    first = mask("山田太郎です。電話は090-1234-5678です。", Vault(tag="xyz"))
    second = mask("山田太郎の件、電話は090-1234-5678です。", first.vault)
    assert first.text == "[PERSON-1-xyz]です。電話は[PHONE-1-xyz]です。"
    assert second.text == "[PERSON-1-xyz]の件、電話は[PHONE-1-xyz]です。"


def test_the_same_number_written_otherwise_is_recognised_and_given_back_exactly() -> None:
    text = "電話は090-1234-5678、または０９０１２３４５６７８です。"
    masked = mask(text, Vault(tag="xyz"))
    assert masked.text == "電話は[PHONE-1-xyz]、または[PHONE-1B-xyz]です。"
    assert unmask(masked.text, masked.vault) == text


def test_a_placeholder_that_somebody_else_wrote_means_nothing() -> None:
    vault = mask("電話は090-1234-5678です。", Vault(tag="xyz")).vault
    assert (
        unmask("[PHONE-1-abc] [PHONE-9-xyz] [PHONE-1-xyz", vault)
        == "[PHONE-1-abc] [PHONE-9-xyz] [PHONE-1-xyz"
    )


def test_spans_of_a_masked_text_lie_on_its_placeholders() -> None:
    once = mask("電話は090-1234-5678です。", Vault(tag="xyz"))
    (one,) = mask(once.text, once.vault).found
    assert one.span == Interval(3, 3 + len("[PHONE-1-xyz]"))


def test_a_vault_does_not_show_what_it_holds() -> None:
    assert "090" not in repr(mask("電話は090-1234-5678です。").vault)
