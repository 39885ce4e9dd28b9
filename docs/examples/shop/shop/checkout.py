"""The checkout form: what was typed, tidied, and what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from shop.pricing import Delivery

LONGEST = 80
"""Characters that fit on an address label."""

_EMAIL = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+")
_POSTCODE = re.compile(r"([A-Z]{1,2}\d[A-Z\d]?)(\d[A-Z]{2})")
_NEEDED = {
    "name": "Tell us your name.",
    "email": "Tell us your email address.",
    "street": "Tell us the street and number.",
    "town": "Tell us the town.",
    "postcode": "Tell us the postcode.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Customer:
    """A checked and tidied form."""

    name: str
    email: str
    street: str
    town: str
    postcode: str
    delivery: Delivery


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """The customer when all is well, otherwise None and one message per wrong field."""

    customer: Customer | None
    errors: Mapping[str, str]


def check_form(form: Mapping[str, str]) -> Checked:
    """The form's verdict; an order that is collected needs no address."""
    delivery = _delivery(form.get("delivery", ""))
    typed = {field: " ".join(form.get(field, "").split()) for field in _NEEDED}
    errors = {
        field: problem for field, text in typed.items() if (problem := _problem(field, text, delivery)) is not None
    }
    if delivery is None:
        return Checked(customer=None, errors={**errors, "delivery": "Choose how the order should travel."})
    if errors:
        return Checked(customer=None, errors=errors)
    typed["postcode"] = tidy_postcode(typed["postcode"]) or ""
    return Checked(customer=Customer(**typed, delivery=delivery), errors={})


def tidy_postcode(text: str) -> str | None:
    """A British postcode in its usual spelling ("eh11ab" is "EH1 1AB"), None for what is none."""
    match = _POSTCODE.fullmatch("".join(text.split()).upper())
    return f"{match[1]} {match[2]}" if match else None


def _problem(field: str, text: str, delivery: Delivery | None) -> str | None:
    if not text:
        wanted = delivery is not Delivery.COLLECT or field in ("name", "email")
        return _NEEDED[field] if wanted else None
    if len(text) > LONGEST:
        return f"Keep this under {LONGEST} characters."
    if field == "email" and not _EMAIL.fullmatch(text):
        return "This does not look like an email address."
    if field == "postcode" and tidy_postcode(text) is None:
        return "Write it like EH1 1AB."
    return None


def _delivery(text: str) -> Delivery | None:
    return next((each for each in Delivery if each.value == text), None)
