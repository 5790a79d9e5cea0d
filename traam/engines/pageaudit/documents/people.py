"""Names that a document keeps without showing them: its properties, and the paths of the computers it was made on."""

import re
import unicodedata
from urllib.parse import unquote

from traam.engines.pageaudit.documents.report import Report, shortened

# Nobody: programs, and what they write for want of a name.
_NOBODY = re.compile(
    r"^(?:utilisateur(?: (?:windows|de microsoft office|invité|inconnu))?|user|users|windows user|microsoft office user"
    r"|admin(?:istrateur|istrator)?|auteur|author|unknown(?: author)?|auteur inconnu|inconnu|anonyme|anonymous|invité"
    r"|default|owner|propriétaire|pc|ordinateur|home|poste\s*\d*|prof(?:esseur)?s?|enseignante?s?|python-\w+"
    r"|apache poi|libreoffice.*|microsoft.*|steve canny|openpyxl|canva|google.*|hp|dell|acer|asus|lenovo|compte .*"
    r"|\W*|\d+)$",
    re.IGNORECASE,
)
# A body rather than a person.
_BODY = re.compile(
    r"\b(?:acad[ée]mies?|acad[ée]miques?|minist[èe]re|rectorat|d?rane|dane|dan|dsden|dgesco|igésr|igesr|coll[èe]ge|lyc[ée]e"
    r"|[ée]coles?|canop[ée]|inspection|groupe|collectif|[ée]quipe|traam|service|r[ée]seau|atelier|education|[ée]ducation|universit[ée]"
    r"|inspé|inspe|cned|r[ée]gion|d[ée]partement|ville|commune|mairie|association)\b",
    re.IGNORECASE,
)
_HOME = re.compile(
    r"(?:[A-Z]:[\\/]+(?:Users|Utilisateurs|Documents and Settings)[\\/]+|/Users/|/home/)([^\\/\"'<>|\r\n]{1,60})"
    r"[\\/][^\"'<>|\r\n]{0,200}",
    re.IGNORECASE,
)
_SHARED_HOMES = frozenset({"public", "default", "all users", "shared", "runner", "user", "utilisateur"})
_MAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}")


def judge_person(report: Report, field: str, value: str, visible: str | None) -> None:
    """A property that names somebody. `visible` is what the document shows, None when it could not be read.

    Somebody whom the document names in its own text signs it: nothing is hidden.
    """
    said = shortened(value, 120)
    if not said or _NOBODY.match(said) or (_BODY.search(said) and not _MAIL.search(said)):
        return
    if visible is not None and _named_in(said, visible):
        return
    message = f"Les propriétés du document gardent un nom, « {said} » ({field})"
    if visible is None:
        report.review(
            "doc.author", f"{message} : cette personne signe-t-elle le document ? Sinon, effacez-le.", part=field
        )
    else:
        report.fault("doc.author", f"{message}, que le texte du document ne dit pas.", part=f"{field} : {said}")


def judge_company(report: Report, value: str) -> None:
    said = shortened(value, 120)
    if said and not _NOBODY.match(said) and not _BODY.search(said):
        report.review(
            "doc.author",
            f"Les propriétés du document gardent le nom d'une entreprise ou d'un établissement, « {said} » : "
            "voulez-vous le publier ?",
            part=f"entreprise : {said}",
        )


def judge_path(report: Report, field: str, value: str) -> None:
    """A path or a text that may hold one: it gives away who is signed in on the computer."""
    found = _HOME.search(unquote(value[:20_000]))
    if found and found[1].strip().lower() not in _SHARED_HOMES:
        path = shortened(found[0], 120)
        report.fault(
            "doc.author",
            f"Le document garde un chemin de l'ordinateur où il fut fait, qui nomme son utilisateur « "
            f"{shortened(found[1], 60)} » ({field}).",
            part=f"{field} : {path}",
        )


def judge_mail(report: Report, field: str, value: str) -> None:
    found = _MAIL.search(value[:20_000])
    if found:
        report.fault(
            "doc.author",
            f"Les propriétés du document gardent une adresse électronique, « {shortened(found[0], 120)} » ({field}).",
            part=f"{field} : {shortened(found[0], 120)}",
        )


def _named_in(name: str, text: str) -> bool:
    """Every part of the name is in the text, whatever their order, case and accents."""
    folded = _folded(text)
    parts = [part for part in re.split(r"[\s.,;'’-]+", _folded(name)) if len(part) > 1]
    return bool(parts) and all(re.search(rf"\b{re.escape(part)}\b", folded) for part in parts)


def _folded(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(sign for sign in decomposed if not unicodedata.combining(sign))
