"""Stock as CSV (RFC 4180): written for spreadsheets, read back without guessing. Pure.

A spreadsheet takes text that begins like a formula for one, so such text gets an
apostrophe in front, which reading takes off again.
"""

import csv
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from io import StringIO

from ...core import fields, limits
from ...core.errors import Refused
from ...core.text import text_fault
from ..stock_entries.models import Ingredient
from .models import COLUMNS, KINDS, SheetPlan, SheetRow, SheetStock

BOM = "\ufeff"
_GUARD = "'"
_GUARDED = ("=", "+", "-", "@", _GUARD)
_SEPARATORS = (";", "\t")
_WHOLE = re.compile(r"[0-9]{1,9}")
#: One sheet's rows by id, and by kind and name.
_Known = dict[tuple[str, ...], list[SheetStock]]


def written(stocks: Iterable[SheetStock]) -> str:
    """The sheet: a header and one row per stock, with CRLF, without a BOM."""
    text = StringIO()
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    writer.writerows(map(_cells, stocks))
    return text.getvalue()


def _cells(stock: SheetStock) -> list[str]:
    on_hand = stock.on_hand
    available = None if on_hand is None else on_hand - stock.reserved
    texts = (stock.id, stock.kind, stock.name, stock.unit or "")
    numbers = (on_hand, stock.reserved, available, stock.low_at)
    return [*map(guarded, texts), *("" if n is None else str(n) for n in numbers)]


def guarded(text: str) -> str:
    """Text that no spreadsheet takes for a formula."""
    return _GUARD + text if text.startswith(_GUARDED) else text


def unguarded(text: str) -> str:
    """The text that ``guarded`` was given."""
    return text[1:] if text.startswith(_GUARD) and text[1:2] in _GUARDED else text


# --- reading ---------------------------------------------------------------------


@dataclass
class _Faults:
    """Every fault of a sheet with its row; the first 200 are shown."""

    shown: list[dict[str, object]] = field(default_factory=list)
    count: int = 0

    def add(self, row: int, column: str | None, detail: str) -> None:
        self.count += 1
        if len(self.shown) < limits.FAULTS_SHOWN_MAX:
            self.shown.append({"row": row, "column": column, "detail": detail})

    def check(self) -> None:
        if not self.count:
            return
        detail = "a fault" if self.count == 1 else f"{self.count} faults"
        raise Refused(
            "stock.csv",
            f"This sheet has {detail}; nothing was changed.",
            field="csv",
            faults=self.shown,
            fault_count=self.count,
        )


@dataclass(frozen=True)
class Sheet:
    """A sheet without faults of its own, and which of the columns it has."""

    rows: tuple[SheetRow, ...]
    columns: frozenset[str]


def read_sheet(text: str) -> Sheet:
    """The rows of a sheet in any order of columns, separated by comma, semicolon or
    tab. Refused ``stock.csv`` with ``faults`` (the first 200) and ``fault_count``."""
    faults = _Faults()
    lines = _lines(text.removeprefix(BOM), faults)
    header = _header(lines[0] if lines else [], faults)
    faults.check()
    rows = [
        _row(number, header, line, faults)
        for number, line in enumerate(lines[1:], 2)
        if any(cell.strip() for cell in line)
    ]
    _check_repeats(rows, faults)
    faults.check()
    return Sheet(tuple(rows), frozenset(header))


def _lines(text: str, faults: _Faults) -> list[list[str]]:
    """The cells of every line; blank lines count, as they do in a spreadsheet."""
    first = text[: _first_break(text)]
    separator = next((s for s in _SEPARATORS if s in first), ",")
    reader = csv.reader(StringIO(text, newline=""), delimiter=separator, strict=True)
    lines: list[list[str]] = []
    most = limits.STOCK_CSV_ROWS_MAX
    try:
        for line in reader:
            if len(lines) > most:
                faults.add(len(lines) + 1, None, f"At most {most} rows are allowed.")
                break
            lines.append(line)
    except csv.Error:
        faults.add(len(lines) + 1, None, "The quotes or line breaks here are wrong.")
    return lines


def _first_break(text: str) -> int:
    found = re.search(r"[\r\n]", text)
    return found.start() if found else len(text)


def _header(line: Sequence[str], faults: _Faults) -> list[str]:
    """The names of the columns; empty for a blank one at the end."""
    names = [cell.strip().lower() for cell in line]
    while names and not names[-1]:
        names.pop()
    known = set(names)
    for name in sorted(known - set(COLUMNS)):
        shown = name[: limits.NAME_MAX]
        faults.add(1, shown, "is no column of this sheet." if name else "has no name.")
    for name in sorted(known):
        if names.count(name) > 1:
            faults.add(1, name[: limits.NAME_MAX], "is there more than once.")
    if "id" not in known and not {"kind", "name"} <= known:
        faults.add(1, None, "A sheet needs the column id, or kind and name.")
    return names


