"""What is announced of each application, and every letter that tells it: what the preview shows is what is written."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from traam import reference
from traam.programme.calls.models import Application
from traam.programme.campaigns.models import Campaign
from traam.programme.people.models import Person, Role
from traam.programme.people.queries import by_academy

LONGEST_WORDS, LONGEST_SUBJECT = 2_000, 200

RESULTS = {
    "retained": "est retenue : son groupe est ouvert sur la plateforme",
    "waiting": "est placée en liste d'attente",
    "refused": "n'est pas retenue",
}


@dataclass(frozen=True)
class Draft:
    """A letter of the results, as it will be written. `kind`: referent, inspector or dan."""

    kind: str
    key: str
    email: str
    name: str
    subject: str
    body: str


@dataclass(frozen=True)
class Result:
    """An application with what is announced of it: what the letters say, no more."""

    pk: int
    theme: str
    academy: str
    titles: list[str]
    state: str
    reason: str
    referent_name: str
    referent_email: str
    inspector_name: str
    inspector_email: str

    @property
    def title(self) -> str:
        return " ; ".join(self.titles) or "(sans intitulé)"

    @property
    def called(self) -> str:
        return f"{reference.academies()[self.academy].name}, « {self.title} »"


def results(campaign: Campaign) -> list[Result]:
    """What is decided of each forwarded application, by theme and academy. One query."""
    rows = Application.objects.filter(theme__campaign=campaign, state="forwarded", decision__state__in=RESULTS)
    values = rows.order_by("theme_id", "academy", "rank", "pk").values_list(
        "pk",
        "theme__title",
        "academy",
        "titles",
        "decision__state",
        "decision__reason",
        "referent_name",
        "referent_email",
        "inspector_name",
        "inspector_email",
    )
    return [Result(*each) for each in values]


@dataclass(frozen=True)
class Mailing:
    """The letters of an announcement. `missing`: who is told nothing because no address is known, in French."""

    letters: tuple[Draft, ...]
    missing: tuple[str, ...]

    @property
    def seal(self) -> str:
        """Changes with any letter: what was read is what is sent."""
        seen = sha256()
        for draft in self.letters:
            seen.update(f"{draft.key}\0{draft.email}\0{draft.subject}\0{draft.body}\0".encode())
        return seen.hexdigest()[:32]

    def count(self, kind: str) -> int:
        return sum(draft.kind == kind for draft in self.letters)


def mailing(campaign: Campaign, sender: Person, at: datetime, words: Mapping[str, str]) -> Mailing:
    """Every letter of the announcement: what the preview shows is what is written.

    One to the référent of each application, one to each inspector for all of hers, one to each DAN for all of her
    academy. `words`: what the national team adds for an outcome (retained, waiting, refused).
    """
    announced = results(campaign)
    called = {state: f"\n\n{text.strip()}" if text.strip() else "" for state, text in words.items()}
    dans = by_academy(Role.DAN, at)
    letters = [_to_referent(one, sender, called) for one in announced if one.referent_email]
    letters += _to_inspectors(campaign, announced, sender, called)
    letters += _to_dans(campaign, announced, sender, dans)
    return Mailing(tuple(letters), tuple(_missing(announced, dans)))


def result_letters(campaign: Campaign, sender: Person, at: datetime, words: Mapping[str, str]) -> list[Draft]:
    """The letters alone."""
    return list(mailing(campaign, sender, at, words).letters)


def _missing(announced: Iterable[Result], dans: Mapping[str, object]) -> Iterator[str]:
    silent = dict.fromkeys(one.academy for one in announced if one.academy not in dans)
    for code in silent:
        yield f"Aucun DAN connu pour l'académie {reference.academies()[code].of_name}."
    for one in announced:
        if not one.referent_email:
            yield f"{one.called} : pas d'adresse du professeur référent."
        if not one.inspector_email:
            yield f"{one.called} : pas d'adresse de l'inspecteur référent."


def _to_referent(one: Result, sender: Person, words: Mapping[str, str]) -> Draft:
    what = f"Votre candidature au thème « {one.theme} » {RESULTS[one.state]}."
    why = f"\n\n{one.reason}" if one.reason else ""
    name = one.referent_name or one.referent_email
    return Draft(
        kind="referent",
        key=f"result:{one.pk}",
        email=one.referent_email,
        name=name,
        subject=f"TraAM : résultat de votre candidature - {one.theme}"[:LONGEST_SUBJECT],
        body=f"Bonjour {name},\n\n{what}{why}{words.get(one.state, '')}\n\n{sender.name}",
    )


def _to_inspectors(
    campaign: Campaign, announced: Iterable[Result], sender: Person, words: Mapping[str, str]
) -> Iterator[Draft]:
    hers: dict[str, list[Result]] = {}
    for one in announced:
        if one.inspector_email:
            hers.setdefault(one.inspector_email.lower(), []).append(one)
    for email, several in hers.items():
        name = several[0].inspector_name or email
        added = "".join(words.get(state, "") for state in RESULTS if any(one.state == state for one in several))
        yield Draft(
            kind="inspector",
            key=f"results:{campaign.pk}:inspector:{email}"[:200],
            email=email,
            name=name,
            subject=f"TraAM : résultats de la campagne {campaign}"[:LONGEST_SUBJECT],
            body=f"Bonjour {name},\n\nLes résultats des candidatures dont vous êtes l'inspecteur référent :\n\n"
            f"{_listed(several)}{added}\n\n{sender.name}",
        )


def _to_dans(
    campaign: Campaign, announced: Iterable[Result], sender: Person, dans: Mapping[str, list[Person]]
) -> Iterator[Draft]:
    by_code: dict[str, list[Result]] = {}
    for one in announced:
        by_code.setdefault(one.academy, []).append(one)
    for code, several in by_code.items():
        for dan in dans.get(code, []):
            yield Draft(
                kind="dan",
                key=f"results:{campaign.pk}:{code}:{dan.pk}",
                email=dan.email,
                name=dan.name,
                subject=f"TraAM : résultats de la campagne {campaign}"[:LONGEST_SUBJECT],
                body=f"Bonjour {dan.name},\n\nLes résultats de votre académie :\n\n{_listed(several)}\n\n{sender.name}",
            )


def _listed(announced: Iterable[Result]) -> str:
    return "\n".join(f"- {one.theme} : la candidature « {one.title} » {RESULTS[one.state]}." for one in announced)
