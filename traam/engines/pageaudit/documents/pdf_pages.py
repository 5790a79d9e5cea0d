"""What a page of a PDF draws: its words, by tag, its images, its colours. Within bounds, whatever the page contains."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any

import pikepdf

from traam.engines.pageaudit.documents.colours import WHITE, Colour, Words
from traam.engines.pageaudit.documents.pdf_fonts import Font, read_font
from traam.engines.pageaudit.documents.pdf_shapes import IDENTITY, Box, Ground, Matrix, Region, area, placed, times

MOST_OF_A_STREAM = 4_000_000  # of the instructions of a page, unpacked
MOST_STEPS = 600_000  # instructions of a whole document, some fifteen seconds of them
MOST_DEPTH = 8  # forms within forms
MOST_STACKED = 200


@dataclass
class Budget:
    """What may still be read of a document."""

    steps: int = MOST_STEPS
    forms: int = 5_000
    spent: bool = False


@dataclass
class DrawnImage:
    """An image on a page. `mark` is the number of the tagged content it belongs to; `artifact` that it only adorns."""

    name: str
    box: Box
    mark: int | None
    artifact: bool
    tagged: bool


@dataclass
class Page:
    """What was read of a page. `marked` are the words of each tagged content; `untagged` those of none."""

    number: int
    marked: dict[int, str] = field(default_factory=dict)
    untagged: list[str] = field(default_factory=list)
    images: list[DrawnImage] = field(default_factory=list)
    coloured: list[Words] = field(default_factory=list)
    parts: list[str] = field(default_factory=list)
    size: Box = (0.0, 0.0, 0.0, 0.0)
    signs: int = 0
    hidden_signs: int = 0
    unknown_signs: int = 0

    @property
    def text(self) -> str:
        return "".join(self.parts)

    @property
    def legible(self) -> bool:
        """Whether its words could be read, rather than counted."""
        return self.signs + self.hidden_signs > 2 * self.unknown_signs

    @property
    def is_scan(self) -> bool:
        """An image that covers half of the page at least, and hardly any word that shows."""
        return self.signs < 20 and any(area(one.box) > 0.5 * area(self.size) for one in self.images if area(self.size))


@dataclass
class _State:
    """The graphic state: where one draws, with what."""

    matrix: Matrix = IDENTITY
    front: Colour | None = (0, 0, 0)
    font: Font | None = None
    size: float = 0.0
    mode: int = 0
    leading: float = 0.0
    clips: tuple[Region, ...] = ()

    def copy(self) -> "_State":
        return replace(self)


@dataclass
class _Mark:
    """A bracket of tagged content."""

    tag: str
    number: int | None


def read_page(page: Any, number: int, budget: Budget) -> Page:
    """Never raises: what cannot be read is not there."""
    found = Page(number)
    found.size = _media_box(page)
    reader = _Reader(found, budget)
    complete = False
    with suppress(
        pikepdf.PdfError, ValueError, TypeError, NotImplementedError, AttributeError, ArithmeticError, KeyError
    ):
        reader.run(page, page.get("/Resources"), 0)
        complete = True
    budget.spent = budget.spent or not complete
    return found


def _media_box(page: Any) -> Box:
    box = page.get("/MediaBox")
    for _ in range(30):
        if isinstance(box, pikepdf.Array) or not isinstance(page, pikepdf.Dictionary):
            break
        page = page.get("/Parent")
        box = page.get("/MediaBox") if isinstance(page, pikepdf.Dictionary) else None
    try:
        left, bottom, right, top = (float(one) for one in box)
    except (TypeError, ValueError):
        return 0.0, 0.0, 595.0, 842.0
    return left, bottom, right, top


class _Reader:
    """Follows the instructions of a page, and of the forms it draws."""

    def __init__(self, page: Page, budget: Budget) -> None:
        self.page, self.budget = page, budget
        self.state, self.stack = _State(), list[_State]()
        self.marks: list[_Mark] = []
        self.text_matrix = self.line_matrix = IDENTITY
        self.resources: Any = None
        self.depth = 0
        self.running: set[tuple[int, int]] = set()
        self.fonts: dict[tuple[int, int], Font] = {}
        self.path: list[Box] = []  # rectangles of the path under way
        self.bounds: list[tuple[float, float]] = []  # points of its other shapes
        self.clip: bool | None = None  # the path will also narrow what is painted; True by even and odd
        self.grounds: list[Ground] = []

    def run(self, source: Any, resources: Any, depth: int) -> None:
        outer, self.resources = self.resources, resources if isinstance(resources, pikepdf.Dictionary) else None
        self.depth = depth
        for instruction in pikepdf.parse_content_stream(source) if self._affordable(source) else []:
            self.budget.steps -= 1
            if self.budget.steps < 0:
                self.budget.spent = True
                break
            step = _STEPS.get(str(instruction.operator))
            if step:
                try:
                    step(self, list(instruction.operands))
                except (IndexError, ValueError, TypeError, OverflowError, AttributeError):
                    continue  # instructions that make no sense draw nothing
        self.resources, self.depth = outer, depth - 1

    def _affordable(self, source: Any) -> bool:
        if self.budget.steps < 0:
            return False
        streams = source.get("/Contents") if not isinstance(source, pikepdf.Stream) else source
        parts = list(streams) if isinstance(streams, pikepdf.Array) else [streams]
        if len(parts) > 2000 or not all(isinstance(one, pikepdf.Stream) for one in parts):
            return False
        weight = sum(len(one.read_raw_bytes()) for one in parts)
        if weight > MOST_OF_A_STREAM or sum(len(one.read_bytes()) for one in parts) > MOST_OF_A_STREAM:
            self.budget.spent = True
            return False
        return True

    # Brackets of tagged content.

    def begin_mark(self, operands: list[Any]) -> None:
        number = None
        if len(operands) > 1:
            said = operands[1]
            if isinstance(said, pikepdf.Name) and self.resources is not None:
                said = self.resources.get("/Properties", pikepdf.Dictionary()).get(said)
            found: Any = said.get("/MCID") if isinstance(said, pikepdf.Dictionary) else None
            number = int(found) if isinstance(found, int) else None
        if len(self.marks) < 10_000:
            self.marks.append(_Mark(str(operands[0]), number))

    def end_mark(self, operands: list[Any]) -> None:
        if self.marks:
            self.marks.pop()

    @property
    def _mark(self) -> int | None:
        return next((mark.number for mark in reversed(self.marks) if mark.number is not None), None)

    @property
    def _artifact(self) -> bool:
        return any(mark.tag == "/Artifact" for mark in self.marks)

    # State.

    def save(self, operands: list[Any]) -> None:
        if len(self.stack) < MOST_STACKED:
            self.stack.append(self.state.copy())

    def restore(self, operands: list[Any]) -> None:
        if self.stack:
            self.state = self.stack.pop()

    def concat(self, operands: list[Any]) -> None:
        self.state.matrix = times(_matrix(operands), self.state.matrix)

    def gray(self, operands: list[Any]) -> None:
        level = _byte(operands[0])
        self.state.front = (level, level, level)

    def rgb(self, operands: list[Any]) -> None:
        red, green, blue = operands
        self.state.front = (_byte(red), _byte(green), _byte(blue))

    def cmyk(self, operands: list[Any]) -> None:
        cyan, magenta, yellow, black = (float(one) for one in operands)
        red, green, blue = (1 - min(1.0, one + black) for one in (cyan, magenta, yellow))
        self.state.front = (_byte(red), _byte(green), _byte(blue))

    def space(self, operands: list[Any]) -> None:
        self.state.front = (0, 0, 0) if str(operands[0]) in _DEVICES else None

    def colour(self, operands: list[Any]) -> None:
        """In a space that is not known to be one of the three plain ones, the colour is not known either."""
        if self.state.front is None:
            return
        kinds: dict[int, Callable[[list[Any]], None]] = {1: self.gray, 3: self.rgb, 4: self.cmyk}
        if len(operands) in kinds and not isinstance(operands[-1], pikepdf.Name):
            kinds[len(operands)](operands)
        else:
            self.state.front = None

    # Shapes, which words may lie on.

    def rectangle(self, operands: list[Any]) -> None:
        left, bottom, width, height = (float(one) for one in operands)
        if self.state.matrix[1] or self.state.matrix[2]:
            self.line([left, bottom, left + width, bottom, left, bottom + height, left + width, bottom + height])
        elif len(self.path) < 100:
            self.path.append(placed(self.state.matrix, (left, bottom, left + width, bottom + height)))
        else:
            self.line([left, bottom, left + width, bottom + height])

    def line(self, operands: list[Any]) -> None:
        """Another shape than a rectangle: only what surrounds it is known."""
        numbers = [float(one) for one in operands]
        a, b, c, d, e, f = self.state.matrix
        if len(self.bounds) < 10_000:
            self.bounds.extend(
                (x * a + y * c + e, x * b + y * d + f) for x, y in zip(numbers[::2], numbers[1::2], strict=False)
            )

    def paint(self, operands: list[Any]) -> None:
        self._paint(self._region(even=False), self.state.front)
        self.end_path(operands)

    def paint_even(self, operands: list[Any]) -> None:
        self._paint(self._region(even=True), self.state.front)
        self.end_path(operands)

    def end_path(self, operands: list[Any]) -> None:
        if self.clip is not None and len(self.state.clips) < 50:
            self.state.clips = (*self.state.clips, self._region(even=self.clip))
        self.path, self.bounds, self.clip = [], [], None

    def narrow(self, operands: list[Any]) -> None:
        self.clip = False

    def narrow_even(self, operands: list[Any]) -> None:
        self.clip = True

    def shading(self, operands: list[Any]) -> None:
        self._paint(Region((self.page.size,)), None)

    def _region(self, *, even: bool) -> Region:
        across, up = [x for x, _ in self.bounds], [y for _, y in self.bounds]
        other = (min(across), min(up), max(across), max(up)) if self.bounds else None
        return Region(tuple(self.path), other, even)

    def _paint(self, region: Region, colour: Colour | None) -> None:
        if len(self.grounds) < 2000:
            self.grounds.append(Ground((*self.state.clips, region), colour))

    # Images and forms.

    def draw(self, operands: list[Any]) -> None:
        drawn = self.resources.get("/XObject", pikepdf.Dictionary()).get(operands[0])
        if not isinstance(drawn, pikepdf.Stream):
            return
        if drawn.get("/Subtype") == "/Image":
            self._image(str(operands[0]).lstrip("/"))
            return
        self.budget.forms -= 1
        if self.depth >= MOST_DEPTH or self.budget.forms < 0 or drawn.objgen in self.running:
            return
        self.running.add(drawn.objgen)
        self.save([])
        kept = len(self.stack), len(self.marks), self.state.copy()
        matrix: Any = drawn.get("/Matrix")
        if isinstance(matrix, pikepdf.Array):
            self.concat(list(matrix))
        self.run(drawn, drawn.get("/Resources", self.resources), self.depth + 1)
        del self.stack[kept[0] :], self.marks[kept[1] :]
        self.state = kept[2]
        self.running.discard(drawn.objgen)

    def inline(self, operands: list[Any]) -> None:
        self._image("dans la page")

    def _image(self, name: str) -> None:
        box = placed(self.state.matrix, (0.0, 0.0, 1.0, 1.0))
        if len(self.page.images) < 1000:
            self.page.images.append(DrawnImage(name, box, self._mark, self._artifact, bool(self.marks)))
        self._paint(Region((box,)), None)

    # Words.

    def begin_text(self, operands: list[Any]) -> None:
        self.text_matrix = self.line_matrix = IDENTITY
        self._say(" ")

    def font(self, operands: list[Any]) -> None:
        self.state.size = float(operands[1])
        fonts = self.resources.get("/Font", pikepdf.Dictionary())
        one = fonts.get(operands[0])
        key = one.objgen if isinstance(one, pikepdf.Object) else (0, 0)
        if key == (0, 0):
            self.state.font = read_font(one)
        else:
            self.state.font = self.fonts.setdefault(key, read_font(one)) if key not in self.fonts else self.fonts[key]

    def mode(self, operands: list[Any]) -> None:
        self.state.mode = int(operands[0])

    def leading(self, operands: list[Any]) -> None:
        self.state.leading = float(operands[0])

    def move(self, operands: list[Any]) -> None:
        across, up = (float(one) for one in operands)
        self.line_matrix = times((1.0, 0.0, 0.0, 1.0, across, up), self.line_matrix)
        self.text_matrix = self.line_matrix
        self._say("\n" if abs(up) > 0.01 else " ")

    def move_and_lead(self, operands: list[Any]) -> None:
        self.state.leading = -float(operands[1])
        self.move(operands)

    def matrix(self, operands: list[Any]) -> None:
        before = self.text_matrix
        self.text_matrix = self.line_matrix = _matrix(operands)
        self._say("\n" if abs(before[5] - self.text_matrix[5]) > 0.5 else " ")

    def next_line(self, operands: list[Any]) -> None:
        self.move([0, -self.state.leading])

    def show(self, operands: list[Any]) -> None:
        self._show([operands[-1]])

    def show_next(self, operands: list[Any]) -> None:
        self.next_line([])
        self._show([operands[-1]])

    def show_spaced(self, operands: list[Any]) -> None:
        self._show(list(operands[0]))

    def _show(self, pieces: list[Any]) -> None:
        said, length = [], 0.0
        for piece in pieces:
            if isinstance(piece, pikepdf.String):
                words = self.state.font.decoded(bytes(piece)) if self.state.font else "\ufffd" * len(bytes(piece))
                said.append(words)
                length += 0.5 * len(words)
            elif float(piece) < -180:
                said.append(" ")
        self._words("".join(said), length)

    def _words(self, words: str, length: float) -> None:
        seen = sum(not sign.isspace() for sign in words)
        self.page.unknown_signs += words.count("\ufffd")
        if self.state.mode in {3, 7}:
            self.page.hidden_signs += seen
        else:
            self.page.signs += seen
            self._colour(words, length)
        self._say(words)
        if seen and not self.marks and len(self.page.untagged) < 100:
            self.page.untagged.append(words)

    def _say(self, words: str) -> None:
        if self._artifact:
            return
        mark = self._mark
        if mark is not None:
            before = self.page.marked.get(mark, "")
            if len(before) < 5_000 and (before or words.strip()):
                self.page.marked[mark] = before + words
        if len(self.page.parts) < 100_000:
            self.page.parts.append(words)

    def _colour(self, words: str, length: float) -> None:
        front = self.state.front
        if front is None or not words.strip() or self.state.mode not in {0, 4} or len(self.page.coloured) > 20_000:
            return
        matrix = times(self.text_matrix, self.state.matrix)
        points = abs(self.state.size) * max(abs(matrix[3]), abs(matrix[1]))
        size = self.state.size
        box = placed(matrix, (0.0, 0.1 * size, max(0.3, length * 0.8) * size, 0.6 * size))
        back = self._ground(box)
        if back is not None:
            strong = self.state.font is not None and self.state.font.strong
            where = f"page {self.page.number}"
            self.page.coloured.append(Words(words.replace("\ufffd", "?"), front, back, points, strong, where))

    def _ground(self, box: Box) -> Colour | None:
        """The last shape under these words, the paper when there is none; None when it cannot be known."""
        self.budget.steps -= len(self.grounds) // 20
        for ground in reversed(self.grounds):
            covers = ground.covers(box)
            if covers is not False:
                return ground.colour if covers else None
        return WHITE


def _matrix(operands: list[Any]) -> Matrix:
    a, b, c, d, e, f = (float(one) for one in operands)
    return a, b, c, d, e, f


def _byte(level: Any) -> int:
    return round(255 * min(1.0, max(0.0, float(level))))


_DEVICES = frozenset({"/DeviceGray", "/DeviceRGB", "/DeviceCMYK"})
_STEPS: dict[str, Callable[[_Reader, list[Any]], None]] = {
    "BMC": _Reader.begin_mark,
    "BDC": _Reader.begin_mark,
    "EMC": _Reader.end_mark,
    "q": _Reader.save,
    "Q": _Reader.restore,
    "cm": _Reader.concat,
    "g": _Reader.gray,
    "rg": _Reader.rgb,
    "k": _Reader.cmyk,
    "cs": _Reader.space,
    "sc": _Reader.colour,
    "scn": _Reader.colour,
    "re": _Reader.rectangle,
    "m": _Reader.line,
    "l": _Reader.line,
    "c": _Reader.line,
    "v": _Reader.line,
    "y": _Reader.line,
    **dict.fromkeys(("f", "F", "B", "b"), _Reader.paint),
    **dict.fromkeys(("f*", "B*", "b*"), _Reader.paint_even),
    **dict.fromkeys(("S", "s", "n"), _Reader.end_path),
    "W": _Reader.narrow,
    "W*": _Reader.narrow_even,
    "sh": _Reader.shading,
    "Do": _Reader.draw,
    "INLINE IMAGE": _Reader.inline,
    "BT": _Reader.begin_text,
    "Tf": _Reader.font,
    "Tr": _Reader.mode,
    "TL": _Reader.leading,
    "Td": _Reader.move,
    "TD": _Reader.move_and_lead,
    "Tm": _Reader.matrix,
    "T*": _Reader.next_line,
    "Tj": _Reader.show,
    "'": _Reader.show_next,
    '"': _Reader.show_next,
    "TJ": _Reader.show_spaced,
}
