"""What can be looked at before it is printed, and the words of samples."""

from typing import Literal

from pydantic import BaseModel, Field

from ..papers.models import Layout, words_by_language

Sample = Literal["ticket", "receipt", "slip", "test"]


class PreviewBody(BaseModel):
    """Body of ``POST /restaurants/{id}/print_preview``: a layout that nobody has
    stored yet, and the paper to show on it."""

    layout: Layout = Field(default_factory=Layout)
    sample: Sample = "ticket"


# What a sample says where a restaurant has no words of its own.
# fmt: off
SAMPLE_WORDS = words_by_language({
    "dish_1": ("Grilled fish", "Pescado a la plancha", "Gegrillter Fisch",
               "Poisson grillé", "Peixe grelhado", "Pesce alla griglia"),
    "dish_2": ("Green salad", "Ensalada verde", "Grüner Salat", "Salade verte",
               "Salada verde", "Insalata verde"),
    "dish_3": ("Coffee", "Café", "Kaffee", "Café", "Café", "Caffè"),
    "modifier": ("large", "grande", "groß", "grand", "grande", "grande"),
    "allergen": ("fish", "pescado", "Fisch", "poisson", "peixe", "pesce"),
    "note": ("No onion, please", "Sin cebolla, por favor", "Bitte ohne Zwiebeln",
             "Sans oignon, s'il vous plaît", "Sem cebola, por favor",
             "Senza cipolla, per favore"),
    "reason": ("cold", "frío", "kalt", "froid", "frio", "freddo"),
    "printer": ("Printer", "Impresora", "Drucker", "Imprimante", "Impressora",
                "Stampante"),
})
# fmt: on
