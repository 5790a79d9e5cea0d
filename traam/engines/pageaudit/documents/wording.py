"""Judgements on what every kind of document says of itself: its title, its language, its alternatives."""

import re
import unicodedata
from dataclasses import dataclass

from traam.engines.pageaudit.documents.report import Report, shortened

_FILE_NAME = re.compile(
    r"\.(?:pdf|docx?|dotx?|odt|ott|pptx?|potx?|odp|otp|xlsx?|ods|rtf|indd|pub|jpe?g|png|gif|webp|svg|bmp|tiff?|heic"
    r"|emf|wmf)$",
    re.IGNORECASE,
)
_PRINTED = re.compile(r"^Microsoft (?:Office )?(?:Word|PowerPoint|Excel|Publisher)\s*-\s*", re.IGNORECASE)
_EMPTY_TITLES = re.compile(
    r"^(?:sans (?:titre|nom)|untitled|document|doc|présentation(?: powerpoint)?|powerpoint presentation|presentation"
    r"|diapositive|slide|titre|title|mise en page|nouveau document|new document|word document|document word|test"
    r"|modèle|cliquez (?:pour|et) .*titre|fichier|scan|numérisation)[\s_-]*\d*$",
    re.IGNORECASE,
)
_CAMERA = re.compile(
    r"^(?:img|dsc[nf]?|pxl|p|vid|screenshot|capture(?: d['’]écran)?|scan|photo|image|picture|graphic|whatsapp image)"
    r"[\s_-]*[\d\s_.:x-]*\d$",
    re.IGNORECASE,
)
_HOLLOW = frozenset(
    re.findall(
        r"\w+",
        "image images photo photos photographie illustration dessin picture img graphique graphic schéma figure logo "
        "icône icone capture alt texte vide description",
    )
)
_BY_MACHINE = re.compile(
    r"(?:description )?(?:générée?|generated) (?:automatiquement|automatically|par l['’]ia)|automatically generated"
    r"|généré par l['’]ia|AI-generated",
    re.IGNORECASE,
)
_FRENCH = frozenset(
    re.findall(r"\w+", "le la les de des du et un une est pour dans en que qui sur par avec ce au aux il se sont")
)
_ENGLISH = frozenset(
    re.findall(r"\w+", "the of and to in is for that with on as by are this be it from or an at which")
)
LANGUAGES = {
    "fr": "français",
    "en": "anglais",
    "de": "allemand",
    "es": "espagnol",
    "it": "italien",
    "pt": "portugais",
    "nl": "néerlandais",
}


def judge_title(report: Report, title: str) -> bool:
    """Whether the title of the properties is one; else a finding says why not."""
    said = shortened(title)
    if not said:
        report.fault(
            "doc.title",
            "Les propriétés du document ne portent pas de titre : une aide technique annonce le nom du fichier à la "
            "place, et la fenêtre du lecteur aussi.",
            part="titre",
        )
    elif is_file_name(said, report.name):
        report.fault(
            "doc.title",
            f"Le titre des propriétés, « {said} », est un nom de fichier : il ne dit pas ce que contient le document.",
            part=f"titre : {said}",
        )
    elif _EMPTY_TITLES.match(said):
        report.fault(
            "doc.title",
            f"Le titre des propriétés, « {said} », est celui que met le logiciel : il ne dit pas ce que contient le "
            "document.",
            part=f"titre : {said}",
        )
    else:
        return True
    return False


def is_file_name(text: str, name: str = "") -> bool:
    """Whether a text is the name of a file, this one (`name`) or another, rather than words for people."""
    if _FILE_NAME.search(text) or _PRINTED.match(text):
        return True
    if re.search(r"[\\/]", text) and " " not in text:
        return True
    if " " not in text and ("_" in text or re.search(r"\w-\w+-\w", text) or re.search(r"\w\.\w", text)):
        return True
    stem = name.rpartition("/")[2].rpartition(".")[0]
    return bool(stem) and " " not in text and _folded(text) == _folded(stem) and not text.isalpha()


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


def judge_language(report: Report, declared: str, text: str) -> None:
    """`declared` is the language the document says, as a tag ("fr-FR") or ""; `text` what it is written in."""
    tag = declared.strip().replace("_", "-")
    language = tag.partition("-")[0].lower()
    if not tag or language in {"none", "zxx", "und", "x"}:
        report.fault(
            "doc.lang",
            "Le document ne dit pas sa langue : une voix de synthèse le lira avec celle de l'ordinateur, qui peut être "
            "anglaise.",
            part="langue",
        )
    elif not re.fullmatch(r"[a-z]{2,3}", language):
        report.fault(
            "doc.lang",
            f"La langue du document, « {shortened(tag, 40)} », n'est pas un code de langue : « fr-FR » est attendu.",
            part=f"langue : {shortened(tag, 40)}",
        )
    else:
        _compare_language(report, language, text)


def _compare_language(report: Report, language: str, text: str) -> None:
    written = language_of(text)
    if not written or written == language:
        return
    message = (
        f"Le document se dit en {LANGUAGES.get(language, language)} alors que son texte paraît écrit en "
        f"{LANGUAGES[written]} : une voix de synthèse le lira avec le mauvais accent."
    )
    if written == "fr":
        report.fault("doc.lang", message, part=f"langue : {language}")
    else:
        report.review("doc.lang", message, part=f"langue : {language}")


def language_of(text: str) -> str:
    """ "fr" or "en" when there are words enough to tell, else ""."""
    words = re.findall(r"[^\W\d_]+", text[:200_000].lower())
    if len(words) < 20:
        return ""
    french, english = (sum(word in known for word in words) / len(words) for known in (_FRENCH, _ENGLISH))
    if french > 0.15 and french > 2 * english:
        return "fr"
    return "en" if english > 0.15 and english > 3 * french else ""


@dataclass(frozen=True)
class Picture:
    """Something shown that has to be said too. `what` is « L'image », « Le graphique »; `label` tells which."""

    where: str
    label: str
    alternative: str = ""
    decorative: bool = False
    what: str = "L'image"


def judge_picture(report: Report, picture: Picture) -> None:
    said = shortened(picture.alternative)
    if not said:
        if not picture.decorative:
            report.fault(
                "doc.alt",
                f"{picture.what} n'a pas de texte de remplacement, et rien ne dit que c'est un décor : qui ne voit pas "
                "l'écran ignore ce qui est montré.",
                where=picture.where,
                part=picture.label,
            )
    elif is_file_name(said) or _CAMERA.match(said):
        report.fault(
            "doc.alt",
            f"Le texte de remplacement, « {said} », est un nom de fichier : il ne dit pas ce que l'image montre.",
            where=picture.where,
            part=picture.label,
        )
    elif said.lower().rstrip(" .:0123456789") in _HOLLOW:
        report.fault(
            "doc.alt",
            f"Le texte de remplacement, « {said} », ne dit pas ce que l'image montre.",
            where=picture.where,
            part=picture.label,
        )
    elif _BY_MACHINE.search(said):
        report.review(
            "doc.alt",
            f"Le texte de remplacement a été écrit par le logiciel : « {said} ». Relisez-le, dites ce que l'image "
            "apporte ici.",
            where=picture.where,
            part=picture.label,
        )
