"""The answers in French, for a screen or a letter: names are given, codes are shown when one is missing."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from .pairing import Fact, Link, Pairing
from .values import Broken, Explanation, Rule, Solution, Tie


@dataclass(frozen=True, slots=True)
class Names:
    """How to call each identifier. `candidates`: for instance « Lyon, thème « L'IA » »."""

    candidates: Mapping[str, str] = field(default_factory=dict)
    themes: Mapping[str, str] = field(default_factory=dict)
    academies: Mapping[str, str] = field(default_factory=dict)
    regions: Mapping[str, str] = field(default_factory=dict)
    axes: Mapping[int, str] = field(default_factory=dict)

    def candidate(self, code: str) -> str:
        return self.candidates.get(code, code)

    def theme(self, code: str) -> str:
        return f"Thème « {self.themes.get(code, code)} »"

    def academy(self, code: str) -> str:
        return self.academies.get(code, code)

    def region(self, code: str) -> str:
        return self.regions.get(code, code)


TIES = {
    "places_last_year": "la règle publiée retient les académies qui avaient le moins d'équipes l'an dernier",
    "draw": "le tirage au sort public a décidé",
}


def points(hundredths: int) -> str:
    """« 3,2 points », « 1 point », « −0,05 point »."""
    size = abs(hundredths)
    text = f"{size // 100},{size % 100:02d}".rstrip("0").rstrip(",")
    return f"{'−' if hundredths < 0 else ''}{text} point{'s' if size >= 200 else ''}"


def sentence(broken: Broken, names: Names | None = None) -> str:
    """Which rule does not hold, where, by how much, and what to change."""
    called, wanted, found = names or Names(), broken.wanted, broken.found
    theme, academy = called.theme(broken.theme), _of(called.academy(broken.academy))
    sentences: dict[Rule, str] = {
        "places": f"Trop d'équipes : {found} pour {_count(wanted, 'place')} en tout. Ajoutez des places, ou retirez "
        "une équipe retenue d'office.",
        "theme_most": f"{theme} : {_count(found, 'académie')} pour {wanted} au plus. Retirez-en une retenue d'office, "
        "ou relevez le maximum du thème.",
        "theme_least": f"{theme} : {_possible(found)}, il en faut {wanted}. Abaissez le minimum du thème, "
        "ou libérez une équipe écartée ou retenue d'office.",
        "continuing_least": f"{theme} : {_possible(found)} pour poursuivre la première année, il en faut {wanted}. "
        "Abaissez ce minimum, ou libérez une équipe écartée ou retenue d'office.",
        "region_theme": f"{theme}, région académique {called.region(broken.region)} : {_count(found, 'équipe')} pour "
        f"{wanted} au plus. Retirez-en une retenue d'office, ou relevez la limite par région.",
        "academy_total": f"Académie {academy} : {_count(found, 'équipe')} pour {wanted} au plus. Retirez-en une "
        "retenue d'office, ou relevez la limite par académie.",
        "academy_theme": f"{theme}, académie {academy} : {_count(found, 'équipe')} pour {wanted} au plus. Retirez-en "
        "une retenue d'office.",
        "pin_retained": f"{called.candidate(broken.candidate)} est retenue d'office et manque à la sélection : "
        "remettez-la, ou levez cette décision.",
        "pin_excluded": f"{called.candidate(broken.candidate)} est écartée d'office et figure dans la sélection : "
        "retirez-la, ou levez cette décision.",
        "unknown_candidate": f"{called.candidate(broken.candidate)} n'est pas candidate à cet appel : retirez-la.",
    }
    return sentences[broken.rule]


def tie_sentence(tie: Tie, names: Names | None = None) -> str:
    """Whether the selection is the only best one; if not, the nearest equal one and the rule that chose."""
    called = names or Names()
    if tie.unique:
        return "Cette sélection est la seule à atteindre ce total."
    sides = (("sans ", tie.without), ("avec ", tie.instead))
    change = ", ".join(word + _listed([called.candidate(one) for one in codes]) for word, codes in sides if codes)
    return f"Une autre sélection atteint le même total ({change}) : {TIES[tie.rule]}."


