"""Run by pretalx's own Python: seed one event, then measure its pages. Prints one JSON object on each line.

    python -m bench.peers.inside_pretalx SUBMISSIONS REVIEWS

The event is made once and kept: run again, it is only measured. Everything is written with bulk_create, by pretalx's
own models. Its frontend is not built: tags to scripts and style sheets are given names that lead nowhere, which changes
neither the queries nor, within a few hundred bytes, the HTML.
"""

import datetime as dt
import itertools
import json
import os
import random
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

os.environ["DJANGO_SETTINGS_MODULE"] = "pretalx.settings"

import django
from django.conf import settings


def prepare() -> None:
    """Start pretalx without its built frontend, and with its logs quiet."""
    storages = {**settings.STORAGES}
    storages["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = storages
    settings.LOGGING = {"version": 1, "disable_existing_loggers": False}
    settings.VITE_IGNORE = True
    django.setup()
    from pretalx.common.templatetags import vite

    class AnyAsset(dict[str, Any]):
        def get(self, key: str, default: Any = None) -> dict[str, str]:
            return self[key]

        def __missing__(self, key: str) -> dict[str, str]:
            return {"file": f"assets/{Path(key).stem}-00000000.js"}

    vite._MANIFEST = AnyAsset()


prepare()

from django.db import transaction  # noqa: E402
from django.test import Client  # noqa: E402
from django.utils.timezone import now  # noqa: E402
from django_scopes import scope, scopes_disabled  # noqa: E402
from pretalx import __version__  # noqa: E402
from pretalx.event.models import Event, Team  # noqa: E402
from pretalx.event.utils import create_organiser_with_team  # noqa: E402
from pretalx.person.models import SpeakerProfile, User  # noqa: E402
from pretalx.submission.models import (  # noqa: E402
    Review,
    ReviewScore,
    Submission,
    SubmissionType,
    Track,
)

from bench.measuring import PageFailed, cost  # noqa: E402

SLUG = "bench"
ORGANISER = "organiser@bench.invalid"
TRACKS, REVIEWERS, SEED = 19, 30, 7
TEXT = "Les élèves interrogent une production, la confrontent à d'autres sources, puis rendent compte. " * 4


def codes() -> Any:
    """Distinct codes of six letters, as pretalx writes them."""
    for letters in itertools.product("ABCDEFGHJKLMNPQRSTUVWXYZ", repeat=5):
        yield "B" + "".join(letters)


def make_event() -> Event:
    organiser = User.objects.create_user(email=ORGANISER, name="Organiser", locale="en", timezone="UTC")
    owner, team = create_organiser_with_team(name="Bench", slug=f"{SLUG}org", users=[organiser])
    start = now().date() + dt.timedelta(days=90)
    event = Event.objects.create(
        name="Bench",
        slug=SLUG,
        organiser=owner,
        is_public=True,
        date_from=start,
        date_to=start + dt.timedelta(days=2),
        timezone="UTC",
        email="event@bench.invalid",
        locale_array="en",
        locale="en",
        primary_color="#000091",
    )
    with scope(event=event):
        event.build_initial_data()
        Team.objects.filter(pk=team.pk).update(
            all_events=True, can_change_event_settings=True, can_change_submissions=True
        )
    return event


def make_people(prefix: str, count: int, code: Any) -> list[User]:
    people = [
        User(email=f"{prefix}{n}@bench.invalid", name=f"{prefix.title()} {n}", code=next(code), password="!")
        for n in range(count)
    ]
    User.objects.bulk_create(people, batch_size=500)
    return list(User.objects.filter(email__startswith=prefix).order_by("pk"))


def make_submissions(event: Event, count: int, code: Any) -> list[Submission]:
    tracks = [Track.objects.create(event=event, name=f"Theme {n}", color="#000091") for n in range(TRACKS)]
    kind = SubmissionType.objects.filter(event=event).first()
    rows = [
        Submission(
            event=event,
            code=next(code),
            title=f"Project {n}: question what a machine writes",
            submission_type=kind,
            track=tracks[n % TRACKS],
            abstract=TEXT,
            description=TEXT,
            content_locale="en",
            state="submitted",
        )
        for n in range(count)
    ]
    Submission.objects.bulk_create(rows, batch_size=500)
    made = list(Submission.objects.filter(event=event).order_by("pk"))
    speakers = make_people("speaker", count, code)
    SpeakerProfile.objects.bulk_create(
        [SpeakerProfile(user=user, event=event, biography=TEXT) for user in speakers], batch_size=500
    )
    role = Submission.speakers.through
    role.objects.bulk_create(
        [role(submission=row, user=user) for row, user in zip(made, speakers, strict=True)], batch_size=500
    )
    return made


def make_reviews(event: Event, submissions: list[Submission], count: int, code: Any) -> None:
    chance = random.Random(SEED)
    reviewers = make_people("reviewer", REVIEWERS, code)
    team = Team.objects.create(organiser=event.organiser, name="Reviewers", is_reviewer=True, all_events=True)
    team.members.set(reviewers)
    scores = list(ReviewScore.objects.filter(category__event=event))
    each, left = divmod(count, len(submissions))
    rows, chosen = [], []
    for n, submission in enumerate(submissions):
        for reviewer in chance.sample(reviewers, each + (n < left)):
            score = chance.choice(scores)
            chosen.append(score)
            rows.append(Review(submission=submission, user=reviewer, text=TEXT[:180], score=Decimal(score.value)))
    Review.objects.bulk_create(rows, batch_size=500)
    keys = list(Review.objects.filter(submission__event=event).order_by("pk").values_list("pk", flat=True))
    link = Review.scores.through
    link.objects.bulk_create(
        [link(review_id=key, reviewscore_id=score.pk) for key, score in zip(keys, chosen, strict=True)],
        batch_size=500,
    )


@transaction.atomic
def seed(submissions: int, reviews: int) -> None:
    event = make_event()
    code = codes()
    with scope(event=event):
        make_reviews(event, make_submissions(event, submissions, code), reviews, code)


def pages() -> list[tuple[str, str]]:
    first = Submission.objects.filter(event__slug=SLUG).order_by("pk").first()
    base = f"/orga/event/{SLUG}"
    return [
        ("review dashboard", f"{base}/reviews/"),  # 250 rows, its own choice
        ("review dashboard, 50 rows", f"{base}/reviews/?page_size=50"),
        ("submission list", f"{base}/submissions/"),
        ("one submission", f"{base}/submissions/{first.code}/"),
        ("reviews of one submission", f"{base}/submissions/{first.code}/reviews/"),
    ]


def main() -> int:
    submissions, reviews = int(sys.argv[1]), int(sys.argv[2])
    with scopes_disabled():
        if not Event.objects.filter(slug=SLUG).exists():
            print(f"seeding {submissions} submissions, {reviews} reviews", file=sys.stderr, flush=True)
            seed(submissions, reviews)
        client = Client()
        client.force_login(User.objects.get(email=ORGANISER), backend="django.contrib.auth.backends.ModelBackend")
        rows = pages()
        counted = (Submission.objects.filter(event__slug=SLUG).count(), Review.objects.count())
    print(f"{counted[0]} submissions, {counted[1]} reviews in place", file=sys.stderr, flush=True)
    for name, address in rows:
        line: dict[str, object] = {"system": f"pretalx {__version__}", "page": name, "rows": counted[0]}
        try:
            found = cost(client, address, HTTP_HOST="localhost")
        except PageFailed as failure:
            line["failure"] = str(failure)
        else:
            line |= {"queries": found.queries, "cpu_ms": round(found.cpu_ms, 1), "bytes": found.size}
        print(json.dumps(line), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
