"""Which pages of a long list to offer."""


def pages_around(page: int, last: int, reach: int = 1) -> list[int | None]:
    """First, last, and those around the present page; `None` stands for a gap.

    >>> pages_around(6, 20)
    [1, None, 5, 6, 7, None, 20]
    """
    kept = sorted({1, last, *range(max(1, page - reach), min(last, page + reach) + 1)})
    shown: list[int | None] = []
    for number in kept:
        gap = number - shown[-1] if shown and shown[-1] is not None else 1
        if gap == 2:
            shown.append(number - 1)
        elif gap > 2:
            shown.append(None)
        shown.append(number)
    return shown
