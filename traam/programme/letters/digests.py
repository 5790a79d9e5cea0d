"""What waits for a person, gathered in one letter: when it leaves, what it says, and how it is stopped in one click."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from secrets import token_urlsafe

from django.conf import settings
from django.db import transaction
from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.timezone import localtime

from traam.programme.letters.models import Habit, Item, Letter
from traam.programme.people.models import Person

BATCH = 100  # people in one transaction
MOST_LINES = 40  # told one by one; the rest is counted
PREFIX = "digest:"


def departure(at: datetime) -> datetime:
    """The last time, at or before `at`, that daily digests were to leave: the hour of the settings, in Paris."""
    now = localtime(at)
    today = now.replace(hour=settings.DIGEST_HOUR, minute=0, second=0, microsecond=0)
    return today if today <= now else today - timedelta(days=1)


def limits(at: datetime) -> Mapping[str, datetime]:
    """For each habit that receives something: what was told until then leaves now.

    A worker that was away on Monday sends on Tuesday what was to leave on Monday, and nothing younger.
    """
    last = departure(at)
    return {Habit.Period.DAILY: last, Habit.Period.WEEKLY: departure(last - timedelta(days=last.weekday()))}


def next_departure(period: str, at: datetime) -> datetime | None:
    """When the next digest of this habit leaves, if there is something to say; None for never."""
    following = departure(at) + timedelta(days=1)
    if period == Habit.Period.WEEKLY:
        following += timedelta(days=-following.weekday() % 7)
    return None if period == Habit.Period.NEVER else following


def key_of(person_pk: int, day: date) -> str:
    """The key of a digest: a person has one for each day at most, because a letter is written once."""
    return f"{PREFIX}{person_pk}:{day.isoformat()}"


def pending() -> QuerySet[Item]:
    """What is told to nobody yet and still waits, the most urgent first."""
    rows = Item.objects.filter(letter__isnull=True, settled_at__isnull=True)
    return rows.order_by(F("due").asc(nulls_last=True), "written_at", "pk")


def compose(*, at: datetime) -> int:
    """Write the digests that are to leave by now; the number written. Safe to run again, or twice at once."""
    people = _who(at)
    return sum(_compose(people[first : first + BATCH], at=at) for first in range(0, len(people), BATCH))


def _who(at: datetime) -> list[int]:
    last = limits(at)
    weekly = Q(to__habit__period=Habit.Period.WEEKLY, written_at__lte=last[Habit.Period.WEEKLY])
    daily = Q(to__habit__isnull=True) | Q(to__habit__period=Habit.Period.DAILY)
    told = pending().filter(weekly | daily, to__is_active=True, written_at__lte=last[Habit.Period.DAILY])
    return list(told.order_by("to_id").values_list("to_id", flat=True).distinct())


@transaction.atomic
def _compose(people: Sequence[int], *, at: datetime) -> int:
    """The digests of a batch of people, with the lines they tell: all of them or none. Seven queries."""
    make_habits(people, at)
    held = Habit.objects.select_for_update(of=("self",)).filter(person__in=people).exclude(period=Habit.Period.NEVER)
    habits = {habit.person_id: habit for habit in held.select_related("person").order_by("person_id")}
    day = localtime(at).date()
    keys = {key_of(pk, day): pk for pk in habits}
    done = set(Letter.objects.filter(key__in=keys).values_list("to_id", flat=True))
    lines = _lines({pk: habit for pk, habit in habits.items() if pk not in done}, at)
    Letter.objects.bulk_create(_letter(habits[pk], hers, at) for pk, hers in lines.items())
    mine = Letter.objects.filter(key__in=list(keys), to_id=OuterRef("to_id")).values("pk")[:1]
    told = [item.pk for hers in lines.values() for item in hers]
    Item.objects.filter(pk__in=told).update(letter=Subquery(mine))
    return len(lines)


def _lines(habits: Mapping[int, Habit], at: datetime) -> dict[int, list[Item]]:
    last, found = limits(at), dict[int, list[Item]]()
    for item in pending().filter(to__in=list(habits)):
        if item.written_at <= last[habits[item.to_id].period]:
            found.setdefault(item.to_id, []).append(item)
    return found


def make_habits(people: Iterable[int], at: datetime) -> None:
    """A habit for each of these people who chose none."""
    Habit.objects.bulk_create(
        (Habit(person_id=pk, token=token_urlsafe(32), changed_at=at) for pk in people), ignore_conflicts=True
    )


def _letter(habit: Habit, items: Sequence[Item], at: datetime) -> Letter:
    return Letter(
        key=key_of(habit.person_id, localtime(at).date()),
        to=habit.person,
        subject=_subject(items),
        body=text(habit.person, items, habit, localtime(at).date()),
        written_at=at,
        next_attempt_at=at,
    )


def _subject(items: Sequence[Item]) -> str:
    if len(items) == 1:
        return " ".join(f"TraAM : {items[0].text}".split())[:200]
    return f"TraAM : {len(items)} points pour vous"


def stop_address(habit: Habit) -> str:
    """Where the digest is stopped in one click, without an account."""
    return f"{settings.SITE_ADDRESS}/courriels/arreter/{habit.token}"


def habits_address() -> str:
    return f"{settings.SITE_ADDRESS}/mes-courriels"


def when(item: Item, today: date) -> str:
    """ "avant le 24/11/2026", or that it was to be done; "" when nothing presses."""
    if item.due is None:
        return ""
    return f"avant le {item.due:%d/%m/%Y}" if item.due >= today else f"en retard, attendu le {item.due:%d/%m/%Y}"


def _told(items: Sequence[Item], today: date) -> Iterator[tuple[str, str, str]]:
    """For each line: what it says, with its date; the words of its link; its address."""
    for item in items[:MOST_LINES]:
        due = when(item, today)
        yield f"{item.text}{f' ({due})' if due else ''}", item.label, f"{settings.SITE_ADDRESS}{item.address}"


def _rest(items: Sequence[Item]) -> str:
    more = len(items) - MOST_LINES
    return f"Et {more} autre{'s' if more > 1 else ''}, sur votre tableau de bord." if more > 0 else ""


def _rhythm(habit: Habit) -> str:
    weekly = habit.period == Habit.Period.WEEKLY
    return "une fois par semaine au plus, le lundi" if weekly else "une fois par jour au plus"


def text(person: Person, items: Sequence[Item], habit: Habit, today: date) -> str:
    """The digest, as plain text."""
    lines = [f"- {said}\n  {label} : {address}" for said, label, address in _told(items, today)]
    return "\n\n".join(
        [
            f"Bonjour {person.name},",
            "Voici ce qu'il y a de nouveau pour vous sur la plateforme des TraAM.",
            *lines,
            *filter(None, [_rest(items)]),
            "La plateforme des TraAM",
            f"-- \nCe courriel part {_rhythm(habit)}, et seulement s'il y a du nouveau.\n"
            f"Choisir un autre rythme : {habits_address()}\nNe plus le recevoir : {stop_address(habit)}",
        ]
    )


def html(person: Person, items: Sequence[Item], habit: Habit, today: date) -> SafeString:
    """The same, in HTML: titles, a list, links that say where they lead; no image, no style, nothing that tracks."""
    lines = format_html_join(
        "\n",
        '<li><p>{}<br><a href="{}">{}</a></p></li>',
        ((s, address, label) for s, label, address in _told(items, today)),
    )
    return format_html(
        '<!doctype html>\n<html lang="fr">\n<head><meta charset="utf-8"><title>{}</title></head>\n<body>\n<main>\n'
        "<h1>Du nouveau pour vous</h1>\n<p>Bonjour {},</p>\n"
        "<p>Voici ce qu'il y a de nouveau pour vous sur la plateforme des TraAM.</p>\n<ul>\n{}\n</ul>\n{}"
        "<p>La plateforme des TraAM</p>\n<hr>\n<p>Ce courriel part {}, et seulement s'il y a du nouveau. "
        '<a href="{}">Choisir un autre rythme</a> ou <a href="{}">ne plus recevoir ce courriel</a>.</p>\n'
        "</main>\n</body>\n</html>\n",
        _subject(items),
        person.name,
        lines,
        format_html("<p>{}</p>\n", _rest(items)) if _rest(items) else "",
        _rhythm(habit),
        habits_address(),
        stop_address(habit),
    )


@dataclass(frozen=True)
class Dress:
    """What a letter wears beside its text: another version of it in HTML, more headers."""

    html: str
    headers: Mapping[str, str]


PLAIN = Dress("", {})


def dress(letter: Letter) -> Dress:
    """A digest has its HTML, and the two headers by which a mail reader offers to stop it (RFC 8058)."""
    if not letter.key.startswith(PREFIX):
        return PLAIN
    habit = Habit.objects.get(person=letter.to_id)
    items = list(letter.items.order_by(F("due").asc(nulls_last=True), "written_at", "pk"))
    return Dress(
        html(letter.to, items, habit, localtime(letter.written_at).date()),
        {"List-Unsubscribe": f"<{stop_address(habit)}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"},
    )
