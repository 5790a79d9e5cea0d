"""What the groups of the demonstration tell and share: a few notes, addresses and documents, through the actions."""

from datetime import datetime, timedelta

from traam.programme.groups import actions
from traam.programme.groups.models import Group
from traam.programme.people.models import Person

NOTES = (
    (10, "on_time", "Le groupe est au complet. Deux idées de scénarios, chacune portée par un binôme.", ""),
    (
        45,
        "fragile",
        "Le premier scénario est écrit et relu. Le second attend une classe pour son test : celle qui était prévue "
        "n'est plus disponible avant les vacances.",
        "Une classe de troisième, dans un autre collège, pour deux séances.",
    ),
)
WATCH = (
    (
        "https://eduscol.education.fr/",
        "Éduscol : repères sur l'intelligence artificielle",
        "Ce que l'institution attend, à citer dans chaque scénario.",
        "IA, cadre",
    ),
    (
        "https://www.clemi.fr/",
        "CLEMI : vérifier une image",
        "Des fiches courtes, déjà essayées en collège ; elles complètent notre deuxième séance.",
        "esprit critique, images",
    ),
)


def tell_and_share(group: Group, referent: Person, september: datetime) -> None:
    """The notes, the watch and the documents of a group, over its autumn."""
    for days, mood, text, need in NOTES:
        when = september + timedelta(days=days)
        actions.write_note(group, mood=mood, text=text, need=need, actor=referent, at=when)
    for days, (address, title, why, tags) in enumerate(WATCH, start=20):
        when = september + timedelta(days=days)
        actions.share_watch(group, address=address, title=title, why=why, tags=tags, actor=referent, at=when)
    when = september + timedelta(days=25)
    actions.share_document(
        group,
        title="Grille de relecture entre groupes",
        address="https://nuage.traam.invalid/grille-de-relecture",
        licence="CC-BY-SA",
        terms_read_on=when.date(),
        personal_data="none",
        actor=referent,
        at=when,
    )
    actions.share_document(
        group,
        title="Photographies du premier test en classe",
        address="https://nuage.traam.invalid/premier-test",
        personal_data="pupils",
        actor=referent,
        at=when,
    )
