"""What a poster and a card say of a scenario: short enough for one page, whatever was written."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from traam import reference
from traam.engines.cards import Card
from traam.programme.catalogue.models import Notice
from traam.programme.productions.models import Scenario

LONGEST_SUMMARY = 420
LONGEST_LIST = 130
MOST_COMPETENCES = 5
LONGEST_AUTHORS = 160


@dataclass(frozen=True)
class Poster:
    """Texts ready to be shown, each bounded. `academies` are names with their "de"; `tested` counts academies;
    `address` is "" as long as nobody may read the page."""

    title: str
    summary: str
    disciplines: str
    levels: str
    competences: tuple[str, ...]
    minutes: int | None
    academies: str
    tested: int
    authors: str
    licence: str
    address: str

    @property
    def duration(self) -> str:
        return lasting(self.minutes)

    @property
    def tests(self) -> str:
        """As in Testé dans 3 académies; nothing when nobody tested it."""
        if not self.tested:
            return ""
        return "Testé dans une académie" if self.tested == 1 else f"Testé dans {self.tested} académies"

    @property
    def short_address(self) -> str:
        """As one types it."""
        return re.sub(r"^https?://(?:www\.)?", "", self.address)


def of_notice(notice: Notice, *, address: str) -> Poster:
    """What the public reads."""
    known = notice.licence_known
    return Poster(
        title=notice.title,
        summary=shortened(notice.summary, LONGEST_SUMMARY),
        disciplines=listed(notice.discipline_labels, LONGEST_LIST),
        levels=notice.level_text or listed(notice.level_labels, LONGEST_LIST),
        competences=_competences([one.full_label for one in notice.competence_list]),
        minutes=notice.duration_minutes,
        academies=listed([named(academy) for academy in notice.academy_list], LONGEST_LIST),
        tested=len(notice.tested_by),
        authors=shortened(notice.authors, LONGEST_AUTHORS),
        licence=known.label if known else "",
        address=address,
    )


def of_scenario(scenario: Scenario, *, address: str) -> Poster:
    """What its authors see, as it is written now. Its tests are read prefetched."""
    of_academy = scenario.group.of_academy
    return Poster(
        title=scenario.title,
        summary=shortened(scenario.summary, LONGEST_SUMMARY),
        disciplines=listed(scenario.discipline_labels, LONGEST_LIST),
        levels=listed(scenario.level_labels, LONGEST_LIST),
        competences=_competences(scenario.competence_labels),
        minutes=scenario.duration_minutes,
        academies=f"académie {of_academy}",
        tested=len({test.academy for test in scenario.tests.all()}),
        authors=shortened(scenario.authors, LONGEST_AUTHORS) or f"Groupe {of_academy}",
        licence=scenario.licence_label,
        address=address,
    )


def lasting(minutes: int | None) -> str:
    """As in 45 min, 2 h or 2 h 20; nothing when it is not known."""
    hours, rest = divmod(minutes or 0, 60)
    if not hours:
        return f"{rest} min" if rest else ""
    return f"{hours} h {rest:02d}" if rest else f"{hours} h"


def named(academy: reference.Academy) -> str:
    """As in académie de Lyon or académie d'Amiens; a collectivity is not an academy and keeps its name."""
    return academy.name if academy.kind == "collectivite" else f"académie {academy.of_name}"


def _competences(labels: list[str]) -> tuple[str, ...]:
    if len(labels) <= MOST_COMPETENCES:
        return tuple(labels)
    kept = labels[: MOST_COMPETENCES - 1]
    return (*kept, f"et {len(labels) - len(kept)} autres")


def card(poster: Poster, site: str) -> Card:
    """The card of the poster: where it comes from, for whom, who tried it."""
    lines = (
        " · ".join(filter(None, (capital(poster.academies), poster.disciplines))),
        " · ".join(filter(None, (poster.levels, poster.duration))),
        poster.tests,
    )
    return Card(site, poster.title, tuple(filter(None, lines)), poster.short_address)


def told(poster: Poster) -> str:
    """What the card says, in one sentence, for whom does not see it."""
    said = (poster.academies, poster.disciplines, poster.levels, poster.duration, poster.tests.lower())
    return f"Carte du scénario « {poster.title} » : {', '.join(filter(None, said))}."


def capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def shortened(text: str, most: int) -> str:
    """The whole sentences of a text that hold in `most` characters; its first words and "…" when none does."""
    whole = " ".join(text.split())
    if len(whole) <= most:
        return whole
    held = whole[:most]
    ends = [found.end() for found in re.finditer(r"[.!?…](?=[ \u00a0\u202f]?»?(?: |$))[ \u00a0\u202f]?»?", held)]
    if ends and ends[-1] >= most // 3:
        return held[: ends[-1]].rstrip()
    words = held[: most - 1].rpartition(" ")[0] or held[: most - 1]
    return words.rstrip(" ,;:.-") + "…"


def listed(labels: Iterable[str], most: int) -> str:
    """Labels one after the other, as many as hold in `most` characters; the others are counted."""
    every = [" ".join(label.split()) for label in labels if label.strip()]
    text = ", ".join(every)
    for held in range(len(every) - 1, 0, -1):
        if len(text) <= most:
            return text
        others = len(every) - held
        text = f"{', '.join(every[:held])} et {others} autre{'s' if others > 1 else ''}"
    return text if len(text) <= most else shortened(text, most)
