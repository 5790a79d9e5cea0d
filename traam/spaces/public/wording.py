"""How the public pages put facts into words."""

from urllib.parse import urlsplit

from traam.design.typography import date_fr
from traam.programme.catalogue.models import Notice
from traam.programme.catalogue.posters import named

CALL_STATES = {
    "open": ("Appel ouvert", "success"),
    "closed": ("Appel clos, sélection en cours", "info"),
    "announced": ("Académies retenues annoncées", "info"),
    "archived": ("Campagne archivée", ""),
}
RULE_SUBJECTS = {
    "application": "Candidature",
    "theme": "Thème",
    "campaign": "Campagne",
    "group": "Groupe",
    "production": "Production",
}


def addresses(text: str) -> list[tuple[str, str]]:
    """The web addresses of a text such as "https://a.fr/x ; http://b.fr": pairs (site, address)."""
    found = []
    for part in text.replace(";", " ").split():
        site = urlsplit(part)
        if site.scheme in {"http", "https"} and site.hostname:
            found.append((site.hostname, part))
    return found


def academies(notice: Notice) -> str:
    """As in académie de Lyon, académie d'Amiens; nothing when none is known."""
    return ", ".join(named(academy) for academy in notice.academy_list)


def when(notice: Notice) -> str:
    """The day of the release; for the history, the school years, which may be deduced."""
    if notice.published_on:
        return date_fr(notice.published_on)
    return f"{notice.years} (année déduite)" if notice.years and "years" in notice.uncertain else notice.years


def citation(notice: Notice, address: str) -> str:
    """How to cite a notice: authors, title, programme, academy, date, address."""
    parts = [notice.authors, f"« {notice.title} »", "Travaux académiques mutualisés (TraAM)"]
    parts += [academies(notice), when(notice)]
    return ", ".join(part for part in parts if part) + f". {address}"
