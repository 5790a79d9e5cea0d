from datetime import datetime

from django.utils.timezone import localtime

from traam.engines.workflow import Verdict, allow_if, refuse
from traam.programme.campaigns import states
from traam.programme.campaigns.models import Amendment, Campaign, Theme
from traam.programme.people.models import Person, Role
from traam.programme.people.policies import roles


def standing(person: Person, theme: Theme, at: datetime) -> frozenset[str]:
    """What the person is to a theme: the national team, its expert, its general inspector.

    Who leads a theme does as long as her appointment lasts: its end takes the theme with it.
    """
    leads = {steward.role for steward in theme.stewards.all() if steward.person_id == person.pk}
    return roles(person, at) & (leads | {Role.NATIONAL})


def national_standing(person: Person, at: datetime) -> frozenset[str]:
    return roles(person, at) & {Role.NATIONAL}


def may_prepare(person: Person, at: datetime) -> Verdict:
    return allow_if(national_standing(person, at), "Seul le bureau national prépare les campagnes.")


def may_copy(person: Person, source: Campaign, at: datetime) -> Verdict:
    """Begin a campaign from another, whatever became of it."""
    return may_prepare(person, at)


def may_steer(person: Person, campaign: Campaign, at: datetime) -> Verdict:
    """See a campaign as those who run it do: every page of the steering space on one campaign."""
    return allow_if(national_standing(person, at), "Les campagnes sont pilotées par le bureau national.")


def may_see(person: Person, campaign: Campaign, at: datetime) -> Verdict:
    """A campaign in preparation is the national team's; an open one is everyone's who takes part."""
    return allow_if(
        campaign.state != "draft" or national_standing(person, at),
        "Cette campagne est en préparation : l'appel n'est pas encore ouvert.",
    )


def may_change(person: Person, campaign: Campaign, at: datetime) -> Verdict:
    """Correct a campaign; of an open or closed call, the title only: its dates change by amendment."""
    return may_prepare(person, at) and allow_if(
        campaign.state != "archived", "La campagne est archivée : elle ne change plus."
    )


def may_amend(person: Person, campaign: Campaign, kind: str, at: datetime) -> Verdict:
    """Sign an amendment. A deadline is put off in a closed call too, so that it is reopened."""
    verdict = may_change(person, campaign, at)
    if not verdict or kind != Amendment.Kind.DATE:
        return verdict
    return allow_if(
        campaign.state != "draft",
        "L'appel n'est pas encore ouvert : ses dates se corrigent sur la page de la campagne, sans avenant.",
    )


def may_change_themes(person: Person, campaign: Campaign, at: datetime) -> Verdict:
    return may_prepare(person, at) and allow_if(
        campaign.state in {"draft", "open"},
        f"La campagne est à l'état « {states.CAMPAIGN.states[campaign.state]} » : ses thèmes ne changent plus.",
    )


def may_move(verb: str, person: Person, campaign: Campaign, at: datetime) -> Verdict:
    return states.CAMPAIGN.check(verb, campaign.state, national_standing(person, at))


def may_move_theme(verb: str, person: Person, theme: Theme, at: datetime) -> Verdict:
    return states.THEME.check(verb, theme.state, national_standing(person, at))


def may_link_research(person: Person, theme: Theme, at: datetime) -> Verdict:
    """Say which research groups a theme is linked with."""
    if not standing(person, theme, at):
        return refuse(
            "Les groupes de recherche sont reliés par les experts du thème, l'inspection générale ou le bureau."
        )
    return allow_if(theme.campaign.state != "archived", "La campagne est archivée : ses thèmes ne changent plus.")


def accepts_applications(theme: Theme, at: datetime) -> Verdict:
    """Whether applications to this theme may still be entered, changed or forwarded."""
    campaign = theme.campaign
    if campaign.state != "open":
        label = states.CAMPAIGN.states[campaign.state]
        return Verdict(False, f"L'appel de la campagne « {campaign} » n'est pas ouvert (état : {label}).")
    if theme.state != "open":
        return Verdict(
            False, f"Le thème « {theme} » est fermé aux candidatures : choisissez un autre thème de l'appel."
        )
    return before_deadline(campaign, at)


def before_deadline(campaign: Campaign, at: datetime) -> Verdict:
    """The last day counts until midnight in Paris."""
    due = campaign.on("applications_due")
    milestone = campaign.edition.milestone("applications_due")
    return allow_if(
        due is None or localtime(at).date() <= due,
        f"La date limite de remontée est passée : c'était le {due:%d/%m/%Y}. "
        "Le bureau national peut la repousser par un avenant."
        if due
        else "?",
        f"{campaign.edition_id}#{milestone.article}" if milestone else "",
    )
