from browser.test_guest_page import shop, answers_to, weight  # noqa
from browser.guest import *
def test_menu(page, shop):
    a = answers_to(page, shop.path, "Tacos")
    kinds=[x.request.resource_type for x in a]
    print("MENU", kinds.index("image"), weight(a), len(a))
    for x in a: print(x.url)
def test_order(page, shop):
    page.goto(shop.path); add_tacos(page); place_order(page)
    f = page.context.new_page()
    a = answers_to(f, page.url, "Q 45.00")
    print("ORDER", weight(a), len(a)); [print(len(__import__("gzip").compress(x.body())), x.url.split("/restaurant/")[1]) for x in a]
