"""Answers the six verbs of the protocol over a repository, keeping nothing between two requests."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Generic, TypeVar

from lxml import etree

from traam.engines.oaipmh import answers
from traam.engines.oaipmh.faults import Fault
from traam.engines.oaipmh.repository import BrokenRepository, Format, Record, Repository
from traam.engines.oaipmh.requests import Request, read_request
from traam.engines.oaipmh.tokens import Listing, seal, unseal

N = TypeVar("N")


class Provider(Generic[N]):
    """The repository as harvesters see it.

    `formats` are keyed by their prefix, and hold at least "oai_dc", which the protocol demands. `secret`
    signs the resumption tokens, valid for `token_life`; `page_size` is the number of records in one answer.
    """

    def __init__(
        self,
        repository: Repository[N],
        formats: Mapping[str, Format[N]],
        secret: bytes,
        page_size: int = 100,
        token_life: timedelta = timedelta(days=1),
    ) -> None:
        if "oai_dc" not in formats or any(prefix != form.prefix for prefix, form in formats.items()):
            raise ValueError("formats are keyed by their prefix, and one of them is oai_dc")
        if not secret or page_size < 1:
            raise ValueError("a provider needs a secret and at least one record in a page")
        self._repository = repository
        self._formats = dict(formats)
        self._secret = secret
        self._page_size = page_size
        self._token_life = token_life
        self._verbs: dict[str, Callable[[etree._Element, Request, datetime], None]] = {
            "Identify": self._identify,
            "ListMetadataFormats": self._list_formats,
            "ListSets": self._list_sets,
            "GetRecord": self._get_record,
            "ListIdentifiers": self._list_records,
            "ListRecords": self._list_records,
        }

    def answer(self, arguments: Sequence[tuple[str, str]], *, now: datetime) -> bytes:
        """The XML document answering these arguments, decoded, in the order received, repetitions included.

        `now` carries its time zone. Whatever the arguments, there is an answer: errors of the harvester are
        part of the protocol. Only a repository that breaks its contract raises.
        """
        try:
            request = read_request(arguments)
        except Fault as fault:
            return answers.to_bytes(self._refusal({}, fault, now))
        attributes = {"verb": request.verb, **request.arguments}
        root = answers.envelope(self._repository.base_url, attributes, now)
        try:
            self._verbs[request.verb](root, request, now)
        except Fault as fault:
            root = self._refusal(attributes, fault, now)
        return answers.to_bytes(root)

    def _refusal(self, attributes: Mapping[str, str], fault: Fault, now: datetime) -> etree._Element:
        root = answers.envelope(self._repository.base_url, attributes, now)
        answers.add_errors(root, fault)
        return root

    def _identify(self, root: etree._Element, request: Request, now: datetime) -> None:
        first = self._repository.page(after=None, from_=None, until=None, set_spec=None, size=1).records
        sample = first[0].identifier if first else None
        answers.add_identity(answers.section(root, request.verb), self._repository, sample)

    def _list_formats(self, root: etree._Element, request: Request, now: datetime) -> None:
        if "identifier" in request.arguments:
            self._record(request.arguments["identifier"])
        parent = answers.section(root, request.verb)
        for form in self._formats.values():
            answers.add_format(parent, form)

    def _list_sets(self, root: etree._Element, request: Request, now: datetime) -> None:
        if request.token is not None:
            raise Fault("badResumptionToken", "La liste des ensembles tient en une réponse. Demandez-la sans jeton.")
        sets = self._sets()
        parent = answers.section(root, request.verb)
        for spec, name in sets:
            answers.add_set(parent, spec, name)

    def _get_record(self, root: etree._Element, request: Request, now: datetime) -> None:
        form = self._format(request.arguments["metadataPrefix"])
        record = self._record(request.arguments["identifier"])
        answers.add_record(answers.section(root, request.verb), record, form)

    def _list_records(self, root: etree._Element, request: Request, now: datetime) -> None:
        listing = self._resumed(request, now) if request.token is not None else self._started(request)
        form = self._format(listing.prefix)
        records, more, total = self._slice(listing)
        parent = answers.section(root, request.verb)
        for record in records:
            if request.verb == "ListRecords":
                answers.add_record(parent, record, form)
            else:
                answers.add_header(parent, record)
        if more:
            self._add_next(parent, listing, listing.moved(records[-1].key, len(records), total), now)
        elif listing.after:
            answers.add_token(parent, "", cursor=listing.cursor, total=total, expires=None)

    def _started(self, request: Request) -> Listing:
        arguments = request.arguments
        prefix = self._format(arguments["metadataPrefix"]).prefix
        if "set" in arguments:
            self._sets()
        return Listing(request.verb, prefix, request.from_, request.until, arguments.get("set"))

    def _resumed(self, request: Request, now: datetime) -> Listing:
        listing = unseal(request.token or "", verb=request.verb, now=now, secret=self._secret)
        if listing.prefix not in self._formats:
            raise Fault(
                "badResumptionToken",
                "Le format de cette liste n'est plus servi. Reprenez dans un autre format.",
            )
        return listing

    def _slice(self, listing: Listing) -> tuple[Sequence[Record[N]], bool, int | None]:
        """The records to send (at least one), whether others follow, and the size of the list if known."""
        page = self._repository.page(
            after=listing.after,
            from_=listing.from_,
            until=listing.until,
            set_spec=listing.set_spec,
            size=self._page_size + 1,  # one more than is sent: it tells whether to go on
        )
        _check_order(page.records, listing.after)
        if not page.records:
            raise Fault("noRecordsMatch", "Aucune notice ne répond à ces critères (ou il n'en reste plus).")
        total = page.total if listing.after is None else listing.total
        return page.records[: self._page_size], len(page.records) > self._page_size, total

    def _add_next(self, parent: etree._Element, here: Listing, following: Listing, now: datetime) -> None:
        expires = now + self._token_life
        token = seal(following, expires=expires, secret=self._secret)
        answers.add_token(parent, token, cursor=here.cursor, total=following.total, expires=expires)

    def _format(self, prefix: str) -> Format[N]:
        if prefix not in self._formats:
            known = ", ".join(self._formats)
            raise Fault("cannotDisseminateFormat", f"Ce format n'est pas servi. Demandez l'un des formats : {known}.")
        return self._formats[prefix]

    def _record(self, identifier: str) -> Record[N]:
        record = self._repository.record(identifier)
        if record is None:
            raise Fault("idDoesNotExist", "Aucune notice ne porte cet identifiant. Listez-les avec ListIdentifiers.")
        return record

    def _sets(self) -> Sequence[tuple[str, str]]:
        sets = self._repository.sets()
        if not sets:
            raise Fault("noSetHierarchy", "Cet entrepôt n'a pas d'ensembles. Retirez l'argument « set ».")
        return sets


def _check_order(records: Sequence[Record[N]], after: tuple[datetime, int] | None) -> None:
    """A page out of order, or that starts over, would lose records or make the harvester turn for ever."""
    previous = after
    for record in records:
        if previous is not None and record.key <= previous:
            raise BrokenRepository(f"{record.identifier}: listed after {previous}, its key is {record.key}")
        previous = record.key
