"""From the shelf to the order over HTTP: cookies, redirects, forms and the database together."""

from running_shop import Visitor
from samples import form


def test_the_basket_is_kept_between_requests(visitor):
    """Header, lines and total agree."""
    visitor.post("/basket/add", sku="sencha-100", pieces=2)
    page = visitor.post("/basket/add", sku="teapot-blue", pieces=1)
    assert page.url == "/basket"
    assert (page.at("basket-count"), page.at("goods"), page.at("delivery-fee")) == ("3", "£51.90", "free")


def test_the_basket_can_be_changed_and_emptied(visitor):
    """None of a product takes it out."""
    visitor.post("/basket/add", sku="mint-50", pieces=1)
    assert visitor.post("/basket/change", sku="mint-50", pieces=4).at("goods") == "£17.00"
    assert "nothing in it yet" in visitor.post("/basket/change", sku="mint-50", pieces=0).text


def test_no_more_than_the_shelf_holds_goes_in(visitor):
    """The visitor learns how many there are."""
    page = visitor.post("/basket/add", sku="lapsang-100", pieces=4)
    assert "Only 3 of Lapsang Souchong, 100 g left, you asked for 4." in page.text
    assert page.at("basket-count") == "0"


def test_an_order_is_confirmed_stored_and_taken_off_the_shelf(shop, visitor):
    """The whole way at once, seen from both ends."""
    visitor.post("/basket/add", sku="teapot-blue", pieces=2)
    page = visitor.post("/checkout", **form())
    assert (page.status, page.at("order-number"), page.at("total")) == (200, "TT-00001", "£68.00")
    assert (page.at("basket-count"), page.at("vat")) == ("0", "£11.33")
    assert shop.repository.product("teapot-blue").stock == 6


def test_sending_the_form_twice_buys_once(shop, visitor):
    """The second time there is nothing in the basket."""
    visitor.post("/basket/add", sku="mint-50")
    visitor.post("/checkout", **form())
    assert visitor.post("/checkout", **form()).url == "/basket"
    assert shop.repository.product("mint-50").stock == 29


def test_a_form_with_mistakes_comes_back_as_typed(shop, visitor):
    """With its messages, the good fields kept, and nothing sold."""
    visitor.post("/basket/add", sku="mint-50")
    page = visitor.post("/checkout", **form(postcode="nowhere", email="ada"))
    assert page.status == 422
    assert page.at("postcode-problem") == "Write it like EH1 1AB."
    assert page.at("email-problem") == "This does not look like an email address."
    assert 'value="Ada Moffat"' in page.text
    assert shop.repository.product("mint-50").stock == 30


def test_apply_shows_the_price_and_buys_nothing(shop, visitor):
    """An empty form is no mistake yet."""
    visitor.post("/basket/add", sku="sencha-100", pieces=3)
    page = visitor.post("/checkout", code="tea3for2", delivery="collect", apply=1)
    assert (page.status, page.at("discount"), page.at("total")) == (200, "−£8.95", "£17.90")
    assert page.at("name-problem") is None
    assert shop.repository.product("sencha-100").stock == 25


def test_a_code_counts_in_the_order(visitor):
    """The confirmation says the same as the checkout."""
    visitor.post("/basket/add", sku="teapot-blue")
    page = visitor.post("/checkout", **form(code="fiver", delivery="express"))
    assert (page.at("discount"), page.at("delivery-fee"), page.at("total")) == ("−£5.00", "£7.95", "£36.95")


def test_an_ended_code_stops_the_order(shop, visitor):
    """Nobody pays more than the page has promised."""
    visitor.post("/basket/add", sku="mint-50")
    page = visitor.post("/checkout", **form(code="SPRING25"))
    assert (page.status, page.at("code-problem")) == (422, "The code SPRING25 ended on 31 May 2025.")
    assert shop.repository.product("mint-50").stock == 30


def test_there_is_no_checkout_for_an_empty_basket(visitor):
    """It leads back to the basket."""
    assert visitor.get("/checkout").url == "/basket"


def test_somebody_faster_sends_the_slower_one_back_to_the_basket(shop, visitor):
    """The last pieces are gone while the form is filled in."""
    visitor.post("/basket/add", sku="lapsang-100", pieces=2)
    faster = Visitor(shop)
    faster.post("/basket/add", sku="lapsang-100", pieces=3)
    faster.post("/checkout", **form())
    page = visitor.post("/checkout", **form())
    assert page.url == "/basket"
    assert "Lapsang Souchong, 100 g has just sold out." in page.text
    assert page.at("to-checkout") is None


def test_orders_are_ones_own(shop, visitor):
    """In the list of the one who bought, not found for anybody else."""
    visitor.post("/basket/add", sku="book-leaf")
    visitor.post("/checkout", **form(delivery="collect"))
    assert "1 × The Patient Leaf" in visitor.get("/orders").text
    stranger = Visitor(shop)
    assert "not ordered anything yet" in stranger.get("/orders").text
    assert stranger.get("/orders/1").status == 404
