"""What a customer does with mouse and keyboard, in a real browser."""


def fill_in(window, **changes: str) -> None:
    """Types a good checkout form, but for the changes."""
    typed = {
        "name": "Ada Moffat",
        "email": "ada@example.com",
        "street": "1 Shore",
        "town": "Leith",
        "postcode": "eh66qn",
    }
    for field, text in {**typed, **changes}.items():
        window.type(f"#{field}", text)


def test_from_the_search_to_the_order_history(window):
    """The way that the shop lives on."""
    window.open("/")
    window.type(".search input", "stoneware")
    window.go(".search button")
    window.go(".card")
    window.go("#add")
    window.go("#to-checkout")
    fill_in(window)
    window.go("#buy")
    assert window.text(".notice") == "Thank you, Ada Moffat. We have your order and will write to ada@example.com."
    number = window.text("#order-number")
    window.go("nav a[href='/orders']")
    assert [window.text(".order a"), window.text(".order .number")] == [number, "£37.95"]


def test_the_basket_follows_its_number_field(window):
    """Total and the number in the header change together."""
    window.open("/products/mint-50")
    window.go("#add")
    window.type("#line-mint-50 input[type=number]", "5")
    window.go("#line-mint-50 .update")
    assert (window.text("#basket-count"), window.text("#goods")) == ("5", "£21.25")
    window.go("#line-mint-50 .remove")
    assert window.text("#basket-count") == "0"


def test_choosing_a_delivery_changes_the_total_at_once(window):
    """The page's own script asks for the prices; what was typed stays."""
    window.open("/products/mint-50")
    window.go("#add")
    window.go("#to-checkout")
    window.type("#name", "Ada")
    window.go("input[value=express]")
    assert window.text("#total") == "£12.20"
    assert window.find("#name").get_attribute("value") == "Ada"


def test_the_browser_stops_an_empty_form(window):
    """The first empty field gets the cursor and the page stays."""
    window.open("/products/mint-50")
    window.go("#add")
    window.go("#to-checkout")
    window.find("#buy").click()
    assert window.driver.switch_to.active_element.get_attribute("id") == "name"
    assert [field.get_attribute("id") for field in window.all("input:invalid")] == ["name", "email"]


def test_a_mistake_is_marked_and_mended(window):
    """The message stands at its field, the rest need not be typed again."""
    window.open("/products/book-leaf")
    window.go("#add")
    window.go("#to-checkout")
    fill_in(window, postcode="nowhere", code="welcome10")
    window.go("#buy")
    assert window.text("#postcode-problem") == "Write it like EH1 1AB."
    assert window.text("#code-good") == "10% off"
    window.type("#postcode", "EH6 6QN")
    window.go("#buy")
    assert window.text("#discount") == "−£1.50"


def test_a_sold_out_product_cannot_be_clicked(window):
    """The button is grey and says why."""
    window.open("/products/teapot-iron")
    assert window.text("#add") == "Sold out"
    assert not window.find("#add").is_enabled()
