"""The shelves over HTTP: everything is shown, found, and safe to look at."""

from samples import product

from shop.catalogue import CATALOGUE


def test_the_first_page_shows_everything(visitor):
    """One card for each product."""
    page = visitor.get("/")
    assert page.status == 200
    assert all(each.name in page.text for each in CATALOGUE)


def test_a_search_narrows_the_shelves(visitor):
    """Only the sencha is steamed."""
    page = visitor.get("/", q="steamed")
    assert "Sencha" in page.text
    assert page.text.count('class="card"') == 1


def test_a_category_is_a_link(visitor):
    """Books are few."""
    page = visitor.get("/", category="Books")
    assert page.text.count('class="card"') == 1
    assert "The Patient Leaf" in page.text


def test_a_sold_out_product_has_no_working_button(visitor):
    """The page still shows it, with its price."""
    page = visitor.get("/products/teapot-iron")
    assert page.at("add") == "Sold out"
    assert "£59.00" in page.text


def test_an_unknown_product_is_not_found(visitor):
    """With a page that leads back."""
    page = visitor.get("/products/samovar")
    assert page.status == 404
    assert "Back to the shelves" in page.text


def test_names_and_searches_are_text_not_html(shop, visitor):
    """Whatever a supplier or visitor writes stays words."""
    shop.repository.put_on_sale([product("evil", name="<script>alert(1)</script>")])
    page = visitor.get("/", q="<script>")
    assert "&lt;script&gt;alert(1)" in page.text
    assert "<script>" not in page.text
