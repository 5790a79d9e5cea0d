"""What a catalogue says of one published production, in no format yet."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, kw_only=True)
class Notice:
    """The public facts of one production. Plain text throughout: no HTML, no Markdown.

    `identifier` is the OAI identifier, kept for life; `url` the address of the page on the academic site.
    `creators` are teams or academies as they wish to be named, `publisher` the academy. `disciplines`,
    `levels` and `tools` are labels; `competences` are pairs (code, label); `theme` is a title.
    `relations` are addresses of other resources; `source_url` is where the work itself stands. `date` is that of
    the publication, None when nobody noted it: `period` (years of the work, as people say them) takes its place.
    A licence that is not known is None: nothing is said of the rights.

    `discipline_codes`, `level_codes` and `competence_codes` are those of `traam.reference`, for the formats that name
    terms by their URI. `validators` are bodies, never people. `media` are the types of the page and of its files.
    `programme` is what the text says of the official programme. `theme_url` and `edubase_url` may be "",
    and so may `based_on`, the address of the notice that this work was begun from.
    """

    identifier: str
    url: str
    title: str
    summary: str
    creators: tuple[str, ...]
    publisher: str
    date: date | None
    period: str = ""
    licence_url: str | None = None
    licence_label: str | None = None
    disciplines: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()
    competences: tuple[tuple[str, str], ...] = ()
    keywords: tuple[str, ...] = ()
    tools: tuple[str, ...] = ()
    theme: str | None = None
    relations: tuple[str, ...] = ()
    source_url: str | None = None
    duration_minutes: int | None = None
    language: str = "fr"
    kind: str = "Scénario pédagogique"
    discipline_codes: tuple[str, ...] = ()
    level_codes: tuple[str, ...] = ()
    competence_codes: tuple[str, ...] = ()
    validators: tuple[str, ...] = ()
    version: int | None = None
    media: tuple[str, ...] = ("text/html",)
    programme: str = ""
    theme_url: str = ""
    edubase_url: str = ""
    based_on: str = ""
