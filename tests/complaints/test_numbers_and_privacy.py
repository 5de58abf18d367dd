"""Numbers, codes, encryption and masks, without a database."""

from __future__ import annotations

from datetime import date

import pytest
from cryptography.exceptions import InvalidTag
from hypothesis import given
from hypothesis import strategies as st
from rest_framework.serializers import ValidationError

from complaints import numbers, privacy
from complaints.serializers.fields import PhoneNumber


def test_a_number_reads_well_and_survives_how_people_type_it():
    number = numbers.make_number(date(2026, 11, 22), 123)
    assert number[:16] == "20261122-000123-"
    typed = f" {number.replace('-', ' ')} ".translate(str.maketrans("0123456789", "０１２３４５６７８９"))
    assert numbers.normalise_number(typed) == number


@given(st.integers(1, 10**9), st.integers(0, 14), st.integers(1, 9))
def test_every_mistyped_digit_is_noticed(running, place, shift):
    number = numbers.make_number(date(2026, 11, 22), running)
    digits = number.replace("-", "")
    place %= len(digits)
    wrong = digits[:place] + str((int(digits[place]) + shift) % 10) + digits[place + 1 :]
    assert numbers.normalise_number(digits) == number
    assert numbers.normalise_number(wrong) is None


@pytest.mark.parametrize("typed", ["", "abc", "2026", "'; DROP TABLE", "２" * 200, "\x00", "20261122-000123-"])
def test_what_cannot_be_a_number_is_none(typed):
    assert numbers.normalise_number(typed) is None


@pytest.mark.parametrize(
    ("number", "valid"),
    [
        ("11010519491231002X", True),
        # new counties, and one abolished in 2021
        ("33011319900307123X", True),
        ("330114199003071236", True),
        ("33038319900307123X", True),
        ("320613199003071235", True),
        ("320614199003071231", True),
        ("330103199003071237", True),
        ("110105194912310021", False),
        ("330106199002301230", False),
        ("33010619900101123", False),
        ("", False),
        ("１１０１０５１９４９１２３１００２X", False),
    ],
)
def test_identity_numbers(number, valid):
    assert numbers.is_identity_number(number) is valid


@given(st.text())
def test_what_is_encrypted_comes_back(plain):
    plain = plain.encode("utf-8", "ignore").decode()
    sealed = privacy.encrypt(plain, "table.column")
    assert privacy.decrypt(sealed, "table.column") == plain
    assert sealed != privacy.encrypt(plain, "table.column")


def test_a_value_cannot_be_tampered_with_or_moved():
    sealed = privacy.encrypt("13812345678", "requester.phone")
    with pytest.raises(InvalidTag):
        privacy.decrypt(sealed, "requester.name")
    with pytest.raises(InvalidTag):
        privacy.decrypt(sealed[:-1] + bytes([sealed[-1] ^ 1]), "requester.phone")


def test_keys_rotate_and_a_foreign_key_opens_nothing(settings):
    old = settings.DATA_KEY
    new = "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE="
    sealed, index = privacy.encrypt("张三", "c"), privacy.phone_index("13812345678")
    settings.DATA_KEY = f"{new},{old}"
    assert privacy.decrypt(sealed, "c") == "张三"
    assert privacy.phone_index("13812345678") == index
    assert privacy.encrypt("张三", "c")[:4] != sealed[:4]
    settings.DATA_KEY = new
    with pytest.raises(LookupError):
        privacy.decrypt(sealed, "c")


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("电话13812345678找我", "电话138****5678找我"),
        ("打138-1234-5678或0571-88881234", "打138****5678或0571-*****34"),
        ("身份证11010519491231002X。", "身份证110***********2X。"),
        ("一分钱没退，单号2026112200001", "一分钱没退，单号2026112200001"),
        ("价格13812345678901元", "价格13812345678901元"),
    ],
)
def test_numbers_in_running_text_are_masked(text, masked):
    assert privacy.mask_text(text) == masked


@given(st.text(min_size=1))
def test_masks_never_fail_and_never_show_all(value):
    for mask in (privacy.mask_name, privacy.mask_phone, privacy.mask_id_number, privacy.mask_address):
        assert "*" in mask(value)


def test_the_query_code_opens_one_case_only():
    code = privacy.query_code("20261122-000123-4")
    assert len(code) == 8
    assert privacy.is_query_code("20261122-000123-4", f" {code.lower()} ")
    assert not privacy.is_query_code("20261122-000124-2", code)
    assert not privacy.is_query_code("20261122-000123-4", "")
    assert not privacy.is_query_code("20261122-000123-4", "\ud800")


@pytest.mark.parametrize(
    "typed",
    ["13800001234", "+86 138-0000-1234", "0571-8888 8888", "(0571)88888888#12", "88881234", "4008001234", "12345"],
)
def test_a_phone_number_in_its_usual_spellings_is_taken(typed):
    assert PhoneNumber().run_validation(typed) == typed


@pytest.mark.parametrize("typed", ["123", "1380000123", "138000012", "12800001234", "138abcd1234"])
def test_a_mobile_number_with_a_digit_missing_is_no_phone_number(typed):
    with pytest.raises(ValidationError):
        PhoneNumber().run_validation(typed)
