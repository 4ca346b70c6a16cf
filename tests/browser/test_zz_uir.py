from browser.test_guest_page import *
def test_urls(page, shop):
    answers = answers_to(page, shop.path, "Tacos")
    for a in answers: print(a.request.resource_type, a.url.split('8')[-1][-60:])
    print(weight(answers))
