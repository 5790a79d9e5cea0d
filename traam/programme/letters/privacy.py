"""To be forgotten: asked by a person or due at the end of retention, decided by the national team, told to everyone."""

from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import transaction

from traam.engines.workflow import Invalid, Refused, Verdict, allow_if, refuse
from traam.programme.journal.actions import Actor, System, record
from traam.programme.letters.actions import tell, write
from traam.programme.people import forgetting
from traam.programme.people.models import Forgetting, Person, Role
from traam.programme.people.policies import is_national
from traam.programme.people.queries import holders
from traam.programme.people.rewriting import label_of

# Days between the decision, which the person is told of, and what is done.
NOTICE_ASKED, NOTICE_AT_THE_END = 7, 30
PAGE = "/pilotage/effacements"


def may_decide(person: Person, row: Forgetting, at: datetime) -> Verdict:
    if verdict := is_national(person, at):
        return allow_if(row.person_id != person.pk, "Personne ne décide pour soi-même : demandez-le à un autre membre.")
    else:
        return verdict


def may_read(person: Person, row: Forgetting, at: datetime) -> Verdict:
    return is_national(person, at)


def may_accept(person: Person, row: Forgetting, at: datetime) -> Verdict:
    if not (verdict := may_decide(person, row, at)):
        return verdict
    if row.state != Forgetting.State.ASKED:
        return refuse("Cette demande n'attend plus de décision.")
    needed = forgetting.needs(row.person, at)
    return allow_if(not needed, f"Le programme a encore besoin de ces données : cette personne {' ; '.join(needed)}.")


def may_keep(person: Person, row: Forgetting, at: datetime) -> Verdict:
    if not (verdict := may_decide(person, row, at)):
        return verdict
    return allow_if(row.state in forgetting.OPEN, "Cette demande est déjà traitée.")


@transaction.atomic
def ask(reason: str, names: bool, *, about: Person | None = None, actor: Person, at: datetime) -> Forgetting:
    """Ask to be forgotten; `names`: also on the works that she signed. The national team asks for who wrote to it."""
    person = about or actor
    if person.pk != actor.pk:
        is_national(actor, at).require()
    Person.objects.select_for_update().get(pk=person.pk)
    if forgetting.open_one(person):
        raise Refused(refuse("La demande est déjà faite : le bureau national y répond par courriel."))
    if forgetting.is_forgotten(person):
        raise Refused(refuse("Ces données sont déjà effacées."))
    row = Forgetting.objects.create(person=person, asked_by=actor, asked_at=at, reason=reason.strip(), names=names)
    record("ask_forgetting", person, actor=actor, at=at, reason=row.reason, data={"names": names})
    for member in holders(Role.NATIONAL, at):
        tell(
            f"forgetting:{row.pk}:{member.pk}",
            to=member,
            text=f"L'effacement des données de {person.name} est demandé.",
            label="Répondre à la demande",
            address=f"{PAGE}/{row.pk}",
            at=at,
        )
    return row


@transaction.atomic
def accept(row: Forgetting, *, actor: Person, at: datetime) -> Forgetting:
    """Agree; it is done after a few days, by the worker. The person is told what will be done."""
    row = _locked(row)
    may_accept(actor, row, at).require()
    row.state, row.decided_by, row.decided_at = Forgetting.State.ACCEPTED, actor, at
    row.due = at.date() + timedelta(days=NOTICE_ASKED if row.asked_by_id else NOTICE_AT_THE_END)
    row.save()
    record("accept_forgetting", row.person, actor=actor, at=at, data={"due": row.due.isoformat()})
    _announce(row, row.due, at)
    return row


