"""What a Common Cartridge cannot say: told before the export, and only what this very module would lose."""

from collections.abc import Iterator

from traam.engines.parcours.model import Activity, Completion, Course, Kind, Question, QuestionKind
from traam.engines.parcours.texts import typeset


def losses(course: Course) -> list[str]:
    """French sentences, from the gravest; empty when nothing would be lost."""
    told = (*_progress(course.activities), *_kinds(course), *_questions(course), *_course(course))
    return [typeset(loss) for loss in told]


def _progress(activities: tuple[Activity, ...]) -> Iterator[str]:
    if any(activity.requires for activity in activities):
        yield "Les conditions d'accès sont perdues : tout est ouvert dès le début."
    if any(activity.done is not Completion.NONE for activity in activities):
        yield "Le suivi d'achèvement est perdu : la plateforme ne saura plus qui a terminé."
    if any(activity.kind is Kind.QUIZ for activity in activities):
        yield "La note de passage des questionnaires et leur barème sont perdus."


def _kinds(course: Course) -> Iterator[str]:
    kinds = {activity.kind for activity in course.activities}
    if Kind.TASK in kinds:
        yield "Un travail à rendre devient une page : le dépôt est à recréer."
    if Kind.H5P in kinds:
        yield "Une activité H5P devient un fichier à télécharger : il faut la réimporter à la main."
    if any(document.for_trainers for document in course.documents):
        yield "Les documents pour les formateurs ne restent cachés que si la plateforme lit leur rôle (Moodle le fait)."


def _questions(course: Course) -> Iterator[str]:
    questions = [question for activity in course.activities for question in activity.questions]
    kinds = {question.kind for question in questions}
    if QuestionKind.CHOICES in kinds:
        yield "Une question à plusieurs réponses est notée tout ou rien, et Moodle réunit ses commentaires en un seul."
    if any(_says_more(question) for question in questions):
        yield "Moodle perd le commentaire d'une réponse courte juste."


def _says_more(question: Question) -> bool:
    right = [answer for answer in question.answers if answer.right]
    return question.kind is QuestionKind.SHORT and any(answer.feedback.strip() for answer in right)


def _course(course: Course) -> Iterator[str]:
    yield "Le champ « durée » du cours est perdu : les durées restent écrites dans les titres et les pages."
    if course.sections:
        yield "Moodle met le titre de chaque partie dans son résumé, et laisse son nom vide."
    files = [activity.file for activity in course.activities] + [document.file for document in course.documents]
    if any(files):
        yield "La licence et l'auteur de chaque fichier sont perdus ; ceux du module restent."
