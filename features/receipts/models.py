"""What a receipt says, as data, and the words on it."""

from dataclasses import dataclass
from typing import Literal

from pydantic import BaseModel, StrictStr

from ..papers.models import Language, ReprintMark, words_by_language

RECEIPT_TYPE = "receipt/1"


class ReceiptRestaurant(BaseModel):
    """Who sold it; empty texts are left out on paper."""

    name: str
    legal_name: str
    address: str
    tax_id: str
    footer: str


class ReceiptModifier(BaseModel):
    """``quantity`` per one of its line; ``price_delta`` in the line's currency."""

    name: str
    quantity: int
    price_delta: str


class ReceiptDiscount(BaseModel):
    """What was taken off, in the order's currency."""

    kind: str
    name: str
    amount: str


class ReceiptCombo(BaseModel):
    """The combo that a line is a part of; its parts have the same ``line``."""

    line: int
    name: str
    quantity: int


class ReceiptLine(BaseModel):
    """``price`` of one without modifiers, in ``currency``. ``total`` is the line before
    discounts, in the order's currency; the totals of all lines add up to the subtotal.
    ``discounts`` tell what of the receipt's discounts is for this line."""

    quantity: int
    name: str
    price: str
    currency: str
    modifiers: list[ReceiptModifier]
    total: str | None
    discounts: list[ReceiptDiscount]
    tax_rate: str
    combo: ReceiptCombo | None


class ReceiptCharge(BaseModel):
    kind: str
    name: str
    percent: str | None
    amount: str


class ReceiptTax(BaseModel):
    """``net`` + ``tax`` = ``gross``."""

    rate: str
    net: str
    tax: str
    gross: str


class ReceiptSums(BaseModel):
    """In the order's currency. Subtotal − discounts + charges + ``tax`` (when it is
    exclusive) + tip + rounding = total, by the rows that the receipt shows."""

    subtotal: str
    tax: str
    tip: str
    rounding: str


class ReceiptRate(BaseModel):
    """Satoshi per unit of ``currency``, frozen with the order at ``at``."""

    currency: str
    rate: str
    at: str | None


class ReceiptPayment(BaseModel):
    """Money that came. ``amount`` is what it settled in ``currency``, null for
    Lightning; ``rate`` is the one that a Lightning payment was worth its satoshi by."""

    method: str
    amount: str | None
    currency: str
    amount_msat: int
    rate: ReceiptRate | None
    tendered: str | None
    change: str | None
    rounding: str | None
    provider: str | None
    at: str | None


class ReceiptTip(BaseModel):
    """A tip after the meal: no part of the order's sums."""

    amount: str | None
    currency: str
    amount_msat: int
    at: str | None


class ReceiptRefund(BaseModel):
    """Money that goes back; ``status`` as refunds have it."""

    amount: str
    currency: str
    amount_msat: int
    status: str
    destination: str
    reason: str
    at: str | None


class ReceiptFiscal(BaseModel):
    """What a fiscal law wants on it: lines as they are, and what a code says."""

    lines: list[str]
    qr: str | None = None


class ReceiptDocument(BaseModel):
    """What a guest ate, what it cost, how it was paid. Version ``receipt/1``.

    Fields may be added within version 1; renderers ignore what they don't know.
    Amounts are decimals as text in ``currency``, the order's; ``…_msat`` Lightning
    amounts; ``…_at`` RFC 3339 UTC. ``is_bill``: something is still ``due``. ``sums``
    are null for orders of versions that kept none. ``marks``: canceled, refunded.
    ``copy_n`` counts repetitions of an unchanged receipt on paper. ``language`` is
    null where the printer's holds.

    ``tracking_url`` opens the guest's own page and is a bearer secret: stored
    documents have none.
    """

    type: str = RECEIPT_TYPE
    kind: str
    restaurant: ReceiptRestaurant
    timezone: str
    order_id: str
    order_number: int
    business_day: str
    order_type: str
    table: str | None
    covers: int | None
    placed_at: str
    paid_at: str | None
    currency: str
    is_bill: bool
    marks: list[str]
    lines: list[ReceiptLine]
    discounts: list[ReceiptDiscount]
    charges: list[ReceiptCharge]
    tax_inclusive: bool
    taxes: list[ReceiptTax]
    tax_exempt_reason: str | None
    sums: ReceiptSums | None
    total: str
    total_msat: int
    rate: ReceiptRate | None
    payments: list[ReceiptPayment]
    paid_msat: int
    due: str
    due_msat: int
    tips: list[ReceiptTip]
    refunds: list[ReceiptRefund]
    fiscal: ReceiptFiscal | None = None
    tracking_url: str | None = None
    station: str | None = None
    language: Language | None = None
    copy_n: int = 0
    reprint: ReprintMark | None = None


