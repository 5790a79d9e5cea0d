from datetime import datetime

from traam.engines.workflow import ALLOWED, Move, Verdict, allow_if, refuse
from traam.programme.campaigns.models import Theme
from traam.programme.campaigns.policies import standing as theme_standing
from traam.programme.catalogue.models import PublicSynthesis
from traam.programme.groups.policies.national import in_national_group
from traam.programme.journal.models import Entry
from traam.programme.people.models import Person, Role
from traam.programme.people.policies import roles
from traam.programme.productions.policies import may_review
from traam.programme.valorisation.syntheses import queries, states
from traam.programme.valorisation.syntheses.models import MailingList, Synthesis
from traam.programme.valorisation.syntheses.queries import Said

WRITING = ("open", "save", "cite", "remove_citation")
"""The verbs of the journal by which a person writes in a synthesis."""


def standing(person: Person, synthesis: Synthesis, at: datetime) -> frozenset[str]:
    """What the person is to the themes of a synthesis, to one of them at least. Without any general inspector, the
    bureau reads and validates in their place."""
    themes = synthesis.theme_list
    held = frozenset().union(*(theme_standing(person, theme, at) for theme in themes))
    if not held and any(in_national_group(person, theme, at) for theme in themes):
        held = frozenset({"referent"})
    if "national" in held and not any(_inspected(theme, at) for theme in themes):
        held |= {"general_inspector"}
    return held


def _inspected(theme: Theme, at: datetime) -> bool:
    """Whether somebody is its general inspector today."""
    named = [one.person for one in theme.stewards.all() if one.role == "general_inspector"]
    return any("general_inspector" in theme_standing(one, theme, at) for one in named)


def may_list(person: Person, at: datetime) -> Verdict:
    """Come to the list of syntheses: it holds one's own only."""
    verdict = may_review(person, at)
    return verdict or allow_if(
        queries.of_person(person, at),
        "Les synthèses nationales sont préparées par les experts, l'inspection générale, le bureau national et les "
        "professeurs référents de leurs thèmes.",
    )


def may_open(person: Person, theme: Theme, at: datetime) -> Verdict:
    """Open the synthesis of one theme."""
    if not theme_standing(person, theme, at) & states.AUTHORS:
        return refuse("La synthèse d'un thème est ouverte par son expert ou par le bureau national.", _article(theme))
    if not theme.applications.filter(group__isnull=False).exists():
        return refuse("Ce thème n'a pas encore de groupe : il n'y a rien à synthétiser.")
    return allow_if(
        queries.in_progress(theme) is None, "Une synthèse de ce thème est déjà en cours : ouvrez-la et complétez-la."
    )


def _article(theme: Theme) -> str:
    campaign = theme.campaign
    return f"{campaign.edition_id}#{campaign.edition.topic('synthesis').anchor}"


def may_join(person: Person, at: datetime) -> Verdict:
    """Open a transversal synthesis: the bureau over any themes, an expert over several of which she leads one."""
    return allow_if(
        roles(person, at) & {Role.NATIONAL, Role.EXPERT},
        "Une synthèse transversale est ouverte par le bureau national, ou par l'expert d'un de ses thèmes.",
    )


def may_see(person: Person, synthesis: Synthesis, at: datetime) -> Verdict:
    return allow_if(
        standing(person, synthesis, at) & states.READERS,
        "Avant sa publication, une synthèse est lue par le groupe national de ses thèmes : experts, inspection "
        "générale, professeurs référents et bureau national.",
    )


def is_author(person: Person, synthesis: Synthesis, at: datetime) -> Verdict:
    """Whether the person writes it, in whatever state it is."""
    return allow_if(
        standing(person, synthesis, at) & states.AUTHORS,
        "La synthèse est écrite par les experts de ses thèmes ou par le bureau national.",
    )


