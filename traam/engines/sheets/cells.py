"""The verdict on one value, the same whether it was typed in a form or in a spreadsheet."""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, time, timedelta
from math import isfinite

from traam.engines.sheets.layout import SEPARATOR, Column
from traam.engines.sheets.phones import BadPhone, international
from traam.engines.sheets.wording import clean, fold, nearest, number, short
from traam.reference import uai


class CellProblem(ValueError):
    """A value is refused; ``sentences`` say in French why and what to do, without the place."""

    def __init__(self, *sentences: str) -> None:
        super().__init__(" ; ".join(sentences))
        self.sentences = sentences


def parse(column: Column, raw: object) -> object:
    """The typed value of ``raw``, or `CellProblem`.

    ``raw`` is what a form posts (text, or a list of texts) or what a cell holds (text, number, date).
    Gives `str` (`""` when empty) for text, email, phone, uai and choice; `int` or `None` for integer;
    `datetime.date` or `None` for date; a tuple of labels, without repeats, for choices.
    """
    if _is_blank(raw):
        if column.required:
            raise CellProblem(f"« {column.title} » est à remplir : c'est obligatoire")
        return empty(column)
    return _PARSERS[column.kind](column, raw)


def check(
    columns: Iterable[Column], raw_by_key: Mapping[str, object]
) -> tuple[dict[str, object], dict[str, list[str]]]:
    """Every value and, by key, every sentence. A refused value is the empty one of its kind."""
    values: dict[str, object] = {}
    problems: dict[str, list[str]] = {}
    for column in columns:
        try:
            values[column.key] = parse(column, raw_by_key.get(column.key))
        except CellProblem as problem:
            values[column.key] = empty(column)
            problems[column.key] = list(problem.sentences)
    return values, problems


def empty(column: Column) -> object:
    """What an empty cell of the column is worth: ``""``, ``None`` or ``()``."""
    if column.kind in ("integer", "date"):
        return None
    return () if column.kind == "choices" else ""


def _is_blank(raw: object) -> bool:
    if isinstance(raw, (list, tuple)):
        return all(_is_blank(one) for one in raw)
    return raw is None or (isinstance(raw, str) and not clean(raw))


def as_text(raw: object) -> str:
    """What a person reads in the cell."""
    if isinstance(raw, bool):
        return "VRAI" if raw else "FAUX"
    if isinstance(raw, float):
        return str(int(raw)) if raw.is_integer() and abs(raw) < 1e15 else f"{raw:.12g}".replace(".", ",")
    if isinstance(raw, datetime) and raw.time() != time():
        return raw.strftime("%d/%m/%Y %H:%M")
    if isinstance(raw, date):
        return f"{raw.day:02}/{raw.month:02}/{raw.year:04}"
    if isinstance(raw, (list, tuple)):
        return f"{SEPARATOR} ".join(as_text(one) for one in raw if not _is_blank(one))
    return clean(str(raw))


def _text(column: Column, raw: object) -> str:
    text = as_text(raw)
    if column.max_length is not None and len(text) > column.max_length:
        raise CellProblem(
            f"le texte compte {number(len(text))} caractères pour {number(column.max_length)} au plus : "
            f"raccourcissez-le de {number(len(text) - column.max_length)}"
        )
    return text


_LOCAL = re.compile(r"[\w!#$%&'*+/=?^`{|}~-]+(\.[\w!#$%&'*+/=?^`{|}~-]+)*")
_DOMAIN = re.compile(r"([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]")


def _email(column: Column, raw: object) -> str:
    text = re.sub(r"^mailto:", "", as_text(raw), flags=re.IGNORECASE)
    inside = re.fullmatch(r"[^<>]*<([^<>]*)>", text)
    address = inside.group(1).strip() if inside else text
    said = f"« {short(address)} » n'est pas une adresse électronique"
    if address.count("@") > 1 and re.search(r"[\s;,]", address):
        raise CellProblem(f"« {short(address)} » : donnez une seule adresse électronique")
    if "@" not in address:
        raise CellProblem(f"{said} : il manque le signe @")
    local, _, domain = address.rpartition("@")
    if len(address) > 254 or not _LOCAL.fullmatch(local) or not _DOMAIN.fullmatch(domain.lower()):
        raise CellProblem(f"{said} : écrivez-la sous la forme prenom.nom@ac-academie.fr")
    return _text(column, f"{local}@{domain.lower()}")


def _phone(column: Column, raw: object) -> str:
    try:
        return international(as_text(raw))
    except BadPhone as bad:
        raise CellProblem(bad.sentence) from None


def _uai(column: Column, raw: object) -> str:
    try:
        return uai.check(as_text(raw))
    except uai.BadUai as bad:
        raise CellProblem(bad.sentence) from None


