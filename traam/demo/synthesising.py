"""The syntheses of the demonstration: one on line, one being written, and the lists they are sent to."""

from datetime import datetime, timedelta

from traam.programme.campaigns.models import Theme
from traam.programme.people.models import Person
from traam.programme.productions.models import ClassTest
from traam.programme.valorisation.syntheses import actions

PUBLISHED = {
    "question": "Comment un retour **parlé**, plutôt qu'écrit, aide-t-il un élève à reprendre son travail ?",
    "work": "Les {{ equipes }} équipes du thème comptent {{ personnes }} personnes. Elles ont écrit "
    "{{ scenarios }} scénario, essayé dans {{ tests }} classe avec {{ eleves }} élèves.\n\n{{ tableau:niveaux }}",
    "findings": "Le retour parlé est **écouté deux fois** : l'élève y revient pour corriger.\n\n{{ citation:1 }}",
    "conditions": "- Un casque pour chaque élève\n- Un lieu calme pour enregistrer\n"
    "- Une limite d'une minute par retour",
    "recommendations": "Aux équipes : écrire le scénario avec sa durée. Aux académies : prêter des casques.",
}
BEGUN = {
    "question": "Que peut apprendre un élève **avec** et **sur** l'intelligence artificielle ?",
    "work": "Depuis septembre, {{ academies }} académies travaillent sur ce thème.\n\n{{ tableau:academies }}",
}
REMARK = "Dites aussi ce qui n'a pas marché : la mise en commun a débordé dans notre classe."
LISTS = {"igesr": "IGÉSR", "dgesco": "DGESCO", "ih2ef": "IH2EF"}


def write_syntheses(
    published: Theme, begun: Theme, expert: Person, judge: Person, bureau: Person, referent: Person, now: datetime
) -> None:
    """`referent` is in the national group of the theme whose synthesis is begun."""
    for key, name in LISTS.items():
        text = f"Secrétariat {name} <secretariat.{key}@demo.traam.invalid>"
        actions.save_list(key, name, text, actor=bureau, at=now - timedelta(days=20))
    _publish(published, expert, judge, now - timedelta(days=12))
    made = actions.open_synthesis(begun, actor=expert, at=now - timedelta(days=6))
    actions.save_synthesis(
        made,
        BEGUN,
        title=made.title,
        licence="CC-BY-SA",
        nobody_named=False,
        revision=made.revision,
        actor=expert,
        at=now - timedelta(days=5),
    )
    actions.remark(made, "work", "", REMARK, actor=referent, at=now - timedelta(days=2))


def _publish(theme: Theme, expert: Person, judge: Person, at: datetime) -> None:
    made = actions.open_synthesis(theme, title=f"Premier point d'étape : {theme.title}", actor=expert, at=at)
    test = ClassTest.objects.filter(scenario__group__application__theme=theme).order_by("pk")[0]
    words = test.worked.rstrip(".")
    actions.cite(made, f"test:{test.pk}", "worked", words, actor=expert, at=at)
    actions.save_synthesis(
        made,
        PUBLISHED,
        title=made.title,
        licence="CC-BY-SA",
        nobody_named=True,
        revision=made.revision,
        actor=expert,
        at=at,
    )
    made = actions.move(made, "submit", actor=expert, at=at)
    made = actions.move(made, "validate", actor=judge, at=at)
    actions.publish(made, actor=expert, at=at)
