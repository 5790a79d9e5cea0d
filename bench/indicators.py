"""What the pages of indicators cost with two campaigns, and with ten, of the same size.

    python -m bench.indicators [130]

A simulated year of that many groups is written, copied row by row, and measured; then copied eight times more, and
measured again.
"""

import json
import os
import sys
from collections.abc import Iterable
from typing import Any

from bench.apart import rows_of
from bench.tables import Page
from bench.year import simulated

GROUPS, FEW, CAMPAIGNS, MOST_MS = 130, 2, 10, 300
PAGES = (
    Page("Indicateurs des campagnes", "steering:indicators", (), "bureau"),
    Page("Comparer deux campagnes", "steering:indicators_compare", (), "bureau"),
    Page("Indicateurs d'une campagne", "steering:campaign_indicators", ("campaign",), "bureau"),
)


def measure(size: int) -> Iterable[dict[str, Any]]:
    keys, people = simulated(size)

    from django.test import Client

    from bench.measuring import row_of

    client = Client(HTTP_HOST="localhost")
    client.force_login(people["bureau"])
    there = 1
    for count in (FEW, CAMPAIGNS):
        while there < count:
            copy(int(keys["campaign"]))
            there += 1
        for page in PAGES:
            row = row_of(page, client, keys)
            yield row | {"label": f"{page.label} ({count})"}


def copy(pk: int) -> None:
    """A campaign like that one, two years before the oldest, with all that the indicators count."""
    from django.db.models import Min

    from traam.programme.calls.models import Application
    from traam.programme.campaigns.models import Campaign, Theme
    from traam.programme.groups.models import Group, Meeting, Member
    from traam.programme.productions.models import Bilan, ClassTest, Module, Review, Scenario, Support
    from traam.programme.productions.models.reviews import Turn
    from traam.programme.publication.models import Release
    from traam.programme.selection.models import Decision

    known: dict[Any, dict[int, int]] = {}

    def again(model: Any, rows: Any, **changed: Any) -> None:
        """These rows once more, each pointing at the copies of what it points at."""
        olds = list(rows.order_by("pk"))
        news = []
        for old in olds:
            values = {field.attname: getattr(old, field.attname) for field in model._meta.concrete_fields}
            values.pop("id")
            for field in model._meta.concrete_fields:
                if field.is_relation and field.related_model in known and values[field.attname] is not None:
                    maps = known[field.related_model]
                    values[field.attname] = maps.get(
                        values[field.attname], None if field.null else values[field.attname]
                    )
            news.append(model(**values | changed))
        made = model._default_manager.bulk_create(news, batch_size=200)
        known[model] = {old.pk: new.pk for old, new in zip(olds, made, strict=True)}

    first = Campaign.objects.aggregate(year=Min("first_year"))["year"] - 2
    again(Campaign, Campaign.objects.filter(pk=pk), title=f"TraAM {first}", first_year=first, state="archived")
    again(Theme, Theme.objects.filter(campaign=pk))
    again(Application, Application.objects.filter(theme__campaign=pk), renews_id=None)
    again(Decision, Decision.objects.filter(application__theme__campaign=pk))
    again(Group, Group.objects.filter(application__theme__campaign=pk))
    again(Member, Member.objects.filter(group__application__theme__campaign=pk))
    again(Meeting, Meeting.objects.filter(group__application__theme__campaign=pk), theme_id=None)
    for model in (Scenario, Module, Bilan, Support):
        where = "theme__campaign" if model is Module else "group__application__theme__campaign"  # national ones too
        mine = model._default_manager.filter(**{where: pk})
        again(Review, Review.objects.filter(pk__in=mine.values("review")))
        again(Turn, Turn.objects.filter(review__in=mine.values("review")))
        again(model, mine, **({"origin_id": None} if model is Scenario else {}))
    tests = ClassTest.objects.filter(scenario__group__application__theme__campaign=pk)
    again(ClassTest, tests, promise_id=None)
    again(Release, Release.objects.filter(scenario__group__application__theme__campaign=pk))


def main() -> int:
    size = int(sys.argv[1]) if len(sys.argv) > 1 else GROUPS
    print(
        f"Indicateurs, {FEW} campagnes de {size} groupes puis {CAMPAIGNS}. CPU : meilleur de 3 ; SQLite.\n", flush=True
    )
    rows = rows_of("bench.indicators", size)
    print(f"{'Page':<34}{'requêtes':>16}{'CPU, ms':>18}{'ko':>14}")
    slow = []
    for page in PAGES:
        few, ten = (rows[f"{page.label} ({count})"] for count in (FEW, CAMPAIGNS))
        told = [f"{few[k]:.0f} → {ten[k]:.0f}" for k in ("queries", "cpu_ms")]
        told.append(f"{few['bytes'] / 1000:.0f} → {ten['bytes'] / 1000:.0f}")
        print(f"{page.label:<34}{told[0]:>16}{told[1]:>18}{told[2]:>14}")
        if ten["cpu_ms"] >= MOST_MS or ten["queries"] != few["queries"]:
            slow.append(page.label)
    print(f"\nVoulu à {CAMPAIGNS} campagnes : moins de {MOST_MS} ms, autant de requêtes qu'à {FEW}.")
    print("Tenu." if not slow else f"Manqué : {', '.join(slow)}.")
    return 1 if slow else 0


if __name__ == "__main__":
    if sys.argv[1:2] == ["--size"]:
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "traam.config.settings")
        for row in measure(int(sys.argv[2])):
            print(json.dumps(row), flush=True)
        sys.exit(0)
    sys.exit(main())