@transaction.atomic
def keep(row: Forgetting, answer: str, *, actor: Person, at: datetime) -> Forgetting:
    """Refuse, or stop what was to be done, with a reason that the person receives."""
    row = _locked(row)
    may_keep(actor, row, at).require()
    if not answer.strip():
        raise Invalid({"answer": ["Dites pourquoi ces données sont gardées : la personne le lira."]})
    row.state, row.answer, row.decided_by, row.decided_at = Forgetting.State.KEPT, answer.strip(), actor, at
    row.save()
    record("keep_data", row.person, actor=actor, at=at, reason=row.answer)
    if row.asked_by_id:
        body = f"Votre demande d'effacement n'est pas suivie pour l'instant. Motif : {row.answer}\n\n{RIGHTS}"
        _write("kept", row, "Vos données sont gardées", body, at)
    return row


@transaction.atomic
def propose_at_the_end(*, at: datetime) -> int:
    """Announce, thirty days before, whom the end of retention will forget: to her, and to the national team."""
    found = forgetting.at_their_end(at)
    due = at.date() + timedelta(days=NOTICE_AT_THE_END)
    for person in found:
        row = Forgetting.objects.create(
            person=person, asked_at=at, state=Forgetting.State.ACCEPTED, due=due, decided_at=at
        )
        record("propose_forgetting", person, actor=System(), at=at, data={"due": due.isoformat()})
        _announce(row, due, at)
    if found:
        for member in holders(Role.NATIONAL, at):
            tell(
                f"forgettings:{at.date()}:{member.pk}",
                to=member,
                text=f"Les données de {len(found)} personne(s) seront effacées le {due:%d/%m/%Y}, au terme de leur "
                "conservation : relisez la liste.",
                label="Relire la liste",
                address=PAGE,
                due=due,
                at=at,
            )
    return len(found)


def forget_those_due(*, at: datetime) -> int:
    """Forget whoever's day has come, one transaction each; who is needed again waits."""
    done = 0
    for pk in Forgetting.objects.filter(state=Forgetting.State.ACCEPTED, due__lte=at.date()).values_list(
        "pk", flat=True
    ):
        done += _forget(pk, at=at)
    return done


@transaction.atomic
def _forget(pk: int, *, at: datetime) -> bool:
    row = _locked(Forgetting(pk=pk))
    if row.state != Forgetting.State.ACCEPTED or forgetting.needs(row.person, at):
        return False
    actor: Actor = row.decided_by or System()
    forgetting.forget(row, actor=actor, at=at)
    return True


def _locked(row: Forgetting) -> Forgetting:
    return Forgetting.objects.select_for_update(of=("self",)).select_related("person", "decided_by").get(pk=row.pk)


RIGHTS = (
    "Vous pouvez écrire au bureau national, au délégué à la protection des données de l'organisme qui exploite le "
    "site, ou saisir la CNIL (https://www.cnil.fr/fr/plaintes)."
)


def _announce(row: Forgetting, due: date, at: datetime) -> None:
    signed = (
        "Votre nom sera aussi retiré des œuvres publiées que vous avez signées."
        if row.names
        else "Les œuvres publiées que vous avez accepté de signer gardent votre nom (droit d'auteur)."
    )
    why = "Vous avez demandé à être oublié." if row.asked_by_id else "Rien ne vous lie au programme depuis trois ans."
    body = (
        f"{why} Le {due:%d/%m/%Y}, votre compte sera fermé ; votre nom, votre adresse et votre téléphone seront "
        f"remplacés par « {label_of(row.person)} » partout où ils sont écrits, journal compris ; vos courriels, vos "
        "sessions et vos réglages seront effacés. Restent les pièces justificatives du service fait, dix ans, et "
        f"l'histoire du programme, par ce numéro. {signed}\n\nD'ici là, la page « Mes données » vous donne une copie "
        f"de tout ce que le site garde de vous :\n{settings.SITE_ADDRESS}/mes-donnees\n\n{RIGHTS}"
    )
    _write("announced", row, f"Vos données seront effacées le {due:%d/%m/%Y}", body, at)


def _write(what: str, row: Forgetting, subject: str, body: str, at: datetime) -> None:
    letter = f"Bonjour {row.person.name},\n\n{body}\n\nLa plateforme des TraAM"
    write(f"forgetting:{what}:{row.pk}", to=row.person, subject=subject, body=letter, at=at)
