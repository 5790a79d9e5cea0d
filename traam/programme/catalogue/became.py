"""Where a notice comes from, and what others made of it: what is public of it, and no more."""

from dataclasses import dataclass

from traam import reference
from traam.programme.catalogue.models import Notice


@dataclass(frozen=True)
class Became:
    """`inspired_by`: the notice it began from; `inspired`: those that began from it, the first first; `elsewhere`: the
    codes of the academies, other than its own, that tested it."""

    inspired_by: Notice | None
    inspired: list[Notice]
    elsewhere: list[str]

    @property
    def elsewhere_list(self) -> list[reference.Academy]:
        return [reference.academies()[code] for code in self.elsewhere]


def of(notice: Notice) -> Became:
    published = Notice.objects.filter(state=Notice.State.PUBLISHED)
    return Became(
        published.filter(pk=notice.inspired_by_id).first() if notice.inspired_by_id else None,
        list(published.filter(inspired_by=notice).order_by("published_on", "pk")),
        [code for code in notice.tested_by if code not in notice.academies],
    )
