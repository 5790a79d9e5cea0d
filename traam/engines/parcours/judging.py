"""May this module leave? What forbids it, said to whoever can mend it: where, and what to do."""

import io
import re
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from traam.engines.parcours.model import (
    Activity,
    Answer,
    Completion,
    Course,
    Document,
    File,
    Kind,
    Question,
    QuestionKind,
    Section,
)
from traam.engines.parcours.texts import clean, one_line, references, typeset, words

MAX_BYTES = 512 * 2**20  # what m@gistère takes
MAX_ANSWERS = 10  # shares of a tenth are the smallest that Moodle's own editor knows
_SHORTNAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
_WEB = re.compile(r"https?://[^\s<>\"']+", re.IGNORECASE)
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_NOBODY = re.compile(r"@(?:.*\.)?(?:ex[ae]mple(?:\.\w+)?|invalid|test)$", re.IGNORECASE)
_WITH_FILE = (Kind.H5P, Kind.FILE, Kind.TASK)


@dataclass(frozen=True)
class Fault:
    """One thing to mend. `section` and `activity` are titles, empty when the fault is of the whole."""

    sentence: str
    section: str = ""
    activity: str = ""

    def __str__(self) -> str:
        where = []
        if self.section:
            where.append(f"partie « {self.section} »")
        if self.activity:
            where.append(f"activité « {self.activity} »")
        said = f"{', '.join(where)} : {self.sentence}" if where else self.sentence
        return typeset(said[:1].upper() + said[1:])


