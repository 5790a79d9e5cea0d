from datetime import datetime

from traam.engines.workflow import ALLOWED, Move, Verdict, allow_if, refuse
from traam.programme.campaigns.models import Theme
from traam.programme.campaigns.policies import standing as theme_standing
from traam.programme.groups.models import Group, Member
from traam.programme.groups.policies import standing as group_standing
from traam.programme.groups.states import READERS
from traam.programme.people.models import Person
from traam.programme.people.policies import roles
from traam.programme.productions import queries, states
from traam.programme.productions.models import Production, theme_of
from traam.programme.productions.queries import Said

JUDGES = frozenset({"inspector", "expert", "general_inspector"})
"""Who may remark on what was submitted once, whoever's turn it is."""


def standing(person: Person, production: Production, at: datetime) -> frozenset[str]:
    """What the person is to a production: what she is to its group, or to the national group that writes it."""
    if production.group is None:
        return _in_national_group(person, theme_of(production), at)
    return group_standing(person, production.group, at)


def _in_national_group(person: Person, theme: Theme, at: datetime) -> frozenset[str]:
    """The référents and the experts of a theme write together; its general inspector reads, as an inspector does."""
    held = set(theme_standing(person, theme, at))
    seats = Member.objects.filter(person=person, role=Member.Role.REFERENT, until=None, group__application__theme=theme)
    if "expert" in held or seats.exclude(group__state="ended").exists():
        held |= states.AUTHORS
    if "general_inspector" in held:
        held |= {"inspector"}
    return frozenset(held)


def circuit(production: Production) -> tuple[str, ...]:
    """Who reads it, one after the other. Of what the experts write with the national group, none of them decides."""
    steps = theme_of(production).campaign.edition.circuit(_kind(production))
    return tuple(step for step in steps if step != "expert" or production.group is not None)


def _kind(production: Production) -> str:
    return str(production._meta.model_name)


def may_see(person: Person, production: Production, at: datetime) -> Verdict:
    noun = states.MACHINES[_kind(production)].noun
    return allow_if(
        standing(person, production, at) & READERS,
        f"Avant sa publication, {noun} est lu par son groupe, l'inspection et le DAN de l'académie, et le groupe "
        "national.",
    )


def may_review(person: Person, at: datetime) -> Verdict:
    """Come to the pages of those who read and judge."""
    return allow_if(
        roles(person, at) & {"national", "expert", "general_inspector", "inspector"}
        or queries.reads_somewhere(person, at),
        "Cette page est celle des experts, des inspecteurs et du bureau national, qui lisent et donnent leur avis.",
    )


def may_write(person: Person, group: Group, at: datetime) -> Verdict:
    """Begin a scenario in a group."""
    if not group_standing(person, group, at) & states.AUTHORS:
        return refuse("Les scénarios sont écrits par les membres du groupe.")
    return allow_if(group.state != "ended", "Le groupe est terminé : on n'y commence plus de scénario.")


def is_author(person: Person, production: Production, at: datetime) -> Verdict:
    """Whether the person writes in this production, in whatever state it is."""
    noun = states.MACHINES[_kind(production)].noun
    return allow_if(
        standing(person, production, at) & states.AUTHORS, f"{noun.capitalize()} est écrit par les membres du groupe."
    )


def may_edit(person: Person, production: Production, at: datetime) -> Verdict:
    verdict = is_author(person, production, at)
    if not verdict:
        return verdict
    noun, state = states.MACHINES[_kind(production)].noun, production.state
    then = "L'expert le lit." if state == "endorsed" else "Le professeur référent peut le reprendre."
    return allow_if(
        state in states.EDITABLE,
        f"{noun.capitalize()} est à l'état « {states.STATES[state]} » : il ne se modifie pas. {then}",
    )


def may_move(verb: str, person: Person, production: Production, at: datetime) -> Verdict:
    """The table of states, then what the edition wants, then: who wrote it does not validate it."""
    held = standing(person, production, at)
    verdict = states.MACHINES[_kind(production)].check(verb, production.state, held)
    if not verdict or verb not in states.DECISIONS:
        return verdict
    return _asked_by_the_edition(verb, production) and _not_by_its_author(person, production, held)


def moves(person: Person, production: Production, at: datetime) -> list[Move]:
    """The moves this person may make now, in the order of the table."""
    held = standing(person, production, at)
    found = states.MACHINES[_kind(production)].available(production.state, held)
    return [move for move in found if may_move(move.verb, person, production, at)]


def _asked_by_the_edition(verb: str, production: Production) -> Verdict:
    noun, expert = states.MACHINES[_kind(production)].noun, "expert" in circuit(production)
    if verb == "endorse" and not expert:
        return refuse(f"L'inspecteur valide {noun} : aucun expert ne le lit ensuite.", _article(production))
    if verb == "validate" and expert:
        return refuse(
            f"L'expert du thème valide {noun} après l'inspecteur : choisissez « Transmettre à l'expert ».",
            _article(production),
        )
    return ALLOWED


def _not_by_its_author(person: Person, production: Production, held: frozenset[str]) -> Verdict:
    noun = states.MACHINES[_kind(production)].noun
    wrote = held & states.AUTHORS or queries.wrote(person, production)
    return allow_if(
        not wrote,
        f"Qui a écrit {noun} ne le valide pas : laissez cette décision à une autre personne.",
        _article(production),
    )


def _article(production: Production) -> str:
    campaign = theme_of(production).campaign
    return f"{campaign.edition_id}#{campaign.edition.topic('review').anchor}"


def may_remark(person: Person, production: Production, at: datetime) -> Verdict:
    """Write a remark: whoever reads it now, and those who judge what was submitted once."""
    held, noun = standing(person, production, at), states.MACHINES[_kind(production)].noun
    if held & states.READERS.get(production.state, frozenset()) or (production.version and held & JUDGES):
        return ALLOWED
    if not held & (JUDGES | {"referent"}):
        return refuse(f"Les remarques sont faites par qui relit {noun} : référent, inspecteur, expert.")
    return refuse(f"{noun.capitalize()} est à l'état « {states.STATES[production.state]} » : rien n'est à relire.")


def may_answer(person: Person, said: Said, at: datetime) -> Verdict:
    return is_author(person, said.production, at) and allow_if(
        said.remark.closed_at is None, "Cette remarque est close : elle n'attend plus de réponse."
    )


def may_close(person: Person, said: Said, at: datetime) -> Verdict:
    """Say a remark is settled: who wrote it and still reads there, and who judges."""
    verdict = may_see(person, said.production, at)
    if not verdict:
        return verdict
    if said.remark.closed_at is not None:
        return refuse("Cette remarque est déjà close.")
    mine = said.remark.by_id == person.pk
    return allow_if(
        mine or standing(person, said.production, at) & JUDGES,
        "Une remarque est close par qui l'a faite, ou par l'inspecteur ou l'expert qui relit.",
    )


def may_withdraw(person: Person, said: Said, at: datetime) -> Verdict:
    """Take a remark away, as long as nobody acted on it."""
    remark = said.remark
    if remark.by_id != person.pk:
        return refuse("Une remarque est retirée par qui l'a faite.")
    return allow_if(
        not remark.answer and remark.closed_at is None and not queries.moved_since(said.production, remark.at),
        "Cette remarque a été envoyée aux auteurs : elle ne se retire plus, elle se clôt.",
    )


def may_note_reading(person: Person, production: Production, at: datetime) -> Verdict:
    """Say « j'ai lu cette version »."""
    return may_see(person, production, at) and allow_if(production.version, "Aucune version n'a encore été soumise.")
