"""A sheet as one page for a browser, also for its printer. Pure.

Everything is in the page: no script, nothing from elsewhere. What people typed is
escaped and cannot become markup.
"""

from base64 import b64encode
from collections.abc import Callable, Iterator, Sequence
from functools import singledispatch
from html import escape

from .bitmaps import Bitmap
from .paper import printable
from .sheets import Align, Block, Code, Frame, Picture, Row, Rule, Sheet, Space, Text

#: For the page's header: styles and pictures are in it, nothing else may load or run.
SECURITY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)

_STYLE = """
*{box-sizing:border-box}
html{background:#eee;color:#000}
body{margin:0 auto;padding:5mm;max-width:80mm;background:#fff;
font:14px/1.35 system-ui,'Noto Sans',sans-serif;overflow-wrap:anywhere}
p,pre,figure,hr{margin:0}
p,pre,dt{unicode-bidi:plaintext}
.small{font-size:11px}.large{font-size:20px}.huge{font-size:28px}
.bold{font-weight:700}
.inverse{background:#000;color:#fff;padding:0 2mm;
-webkit-print-color-adjust:exact;print-color-adjust:exact}
.center{text-align:center}.end{text-align:end}
.hang{display:flex}.hang>span{white-space:pre}.hang>p{flex:1}
dl{display:flex;flex-wrap:wrap;align-items:flex-end;gap:0 1em;margin:0}
dt{flex:1 1 auto;width:min-content;min-width:0;overflow-wrap:break-word}
dd{margin:0 0 0 auto;text-align:end;white-space:nowrap;
font-variant-numeric:tabular-nums}
hr{border:0;border-top:1px dashed #000;margin:2mm 0}hr.heavy{border-top:2px solid #000}
pre{border:1px solid #000;padding:1mm 2mm;font:inherit;white-space:pre-wrap}
figure{text-align:center;break-inside:avoid;padding:2mm 0}
figure svg,figure img{max-width:100%;image-rendering:pixelated}
figure svg{width:40mm;height:40mm}
@page{margin:4mm}
@media print{html{background:none}body{padding:0;max-width:none}
hr{break-after:avoid}[class*=indent]{break-before:avoid}}
@media print and (min-width:120mm){body{max-width:120mm}}
@media print and (max-width:62mm){body{font-size:12px}.large{font-size:16px}
.huge{font-size:22px}}
""".replace("\n", "")


def html(
    sheet: Sheet,
    title: str,
    language: str,
    direction: str = "ltr",
    *,
    png: Callable[[Bitmap], bytes],
) -> str:
    """A page that shows the sheet on screen and on paper of 58 mm, 80 mm or A4;
    ``png`` writes a picture's file."""
    body = "".join(
        _picture(png(block.bitmap))
        if isinstance(block, Picture)
        else "".join(_html(block))
        for block in sheet
    )
    style = _STYLE + "".join(sorted(set(_lengths(sheet))))
    return (
        "<!doctype html>\n"
        f'<html lang="{_text(language)}" dir="{_text(direction)}">'
        '<head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        '<meta name="robots" content="noindex">'
        f"<title>{_text(title)}</title><style>{style}</style></head>"
        f"<body>{body}</body></html>\n"
    )


def _text(text: str) -> str:
    return escape(printable(text))


def _lengths(sheet: Sheet) -> Iterator[str]:
    """What the sheet's own indents and spaces measure: pages that show its blocks
    allow no style attributes."""
    for block in sheet:
        if isinstance(block, Space):
            yield f".space{block.mm}{{height:{block.mm}mm}}"
        elif isinstance(block, Text | Row | Frame) and block.indent:
            yield f".indent{block.indent}{{margin-inline-start:{block.indent}ch}}"


def _classes(block: Text | Row | Frame) -> str:
    found = [block.size.value] if block.size.value != "normal" else []
    found += ["bold"] if block.is_bold else []
    if isinstance(block, Text):
        found += ["inverse"] if block.is_inverse else []
        found += [block.align.value] if block.align is not Align.START else []
    found += [f"indent{block.indent}"] if block.indent else []
    return f' class="{" ".join(found)}"' if found else ""


@singledispatch
def _html(block: Block) -> Iterator[str]:
    raise TypeError(f"{type(block).__name__} is no block of a sheet")


@_html.register
def _paragraph(block: Text) -> Iterator[str]:
    text = _text(block.text)
    words = f'<p dir="auto">{text}</p>'
    if block.first:
        first = f"<span>{_text(block.first)}</span>"
        words = f'<div class="hang" dir="auto">{first}<p>{text}</p></div>'
    yield f"<div{_classes(block)}>{words}</div>"


@_html.register
def _row(block: Row) -> Iterator[str]:
    left = f'<dt dir="auto">{_text(block.left)}</dt>'
    yield f"<dl{_classes(block)}>{left}<dd>{_text(block.right)}</dd></dl>"


@_html.register
def _rule(block: Rule) -> Iterator[str]:
    yield '<hr class="heavy">' if block.is_heavy else "<hr>"


@_html.register
def _space(block: Space) -> Iterator[str]:
    yield f'<div class="space{block.mm}"></div>'


@_html.register
def _frame(block: Frame) -> Iterator[str]:
    lines = "\n".join(_text(line) for line in block.text.split("\n"))
    yield f'<pre dir="auto"{_classes(block)}>{lines}</pre>'


@_html.register
def _code(block: Code) -> Iterator[str]:
    caption = f"<figcaption>{_text(block.caption)}</figcaption>"
    yield f"<figure>{caption if block.caption else ''}{_drawn(block.modules)}</figure>"


def _drawn(modules: Sequence[str]) -> str:
    """The code as one path, with the white edge that a reader needs."""
    path = "".join(
        f"M{x + 4} {y + 4}h1v1h-1z"
        for y, row in enumerate(modules)
        for x, module in enumerate(row)
        if module == "1"
    )
    size = len(modules) + 8
    return (
        f'<svg viewBox="0 0 {size} {size}" shape-rendering="crispEdges" '
        f'aria-hidden="true"><path d="{path}"/></svg>'
    )


def _picture(png: bytes) -> str:
    data = b64encode(png).decode()
    return f'<figure><img alt="" src="data:image/png;base64,{data}"></figure>'