class PrintReceiptBody(BaseModel):
    """Body of ``POST /orders/{id}/receipt/print``; without ``printer_id`` it comes out
    at the restaurant's receipt station, without ``language`` in the printer's."""

    printer_id: StrictStr | None = None
    language: Language | None = None


FileKind = Literal["txt", "html", "png", "pdf"]
#: How wide it is, in mm.
Paper = Literal["58", "80"]


@dataclass(frozen=True)
class ReceiptLook:
    """What file a receipt shall be, in which language, for how wide a paper (mm)."""

    kind: FileKind
    language: Language = "en"
    paper: Paper = "80"


@dataclass(frozen=True)
class ReceiptFile:
    name: str
    data: bytes


# fmt: off
WORDS = words_by_language({
    "receipt": ("RECEIPT", "RECIBO", "BELEG", "REÇU", "RECIBO", "RICEVUTA"),
    "bill": ("BILL", "CUENTA", "RECHNUNG", "ADDITION", "CONTA", "CONTO"),
    "bill_note": ("Not paid yet", "Aún no pagado", "Noch nicht bezahlt",
                  "Pas encore payé", "Ainda não pago", "Non ancora pagato"),
    "order": ("Order", "Pedido", "Bestellung", "Commande", "Pedido", "Ordine"),
    "tax_id": ("Tax ID", "NIT/NIF", "Steuernummer", "N° TVA", "NIF/CNPJ", "P. IVA"),
    "canceled": ("CANCELED", "ANULADO", "STORNIERT", "ANNULÉ", "CANCELADO",
                 "ANNULLATO"),
    "refunded": ("REFUNDED", "REEMBOLSADO", "ERSTATTET", "REMBOURSÉ", "REEMBOLSADO",
                 "RIMBORSATO"),
    "table": ("Table", "Mesa", "Tisch", "Table", "Mesa", "Tavolo"),
    "covers": ("Guests", "Comensales", "Gäste", "Couverts", "Pessoas", "Coperti"),
    "dine_in": ("Dine in", "Comer aquí", "Vor Ort", "Sur place", "Comer aqui",
                "Sul posto"),
    "pickup": ("Pickup", "Para llevar", "Abholung", "À emporter", "Para levar",
               "Da asporto"),
    "delivery": ("Delivery", "A domicilio", "Lieferung", "Livraison", "Entrega",
                 "Consegna"),
    "placed": ("Ordered", "Pedido", "Bestellt", "Commandé", "Pedido em", "Ordinato"),
    "paid": ("Paid", "Pagado", "Bezahlt", "Payé", "Pago", "Pagato"),
    "day": ("Business day", "Día contable", "Geschäftstag", "Journée", "Dia de caixa",
            "Giornata"),
    "subtotal": ("Subtotal", "Subtotal", "Zwischensumme", "Sous-total", "Subtotal",
                 "Subtotale"),
    "tax": ("Tax", "Impuesto", "Steuer", "Taxe", "Imposto", "Imposta"),
    "tip": ("Tip", "Propina", "Trinkgeld", "Pourboire", "Gorjeta", "Mancia"),
    "rounding": ("Rounding", "Redondeo", "Rundung", "Arrondi", "Arredondamento",
                 "Arrotondamento"),
    "total": ("TOTAL", "TOTAL", "SUMME", "TOTAL", "TOTAL", "TOTALE"),
    "rate": ("1 {currency} = {rate} sat", "1 {currency} = {rate} sat",
             "1 {currency} = {rate} sat", "1 {currency} = {rate} sat",
             "1 {currency} = {rate} sat", "1 {currency} = {rate} sat"),
    "tax_rate": ("Tax: net + tax", "Impuesto: neto + impuesto",
                 "Steuer: netto + Steuer", "Taxe : HT + taxe",
                 "Imposto: líquido + imposto", "Imposta: netto + imposta"),
    "gross": ("gross", "bruto", "brutto", "TTC", "bruto", "lordo"),
    "tax_in": ("included in the prices", "incluido en los precios",
               "in den Preisen enthalten", "comprise dans les prix",
               "incluído nos preços", "inclusa nei prezzi"),
    "exempt": ("Without tax: {reason}", "Sin impuesto: {reason}",
               "Ohne Steuer: {reason}", "Sans taxe : {reason}",
               "Sem imposto: {reason}", "Senza imposta: {reason}"),
    "lightning": ("Lightning", "Lightning", "Lightning", "Lightning", "Lightning",
                  "Lightning"),
    "cash": ("Cash", "Efectivo", "Bar", "Espèces", "Dinheiro", "Contanti"),
    "card": ("Card", "Tarjeta", "Karte", "Carte", "Cartão", "Carta"),
    "gift_card": ("Gift card", "Tarjeta de regalo", "Geschenkkarte", "Carte cadeau",
                  "Cartão-presente", "Carta regalo"),
    "given": ("Given", "Recibido", "Gegeben", "Reçu", "Recebido", "Ricevuto"),
    "change": ("Change", "Cambio", "Rückgeld", "Rendu", "Troco", "Resto"),
    "due": ("DUE", "POR PAGAR", "OFFEN", "À PAYER", "A PAGAR", "DA PAGARE"),
    "later_tip": ("Tip after the meal", "Propina posterior", "Trinkgeld danach",
                  "Pourboire après coup", "Gorjeta posterior", "Mancia successiva"),
    "refund": ("Refund", "Reembolso", "Erstattung", "Remboursement", "Reembolso",
               "Rimborso"),
    "refund_requested": ("requested", "solicitado", "angefragt", "demandé",
                         "solicitado", "richiesto"),
    "refund_approved": ("approved", "aprobado", "genehmigt", "accordé", "aprovado",
                        "approvato"),
    "refund_sending": ("on its way", "en camino", "unterwegs", "en cours",
                       "a caminho", "in arrivo"),
    "refund_sent": ("paid back", "devuelto", "zurückgezahlt", "versé", "devolvido",
                    "restituito"),
    "refund_failed": ("failed", "fallido", "fehlgeschlagen", "échoué", "falhou",
                      "fallito"),
    "service": ("Service", "Servicio", "Bedienung", "Service", "Serviço", "Servizio"),
    "gratuity": ("Gratuity", "Propina incluida", "Bedienungsgeld", "Service",
                 "Gratificação", "Servizio"),
    "delivery_fee": ("Delivery", "Envío", "Lieferung", "Livraison", "Entrega",
                     "Consegna"),
    "other": ("Charge", "Cargo", "Zuschlag", "Supplément", "Taxa", "Supplemento"),
    "discount": ("Discount", "Descuento", "Rabatt", "Remise", "Desconto", "Sconto"),
    "tracking": ("Your order, and a tip if you like",
                 "Tu pedido, y una propina si quieres",
                 "Deine Bestellung, und Trinkgeld, wenn du magst",
                 "Votre commande, et un pourboire si vous le souhaitez",
                 "O seu pedido, e uma gorjeta se quiser",
                 "Il tuo ordine, e una mancia se vuoi"),
})
# fmt: on
