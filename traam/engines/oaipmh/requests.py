"""Reads the arguments of a request. The syntax of all is checked here, before anything is looked up: the
answer may echo an argument only when it is well formed."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from traam.engines.oaipmh.faults import Fault
from traam.engines.oaipmh.stamps import from_stamp


@dataclass(frozen=True)
class _Arguments:
    """The arguments a verb takes; `exclusive` comes alone and stands for all the others."""

    required: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    exclusive: str = ""

    @property
    def known(self) -> set[str]:
        return {*self.required, *self.optional, self.exclusive} - {""}


_LIST = _Arguments(("metadataPrefix",), ("from", "until", "set"), "resumptionToken")
VERBS: Mapping[str, _Arguments] = {
    "Identify": _Arguments(),
    "ListMetadataFormats": _Arguments(optional=("identifier",)),
    "ListSets": _Arguments(exclusive="resumptionToken"),
    "GetRecord": _Arguments(required=("identifier", "metadataPrefix")),
    "ListIdentifiers": _LIST,
    "ListRecords": _LIST,
}

_WORD = r"[A-Za-z0-9\-_.!~*'()]+"
_IN_PATH = r"(?:[A-Za-z0-9\-_.!~*'();/?@&=+$,]|%[0-9A-Fa-f]{2})"
_SYNTAX = {
    "metadataPrefix": re.compile(_WORD),
    "set": re.compile(f"{_WORD}(?::{_WORD})*"),
    # A URI, or a bare path, which names nothing here but is well formed.
    "identifier": re.compile(
        rf"[A-Za-z][A-Za-z0-9+.\-]*:(?://[A-Za-z0-9.\-]+(?::[0-9]{{1,5}})?(?:/(?:{_IN_PATH}|:)*)?|(?!//)(?:{_IN_PATH}|:)+)"
        rf"|(?!//){_IN_PATH}+"
    ),
}


@dataclass(frozen=True)
class Request:
    """A well-formed request. `arguments` are without the verb; `from_` and `until` are inclusive."""

    verb: str
    arguments: Mapping[str, str]
    from_: datetime | None = None
    until: datetime | None = None

    @property
    def token(self) -> str | None:
        return self.arguments.get("resumptionToken")


def read_request(arguments: Sequence[tuple[str, str]]) -> Request:
    """Raises `Fault` badVerb or badArgument, with a sentence for each thing wrong."""
    verb = _verb([value for name, value in arguments if name == "verb"])
    others = [(name, value) for name, value in arguments if name != "verb"]
    sentences = [*_misused(verb, others), *_malformed(others)]
    if sentences:
        raise Fault("badArgument", *sentences)
    values = dict(others)
    from_, until = _window(values)
    return Request(verb, values, from_, until)


def _verb(values: list[str]) -> str:
    if len(values) == 1 and values[0] in VERBS:
        return values[0]
    known = ", ".join(VERBS)
    if not values:
        raise Fault("badVerb", f"L'argument « verb » manque. Donnez l'un des verbes : {known}.")
    if len(values) > 1:
        raise Fault("badVerb", "L'argument « verb » est répété. Donnez-le une seule fois.")
    raise Fault("badVerb", f"Ce verbe n'existe pas. Donnez l'un des verbes : {known}.")


def _misused(verb: str, arguments: list[tuple[str, str]]) -> Iterator[str]:
    """Arguments unknown, repeated, missing, or beside one that must come alone."""
    rule = VERBS[verb]
    counts = Counter(name for name, _ in arguments)
    for name, count in counts.items():
        if name not in rule.known:
            yield f"Le verbe {verb} n'accepte pas l'argument « {name} ». Retirez-le."
        elif count > 1:
            yield f"L'argument « {name} » est répété. Donnez-le une seule fois."
    if rule.exclusive in counts:
        if len(counts) > 1:
            yield f"L'argument « {rule.exclusive} » s'emploie seul. Retirez les autres."
        return
    for name in rule.required:
        if name not in counts:
            yield f"Le verbe {verb} exige l'argument « {name} ». Ajoutez-le."


def _malformed(arguments: list[tuple[str, str]]) -> Iterator[str]:
    for name, value in arguments:
        if name in _SYNTAX and not _SYNTAX[name].fullmatch(value):
            yield f"La valeur de l'argument « {name} » est mal formée."


def _window(values: Mapping[str, str]) -> tuple[datetime | None, datetime | None]:
    if "from" in values and "until" in values and len(values["from"]) != len(values["until"]):
        raise Fault(
            "badArgument",
            "« from » et « until » n'ont pas la même précision. Donnez deux jours ou deux instants.",
        )
    from_, until = (_moment(values, name) for name in ("from", "until"))
    if from_ and until and from_ > until:
        raise Fault("badArgument", "« from » est après « until ». Échangez les deux dates.")
    return from_, until


def _moment(values: Mapping[str, str], name: str) -> datetime | None:
    if name not in values:
        return None
    try:
        return from_stamp(values[name], end_of_day=name == "until")
    except ValueError:
        raise Fault(
            "badArgument",
            f"La date de l'argument « {name} » est mal formée. Écrivez AAAA-MM-JJ ou AAAA-MM-JJThh:mm:ssZ.",
        ) from None
