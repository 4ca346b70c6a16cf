"""Which text is kept, exactly as sent, and which is refused.

Nothing is normalised or stripped. Refused are characters that break paper,
screens or comparisons: controls, lone surrogates, bidi overrides and isolates,
and invisible separators. Kept are ZWJ, ZWNJ, LRM, RLM and variation selectors.
"""

from .errors import Refused

_FORBIDDEN = (
    set(range(0x20))
    | set(range(0x7F, 0xA0))
    | set(range(0xD800, 0xE000))
    | set(range(0x202A, 0x202F))
    | set(range(0x2066, 0x206A))
    | {0x200B, 0x2060, 0xFEFF}
)


def text_fault(value: str, max_length: int, *, lines: bool = False) -> str | None:
    """Why this text is refused, as one sentence, or None when it is fine.

    ``lines`` allows line feeds (notes and descriptions).
    """
    if len(value) > max_length:
        return f"has {len(value)} characters, at most {max_length} are allowed."
    for character in value:
        code = ord(character)
        if code in _FORBIDDEN and not (lines and character == "\n"):
            return f"contains the character U+{code:04X}, which is not allowed."
    return None


def check_text(value: str, field: str, max_length: int, *, lines: bool = False) -> str:
    """The text itself, or Refused ``text.invalid`` naming the field."""
    fault = text_fault(value, max_length, lines=lines)
    if fault:
        raise Refused("text.invalid", f"{field} {fault}", field=field)
    return value
