"""What the protocol needs to know of a collection of notices, whatever they are, wherever they lie."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Generic, Protocol, TypeVar

from lxml import etree

N = TypeVar("N")
N_co = TypeVar("N_co", covariant=True)


class BrokenRepository(RuntimeError):
    """The repository breaks its contract; a harvest would loop or lose records. A mistake of the program."""


@dataclass(frozen=True)
class Record(Generic[N_co]):
    """One record, living (with its notice) or deleted (a tombstone, kept for ever).

    `datestamp` (UTC, whole second) is the last change of the notice, of its sets or of its deletion.
    `pk` is a number of its own, stable, that orders records changed in the same second. `sets` are the most
    precise specs ("theme:ia"): their parents are implied.
    """

    identifier: str
    pk: int
    datestamp: datetime
    sets: tuple[str, ...]
    deleted: bool
    notice: N_co | None

    def __post_init__(self) -> None:
        if self.datestamp.utcoffset() != timedelta(0) or self.datestamp.microsecond:
            raise ValueError(f"{self.identifier}: the datestamp must be UTC, to the second")
        if not self.deleted and self.notice is None:
            raise ValueError(f"{self.identifier}: a living record carries its notice")

    @property
    def key(self) -> tuple[datetime, int]:
        """Its place in every list."""
        return self.datestamp, self.pk


@dataclass(frozen=True)
class Page(Generic[N_co]):
    """A slice of a list, and the size of the whole list when it is cheaply known."""

    records: Sequence[Record[N_co]]
    total: int | None = None


@dataclass(frozen=True)
class Format(Generic[N]):
    """A metadata format: prefix ("oai_dc"), address of its schema, namespace, and how a notice is written."""

    prefix: str
    schema: str
    namespace: str
    write: Callable[[N], etree._Element]


class Repository(Protocol[N_co]):
    """A collection of records. `earliest` is no later than any datestamp; deleted records stay in it.

    A datestamp must be stored to the second and taken as late as possible in the transaction that writes
    it: a record that appears behind the place where a harvester stands may never be seen by it.
    """

    @property
    def name(self) -> str: ...

    @property
    def base_url(self) -> str: ...

    @property
    def admin_email(self) -> str: ...

    @property
    def earliest(self) -> datetime: ...

    def sets(self) -> Sequence[tuple[str, str]]:
        """Every set as (spec, French name), parents included ("theme" as well as "theme:ia")."""
        ...

    def record(self, identifier: str) -> Record[N_co] | None: ...

    def page(
        self,
        *,
        after: tuple[datetime, int] | None,
        from_: datetime | None,
        until: datetime | None,
        set_spec: str | None,
        size: int,
    ) -> Page[N_co]:
        """At most `size` records with key > `after`, in ascending order of (datestamp, pk).

        `from_` and `until` are UTC and both inclusive. `set_spec` takes the records of that set and of the
        sets under it. `total` counts the whole list; it is read only when `after` is None.
        """
        ...
