"""The fonts of this machine, in the order in which they are asked for a character:
the bundled ones, whatever lies in the folder of font packs, the system's.

What bundled fonts have stands in ``coverage.json``, made ahead; others are read once.
"""

import json
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from pathlib import Path

from . import cmap

HERE = Path(__file__).parent / "fonts"
COVERAGE = Path(__file__).parent / "coverage.json"
EMOJI = "NotoEmoji-Regular.ttf"
#: In this order: what is plain text first, pictures and signs last.
BUNDLED = (
    *("NotoSans-Regular.ttf", "NotoSansHebrew-Regular.ttf"),
    *("NotoSansArabic-Regular.ttf", "NotoSansThai-Regular.ttf"),
    *("NotoSansDevanagari-Regular.ttf", EMOJI, "NotoSansSymbols2-Regular.ttf"),
    *("NotoSansSymbols-Regular.ttf", "NotoSansMath-Regular.ttf"),
)
SUFFIXES = (".ttf", ".otf", ".ttc")
SYSTEM_FOLDERS = (
    *("/usr/share/fonts", "/usr/local/share/fonts", "~/.local/share/fonts"),
    *("~/.fonts", "/run/current-system/sw/share/X11/fonts", "/System/Library/Fonts"),
    *("/Library/Fonts", "/opt/homebrew/share/fonts"),
)
#: Beginnings of file names and which font of a collection is meant: the first found
#: of them is asked first.
SYSTEM_FONTS = (
    ("NotoSansCJK-Regular", 2),
    ("NotoSansCJKsc-Regular", 0),
    ("NotoSansSC-Regular", 0),
    ("SourceHanSansCN-Regular", 0),
    ("SourceHanSans", 0),
    ("wqy-microhei", 0),
    ("wqy-zenhei", 0),
    ("DroidSansFallback", 0),
    ("NotoSansTC-Regular", 0),
    ("NotoSansJP-Regular", 0),
    ("NotoSansKR-Regular", 0),
    ("NanumGothic", 0),
    ("UnDotum", 0),
    ("TakaoGothic", 0),
    ("ipag", 0),
    ("PingFang", 0),
    ("Hiragino Sans GB", 0),
    ("AppleSDGothicNeo", 0),
    ("NotoSans", 0),
    ("DejaVuSans.", 0),
    ("FreeSans.", 0),
    ("unifont.", 0),
    ("unifont_upper.", 0),
)
#: One common character of every script that no bundled font has.
CJK = {"chinese": "们", "kana": "ひ", "hangul": "한"}
_SYSTEM_FILES_MAX = 300
_OTHER_CUTS = ("Bold", "Italic", "Light", "Thin", "Medium", "Black", "Condensed")


@dataclass(frozen=True)
class Face:
    """One font: its file, which font of the file, its bold sister, its characters."""

    path: str
    index: int
    bold: str | None
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    @classmethod
    def of(cls, path: Path, index: int, ranges: cmap.Ranges) -> "Face":
        sister = path.with_name(path.name.replace("-Regular.", "-Bold."))
        is_bold = sister != path and sister.exists()
        starts, ends = zip(*ranges, strict=True) if ranges else ((), ())
        return cls(str(path), index, str(sister) if is_bold else None, starts, ends)

    @property
    def is_emoji(self) -> bool:
        return self.path.endswith(EMOJI)

    def has(self, code: int) -> bool:
        place = bisect_right(self.starts, code) - 1
        return place >= 0 and code <= self.ends[place]


class Library:
    """Fonts in order. Read-only after it was made; fonts of the system join when a
    character first needs them."""

    def __init__(self, pack: Path | None = None, *, with_system: bool = True) -> None:
        self.unreadable: list[str] = []
        self._bundled = tuple(_bundled())
        self.emoji = next(face for face in self._bundled if face.is_emoji)
        self._pack = tuple(self._read((path, 0) for path in _pack_files(pack)))
        self._with_system = with_system
        self._system: tuple[Face, ...] | None = None
        self._known: dict[int, Face | None] = {}

    def face(self, code: int) -> Face | None:
        """The first font that has the character."""
        try:
            return self._known[code]
        except KeyError:
            found = next((f for f in self._faces() if f.has(code)), None)
            if len(self._known) < 50_000:
                self._known[code] = found
            return found

    @property
    def missing(self) -> tuple[str, ...]:
        """Which of the scripts that are not bundled no font has."""
        return tuple(name for name, one in CJK.items() if self.face(ord(one)) is None)

    def _faces(self) -> Iterator[Face]:
        yield from self._bundled
        yield from self._pack
        if self._with_system:
            if self._system is None:
                self._system = tuple(self._read(_system_files()))
            yield from self._system

    def _read(self, files: Iterable[tuple[Path, int]]) -> Iterator[Face]:
        for path, index in files:
            try:
                yield Face.of(path, index, cmap.coverage(path, index))
            except (ValueError, OSError):
                self.unreadable.append(path.name)


def _bundled() -> Iterator[Face]:
    tables = json.loads(COVERAGE.read_text("utf-8"))
    for name in BUNDLED:
        yield Face.of(HERE / name, 0, cmap.from_text(tables[name]))


def _pack_files(folder: Path | None) -> list[Path]:
    """Fonts of a pack by name; bold ones are found beside their sisters."""
    if folder is None or not folder.is_dir():
        return []
    files = (path for path in folder.rglob("*") if path.suffix.lower() in SUFFIXES)
    return sorted(path for path in files if "-Bold." not in path.name)


def _system_files() -> Iterator[tuple[Path, int]]:
    """Files of the names above, in their order."""
    folders = [Path(name).expanduser() for name in SYSTEM_FOLDERS]
    paths = chain.from_iterable(f.rglob("*") for f in folders if f.is_dir())
    files = sorted(p for p in paths if p.suffix.lower() in SUFFIXES)
    seen: set[Path] = set()
    for name, index in SYSTEM_FONTS:
        for path in files:
            is_other_cut = any(cut in path.name for cut in _OTHER_CUTS)
            if path.name.startswith(name) and not is_other_cut and path not in seen:
                seen.add(path)
                yield path, index if path.suffix.lower() == ".ttc" else 0
            if len(seen) >= _SYSTEM_FILES_MAX:
                return


@lru_cache(maxsize=1)
def standard() -> Library:
    """The library of a process that named no folder of packs."""
    return Library()
