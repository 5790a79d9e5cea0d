from datetime import datetime, timedelta

from django.db.models import Case, DateTimeField, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce

from traam.engines.workflow import Missing
from traam.programme.campaigns.models import Campaign, Theme
from traam.programme.groups.models import Group, ProgressNote
from traam.programme.groups.queries.composition import group as read_group

SILENT_AFTER = timedelta(days=61)


def notes(group: Group) -> QuerySet[ProgressNote]:
    """The notes of a group, latest first."""
    return group.notes.select_related("author").order_by("-written_at", "-pk")


def note(group_pk: int, pk: int) -> ProgressNote:
    """A note, with its group as `group` reads it."""
    try:
        found = ProgressNote.objects.select_related("author").get(pk=pk, group_id=group_pk)
    except ProgressNote.DoesNotExist:
        raise Missing("Cette note n'existe pas.") from None
    found.group = read_group(group_pk)
    return found


# What may be asked of a list of groups: a mood, silence, or a need of help.
ASKED = {**dict(ProgressNote.Mood.choices), "silent": "Sans nouvelles", "need": "Demande de l'aide"}


def progress_of_theme(theme: Theme, at: datetime, asked: str = "") -> QuerySet[Group]:
    """The groups of a theme as `_progress` says; of `asked` only when it is a key of `ASKED`."""
    return _asked(_progress(Q(application__theme=theme), at), asked)


def progress_of_campaign(campaign: Campaign, at: datetime, asked: str = "", theme: str = "") -> QuerySet[Group]:
    """The same, of a campaign, or of one of its themes (the number of it, "" for all)."""
    condition = Q(application__theme__campaign=campaign)
    if theme:
        condition &= Q(application__theme=theme)
    return _asked(_progress(condition, at), asked)


def progress_of_academy(academy: str, at: datetime, asked: str = "") -> QuerySet[Group]:
    """The same, of an academy, in the campaigns that are not archived."""
    at_work = ~Q(application__theme__campaign__state="archived")
    return _asked(_progress(Q(application__academy=academy) & at_work, at), asked)


def _asked(rows: QuerySet[Group], asked: str) -> QuerySet[Group]:
    conditions: dict[str, dict[str, object]] = {"silent": {"silent": 1}, "need": {"need__gt": ""}}
    conditions |= {mood: {"mood": mood} for mood in ProgressNote.Mood.values}
    return rows.filter(**conditions.get(asked, {}))


def _progress(condition: Q, at: datetime) -> QuerySet[Group]:
    """The groups at work with their latest note, those that go badly then those nobody hears of first.

    Each group has `mood`, `text`, `need`, `author_name` of its latest note (None without one), `told_at` (the note,
    else the opening of the group), and `silent`: 1 when that is two months old.
    """
    last = ProgressNote.objects.filter(group=OuterRef("pk")).order_by("-written_at", "-pk")
    rows = Group.objects.filter(condition).exclude(state="ended").select_related("application__theme__campaign")
    rows = rows.annotate(last_note=Subquery(last.values("pk")[:1]))
    for name, source in (("mood", "mood"), ("text", "text"), ("need", "need"), ("author_name", "author__name")):
        rows = rows.annotate(**{name: Subquery(last.values(source)[:1])})
    rows = rows.annotate(
        noted_at=Subquery(last.values("written_at")[:1]),
        told_at=Coalesce(F("noted_at"), F("opened_at"), output_field=DateTimeField()),
    )
    rows = rows.annotate(
        silent=Case(When(told_at__lt=at - SILENT_AFTER, then=1), default=0, output_field=IntegerField()),
        rank=Case(
            When(mood=ProgressNote.Mood.LATE, then=Value(0)),
            When(mood=ProgressNote.Mood.FRAGILE, then=Value(1)),
            When(told_at__lt=at - SILENT_AFTER, then=Value(2)),
            default=Value(3),
            output_field=IntegerField(),
        ),
    )
    return rows.order_by("rank", "-told_at", "application__academy", "pk")