_MONTHS = (
    *("janvier", "fevrier", "mars", "avril", "mai", "juin"),
    *("juillet", "aout", "septembre", "octobre", "novembre", "decembre"),
)
_ISO = re.compile(r"(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})([T ]\d{2}:\d{2}.*)?", re.ASCII)
_HOUR = r"( \d{1,2}:\d{2}(:\d{2})?)?"  # a cell that holds a day and an hour is a date too
_FRENCH = re.compile(rf"(?P<d>\d{{1,2}})\s?[/.\-]\s?(?P<m>\d{{1,2}})\s?[/.\-]\s?(?P<y>\d{{4}}){_HOUR}", re.ASCII)
_WRITTEN = re.compile(r"(?:[a-z]+di |dimanche )?(?P<d>\d{1,2})(?:er)? (?P<m>[a-z]+) (?P<y>\d{4})", re.ASCII)
_SERIALS = range(10_000, 100_000)  # 1927 to 2173: a year or a day typed alone is never taken for a date


def _date(column: Column, raw: object) -> date:
    if isinstance(raw, datetime):
        return raw.date()
    if isinstance(raw, date):
        return raw
    text = as_text(raw)
    if re.fullmatch(r"\d{5}", text, re.ASCII) and int(text) in _SERIALS:
        return date(1899, 12, 30) + timedelta(days=int(text))
    if isinstance(raw, float) and isfinite(raw) and int(raw) in _SERIALS:
        return date(1899, 12, 30) + timedelta(days=int(raw))
    return _date_in(text)


def _date_in(text: str) -> date:
    found = _ISO.fullmatch(text) or _FRENCH.fullmatch(text) or _WRITTEN.fullmatch(fold(text))
    if found is not None:
        month = found["m"] if found["m"].isdigit() else str(_month(found["m"]))
        try:
            return date(int(found["y"]), int(month), int(found["d"]))
        except ValueError:
            if month != "0":
                shown = f"{int(found['d']):02}/{int(month):02}/{found['y']}"
                raise CellProblem(f"le {shown} n'existe pas dans le calendrier : corrigez la date") from None
    raise CellProblem(
        f"« {short(text)} » n'est pas une date : écrivez-la sous la forme jj/mm/aaaa, par exemple 05/03/2026"
    )


def _month(name: str) -> int:
    return _MONTHS.index(name) + 1 if name in _MONTHS else 0


def _integer(column: Column, raw: object) -> int:
    text = re.sub(r"\s", "", as_text(raw)).replace("\u2212", "-")
    found = re.fullmatch(r"([+-]?\d{1,15})([.,]0*)?", text, re.ASCII)
    if found is None:
        raise CellProblem(
            f"« {short(as_text(raw))} » n'est pas un nombre entier : écrivez-le en chiffres, par exemple 12"
        )
    value = int(found.group(1))
    if column.minimum is not None and value < column.minimum:
        raise CellProblem(f"{number(value)} est trop petit : donnez {number(column.minimum)} ou plus")
    if column.maximum is not None and value > column.maximum:
        raise CellProblem(f"{number(value)} est trop grand : donnez {number(column.maximum)} ou moins")
    return value


def _choice(column: Column, raw: object) -> str:
    text = as_text(raw)
    known = column.by_fold.get(fold(text))
    if known is None:
        raise CellProblem(_not_in_list(column, text))
    return known


def _not_in_list(column: Column, text: str) -> str:
    guess = nearest(text, column.choices)
    if guess is not None:
        return f"« {short(text)} » n'est pas dans la liste ; vouliez-vous dire « {guess} » ?"
    if len(column.choices) <= 6:
        listed = ", ".join(f"« {choice} »" for choice in column.choices)
        return f"« {short(text)} » n'est pas dans la liste ; choisissez parmi {listed}"
    return f"« {short(text)} » n'est pas dans la liste ; choisissez l'une de ses valeurs"


def _choices(column: Column, raw: object) -> tuple[str, ...]:
    found: dict[str, None] = {}
    sentences: list[str] = []
    for piece in _pieces(column, raw):
        try:
            found[_choice(column, piece)] = None
        except CellProblem as problem:
            sentences.extend(problem.sentences)
    if not sentences:
        sentences.extend(_miscount(column, len(found)))
    if sentences:
        raise CellProblem(*dict.fromkeys(sentences))
    return tuple(found)


def _pieces(column: Column, raw: object) -> list[str]:
    given = [as_text(one) for one in raw] if isinstance(raw, (list, tuple)) else [as_text(raw)]
    pieces = [clean(piece) for one in given for piece in re.split(rf"[{SEPARATOR}\n]", one)]
    return [part for piece in pieces if piece for part in _by_commas(column, piece)]


def _by_commas(column: Column, piece: str) -> list[str]:
    """A label may hold a comma, and people put commas between labels: split only when every part is known."""
    parts = [clean(part) for part in piece.split(",") if clean(part)]
    if fold(piece) in column.by_fold or not all(fold(part) in column.by_fold for part in parts):
        return [piece]
    return parts


def _miscount(column: Column, count: int) -> list[str]:
    if column.min_items is not None and count < column.min_items:
        return [f"{_values(count)} : choisissez-en au moins {column.min_items}"]
    if column.max_items is not None and count > column.max_items:
        return [f"{_values(count)} : gardez-en {column.max_items} au plus"]
    return []


def _values(count: int) -> str:
    return f"{count} valeur{'s' if count > 1 else ''}"


_PARSERS: Mapping[str, Callable[[Column, object], object]] = {
    "text": _text,
    "email": _email,
    "phone": _phone,
    "date": _date,
    "integer": _integer,
    "uai": _uai,
    "choice": _choice,
    "choices": _choices,
}