class NotExportable(ValueError):
    """The module may not leave: `faults` say why."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__(" ".join(str(fault) for fault in faults))
        self.faults = faults


def judge(course: Course) -> list[Fault]:
    """What makes the module not exportable, in the order of the module; empty when it may leave."""
    faults = [Fault(sentence) for sentence in _whole(course)]
    seen: dict[str, Activity] = {}
    for section in course.sections:
        faults += [Fault(sentence, _title(section.title)) for sentence in _section(section)]
        for activity in section.activities:
            place = (_title(section.title), _title(activity.title))
            faults += [Fault(sentence, *place) for sentence in _activity(activity, seen)]
            seen.setdefault(_key(activity.title), activity)
    return [replace(fault, sentence=typeset(fault.sentence)) for fault in faults]


def _whole(course: Course) -> Iterator[str]:
    if not words(course.title):
        yield "le module n'a pas de titre : donnez-lui en un."
    if not _SHORTNAME.fullmatch(course.shortname):
        yield "le nom abrégé du module ne prend que des lettres sans accent, des chiffres, « . », « - » et « _ »."
    if not course.sections:
        yield "le module n'a aucune partie : ajoutez-en une, avec ses activités."
    yield from _sum(course)
    yield from _twice("deux parties s'appellent « {} » : renommez l'une d'elles.", (s.title for s in course.sections))
    titles = (activity.title for activity in course.activities)
    yield from _twice("deux activités s'appellent « {} » : renommez l'une d'elles.", titles)
    yield from _address("le résumé du module", course.summary_html)
    yield from _missing("le résumé du module", course.summary_html, ())
    for author in course.authors:
        yield from _address("la signature des auteurs", author)
    for document in course.documents:
        yield from _document(document)
    weight = sum(len(file.data) for file in _files(course))
    if weight > MAX_BYTES:
        yield f"les fichiers pèsent {weight // 2**20} Mo, au-delà des 512 Mo que m@gistère accepte : allégez-les."


def _sum(course: Course) -> Iterator[str]:
    announced, total = course.minutes, course.total
    if announced <= 0:
        yield "aucune durée n'est annoncée : indiquez-la, en minutes."
    elif course.activities and abs(total - announced) * 10 > announced:
        parts = " + ".join(str(section.minutes) for section in course.sections)
        yield (
            f"les activités durent {total} min en tout ({parts}) quand le module en annonce {announced} : "
            "corrigez la durée des activités ou celle du module (écart admis : 10 %)."
        )


def _twice(sentence: str, titles: Iterator[str]) -> Iterator[str]:
    shown: dict[str, str] = {}
    counts: Counter[str] = Counter()
    for title in titles:
        shown.setdefault(_key(title), _title(title))
        counts[_key(title)] += 1
    for key, count in counts.items():
        if key and count > 1:
            yield sentence.format(shown[key])


def _document(document: Document) -> Iterator[str]:
    name = f"le document « {_title(document.title)} »"
    if not words(document.title):
        yield "un document du module n'a pas de titre : donnez-lui en un."
    if not document.file and not _says(document.html):
        yield f"{name} est vide : écrivez-le, joignez un fichier, ou retirez-le."
    if document.file:
        yield from _empty_file(document.file)
    yield from _missing(name, document.html, document.images)
    yield from _address(name, document.html)


def _section(section: Section) -> Iterator[str]:
    if not words(section.title):
        yield "cette partie n'a pas de titre : donnez-lui en un."
    if not section.activities:
        yield "cette partie n'a aucune activité : ajoutez-en une ou supprimez la partie."
    yield from _missing("la présentation", section.summary_html, ())
    yield from _address("la présentation", section.summary_html)


def _activity(activity: Activity, seen: dict[str, Activity]) -> Iterator[str]:
    if not words(activity.title):
        yield "cette activité n'a pas de titre : donnez-lui en un."
    if activity.minutes < 0:
        yield "sa durée est négative : indiquez un nombre de minutes."
    if activity.kind in (Kind.LINK, Kind.VIDEO) and not _is_web(activity.address):
        yield "son adresse ne commence pas par https:// ou http:// : recopiez l'adresse complète de la page."
    yield from _contents(activity)
    yield from _carried(activity)
    yield from _requirement(activity, seen)
    shown = activity.html + activity.transcript_html
    yield from _missing("le texte", shown, activity.images)
    yield from _address("le texte", shown)


def _contents(activity: Activity) -> Iterator[str]:
    if activity.kind in (Kind.PAGE, Kind.LABEL) and not _says(activity.html):
        yield "la page est vide : écrivez-la ou supprimez-la."
    if activity.kind is Kind.VIDEO and not words(activity.transcript_html):
        yield (
            "cette vidéo n'a pas de transcription : écrivez ce qui s'y dit et s'y voit, pour qui ne peut pas "
            "l'entendre ou la voir."
        )
    if activity.kind is Kind.QUIZ:
        if not activity.questions:
            yield "ce questionnaire n'a aucune question : ajoutez-en une."
        for rank, question in enumerate(activity.questions, 1):
            for sentence in _question(question):
                yield f"question {rank} : {sentence}"


def _carried(activity: Activity) -> Iterator[str]:
    if activity.file:
        yield from _empty_file(activity.file)
        if activity.kind not in _WITH_FILE:
            yield "un fichier ne se joint qu'à un document, un H5P ou un travail : faites-en une activité à part."
        elif activity.kind is Kind.H5P and activity.file.data and not _is_h5p(activity.file.data):
            yield f"« {_title(activity.file.name)} » n'est pas un H5P : exportez-le de nouveau (extension .h5p)."
    elif activity.kind is Kind.H5P:
        yield "le fichier H5P manque : déposez le fichier .h5p."
    elif activity.kind is Kind.FILE:
        yield "le document manque : déposez le fichier."


def _requirement(activity: Activity, seen: dict[str, Activity]) -> Iterator[str]:
    if not activity.requires:
        return
    before = seen.get(_key(activity.requires))
    name = _title(activity.requires)
    if before is None:
        yield f"elle attend « {name} », qui n'est pas une activité placée avant elle : changez l'ordre ou la condition."
    elif before.done is Completion.NONE:
        yield f"elle attend « {name} », dont l'achèvement n'est pas suivi : choisissez une autre activité."


def _question(question: Question) -> Iterator[str]:
    right = [answer for answer in question.answers if answer.right]
    if not _says(question.text_html):
        yield "l'énoncé est vide : écrivez-le."
    if not right:
        yield "aucune réponse n'est juste : cochez la bonne."
    if any(not words_of(answer) for answer in question.answers):
        yield "une réponse est vide : écrivez-la ou retirez-la."
    yield from _answers(question, len(right))
    yield from _missing("l'énoncé", question.text_html + question.feedback_html, ())
    for text in (question.text_html, question.feedback_html, *(f"{a.text} {a.feedback}" for a in question.answers)):
        yield from _address("la question", text)


def _answers(question: Question, right: int) -> Iterator[str]:
    texts = [words_of(answer) for answer in question.answers]
    match question.kind:
        case QuestionKind.CHOICE if right > 1:
            yield "plusieurs réponses sont justes : gardez-en une, ou choisissez « plusieurs réponses »."
        case QuestionKind.TRUE_FALSE if sorted(text.casefold() for text in texts) != ["faux", "vrai"] or right > 1:
            yield "les deux réponses doivent être « Vrai » et « Faux », et une seule juste."
        case QuestionKind.CHOICE | QuestionKind.CHOICES if len(texts) < 2:
            yield "il n'y a pas de choix : proposez au moins deux réponses."
    if question.kind is QuestionKind.CHOICES and max(right, len(texts) - right) > MAX_ANSWERS:
        yield f"plus de {MAX_ANSWERS} réponses justes, ou fausses : retirez-en."
    if len(set(texts)) < len(texts):
        yield "deux réponses sont identiques : corrigez l'une d'elles."


def words_of(answer: Answer) -> str:
    """The text of an answer as it is compared: one line, nothing around."""
    return " ".join(clean(answer.text).split())


def _missing(what: str, html: str, carried: tuple[File, ...]) -> Iterator[str]:
    names = {file.name for file in carried}
    for name in dict.fromkeys(references(html)):
        if name not in names:
            yield f"{what} montre le fichier « {_title(name)} », qui n'est pas joint : déposez-le ou retirez l'image."


def _address(what: str, html: str) -> Iterator[str]:
    """E-mail addresses: a module goes where nobody can take them back."""
    text = _WEB.sub(" ", f"{html} {words(html)}")
    for address in sorted(set(_EMAIL.findall(text))):
        if not _NOBODY.search(address):
            yield f"{what} contient l'adresse électronique {address} : retirez-la, un fichier parti ne se reprend pas."


def _empty_file(file: File) -> Iterator[str]:
    if not file.data:
        yield f"le fichier « {_title(file.name)} » est vide : déposez-le de nouveau."


def _is_web(address: str) -> bool:
    if address != clean(address).strip() or any(mark in address for mark in ' \n\t<>"'):
        return False
    try:
        parts = urlsplit(address)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and not parts.username
    except ValueError:
        return False


def _is_h5p(data: bytes) -> bool:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return "h5p.json" in archive.namelist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        return False


def _files(course: Course) -> Iterator[File]:
    carriers: tuple[Activity | Document, ...] = (*course.activities, *course.documents)
    for carrier in carriers:
        yield from carrier.images
        if carrier.file:
            yield carrier.file


def _says(html: str) -> bool:
    return bool(words(html)) or "<img" in html.lower()


def _title(text: str) -> str:
    return one_line(text, 80)


def _key(title: str) -> str:
    return one_line(title, 1000).casefold()
