"""The indicators: what each is called, how it is counted, and from what."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from statistics import median

from traam.programme.indicators.counting import Tally
from traam.programme.publication.audit_states import AWAY, CLEAR, FAULTY

Value = int | float | None


@dataclass(frozen=True)
class Indicator:
    """`of`: its value for a campaign, None when there is nothing to count yet. `unit`: "%" is a part of 1.

    `good`: more is better (1), less is (-1), or neither (0).
    """

    id: str
    part: str
    label: str
    definition: str
    of: Callable[[Tally], Value]
    unit: str = ""
    decimals: int = 0
    good: int = 0


def _part(some: float, all_of: float) -> Value:
    return some / all_of if all_of else None


CALL, WORK, MADE, SEEN = "L'appel", "Les groupes", "Les productions", "Le public"

INDICATORS: Mapping[str, Indicator] = {
    one.id: one
    for one in (
        Indicator("themes", CALL, "Thèmes", "Les thèmes de la campagne, quel que soit leur état.", lambda t: t.themes),
        Indicator(
            "forwarded",
            CALL,
            "Candidatures remontées",
            "Les candidatures que les académies ont remontées et n'ont pas retirées.",
            lambda t: t.forwarded.total(),
            good=1,
        ),
        Indicator(
            "academies_applying",
            CALL,
            "Académies candidates",
            "Les académies qui ont au moins une candidature remontée.",
            lambda t: len(t.forwarded),
            good=1,
        ),
        Indicator(
            "retained",
            CALL,
            "Candidatures retenues",
            "Les candidatures remontées dont la décision est « retenue » aujourd'hui : les désistements n'y sont plus.",
            lambda t: t.decisions["retained"],
            good=1,
        ),
        Indicator(
            "rate",
            CALL,
            "Part retenue",
            "Les candidatures retenues, sur les candidatures remontées.",
            lambda t: _part(t.decisions["retained"], t.forwarded.total()),
            "%",
        ),
        Indicator(
            "dropped",
            CALL,
            "Désistements",
            "Les candidatures retenues dont le désistement a été constaté.",
            lambda t: t.decisions["dropped"],
            good=-1,
        ),
        Indicator(
            "academies",
            CALL,
            "Académies engagées",
            "Les académies qui ont au moins une candidature retenue.",
            lambda t: len(t.retained),
            good=1,
        ),
        Indicator("groups", WORK, "Groupes", "Les groupes ouverts, un par candidature retenue.", lambda t: t.groups),
        Indicator(
            "people",
            WORK,
            "Personnes engagées",
            "Les personnes qui sont, ou ont été, membres d'un groupe. Chacune compte une fois, même dans dix groupes.",
            lambda t: t.people,
            good=1,
        ),
        Indicator(
            "meetings",
            WORK,
            "Réunions tenues",
            "Les réunions dont les présences ont été notées, celles des groupes et celles des groupes nationaux.",
            lambda t: t.meetings + t.national_meetings,
            good=1,
        ),
        Indicator(
            "met",
            WORK,
            "Groupes qui se sont réunis",
            "Les groupes qui ont tenu au moins une réunion, sur tous les groupes.",
            lambda t: _part(t.groups_met, t.groups),
            "%",
            good=1,
        ),
        Indicator(
            "scenarios",
            MADE,
            "Scénarios validés",
            "Les scénarios dont la dernière version est validée.",
            lambda t: t.validated,
            good=1,
        ),
        Indicator(
            "tested",
            MADE,
            "Scénarios testés",
            "Les scénarios validés qui ont au moins un test en classe noté, sur les scénarios validés.",
            lambda t: _part(t.tested, t.validated),
            "%",
            good=1,
        ),
        Indicator(
            "tested_elsewhere",
            MADE,
            "Testés dans une autre académie",
            "Les scénarios validés testés au moins une fois hors de leur académie, sur les scénarios validés.",
            lambda t: _part(t.tested_elsewhere, t.validated),
            "%",
            good=1,
        ),
        Indicator(
            "tests",
            MADE,
            "Tests par scénario",
            "Les tests en classe notés sur les scénarios validés, divisés par le nombre de ces scénarios.",
            lambda t: _part(t.tests, t.validated),
            decimals=1,
            good=1,
        ),
        Indicator(
            "modules",
            MADE,
            "Modules validés",
            "Les modules de formation dont la dernière version est validée.",
            lambda t: t.productions["module"]["validated"],
            good=1,
        ),
        Indicator(
            "bilans",
            MADE,
            "Bilans validés",
            "Les bilans académiques dont la dernière version est validée.",
            lambda t: t.productions["bilan"]["validated"],
            good=1,
        ),
        Indicator(
            "published",
            SEEN,
            "Scénarios publiés",
            "Les scénarios en ligne aujourd'hui : ceux qui ont été retirés n'y sont plus.",
            lambda t: t.published,
            good=1,
        ),
        Indicator(
            "delay",
            SEEN,
            "Délai de publication",
            "Le nombre de jours entre la validation d'un scénario et sa première mise en ligne ; la moitié des "
            "scénarios attend moins, l'autre attend plus.",
            lambda t: median(t.delays) if t.delays else None,
            "jours",
            good=-1,
        ),
        Indicator(
            "sound",
            SEEN,
            "Adresses sans défaut bloquant",
            "Les adresses publiées où le dernier audit n'a vu aucun défaut bloquant, sur celles qu'il a visitées.",
            lambda t: _part(t.audits[CLEAR], t.audits[CLEAR] + t.audits[FAULTY] + t.audits[AWAY]),
            "%",
            good=1,
        ),
        Indicator(
            "readings",
            SEEN,
            "Lectures des notices",
            "Le nombre de fois où les notices de la campagne ont été lues, sans cookie et sans reconnaître personne ; "
            "les robots qui se déclarent ne comptent pas.",
            lambda t: t.readings,
            good=1,
        ),
        Indicator(
            "searches",
            SEEN,
            "Recherches du public",
            "Les recherches faites sur tout le site pendant les années de travail de la campagne.",
            lambda t: t.searches,
        ),
        Indicator(
            "lacking",
            SEEN,
            "Recherches sans résultat",
            "Celles de ces recherches qui n'ont rien trouvé, sur toutes.",
            lambda t: _part(t.lacking, t.searches),
            "%",
            good=-1,
        ),
    )
}
PARTS = (CALL, WORK, MADE, SEEN)
