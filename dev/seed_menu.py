"""The menu of Big Jay's Bustaurant, the demo's food bus, in quetzales (GTQ).

Ids are aliases: the server gives its own. Pictures: static/demo, drawn for this.
"""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]
PICTURES = "/restaurant/static/demo"


def item(
    picture: str,
    name: str,
    price: str,
    description: str,
    *groups: Json,
    allergens: tuple[str, ...] = (),
    stock: int | None = None,
) -> Json:
    """A menu item; `stock` None is not counted."""
    return {
        "id": picture,
        "name": name,
        "description": description,
        "image_url": f"{PICTURES}/{picture}.svg",
        "price": price,
        "stock": stock,
        "is_available": True,
        "is_hidden": False,
        "allergens": list(allergens),
        "modifier_groups": list(groups),
    }


def group(name: str, least: int, most: int | None, *modifiers: tuple[str, str]) -> Json:
    """Choices with their price delta; `least` and `most` count quantities."""
    return {
        "name": name,
        "min": least,
        "max": most,
        "modifiers": [
            {
                "name": title,
                "price_delta": delta,
                "is_available": True,
            }
            for title, delta in modifiers
        ],
    }


TORTILLA = group("Tortilla", 1, 1, ("Maíz", "0.00"), ("Flour", "4.00"))
FILLING = group(
    "Filling", 1, 3,
    ("Brisket", "20.00"), ("Chicken", "10.00"),
    ("Pulled pork", "15.00"), ("Mushroom", "8.00"),
)  # fmt: skip
EXTRAS = group(
    "Extras", 0, 4, ("Guacamole", "12.00"), ("Cheese", "8.00"), ("Jalapeño", "5.00")
)
HEAT = group("Heat", 1, 1, ("Mild", "0.00"), ("Medium", "0.00"), ("Hot", "0.00"))
SAUCE = group(
    "Sauce", 1, 2, ("Chipotle", "0.00"), ("Chirmol", "0.00"), ("Garlic mayo", "3.00")
)
MILK = group("Milk", 0, 1, ("Oat", "6.00"), ("Lactose-free", "4.00"))
SIZE = group("Size", 1, 1, ("Regular", "0.00"), ("Large", "9.00"))

FROM_THE_COMAL = [
    item("tacos", "Tacos", "55.00",
         "Three tacos with onion, cilantro and lime. You choose what goes in.",
         TORTILLA, FILLING, EXTRAS, allergens=("gluten", "milk")),
    item("burrito", "Burrito", "62.00",
         "Rice, black beans, pico de gallo and your filling in a warm flour tortilla.",
         FILLING, EXTRAS, allergens=("gluten", "milk")),
    item("quesadilla", "Quesadilla", "48.00",
         "Crisp from the plate, with a lot of Zacapa cheese and tomato salsa.",
         EXTRAS, allergens=("gluten", "milk")),
]  # fmt: skip

FROM_THE_SMOKER = [
    item("brisket", "Brisket plate", "120.00",
         "Smoked for fourteen hours over holm oak. When it's gone, it's gone.",
         SAUCE, allergens=("mustard", "celery"), stock=24),
    item("pulled-pork", "Pulled pork sandwich", "75.00",
         "Slow shoulder, red cabbage slaw and pickles in a brioche bun.",
         SAUCE, EXTRAS, allergens=("gluten", "egg", "milk", "mustard")),
    item("wings", "Smoked wings", "65.00",
         "Eight wings with celery and a cool garlic dip.",
         HEAT, allergens=("celery", "egg", "milk")),
]  # fmt: skip

SIDES = [
    item("elote", "Elote", "30.00",
         "Two grilled cobs with crema, chili and lime.", allergens=("milk",)),
    item("fries", "Papas fritas", "28.00",
         "Hand cut, twice fried, sea salt.", SAUCE, allergens=("egg",)),
    item("guacamole", "Guacamole and chips", "38.00",
         "Crushed to order, with corn chips from our own comal."),
]  # fmt: skip

SWEET = [
    item("churros", "Churros", "32.00",
         "With cinnamon sugar and dark chocolate from Cobán.",
         allergens=("gluten", "milk")),
    item("flan", "Flan", "30.00", "Caramel, vanilla and nothing in a hurry.",
         allergens=("egg", "milk")),
]  # fmt: skip

