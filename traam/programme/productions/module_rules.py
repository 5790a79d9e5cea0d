"""What a training module must hold before it is submitted: what the edition asks, and what leaving asks."""

from traam.engines.parcours import Fault
from traam.engines.rulebook import Finding
from traam.engines.sharing.pictures import images_named
from traam.programme.productions import courses
from traam.programme.productions.courses import DOCUMENTS
from traam.programme.productions.models import Module
from traam.programme.productions.queries import modules as queries
from traam.programme.productions.rules import SOCIAL


def facts(module: Module) -> dict[str, object]:
    """The facts of a module read whole, as the rules know them."""
    return {
        "kind": "module",
        "title": module.title,
        "summary": module.summary,
        "disciplines": module.disciplines,
        "levels": module.levels,
        "crcn": module.competences,
        "licence": module.licence,
        "sections_missing": [title for name, title, _ in DOCUMENTS if not getattr(module, name).strip()],
        "open_access": True,  # hosted here, on a public page
        "rights_checked": module.terms_read and module.personal_data_checked,
        "tests": 0,
        "social_links": len(SOCIAL.findall(_everything(module))),
    }


def _everything(module: Module) -> str:
    texts = [module.summary, module.objectives, *(getattr(module, name) for name, _, _ in DOCUMENTS)]
    texts += [section.summary for section in module.sections.all()]
    for activity in queries.activities(module):
        texts += [activity.body, activity.address, activity.transcript, *map(str, activity.questions)]
    return "\n".join(texts)


def findings(module: Module) -> tuple[Finding, ...]:
    """Every obligation of the edition on this module, met or not, each with its article."""
    return module.theme.campaign.edition.judge("production", facts(module))


def to_mend(module: Module) -> list[Finding]:
    """What the platform asks for the module to be whole and to leave, each as a finding of the article on modules."""
    article = module.theme.campaign.edition.topic("module").anchor
    lacking = [
        (name, f"{title} : ce document est vide.", "Écrivez-le.")
        for name, title, _ in DOCUMENTS
        if not getattr(module, name).strip()
    ]
    lacking += [("outline", str(fault), "") for fault in image_faults(module)]
    lacking += [("outline", str(fault), "") for fault in courses.faults(module)]
    return [
        Finding(
            rule_id=f"module-{fact}",
            fact=fact,
            label="Un module entier, qui s'exporte",
            article=article,
            severity="blocking",
            met=False,
            actual=None,
            expected=None,
            message=message,
            todo=todo,
            due="",
        )
        for fact, message, todo in lacking
    ]


def image_faults(module: Module) -> list[Fault]:
    """The images of the pages that say nothing of themselves, or are not there."""
    found = []
    for activity in queries.activities(module):
        for image in images_named(activity.body):
            where = (activity.section.title, activity.title)
            if image.number != activity.pk or not activity.file:
                sentence = f"le texte montre une image qui n'y est pas ({image.source}) : déposez-la dans la page."
                found.append(Fault(sentence, *where))
            elif not image.alternative:
                sentence = "l'image ne dit pas ce qu'elle montre : écrivez-le entre les crochets, ![ainsi](fichier:…)."
                found.append(Fault(sentence, *where))
    return found


def breaches(module: Module) -> list[Finding]:
    """What must be mended before the module is submitted."""
    return [f for f in findings(module) if not f.met and f.severity == "blocking"] + to_mend(module)
