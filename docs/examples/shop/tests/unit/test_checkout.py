"""The checkout form: tidied when it is right, one message per field when it is not."""

import pytest
from samples import form

from shop.checkout import LONGEST, check_form, tidy_postcode
from shop.pricing import Delivery


def test_a_good_form_gives_a_customer():
    """Every field arrives where it belongs."""
    customer = check_form(form()).customer
    assert customer is not None
    assert (customer.name, customer.email, customer.delivery) == ("Ada Moffat", "ada@example.com", Delivery.STANDARD)
    assert (customer.street, customer.town, customer.postcode) == ("1 Shore", "Leith", "EH6 6QN")


def test_a_good_form_has_no_errors():
    """Nothing to mark on the page."""
    assert check_form(form()).errors == {}


@pytest.mark.parametrize("field", ["name", "email", "street", "town", "postcode"])
@pytest.mark.parametrize("text", ["", "   "])
def test_every_field_is_needed(field, text):
    """Blanks are nothing, and only the empty field is marked."""
    checked = check_form(form(**{field: text}))
    assert checked.customer is None
    assert list(checked.errors) == [field]


def test_an_empty_form_marks_everything():
    """All problems at once, not one per attempt."""
    assert set(check_form({}).errors) == {"name", "email", "street", "town", "postcode", "delivery"}


@pytest.mark.parametrize("field", ["street", "town", "postcode"])
def test_collecting_needs_no_address(field):
    """Nothing is sent, so nobody needs to say where to."""
    assert check_form(form(delivery="collect", **{field: ""})).errors == {}


@pytest.mark.parametrize("field", ["name", "email"])
def test_collecting_needs_a_person(field):
    """Somebody comes to the counter."""
    assert list(check_form(form(delivery="collect", **{field: ""})).errors) == [field]


@pytest.mark.parametrize("email", ["ada@example.com", "a.b+tea@sub.example.co.uk", "ä@example.org"])
def test_emails_that_pass(email):
    """The check is no stricter than post is."""
    assert "email" not in check_form(form(email=email)).errors


@pytest.mark.parametrize(
    "email", ["ada", "ada@", "@example.com", "ada@example", "a da@example.com", "a@b@example.com", "a@.com"]
)
def test_emails_that_do_not(email):
    """What can reach nobody is sent back."""
    assert "email" in check_form(form(email=email)).errors


@pytest.mark.parametrize("delivery", ["", "pigeon", "STANDARD"])
def test_unknown_delivery_is_refused(delivery):
    """Only what the page offers."""
    assert "delivery" in check_form(form(delivery=delivery)).errors


def test_blanks_are_tidied():
    """Labels are printed from this."""
    customer = check_form(form(name="  Ada   Moffat ")).customer
    assert customer is not None
    assert customer.name == "Ada Moffat"


@pytest.mark.parametrize(("length", "errors"), [(LONGEST, []), (LONGEST + 1, ["street"])])
def test_labels_have_an_end(length, errors):
    """As long as the label is wide, and no longer."""
    assert list(check_form(form(street="x" * length)).errors) == errors


@pytest.mark.parametrize(
    ("typed", "tidy"),
    [
        ("EH6 6QN", "EH6 6QN"),
        ("eh66qn", "EH6 6QN"),
        (" sw1a1aa ", "SW1A 1AA"),
        ("M1 1AE", "M1 1AE"),
        ("B 338TH", "B33 8TH"),
    ],
)
def test_postcodes_are_spelt_as_usual(typed, tidy):
    """Case and blanks are the shop's work."""
    assert tidy_postcode(typed) == tidy


@pytest.mark.parametrize("typed", ["", "EH6", "12345", "EH6 6Q", "EEE1 1AA", "EH6 6QNN"])
def test_other_postcodes_are_none(typed):
    """The shop sends within Britain."""
    assert tidy_postcode(typed) is None


def test_a_bad_postcode_is_marked_even_when_collecting():
    """What is typed is checked, needed or not."""
    assert list(check_form(form(delivery="collect", postcode="nowhere")).errors) == ["postcode"]