def solution_sentence(solution: Solution, names: Names | None = None) -> str:
    """The outcome in one paragraph."""
    if solution.status == "infeasible":
        causes = " ".join(sentence(one, names) for one in solution.broken)
        return f"Aucune sélection ne respecte à la fois toutes les règles et les décisions d'office. {causes}"
    terms = solution.terms
    count = len(solution.retained)
    return (
        f"{_count(count, 'équipe')} {'retenue' if count < 2 else 'retenues'}, de "
        f"{_count(len(terms.academies), 'académie')}, pour {points(terms.value)}. {tie_sentence(solution.tie, names)}"
    )


def explanation_sentence(explanation: Explanation, names: Names | None = None) -> str:
    """« Retenir X coûterait 3,2 points et écarterait Y. » and its likes."""
    called = names or Names()
    name = called.candidate(explanation.candidate)
    opposite = f"Se passer de {name}" if explanation.retained else f"Retenir {name}"
    if explanation.kind == "impossible":
        causes = " ".join(sentence(one, names) for one in explanation.broken)
        return f"{opposite} est impossible. {causes}"
    effects = _listed([_effect(explanation), *_moves(explanation, called)])
    if explanation.kind == "tie":
        return f"À égalité : {_lower(opposite)} {effects} ; {TIES[explanation.rule]}."
    return f"{opposite} {effects}."


def _effect(explanation: Explanation) -> str:
    if not explanation.cost:
        return "donnerait le même total"
    return f"{'coûterait' if explanation.cost > 0 else 'rapporterait'} {points(abs(explanation.cost))}"


def _moves(explanation: Explanation, names: Names) -> list[str]:
    leaving = _listed([names.candidate(one) for one in explanation.leaving])
    entering = _listed([names.candidate(one) for one in explanation.entering])
    return [f"écarterait {leaving}"] * bool(leaving) + [f"ferait entrer {entering}"] * bool(entering)


def pairing_sentence(pairing: Pairing, names: Names | None = None) -> str:
    """How the academies of a theme are grouped."""
    called = names or Names()
    if not pairing.groups:
        return "Aucune académie n'est retenue dans ce thème."
    if pairing.alone:
        academy = _of(called.academy(pairing.alone))
        return f"L'académie {academy} est seule dans ce thème : associez-la à un thème voisin."
    groups = " ; ".join(_listed([called.academy(one) for one in group]) for group in pairing.groups)
    if not pairing.equals:
        return f"{groups}."
    others = "un autre appariement vaut" if pairing.equals == 1 else f"{pairing.equals} autres appariements valent"
    return f"{groups}. À égalité : {others} autant, le premier par ordre alphabétique est proposé."


def link_sentence(link: Link, names: Names | None = None) -> str:
    """Why two academies go together."""
    called = names or Names()
    two = _listed([called.academy(one) for one in link.academies])
    reasons = [_reason(fact, called) for fact in link.facts]
    return f"{two} : {', '.join(reasons)}." if reasons else f"{two} : rien de connu ne les rapproche."


def _reason(fact: Fact, names: Names) -> str:
    if fact.kind == "axes":
        axes = [names.axes.get(axis, str(axis)) for axis in fact.axes]
        return f"{'axe commun' if len(axes) == 1 else 'axes communs'} {_listed(axes)}"
    return {
        "school_kind": f"même type d'établissement ({fact.school_kind})",
        "other_degree": "degrés différents",
        "other_region": "régions académiques différentes",
        "already_paired": "déjà associées dans un autre thème",
    }[fact.kind]


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else " et ".join((", ".join(names[:-1]), names[-1])) if names else ""


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'s' if number > 1 else ''}"


def _possible(academies: int) -> str:
    return f"{_count(academies, 'académie')} possible{'s' if academies > 1 else ''}"


def _of(name: str) -> str:
    """« de Lyon », « d'Amiens »."""
    return f"d'{name}" if name[:1] in "AEIOUÉÎ" else f"de {name}"


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]
