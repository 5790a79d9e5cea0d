# ruff: noqa: E501 - pages, each on its line
"""Pages made for the checks: a page without fault, in which each case changes one thing."""

from traam.engines.pageaudit import audit_page
from traam.engines.pageaudit.values import Answer, Fetched, Finding

ADDRESS = "https://svt.ac-lyon.fr/traam/scenario-relief"
HTML = (("content-type", "text/html; charset=utf-8"),)
PROSE = (
    "Dans cette séance, les classes de cinquième lisent une carte pour comprendre le relief de leur commune et la place "
    "que les rivières y ont prise. Le travail commence par une sortie, se poursuit par la lecture de photographies "
    "aériennes et s'achève par la rédaction d'un texte court, que chacun illustre par un croquis. Les enseignants y "
    "trouveront le déroulement, les fiches à imprimer et des pistes pour l'évaluation, dont une grille de critères."
)
LICENCE = (
    '<p>Cette page est mise à disposition sous <a rel="license" '
    'href="https://creativecommons.org/licenses/by-sa/4.0/deed.fr">licence CC BY-SA 4.0</a>.</p>'
)
FOOT = '<p><a href="/mentions-legales">Mentions légales</a></p><p><a href="/accessibilite">Accessibilité : non conforme</a></p>'


def html(
    body: str = "",
    *,
    head: str = "",
    lang: str = ' lang="fr"',
    title: str = "<title>Lire le relief - SVT - Académie de Lyon</title>",
    h1: str = "<h1>Lire le relief</h1>",
    prose: str = f"<p>{PROSE}</p>",
    licence: str = LICENCE,
    foot: str = FOOT,
) -> str:
    return (
        f'<!DOCTYPE html><html{lang}><head><meta charset="utf-8">{title}{head}</head><body><header><nav>'
        f'<a href="/">Accueil du site</a></nav></header><main>{h1}{prose}{body}</main><footer>{licence}{foot}</footer>'
        "</body></html>"
    )


def fetched(
    source: str | bytes,
    address: str = ADDRESS,
    *,
    status: int = 200,
    final: str = "",
    headers: tuple[tuple[str, str], ...] = HTML,
) -> Fetched:
    body = source.encode() if isinstance(source, str) else source
    return Fetched(address, final or address, status, headers, body)


def told(findings: list[Finding]) -> list[Finding]:
    """Without what was not tested."""
    return [finding for finding in findings if finding.answer is not Answer.UNTESTED]


def seen(body: str = "", *, address: str = ADDRESS, **parts: str) -> set[str]:
    """What is told of the page with this body: "tracker" for a fault, "tracker?" for something to check."""
    return marks(audit_page(fetched(html(body, **parts), address)))


def marks(findings: list[Finding]) -> set[str]:
    return {f.code + ("?" if f.answer is Answer.REVIEW else "") for f in told(findings)}
