"""Where things are on a page: matrices, boxes, and what is painted of each."""

from dataclasses import dataclass

from traam.engines.pageaudit.documents.colours import Colour

Matrix = tuple[float, float, float, float, float, float]
Box = tuple[float, float, float, float]
"""Left, bottom, right and top."""
IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


def times(one: Matrix, other: Matrix) -> Matrix:
    a, b, c, d, e, f = one
    g, h, i, j, k, m = other
    return a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m


def placed(matrix: Matrix, box: Box) -> Box:
    """The box around a box once moved."""
    a, b, c, d, e, f = matrix
    corners = [(x * a + y * c + e, x * b + y * d + f) for x in box[::2] for y in box[1::2]]
    across, up = [x for x, _ in corners], [y for _, y in corners]
    return min(across), min(up), max(across), max(up)


def area(box: Box) -> float:
    return abs(box[2] - box[0]) * abs(box[3] - box[1])


@dataclass(frozen=True)
class Region:
    """Rectangles, and what surrounds the other shapes of a path; `even` when a rectangle within another is a hole."""

    boxes: tuple[Box, ...] = ()
    other: Box | None = None
    even: bool = False

    def covers(self, box: Box) -> bool | None:
        """Whether it holds a box; None when that cannot be told."""
        if self.other is not None and touches(box, self.other):
            return None
        around = sum(inside(box, one) for one in self.boxes)
        if any(touches(box, one) and not inside(box, one) for one in self.boxes):
            return None
        if around > 1 and not self.even:
            return None  # it depends on the way each one turns
        return around % 2 == 1


def inside(box: Box, other: Box) -> bool:
    return box[0] >= other[0] and box[1] >= other[1] and box[2] <= other[2] and box[3] <= other[3]


def touches(box: Box, other: Box) -> bool:
    return box[0] < other[2] and other[0] < box[2] and box[1] < other[3] and other[1] < box[3]


@dataclass(frozen=True)
class Ground:
    """Something painted: where all of its regions are, in a colour, or in none that is known."""

    regions: tuple[Region, ...]
    colour: Colour | None

    def covers(self, box: Box) -> bool | None:
        answers = [region.covers(box) for region in self.regions]
        return False if False in answers else (None if None in answers else True)
