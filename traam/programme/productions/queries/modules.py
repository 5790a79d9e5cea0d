"""Training modules and what is in them: a page reads one with all its activities in a constant number of queries."""

import hashlib
import json
from collections.abc import Iterable

from django.db.models import Count, IntegerField, OuterRef, Prefetch, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from traam.engines.workflow import Missing
from traam.programme.campaigns.models import Steward, Theme
from traam.programme.groups.models import Group, Member
from traam.programme.productions.models import Module, ModuleActivity, ModuleSection

# What a person edits at once, for each part: two people in two parts do not disturb each other.
SECTION_TEXTS = ("title", "summary")
ACTIVITY_TEXTS = ("title", "body", "address", "transcript", "minutes", "licence", "file", "filename")


def _listed() -> QuerySet[Module]:
    """Modules with what a list says of them: `announced` is the field `minutes`, `spent` the sum of the activities."""
    inside = ModuleActivity.objects.filter(section__module=OuterRef("pk")).order_by().values("section__module")
    spent = Subquery(inside.annotate(total=Sum("minutes")).values("total"), output_field=IntegerField())
    activities = Subquery(inside.annotate(n=Count("pk")).values("n"), output_field=IntegerField())
    return Module.objects.select_related("theme__campaign", "group__application__theme__campaign", "review").annotate(
        spent=Coalesce(spent, 0), activities=Coalesce(activities, 0)
    )


def _whole() -> QuerySet[Module]:
    """Modules with their sections, activities, members of the group and stewards of the theme."""
    people = Member.objects.select_related("person").order_by("pk")
    stewards = Steward.objects.select_related("person")
    inside = ModuleSection.objects.order_by("position", "pk").prefetch_related(
        Prefetch("activities", ModuleActivity.objects.order_by("position", "pk"))
    )
    return Module.objects.select_related(
        "theme__campaign", "group__application__theme__campaign", "review"
    ).prefetch_related(
        Prefetch("group__members", people),
        Prefetch("group__application__theme__stewards", stewards),
        Prefetch("theme__stewards", stewards),
        Prefetch("sections", inside),
    )


def module(pk: int) -> Module:
    try:
        return _whole().get(pk=pk)
    except Module.DoesNotExist:
        raise Missing("Ce module n'existe pas.") from None


def of_group(group: Group) -> list[Module]:
    """The modules of a group, with `spent` (minutes) and `activities` (how many)."""
    return list(_listed().filter(group=group).order_by("pk"))


def of_theme(theme: Theme) -> list[Module]:
    """The modules of a theme, those of the national group first."""
    return list(_listed().filter(theme=theme).order_by("group__application__academy", "pk"))


def section(pk: int, section: int) -> ModuleSection:
    """A section of a module; both are read whole."""
    whole = module(pk)
    return section_of(whole, section)


def section_of(whole: Module, pk: int) -> ModuleSection:
    for each in whole.sections.all():
        if each.pk == pk:
            each.module = whole
            return each
    raise Missing("Cette partie n'est pas, ou n'est plus, dans le module.")


def activity(pk: int, activity: int) -> ModuleActivity:
    return activity_of(module(pk), activity)


def activity_of(whole: Module, pk: int) -> ModuleActivity:
    for section in whole.sections.all():
        for each in section.activities.all():
            if each.pk == pk:
                section.module, each.section = whole, section
                return each
    raise Missing("Cette activité n'est pas, ou n'est plus, dans le module.")


def activities(whole: Module) -> list[ModuleActivity]:
    """All the activities of a module read whole, in their order."""
    return [activity for section in whole.sections.all() for activity in section.activities.all()]


def minutes(whole: Module) -> int:
    return sum(activity.minutes for activity in activities(whole))


def seen(part: ModuleSection | ModuleActivity) -> str:
    """What a form keeps of the part it was opened on: it changes when somebody saves another text."""
    names: Iterable[str] = SECTION_TEXTS if isinstance(part, ModuleSection) else ACTIVITY_TEXTS
    return _digest({name: getattr(part, name) for name in names})


def question_seen(question: object) -> str:
    """The same for one question of a quiz."""
    return _digest(question)


def _digest(value: object) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True, ensure_ascii=False).encode()).hexdigest()[:16]