DRINKS = [
    item("horchata", "Horchata", "22.00", "Rice, cinnamon and a little almond. Cold.",
         SIZE, allergens=("nuts",)),
    item("hibiscus", "Rosa de Jamaica", "20.00", "Hibiscus iced tea with lime.", SIZE),
    item("coffee", "Café de Antigua", "18.00", "A double, roasted last week.",
         MILK, allergens=("milk",)),
    item("beer", "Craft beer", "38.00", "A pale ale from Xela, on tap.",
         allergens=("gluten",)),
]  # fmt: skip


def category(name: str, station: str, items: list[Json]) -> Json:
    return {"name": name, "station": station, "items": items}


MENU: Json = {
    "categories": [
        category("From the comal", "kitchen", FROM_THE_COMAL),
        category("From the smoker", "kitchen", FROM_THE_SMOKER),
        category("Sides", "kitchen", SIDES),
        category("Something sweet", "kitchen", SWEET),
        category("Drinks", "bar", DRINKS),
    ]
}

RESTAURANT: Json = {
    "name": "Big Jay's Bustaurant",
    "slug": "big-jays-bustaurant",
    "description": (
        "A yellow school bus, a smoker and a comal. "
        "Order here, pay with Lightning, and listen for your number. "
        "(This is a demo: play money, fixed prices.)"
    ),
    "image_url": f"{PICTURES}/bus.svg",
    "currency": "GTQ",
    "timezone": "America/Guatemala",
    "address": "Parque Central, Panajachel",
    "receipt_footer": "Gracias! Big Jay's Bustaurant (demo)",
    "tax_rate": "12",
    "tip_round_to": "5.00",
    "tip_to": "pool",
    "tabs_at_table": True,
    "tab_limit": "1000.00",
    "prep_minutes": 15,
    "prep_by_load": [{"from_orders": 8, "minutes": 25}],
    "slots": [{"order_type": "pickup", "minutes": 15, "orders": 6}],
    "charges": [
        {
            "kind": "gratuity",
            "name": "Service for large parties",
            "percent": "10",
            "order_types": ["dine_in"],
            "from_covers": 6,
        },
        {
            "kind": "delivery",
            "name": "Delivery by bicycle",
            "amount": "15.00",
            "order_types": ["delivery"],
            "free_from": "200.00",
        },
    ],
}

#: Name and share of the tip pool.
STAFF = (("Ana", 2), ("Luis", 1))


def offers(stored: Json) -> dict[str, Json]:
    """What is offered on this stored menu, by the route that takes it."""
    categories = {each["name"]: each for each in stored["categories"]}
    items = {i["name"]: i["id"] for c in categories.values() for i in c["items"]}

    def course(name: str, *options: tuple[str, str]) -> Json:
        chosen = [
            {"menu_item_id": items[item], "surcharge": extra} for item, extra in options
        ]
        return {"name": name, "min": 1, "max": 1, "options": chosen}

    return {
        "combos": {
            "name": "Bus lunch",
            "description": "A main, a side and a cold drink. Cheaper together.",
            "price": "85.00",
            "groups": [
                course("Main", ("Tacos", "0.00"), ("Burrito", "5.00")),
                course("Side", ("Elote", "0.00"), ("Papas fritas", "0.00")),
                course("Drink", ("Horchata", "0.00"), ("Rosa de Jamaica", "0.00")),
            ],
        },
        "discounts": {
            "name": "Happy hour",
            "trigger": "schedule",
            "kind": "percent",
            "percent": "25",
            "category_ids": [categories["Drinks"]["id"]],
            "schedule": {
                "windows": [
                    {"days": [0, 1, 2, 3, 4], "starts": "16:00", "ends": "18:00"}
                ]
            },
        },
    }


#: Counted by the piece: name, unit, on hand, mark for "low".
INGREDIENTS = (("Tortillas", "pieces", 300, 60), ("Corn cobs", "pieces", 80, 16))
#: What a portion takes: (item, ingredient, how many).
RECIPES = (("Tacos", "Tortillas", 3), ("Burrito", "Tortillas", 1),
           ("Elote", "Corn cobs", 2))  # fmt: skip

#: Typed in by the guest of the demo: ten per cent off everything.
CODE_DISCOUNT: Json = {
    "name": "Welcome aboard",
    "trigger": "code",
    "kind": "percent",
    "percent": "10",
}
CODE = "BUS10"
