"""What goes into an audit and what comes out of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from hashlib import sha256

EXCERPT = 300  # characters of an element that a finding shows


class Answer(StrEnum):
    """The only three. None says that a page is right: a machine cannot know it."""

    FAULT = "fault"
    REVIEW = "review"
    UNTESTED = "untested"


ANSWERS: Mapping[Answer, str] = {
    Answer.FAULT: "défaut constaté",
    Answer.REVIEW: "à vérifier par une personne",
    Answer.UNTESTED: "non testé",
}


class Severity(StrEnum):
    """How much a fault weighs. A blocking one keeps a production from being released, unless it is waived."""

    BLOCKING = "blocking"
    MAJOR = "major"
    MINOR = "minor"
    INFO = "info"


SEVERITIES: Mapping[Severity, str] = {
    Severity.BLOCKING: "bloquant",
    Severity.MAJOR: "majeur",
    Severity.MINOR: "mineur",
    Severity.INFO: "pour information",
}


@dataclass(frozen=True)
class Finding:
    """One thing seen on a page or in a document.

    `code` is that of a `Check`. `element` is the exact HTML, sentence or part it was seen in, `where` its place ("ligne
    12", "page 3", the name of a linked document) or "". `message` is a French sentence about this very element.
    """

    code: str
    answer: Answer
    message: str
    element: str = ""
    where: str = ""

    @property
    def key(self) -> str:
        """The same from one run to the next, as long as the same thing is seen: what differences and contests rest on.

        A line number moves when a page changes elsewhere: it does not count.
        """
        parts = "\x1f".join((self.code, self.answer, " ".join(self.element.split())))
        return sha256(parts.encode()).hexdigest()[:20]


@dataclass(frozen=True)
class Fetched:
    """What an address answered, or why it did not.

    `error` is "" when there was an answer, otherwise a word of `FETCH_ERRORS`; `detail` is a French sentence for it.
    `headers` keep their order and their case is lowered. `redirects` are the addresses crossed, the first being the
    one asked. `body` is decompressed, and cut at the reader's limit when `truncated`. `seconds` is how long it took.
    """

    address: str
    final: str
    status: int = 0
    headers: Sequence[tuple[str, str]] = ()
    body: bytes = b""
    redirects: Sequence[str] = ()
    error: str = ""
    detail: str = ""
    truncated: bool = False
    seconds: float = 0.0

    def header(self, name: str) -> str:
        """The first header of that name, "" without one."""
        return next((value for key, value in self.headers if key == name.lower()), "")

    @property
    def media_type(self) -> str:
        """ "text/html", without its parameters, lowered; "" when it was not said."""
        return self.header("content-type").partition(";")[0].strip().lower()


FETCH_ERRORS: Mapping[str, str] = {
    "refused": "l'adresse n'est pas de celles que la plateforme visite",
    "name": "le nom du site n'existe pas",
    "connection": "le site ne répond pas",
    "tls": "le certificat du site n'est pas bon",
    "timeout": "le site est trop lent",
    "redirects": "l'adresse renvoie trop de fois vers une autre",
    "protocol": "la réponse ne se lit pas",
}


@dataclass(frozen=True)
class Link:
    """What a linked address answered: `status` 0 with an `error` of `FETCH_ERRORS` when there was no answer.

    `soft` tells that it answered 200 with a page that says it does not exist.
    """

    address: str
    status: int
    error: str = ""
    soft: bool = False


@dataclass(frozen=True)
class Cookie:
    """A cookie set before any consent. `lifetime` is in seconds, None for the session."""

    name: str
    domain: str
    lifetime: int | None = None


@dataclass(frozen=True)
class Rendered:
    """What a browser saw of a page. `error` says why it did not, "" when it did.

    `requests` are the addresses it asked for, in order; `axe` the JSON of axe-core's results, empty when axe was not
    there. `html` is the document once the scripts have run.
    """

    address: str
    error: str = ""
    requests: Sequence[str] = ()
    cookies: Sequence[Cookie] = ()
    axe: Mapping[str, object] = field(default_factory=dict)
    html: str = ""


@dataclass(frozen=True)
class Wanted:
    """The addresses a page leads to, that somebody should ask for before the audit can speak of them."""

    documents: Sequence[str] = ()  # to be fetched whole and audited
    links: Sequence[str] = ()  # to be asked whether they answer
    images: Sequence[str] = ()  # of the same site: may tell where a photo was taken
