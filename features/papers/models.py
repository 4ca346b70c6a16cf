"""How a printer's paper looks, and the words on it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, get_args

from pydantic import BaseModel, Field

from ...core import limits

#: Dots across the paper's printable part, and letters of fixed width on a line.
WIDTHS = {"58": 384, "80": 576}
COLUMNS = {"58": 32, "80": 48}

Language = Literal["en", "es", "de", "fr", "pt", "it"]


class Layout(BaseModel):
    """How one printer's paper looks. Kept with each job that was printed, so that a
    preview shows years later what came out.

    ``render``: ``raster`` prints pictures and so every script; ``text`` prints
    letters of one ``codepage``, for needle printers. ``dots`` across: printers of
    180 dpi have 512 on 80 mm (null: what the paper usually has). ``columns`` counts
    for text alone (null: what fits the paper). ``rail_mm`` is empty paper above a
    ticket, for the rail that holds it. ``logo`` is the stored logo's sha256; only
    receipts show it.
    """

    paper: Literal["58", "80"] = "80"
    render: Literal["raster", "text"] = "raster"
    dots: Literal[384, 512, 576] | None = None
    columns: Literal[32, 42, 48] | None = None
    codepage: str = "cp858"
    language: Language = "en"
    text_size: Literal["normal", "large"] = "normal"
    header: str = ""
    footer: str = ""
    logo: str | None = None
    rail_mm: int = Field(0, ge=0, le=limits.RAIL_MM_MAX)
    cut: Literal["full", "partial", "none"] = "partial"
    drawer_pin: Literal[2, 5] = 2
    buzzer: Literal["none", "escpos", "epson", "drawer"] = "none"

    @property
    def width(self) -> int:
        """Dots across."""
        return self.dots or WIDTHS[self.paper]

    @property
    def letters(self) -> int:
        """Fixed-width letters on a line."""
        return self.columns or COLUMNS[self.paper]


class ReprintMark(BaseModel):
    """This copy repeats the job ``of`` for the ``n``-th time."""

    of: str
    n: int


@dataclass(frozen=True)
class Marks:
    """What tells one copy from another, beside what it says.

    ``reprint_n``: staff asked for it again, for the n-th time. ``backup_of``: the
    printer that this one stands in for. ``copy_n``: the n-th repetition of a receipt.
    ``copy`` of ``copies`` that belong together.
    """

    reprint_n: int = 0
    is_possible_duplicate: bool = False
    backup_of: str | None = None
    copy_n: int = 0
    copy: int = 1
    copies: int = 1


TEST_TYPE = "test/1"


class TestDocument(BaseModel):
    """Paper that shows what a printer can do. Version ``test/1``."""

    type: str = TEST_TYPE
    kind: str
    restaurant: str
    timezone: str
    local_time: str
    printer: str
    reprint: ReprintMark | None = None


# --- words -------------------------------------------------------------------

LANGUAGES: tuple[Language, ...] = get_args(Language)
Words = Mapping[str, str]
#: A word in each of the languages, in the order of ``LANGUAGES``.
_Row = tuple[str, str, str, str, str, str]


def words_by_language(rows: Mapping[str, _Row]) -> dict[str, Words]:
    """A table with a row for each word, as one dictionary for each language."""
    return {
        language: {name: row[n] for name, row in rows.items()}
        for n, language in enumerate(LANGUAGES)
    }


# Words in braces are put in. What people typed is never looked up here.
# fmt: off
_WORDS: dict[str, _Row] = {
    # marks of copies
    "reprint": ("REPRINT {n}", "REIMPRESIÓN {n}", "NACHDRUCK {n}",
                "RÉIMPRESSION {n}", "REIMPRESSÃO {n}", "RISTAMPA {n}"),
    "duplicate": ("POSSIBLE DUPLICATE", "POSIBLE DUPLICADO", "MÖGLICHES DUPLIKAT",
                  "DOUBLON POSSIBLE", "POSSÍVEL DUPLICADO", "POSSIBILE DOPPIONE"),
    "backup_of": ("BACKUP OF {printer}", "RESPALDO DE {printer}",
                  "ERSATZ FÜR {printer}", "SECOURS DE {printer}",
                  "RESERVA DE {printer}", "RISERVA DI {printer}"),
    "copy_n": ("COPY {n}", "COPIA {n}", "KOPIE {n}", "COPIE {n}", "CÓPIA {n}",
               "COPIA {n}"),
    "copy_of": ("COPY {n} OF {m}", "COPIA {n} DE {m}", "KOPIE {n} VON {m}",
                "COPIE {n} SUR {m}", "CÓPIA {n} DE {m}", "COPIA {n} DI {m}"),
    # places and people
    "table": ("TABLE {name}", "MESA {name}", "TISCH {name}", "TABLE {name}",
              "MESA {name}", "TAVOLO {name}"),
    "dine_in": ("DINE IN", "COMER AQUÍ", "VOR ORT", "SUR PLACE", "COMER AQUI",
                "CONSUMO SUL POSTO"),
    "pickup": ("PICKUP", "PARA LLEVAR", "ABHOLUNG", "À EMPORTER", "PARA LEVAR",
               "DA ASPORTO"),
    "delivery": ("DELIVERY", "A DOMICILIO", "LIEFERUNG", "LIVRAISON", "ENTREGA",
                 "CONSEGNA"),
    "guests": ("{n} guests", "{n} comensales", "{n} Gäste", "{n} couverts",
               "{n} pessoas", "{n} coperti"),
    "guests_one": ("1 guest", "1 comensal", "1 Gast", "1 couvert", "1 pessoa",
                   "1 coperto"),
    # tickets: their titles
    "add_to": ("ADD TO", "AÑADIR A", "NACHTRAG ZU", "AJOUTER À", "ACRESCENTAR A",
               "AGGIUNGERE A"),
    "void": ("VOID", "ANULADO", "STORNO", "ANNULÉ", "CANCELADO", "ANNULLATO"),
    "changed": ("CHANGED", "CAMBIADO", "GEÄNDERT", "MODIFIÉ", "ALTERADO",
                "MODIFICATO"),
    "moved": ("MOVED", "CAMBIO DE LUGAR", "UMGEZOGEN", "DÉPLACÉ", "MUDOU DE LUGAR",
              "SPOSTATO"),
    "news_for": ("NEWS FOR", "AVISO PARA", "NEUES ZU", "INFO POUR", "AVISO PARA",
                 "AVVISO PER"),
    "fire_course": ("FIRE COURSE {n}", "MARCHAR CURSO {n}", "GANG {n} ABRUFEN",
                    "ENVOYER SERVICE {n}", "MARCHAR PRATO {n}", "MARCIA PORTATA {n}"),
    "course": ("COURSE {n}", "CURSO {n}", "GANG {n}", "SERVICE {n}", "PRATO {n}",
               "PORTATA {n}"),
    "round": ("ROUND {n}", "RONDA {n}", "RUNDE {n}", "TOUR {n}", "RODADA {n}",
              "GIRO {n}"),
    "replaces": ("REPLACES ROUND {n}", "SUSTITUYE LA RONDA {n}", "ERSETZT RUNDE {n}",
                 "REMPLACE LE TOUR {n}", "SUBSTITUI A RODADA {n}",
                 "SOSTITUISCE IL GIRO {n}"),
    # tickets: their heads
    "new_note": ("NEW NOTE", "NOTA NUEVA", "NEUE NOTIZ", "NOUVELLE NOTE", "NOTA NOVA",
                 "NUOVA NOTA"),
    "no_note": ("NO NOTE", "SIN NOTA", "KEINE NOTIZ", "PLUS DE NOTE", "SEM NOTA",
                "NESSUNA NOTA"),
    "new_address": ("NEW ADDRESS", "DIRECCIÓN NUEVA", "NEUE ADRESSE",
                    "NOUVELLE ADRESSE", "MORADA NOVA", "NUOVO INDIRIZZO"),
    "no_address": ("NO ADDRESS", "SIN DIRECCIÓN", "KEINE ADRESSE", "SANS ADRESSE",
                   "SEM MORADA", "NESSUN INDIRIZZO"),
    "no_table": ("NO TABLE", "SIN MESA", "KEIN TISCH", "SANS TABLE", "SEM MESA",
                 "NESSUN TAVOLO"),
    "customer_name": ("NAME", "NOMBRE", "NAME", "NOM", "NOME", "NOME"),
    "covers": ("GUESTS", "COMENSALES", "GÄSTE", "COUVERTS", "PESSOAS", "COPERTI"),
    "phone": ("PHONE", "TEL.", "TEL.", "TÉL.", "TEL.", "TEL."),
    "to": ("TO", "A", "AN", "À", "PARA", "A"),
    "pickup_at": ("PICKUP", "RECOGIDA", "ABHOLUNG", "RETRAIT", "RECOLHA", "RITIRO"),
    "pickup_time": ("PICKUP AT {time}", "RECOGIDA {time}", "ABHOLUNG {time}",
                    "RETRAIT {time}", "RECOLHA {time}", "RITIRO {time}"),
    "promised_time": ("PROMISED FOR {time}", "PROMETIDO {time}", "ZUGESAGT {time}",
                      "PROMIS POUR {time}", "PROMETIDO {time}", "PROMESSO PER {time}"),
    "oversold": ("OVERSOLD", "VENDIDO DE MÁS", "ÜBERVERKAUFT", "SURVENDU",
                 "VENDIDO A MAIS", "VENDUTO IN ECCESSO"),
    "unavailable": ("UNAVAILABLE", "NO DISPONIBLE", "NICHT VERFÜGBAR", "INDISPONIBLE",
                    "INDISPONÍVEL", "NON DISPONIBILE"),
    "paid_late": ("PAID LATE", "PAGADO TARDE", "SPÄT BEZAHLT", "PAYÉ EN RETARD",
                  "PAGO COM ATRASO", "PAGATO IN RITARDO"),
    "disputed": ("DISPUTED", "EN DISPUTA", "STRITTIG", "CONTESTÉ", "CONTESTADO",
                 "CONTESTATO"),
    # tickets: their bodies
    "nothing": ("NOTHING TO MAKE", "NADA QUE PREPARAR", "NICHTS ZU MACHEN",
                "RIEN À FAIRE", "NADA A PREPARAR", "NIENTE DA PREPARARE"),
    "do_not_make": ("DO NOT MAKE:", "NO PREPARAR:", "NICHT MACHEN:",
                    "NE PAS FAIRE :", "NÃO PREPARAR:", "NON PREPARARE:"),
    "add": ("ADD", "AÑADIR", "NEU", "AJOUTER", "ACRESCENTAR", "AGGIUNGERE"),
    "allergens": ("ALLERGENS: {names}", "ALÉRGENOS: {names}", "ALLERGENE: {names}",
                  "ALLERGÈNES : {names}", "ALERGÉNIOS: {names}",
                  "ALLERGENI: {names}"),
    "held": ("HELD: {what}", "EN ESPERA: {what}", "WARTET: {what}",
             "EN ATTENTE : {what}", "EM ESPERA: {what}", "IN ATTESA: {what}"),
    "held_course": ("course {n}: {items}", "curso {n}: {items}", "Gang {n}: {items}",
                    "service {n} : {items}", "prato {n}: {items}",
                    "portata {n}: {items}"),
    "items": ("{n} items", "{n} platos", "{n} Positionen", "{n} articles",
              "{n} itens", "{n} articoli"),
    "items_one": ("1 item", "1 plato", "1 Position", "1 article", "1 item",
                  "1 articolo"),
    # slips
    "money_back": ("MONEY BACK", "DEVOLUCIÓN", "RÜCKZAHLUNG", "REMBOURSEMENT",
                   "REEMBOLSO", "RIMBORSO"),
    "whole_order": ("The whole order", "El pedido completo", "Die ganze Bestellung",
                    "Toute la commande", "O pedido completo", "Tutto l'ordine"),
    "reason": ("Reason:", "Motivo:", "Grund:", "Motif :", "Motivo:", "Motivo:"),
    "valid_until": ("VALID UNTIL {time}", "VÁLIDO HASTA {time}", "GÜLTIG BIS {time}",
                    "VALABLE JUSQU'AU {time}", "VÁLIDO ATÉ {time}",
                    "VALIDO FINO AL {time}"),
    "way_code": ("Scan with your Lightning wallet to get it.",
                 "Escanéalo con tu billetera Lightning para recibirlo.",
                 "Mit der Lightning-Wallet scannen, um es zu erhalten.",
                 "Scannez avec votre portefeuille Lightning pour le recevoir.",
                 "Leia com a sua carteira Lightning para receber.",
                 "Inquadra con il tuo wallet Lightning per riceverlo."),
    "way_bolt11": ("Sent by Lightning to your invoice.",
                   "Enviado por Lightning a tu factura.",
                   "Per Lightning an deine Rechnung gesendet.",
                   "Envoyé par Lightning vers votre facture.",
                   "Enviado por Lightning para a sua fatura.",
                   "Inviato via Lightning alla tua fattura."),
    "way_lightning_address": ("Sent by Lightning to your address.",
                              "Enviado por Lightning a tu dirección.",
                              "Per Lightning an deine Adresse gesendet.",
                              "Envoyé par Lightning à votre adresse.",
                              "Enviado por Lightning para o seu endereço.",
                              "Inviato via Lightning al tuo indirizzo."),
    "way_lnurl": ("Sent by Lightning to your LNURL.",
                  "Enviado por Lightning a tu LNURL.",
                  "Per Lightning an deine LNURL gesendet.",
                  "Envoyé par Lightning vers votre LNURL.",
                  "Enviado por Lightning para a sua LNURL.",
                  "Inviato via Lightning alla tua LNURL."),
    "way_withdraw": ("Get it on the page of your order.",
                     "Recíbelo en la página de tu pedido.",
                     "Abzuholen auf der Seite deiner Bestellung.",
                     "À retirer sur la page de votre commande.",
                     "Receba na página do seu pedido.",
                     "Ritiralo nella pagina del tuo ordine."),
    "way_gift_card": ("Back on your gift card.", "De vuelta en tu tarjeta de regalo.",
                      "Zurück auf deiner Geschenkkarte.",
                      "De retour sur votre carte cadeau.",
                      "De volta no seu cartão-presente.",
                      "Di nuovo sulla tua carta regalo."),
    "way_cash": ("Paid out in cash.", "Pagado en efectivo.", "Bar ausgezahlt.",
                 "Payé en espèces.", "Pago em dinheiro.", "Pagato in contanti."),
    # a printer's test
    "test": ("TEST PRINT", "PRUEBA", "TESTDRUCK", "TEST", "TESTE", "PROVA"),
    "test_width": ("{dots} dots, {columns} letters", "{dots} puntos, {columns} letras",
                   "{dots} Punkte, {columns} Zeichen",
                   "{dots} points, {columns} caractères",
                   "{dots} pontos, {columns} letras",
                   "{dots} punti, {columns} lettere"),
    "test_text": ("letters, code page {page}", "letras, página {page}",
                  "Zeichen, Codepage {page}", "caractères, page {page}",
                  "letras, página {page}", "lettere, pagina {page}"),
    "test_code": ("This code says: {text}", "Este código dice: {text}",
                  "Dieser Code sagt: {text}", "Ce code dit : {text}",
                  "Este código diz: {text}", "Questo codice dice: {text}"),
}
# fmt: on
WORDS = words_by_language(_WORDS)