def may_edit(person: Person, synthesis: Synthesis, at: datetime) -> Verdict:
    verdict = is_author(person, synthesis, at)
    if not verdict:
        return verdict
    label = states.SYNTHESIS.states[synthesis.state]
    return allow_if(
        synthesis.state in states.EDITABLE,
        f"La synthèse est à l'état « {label} » : elle ne se modifie pas. Reprenez-en d'abord la rédaction.",
    )


def may_move(verb: str, person: Person, synthesis: Synthesis, at: datetime) -> Verdict:
    """The table of states, then: who wrote it does not judge it."""
    verdict = states.SYNTHESIS.check(verb, synthesis.state, standing(person, synthesis, at))
    if not verdict or verb not in states.DECISIONS:
        return verdict
    return allow_if(
        not wrote(person, synthesis),
        "Qui a écrit la synthèse ne la juge pas : laissez cette décision à une autre personne.",
        _article(synthesis.theme),
    )


def wrote(person: Person, synthesis: Synthesis) -> bool:
    entries = Entry.objects.filter(object_type=synthesis._meta.label_lower, object_id=str(synthesis.pk))
    return synthesis.created_by_id == person.pk or entries.filter(actor_id=person.pk, verb__in=WRITING).exists()


def moves(person: Person, synthesis: Synthesis, at: datetime) -> list[tuple[Move, Verdict]]:
    """The moves this person might make from this state, each with its verdict."""
    held = standing(person, synthesis, at)
    found = states.SYNTHESIS.available(synthesis.state, held)
    return [(move, may_move(move.verb, person, synthesis, at)) for move in found]


def may_publish(person: Person, synthesis: Synthesis, at: datetime) -> Verdict:
    return may_move("publish", person, synthesis, at)


def may_withdraw(person: Person, synthesis: Synthesis, at: datetime) -> Verdict:
    return may_move("withdraw", person, synthesis, at)


def may_correct(person: Person, synthesis: Synthesis, at: datetime) -> Verdict:
    """Add an erratum to what is on line."""
    verdict = is_author(person, synthesis, at)
    return verdict and allow_if(_online(synthesis), "Cette synthèse n'est pas en ligne : il n'y a rien à corriger.")


def may_send(person: Person, synthesis: Synthesis, at: datetime) -> Verdict:
    """Send it to the groups and to the lists."""
    verdict = is_author(person, synthesis, at)
    return verdict and allow_if(
        _online(synthesis), "La synthèse s'envoie une fois publiée : elle mène à sa page publique."
    )


def _online(synthesis: Synthesis) -> bool:
    public = queries.of_public(synthesis)
    return public is not None and public.state == PublicSynthesis.State.PUBLISHED


def may_remark(person: Person, synthesis: Synthesis, at: datetime) -> Verdict:
    """The national group says what it thinks of it while it is not public."""
    verdict = may_see(person, synthesis, at)
    return verdict and allow_if(
        synthesis.state in {"draft", "returned", "submitted"},
        f"La synthèse est à l'état « {states.SYNTHESIS.states[synthesis.state]} » : elle n'attend plus de remarque.",
    )


def may_answer(person: Person, said: Said, at: datetime) -> Verdict:
    return is_author(person, said.synthesis, at) and allow_if(
        said.remark.closed_at is None, "Cette remarque est close : elle n'attend plus de réponse."
    )


def may_close(person: Person, said: Said, at: datetime) -> Verdict:
    """Say a remark is settled: who made it, and the general inspector."""
    verdict = may_see(person, said.synthesis, at)
    if not verdict:
        return verdict
    if said.remark.closed_at is not None:
        return refuse("Cette remarque est déjà close.")
    if said.remark.by_id == person.pk:
        return ALLOWED
    return allow_if(
        standing(person, said.synthesis, at) & states.JUDGES,
        "Une remarque est close par qui l'a faite, ou par l'inspection générale.",
    )


def may_keep_lists(person: Person, at: datetime) -> Verdict:
    return allow_if(Role.NATIONAL in roles(person, at), "Les listes de diffusion sont tenues par le bureau national.")


def may_keep_list(person: Person, kept: MailingList, at: datetime) -> Verdict:
    return may_keep_lists(person, at)
