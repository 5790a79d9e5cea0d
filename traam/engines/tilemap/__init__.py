"""France as a board: one tile for each academy of today, near its place on the map, overseas on two lines below.

Every academy has the same room, whatever its surface: the small ones and those overseas are seen as well as the others.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from traam import reference

# code of the academy → (column, line, letters)
PLACES = {
    "09": (5, 0, "LIL"),
    "70": (3, 1, "NOR"),
    "20": (5, 1, "AMI"),
    "19": (6, 1, "REI"),
    "12": (7, 1, "N-M"),
    "15": (8, 1, "STR"),
    "14": (2, 2, "REN"),
    "25": (4, 2, "VER"),
    "01": (5, 2, "PAR"),
    "24": (6, 2, "CRÉ"),
    "17": (3, 3, "NTE"),
    "18": (4, 3, "O-T"),
    "07": (6, 3, "DIJ"),
    "03": (7, 3, "BES"),
    "13": (3, 4, "POI"),
    "22": (4, 4, "LIM"),
    "06": (5, 4, "CLE"),
    "10": (6, 4, "LYO"),
    "08": (7, 4, "GRE"),
    "04": (3, 5, "BOR"),
    "16": (4, 5, "TOU"),
    "11": (5, 5, "MON"),
    "02": (6, 5, "AIX"),
    "23": (7, 5, "NIC"),
    "27": (8, 6, "COR"),
    "44": (1, 7, "SPM"),
    "32": (2, 7, "GUA"),
    "78": (3, 7, "S-M"),
    "77": (4, 7, "S-B"),
    "31": (5, 7, "MAR"),
    "33": (6, 7, "GUY"),
    "28": (7, 7, "RÉU"),
    "43": (8, 7, "MAY"),
    "40": (1, 8, "N-C"),
    "41": (2, 8, "POL"),
    "42": (3, 8, "W-F"),
}
STEP, SIDE, GAP = 46, 42, 14  # of the drawing; the overseas lines stand apart by GAP


@dataclass(frozen=True)
class Tile:
    """A square of the drawing. `level` 0 to 2 is its colour: nothing, some, the most; `said` what the pointer reads."""

    x: int
    y: int
    letters: str
    count: int | None
    level: int
    said: str


@dataclass(frozen=True)
class Board:
    tiles: list[Tile]
    description: str
    width: int = 8 * STEP + 2
    height: int = 9 * STEP + GAP + 2


def board(counts: Mapping[str, int], singular: str, many: str = "") -> Board:
    """The board of these academies of today (by code, with what is counted); those left out are not concerned."""
    most = max(counts.values(), default=0)
    tiles = [
        Tile(
            (column - 1) * STEP + 1,
            line * STEP + 1 + (GAP if line > 6 else 0),
            letters,
            counts.get(code),
            0 if code not in counts else 2 if counts[code] > most / 2 or not most else 1,
            _said(code, counts, singular, many),
        )
        for code, (column, line, letters) in PLACES.items()
    ]
    names = sorted(reference.academies()[code].name for code in counts)
    return Board(tiles, ", ".join(names) or "Aucune académie.")


def _said(code: str, counts: Mapping[str, int], singular: str, many: str) -> str:
    word = singular if counts.get(code, 0) < 2 else many or f"{singular}s"
    told = f"{counts[code]}\u00a0{word}" if code in counts else "non"
    return f"{reference.academies()[code].name} : {told}"