def _row(
    number: int, header: Sequence[str], line: Sequence[str], faults: _Faults
) -> SheetRow:
    if any(cell.strip() for cell in line[len(header) :]):
        faults.add(number, None, "There are more cells than columns.")
    cells = dict(zip(header, line, strict=False))
    row_id = _text(number, "id", cells, limits.URL_MAX, faults)
    kind = cells.get("kind", "").strip().lower() or None
    if kind and kind not in KINDS:
        faults.add(number, "kind", f"must be {', '.join(KINDS[:-1])} or {KINDS[-1]}.")
    name = _text(number, "name", cells, limits.NAME_MAX, faults)
    if not row_id and not (kind and name):
        faults.add(number, None, "This row needs an id, or a kind and a name.")
    return SheetRow(
        number=number,
        id=row_id,
        kind=kind,
        name=name,
        unit=_text(number, "unit", cells, limits.UNIT_MAX, faults),
        on_hand=_whole(number, "on_hand", cells, faults),
        low_at=_whole(number, "low_at", cells, faults),
    )


def _text(
    number: int, column: str, cells: Mapping[str, str], most: int, faults: _Faults
) -> str | None:
    """The text of a cell, or None for an empty one."""
    text = unguarded(cells.get(column, ""))
    if not text.strip():
        return None
    fault = text_fault(text, most)
    if fault:
        faults.add(number, column, fault)
    return text


def _whole(
    number: int, column: str, cells: Mapping[str, str], faults: _Faults
) -> int | None:
    text = cells.get(column, "").strip()
    if not text:
        return None
    if not _WHOLE.fullmatch(text) or int(text) > limits.STOCK_MAX:
        most = limits.STOCK_MAX
        faults.add(number, column, f"must be a whole number from 0 to {most}.")
        return None
    return int(text)


def _check_repeats(rows: Iterable[SheetRow], faults: _Faults) -> None:
    seen: dict[tuple[str | None, ...], int] = {}
    for row in rows:
        key = (row.id,) if row.id else (row.kind, row.name)
        first = seen.setdefault(key, row.number)
        if first != row.number:
            faults.add(row.number, None, f"is the same stock as row {first}.")


# --- against what is there -------------------------------------------------------


def plan(sheet: Sheet, known: Iterable[SheetStock]) -> SheetPlan:
    """What the sheet asks for, beside the restaurant's own stocks.

    An empty ``on_hand`` counts nothing; an empty ``low_at`` takes the mark away if
    the sheet has that column. Refused ``stock.csv`` like ``read_sheet``.
    """
    faults = _Faults()
    stocks = _by_key(known)
    counts: dict[str, int] = {}
    marks: dict[str, int | None] = {}
    added: list[Ingredient] = []
    named: dict[str, int] = {}
    for row, stock in _found(sheet.rows, stocks, faults):
        if stock is None:
            added.append(_added(row, faults))
            continue
        first = named.setdefault(stock.id, row.number)
        if first != row.number:
            faults.add(row.number, None, f"is the same stock as row {first}.")
        _check_fits(row, stock, faults)
        if row.on_hand is not None and row.on_hand != stock.on_hand:
            counts[stock.id] = row.on_hand
        if "low_at" in sheet.columns and row.low_at != stock.low_at:
            is_counted = row.on_hand is not None or stock.on_hand is not None
            if row.low_at is not None and not is_counted:
                detail = "Nobody counts this yet; please give on_hand too."
                faults.add(row.number, "low_at", detail)
            marks[stock.id] = row.low_at
    faults.check()
    return SheetPlan(counts, marks, tuple(added))


def _by_key(known: Iterable[SheetStock]) -> _Known:
    stocks: _Known = {}
    for stock in known:
        stocks.setdefault((stock.id,), []).append(stock)
        stocks.setdefault((stock.kind, stock.name), []).append(stock)
    return stocks


def _found(
    rows: Iterable[SheetRow], stocks: _Known, faults: _Faults
) -> Iterator[tuple[SheetRow, SheetStock | None]]:
    """Every row with its stock; None for an ingredient to be added."""
    for row in rows:
        key = (row.id,) if row.id else (row.kind or "", row.name or "")
        found = stocks.get(key, [])
        if len(found) == 1:
            yield row, found[0]
        elif found:
            detail = f"There are {len(found)} of this name; please give the id."
            faults.add(row.number, "name", detail)
        elif row.id:
            faults.add(row.number, "id", "There is no such stock here.")
        elif row.kind == KINDS[-1]:
            yield row, None
        else:
            faults.add(row.number, "name", f"There is no {row.kind} of this name.")


def _check_fits(row: SheetRow, stock: SheetStock, faults: _Faults) -> None:
    if row.kind and row.kind != stock.kind:
        faults.add(row.number, "kind", f"This is of kind {stock.kind}.")
    if row.unit and row.unit != stock.unit:
        counted = f"in {stock.unit}" if stock.unit else "in pieces, without a unit"
        faults.add(row.number, "unit", f"This is counted {counted}.")


def _added(row: SheetRow, faults: _Faults) -> Ingredient:
    fault = fields.name_fault(row.name or "")
    if fault:
        faults.add(row.number, "name", fault)
    if not row.unit:
        faults.add(row.number, "unit", "A new ingredient needs its unit.")
    return Ingredient(row.name or "", row.unit or "", row.on_hand or 0, row.low_at)
