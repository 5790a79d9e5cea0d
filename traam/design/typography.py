"""French figures, dates and spaces, for screens and letters."""

import re
from datetime import date, datetime
from decimal import Decimal

from django.utils.timezone import is_aware, localtime
from markupsafe import Markup, escape

NO_BREAK = "\u00a0"
THIN = "\u202f"
MONTHS = (
    *("janvier", "février", "mars", "avril", "mai", "juin"),
    *("juillet", "août", "septembre", "octobre", "novembre", "décembre"),
)
DAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
NOTHING = "—"


def _local(moment: date | datetime) -> date | datetime:
    return localtime(moment) if isinstance(moment, datetime) and is_aware(moment) else moment


def date_fr(day: date | datetime | None, weekday: bool = False) -> str:
    """As in 22 novembre 2026 or 1er mars 2027; a dash for None. A datetime is taken in Paris time."""
    if day is None:
        return NOTHING
    local = _local(day)
    number = "1er" if local.day == 1 else str(local.day)
    name = f"{DAYS[local.weekday()]} " if weekday else ""
    return f"{name}{number}{NO_BREAK}{MONTHS[local.month - 1]}{NO_BREAK}{local.year}"


def date_short(day: date | datetime | None) -> str:
    """As in 22/11/2026; a dash for None."""
    return NOTHING if day is None else f"{_local(day):%d/%m/%Y}"


def datetime_fr(moment: datetime | None) -> str:
    """As in 22 novembre 2026 à 14 h 05, or 8 h 05 in the morning."""
    if moment is None:
        return NOTHING
    return f"{date_fr(moment)} à {hour_fr(moment)}"


def hour_fr(moment: datetime) -> str:
    """As in 14 h 05."""
    local = localtime(moment) if is_aware(moment) else moment
    return f"{local.hour}{NO_BREAK}h{NO_BREAK}{local:%M}"


def date_iso(moment: date | datetime | None) -> str:
    """For the `datetime` attribute of `<time>`: "2026-11-22" or "2026-11-22T14:05+01:00"."""
    if moment is None:
        return ""
    local = _local(moment)
    return local.isoformat(timespec="minutes") if isinstance(local, datetime) else local.isoformat()


def time_tag(moment: date | datetime | None) -> Markup:
    """`<time>` with the machine's date and the reader's."""
    if moment is None:
        return escape(NOTHING)
    shown = datetime_fr(moment) if isinstance(moment, datetime) else date_fr(moment)
    return Markup('<time datetime="{}">{}</time>').format(date_iso(moment), shown)


def number_fr(value: int | float | Decimal | None, decimals: int | None = None) -> str:
    """As in 12 345,6: narrow no-break spaces, a decimal comma; 2 decimals at most unless `decimals` says."""
    if value is None:
        return NOTHING
    if decimals is None:
        text = f"{value:,}" if isinstance(value, int) else f"{value:,.2f}".rstrip("0").rstrip(".")
    else:
        text = f"{value:,.{decimals}f}"
    return text.replace(",", THIN).replace(".", ",").replace("-", "\u2212")


def percent_fr(share: float | None, decimals: int = 0) -> str:
    """A share between 0 and 1 as "42 %"."""
    return NOTHING if share is None else f"{number_fr(share * 100, decimals)}{NO_BREAK}%"


def size_fr(size: int | None) -> str:
    """A number of bytes as "2,4 Mo"."""
    if size is None:
        return NOTHING
    value = float(size)
    for unit in ("o", "ko", "Mo"):
        if value < 1000:
            return f"{number_fr(value, 0 if unit == 'o' or value >= 10 else 1)}{NO_BREAK}{unit}"
        value /= 1000
    return f"{number_fr(value, 1)}{NO_BREAK}Go"


def plural(count: int | float, one: str, many: str | None = None) -> str:
    """As in 0 équipe, 1 équipe, 2 équipes; `many` is `one` with an s unless given."""
    word = one if abs(count) < 2 else many if many is not None else f"{one}s"
    return f"{number_fr(count)}{NO_BREAK}{word}"


def agree(count: int | float, one: str, many: str | None = None) -> str:
    """The word alone, agreed with the count: `agree(2, "retenue")` is "retenues"."""
    return one if abs(count) < 2 else many if many is not None else f"{one}s"


def typo(text: object) -> str | Markup:
    """No-break spaces where French typography wants them. Markup stays Markup, text stays text."""
    safe = isinstance(text, Markup)
    value = re.sub(r"(?<=\S) (?=[;!?])", THIN, str(text))
    value = re.sub(r"(?<=\S) (?=[:»%€])", NO_BREAK, value)
    value = re.sub(r"« ", f"«{NO_BREAK}", value)
    value = re.sub(r"(?<=\d) (?=\d{3}\b)", THIN, value)
    return Markup(value) if safe else value  # noqa: S704 - it was Markup when it came in


def paragraphs(text: str | None) -> Markup:
    """Plain text typed by a person as `<p>` and `<br>`, escaped."""
    blocks = [block for block in re.split(r"(?:\r?\n){2,}", (text or "").strip()) if block]
    lines = (Markup("<br>").join(escape(line) for line in block.splitlines()) for block in blocks)
    return Markup("\n").join(Markup("<p>{}</p>").format(line) for line in lines)
