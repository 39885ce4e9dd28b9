"""The pages: they read the request, ask the pure modules, and show or store the answer."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import cast

from flask import Blueprint, Flask, abort, current_app, flash, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from shop.basket import MOST_OF_ONE, Basket
from shop.checkout import check_form
from shop.discounts import Discount, DiscountRefused, Lines, find_discount
from shop.orders import draft
from shop.pricing import Delivery, quote, until_free_delivery
from shop.products import Category, Product, search
from shop.repository import OutOfStock, ShopRepository
from shop.stock import availability, shortages

Clock = Callable[[], datetime]
Page = str | Response | tuple[str, int]

pages = Blueprint("pages", __name__)


@dataclass(frozen=True, slots=True)
class Counter:
    """What the pages need from outside."""

    repository: ShopRepository
    clock: Clock


def create_app(repository: ShopRepository, *, clock: Clock | None = None, secret_key: str | None = None) -> Flask:
    """The shop as a WSGI application; without `secret_key` the baskets last until the process ends."""
    app = Flask(__name__)
    app.secret_key = secret_key or secrets.token_hex()
    app.config["SESSION_COOKIE_SAMESITE"] = "Lax"
    app.extensions["counter"] = Counter(repository, clock or (lambda: datetime.now(timezone.utc)))
    app.jinja_env.globals.update(availability=availability, most_of_one=MOST_OF_ONE)
    app.register_blueprint(pages)
    app.register_error_handler(404, lambda error: (render_template("missing.html"), 404))
    return app


@pages.app_context_processor
def _basket_count() -> dict[str, int]:
    return {"basket_count": len(_basket())}


@pages.get("/")
def products() -> Page:
    """The shelves, or what a search finds on them."""
    words = request.args.get("q", "")
    category = next((each for each in Category if each.value == request.args.get("category")), None)
    found = search(_counter().repository.products(), words, category)
    return render_template("products.html", found=found, words=words, category=category, categories=list(Category))


@pages.get("/products/<sku>")
def product(sku: str) -> Page:
    """One product."""
    return render_template("product.html", product=_product_or_404(sku))


@pages.post("/basket/add")
def add_to_basket() -> Page:
    """Puts pieces into the basket, as far as the shelf allows."""
    wanted = _product_or_404(request.form.get("sku", ""))
    basket = _basket().add(wanted.sku, max(_pieces(), 1))
    short = shortages([(wanted, dict(basket)[wanted.sku])])
    if short:
        flash(short[0].message, "problem")
    else:
        flash(f"{wanted.name} is in your basket.", "good")
        _keep(basket)
    return redirect(url_for("pages.basket"))


@pages.get("/basket")
def basket() -> Page:
    """The basket with its prices."""
    lines = _lines()
    price = quote(lines, Delivery.STANDARD)
    short = {each.sku: each.message for each in shortages(lines)}
    return render_template(
        "basket.html", lines=lines, quote=price, short=short, to_free=until_free_delivery(price.goods)
    )


@pages.post("/basket/change")
def change_basket() -> Page:
    """Sets the pieces of one product; none takes it out."""
    _keep(_basket().with_pieces(request.form.get("sku", ""), _pieces()))
    return redirect(url_for("pages.basket"))


@pages.get("/checkout")
def checkout() -> Page:
    """The empty form."""
    return _checkout_page({}) if _lines() else redirect(url_for("pages.basket"))


@pages.post("/checkout")
def buy() -> Page:
    """Places the order, or shows the form again with what is wrong; "apply" only works out the price."""
    lines = _lines()
    if not lines or shortages(lines):
        return redirect(url_for("pages.basket"))
    discount, refusal = _discount(lines)
    checked = check_form(request.form)
    problems = dict(refusal) if "apply" in request.form else {**checked.errors, **refusal}
    if "apply" in request.form or problems or checked.customer is None:
        return _checkout_page(problems, discount), 422 if problems else 200
    order = draft(_visitor(), _counter().clock(), checked.customer, lines, discount)
    try:
        stored = _counter().repository.place(order)
    except OutOfStock:
        return redirect(url_for("pages.basket"))
    session.pop("basket", None)
    return redirect(url_for("pages.order", number=stored.number, thanks=1))


@pages.get("/orders")
def orders() -> Page:
    """The visitor's orders."""
    return render_template("orders.html", orders=_counter().repository.orders_of(_visitor()))


@pages.get("/orders/<int:number>")
def order(number: int) -> Page:
    """One of the visitor's orders; somebody else's is not found."""
    found = _counter().repository.order(number, _visitor())
    if found is None:
        abort(404)
    return render_template("order.html", order=found, thanks="thanks" in request.args)


def _checkout_page(problems: dict[str, str], discount: Discount | None = None) -> str:
    lines = _lines()
    chosen = next((each for each in Delivery if each.value == request.form.get("delivery")), Delivery.STANDARD)
    return render_template(
        "checkout.html",
        lines=lines,
        quote=quote(lines, chosen, discount),
        discount=discount,
        deliveries=list(Delivery),
        chosen=chosen,
        typed=request.form,
        problems=problems,
    )


def _discount(lines: Lines) -> tuple[Discount | None, dict[str, str]]:
    try:
        return find_discount(request.form.get("code", ""), lines, _counter().clock().date()), {}
    except DiscountRefused as refused:
        return None, {"code": str(refused)}


def _counter() -> Counter:
    return cast(Counter, current_app.extensions["counter"])


def _product_or_404(sku: str) -> Product:
    found = _counter().repository.product(sku)
    if found is None:
        abort(404)
    return found


def _lines() -> list[tuple[Product, int]]:
    """The basket with its products; one that is no longer on sale is left out."""
    on_sale = {each.sku: each for each in _counter().repository.products()}
    return [(on_sale[sku], pieces) for sku, pieces in _basket() if sku in on_sale]


def _basket() -> Basket:
    return Basket.from_session(session.get("basket"))


def _keep(basket: Basket) -> None:
    session["basket"] = basket.to_session()


def _pieces() -> int:
    return request.form.get("pieces", default=1, type=int)


def _visitor() -> str:
    """Who this browser is; orders can be seen by nobody else."""
    return cast(str, session.setdefault("visitor", secrets.token_hex(16)))
