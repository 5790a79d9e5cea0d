"""Read blind, nothing says who applies: the proof swaps the identities of two dossiers and gets the same bytes.

Everything that says who applies is exchanged in the database between two dossiers of which the reader knows nothing;
then every address that a reader may open is asked again. One byte that differs is a leak.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from itertools import product
from typing import Any

import pytest
from django.test import Client
from django.urls import URLResolver, get_resolver
from django.utils import timezone

from traam.demo.build import DOMAIN
from traam.programme.calls.models import Application
from traam.programme.campaigns.models import Campaign, Theme
from traam.programme.people.models import Appointment, Person, Role
from traam.programme.selection import opinions, queries, reading
from traam.programme.selection.models import Assignment
from traam.spaces.review.urls import urlpatterns

pytestmark = [pytest.mark.django_db, pytest.mark.once]
SignIn = Callable[[str], Client]

# All that says who applies. What a reader judges (titles, axes, description, degree, kind of school) is not here.
HIDDEN = (
    "academy",
    "inspector_name",
    "inspector_email",
    "inspector_phone",
    "referent_name",
    "referent_school",
    "referent_email",
    "referent_phone",
    "dasen_agreement",
    "rank",
    "inspector_opinion",
    "inspector_comment",
    "inspector_opinion_by_id",
    "inspector_opinion_at",
    "renews_id",
    "created_by_id",
    "created_at",
    "changed_at",
    "forwarded_at",
    "revision",
)
JUDGED = {"id", "theme_id", "state", "degree", "school_kind", "titles", "axes", "description"}


def person(name: str) -> Person:
    return Person.objects.get(email=f"{name}@{DOMAIN}")


def marks(value: int) -> dict[str, int]:
    criteria = Campaign.objects.get(state="open").edition.selection.criteria
    return {criterion.id: value for criterion in criteria}


@pytest.fixture
def theme() -> Theme:
    """A theme read blind: seven dossiers, some opinions, one asked of a reader, one of the expert's own academy."""
    campaign = Campaign.objects.get(state="open")
    campaign.overrides = {"blind": True}
    campaign.save()
    theme = Theme.objects.filter(campaign=campaign).order_by("pk")[0]
    for n, academy in enumerate(("10", "17", "19", "33")):
        known(theme, academy, n)
    Appointment.objects.create(person=person("expert"), role=Role.TEACHER, academy="33", since=date(2020, 9, 1))
    reader = Person.objects.create(email="lectrice@exemple.invalid", name="Lectrice", created_at=timezone.now())
    Appointment.objects.create(person=reader, role=Role.EXPERT, since=date(2020, 1, 1))
    rows = list(Application.objects.filter(theme=theme, state="forwarded").order_by("pk"))
    at = timezone.now()
    opinions.assign(rows[:4], [reader], actor=person("bureau"), at=at)
    for n, row in enumerate(rows[:5]):
        opinions.give_opinion(row, marks(n % 4 + 1), f"Avis {n}", actor=person("inspection.generale"), at=at)
    opinions.give_opinion(rows[0], marks(2), "Le mien", actor=person("expert"), at=at)
    opinions.keep_note(rows[1], "À relire", actor=person("expert"), at=at)
    opinions.declare_conflict(rows[2], "J'y ai travaillé.", actor=reader, at=at)
    return theme


def known(theme: Theme, academy: str, n: int) -> Application:
    """A dossier whose every field says whose it is."""
    at = timezone.now() - timedelta(days=n, hours=n)
    return Application.objects.create(
        theme=theme,
        academy=academy,
        state="forwarded",
        titles=[f"Projet {n}"],
        axes=[1],
        degree="second",
        description="Les élèves argumentent.",
        inspector_name=f"Inspectrice {academy}",
        inspector_email=f"inspectrice{academy}@exemple.invalid",
        inspector_phone=f"01 99 00 00 {academy}",
        inspector_opinion=("favourable", "reserved", "unfavourable", "")[n],
        inspector_comment=f"Équipe solide de {academy}",
        inspector_opinion_by=person(("inspecteur.lyon", "inspecteur.nantes", "inspecteur.lille", "bureau")[n]),
        inspector_opinion_at=at,
        referent_name=f"Référente {academy}",
        referent_email=f"referente{academy}@exemple.invalid",
        referent_school=f"09900{academy}A",
        referent_phone=f"01 99 01 00 {academy}",
        rank=n + 1,
        dasen_agreement=n < 2,
        created_by=person(("dan.lyon", "dan.nantes", "dan.lille", "bureau")[n]),
        created_at=at,
        changed_at=at,
        forwarded_at=at,
        revision=n + 1,
    )


def swap(one: Application, other: Application) -> None:
    """Exchange, in the database, who these two dossiers are."""
    first = {name: getattr(one, name) for name in HIDDEN}
    second = {name: getattr(other, name) for name in HIDDEN}
    aside = {"referent_email": "entre-deux@exemple.invalid"}
    Application.objects.filter(pk=one.pk).update(**aside)
    Application.objects.filter(pk=other.pk).update(**first)
    Application.objects.filter(pk=one.pk).update(**second)


def addresses(theme: Theme) -> list[str]:
    """Every address of the space that a reader may open, filtered and sorted in every way it offers, and others."""
    dossiers = list(Application.objects.filter(theme=theme).order_by("pk").values_list("pk", flat=True))
    found = ["/tableau-de-bord"]
    for entry in urlpatterns:
        pattern = str(entry.pattern)
        if pattern.startswith("scenarios/"):  # written by groups, which exist once the results are announced
            continue
        found += [f"/evaluation/{path}" for path in _filled(pattern, theme.pk, dossiers)]
    return found


def _filled(pattern: str, theme: int, dossiers: list[int]) -> Iterator[str]:
    if pattern.startswith("candidatures/"):
        yield from (pattern.replace("<int:pk>", str(dossier)) for dossier in dossiers)
        return
    path = pattern.replace("<int:pk>", str(theme))
    yield from (path.replace("<slug:form>", form) for form in ("xlsx", "ods"))
    path = path.replace("<slug:form>", "csv")
    yield path
    if path.endswith("/comparaison"):  # the page of the theme and the files draw the same list
        yield from (f"{path}?{asked}" for asked in ASKED)
    elif path.startswith("themes/") and "/lecteurs" not in path:
        yield from (f"{path}?{asked}" for asked in ASKED[::4])


def elsewhere(theme: Theme) -> list[str]:
    """Every other address of the site that numbers are enough to write, with those of the campaign and its dossiers."""
    keys = [theme.campaign_id, theme.pk, *(row.pk for row in two_unknown(theme))]
    patterns = {path for path, _ in _whole_site(get_resolver()) if not path.startswith(("evaluation/", "oai"))}
    simple = sorted(path for path in patterns if re.fullmatch(r"[^<]*(<int:\w+>[^<]*)*", path))
    return [f"/{re.sub(r'<int:[a-z_]+>', str(key), path)}" for path in simple for key in keys if "<" in path]


def _whole_site(resolver: URLResolver, before: str = "") -> Iterator[tuple[str, Any]]:
    for entry in resolver.url_patterns:
        path = before + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from _whole_site(entry, path)
        else:
            yield path, entry.callback


def few_addresses(theme: Theme) -> list[str]:
    """Enough of them to see a leak that was made on purpose."""
    dossiers = Application.objects.filter(theme=theme, state="forwarded").order_by("pk").values_list("pk", flat=True)
    path = f"/evaluation/themes/{theme.pk}"
    return [path, f"{path}?q=Lyon", f"{path}/comparaison.csv", *(f"/evaluation/candidatures/{pk}" for pk in dossiers)]


SORTS = ("dossier", "moyenne", "ecart", "lectures", "rang", "avis", "academie", "forwarded_at")
ASKED = [
    *(f"tri={sign}{key}" for sign, key in product(("", "-"), SORTS)),
    *(f"academie={code}" for code in ("10", "17", "19", "33")),
    *(f"inspecteur={value}" for value in Application.InspectorOpinion.values),
    *(f"q={words}" for words in ("Lyon", "nantes", "Inspectrice", "référente 17", "0990010A", "Projet", "projet 1")),
    "filtre=sans-mon-avis",
    "filtre=sans-mon-avis&tri=-moyenne",
    "peu-lus=1",
    "nommes=1",
    "page=2",
]
CHANGING = re.compile(rb'name="csrfmiddlewaretoken" value="[^"]*"|nonce="[^"]*"|name="seal" value="[^"]*"')


def answers(client: Client, reader: Person, paths: list[str]) -> dict[str, tuple[int, bytes]]:
    client.force_login(reader)
    found = {}
    for path in paths:
        answer = client.get(path)
        found[path] = (answer.status_code, CHANGING.sub(b"", bytes(answer.content)))
        found[f"{path} (headers)"] = (0, repr(sorted(_stable(answer))).encode())
    return found


def _stable(answer: Any) -> Iterator[tuple[str, str]]:
    for name, value in answer.headers.items():
        if name not in {"Content-Security-Policy", "Expires", "Set-Cookie", "X-Request-ID"}:
            yield name, value


def counts(reader: Person) -> list[tuple[Any, ...]]:
    return [
        (each.theme.pk, each.dossiers, each.given, each.conflicts, each.without_opinion)
        for each in queries.readings(reader, timezone.now())
    ]


def two_unknown(theme: Theme) -> tuple[Application, Application]:
    """Two dossiers of academies the readers have nothing to do with, at the two ends of every order."""
    rows = Application.objects.filter(theme=theme, academy__in=["10", "19"], rank__isnull=False)
    chosen = sorted(rows.exclude(titles=[]), key=lambda row: row.pk)
    one = next(row for row in chosen if row.academy == "10" and row.state == "forwarded")
    return one, next(row for row in chosen if row.academy == "19")


# The expert leads the theme, the other one was asked to read some of it.
READERS = ("expert", "lectrice")


def reader_named(name: str) -> Person:
    return Person.objects.get(email="lectrice@exemple.invalid") if name == "lectrice" else person(name)


def leaks(client: Client, theme: Theme, reader: Person, paths: list[str]) -> list[str]:
    """The addresses whose answer changes when two hidden identities are exchanged."""
    before, counted = answers(client, reader, paths), counts(reader)
    swap(*two_unknown(theme))
    after = answers(client, reader, paths)
    differing = [path for path in before if before[path] != after[path]]
    return differing + (["counts"] if counted != counts(reader) else [])


def test_every_field_is_either_judged_or_exchanged() -> None:
    """A field added tomorrow must be placed on one side or the other."""
    assert {field.attname for field in Application._meta.concrete_fields} == set(HIDDEN) | JUDGED


@pytest.mark.parametrize("name", READERS)
def test_a_blind_reader_gets_the_same_bytes_whoever_applies(client: Client, theme: Theme, name: str) -> None:
    assert leaks(client, theme, reader_named(name), addresses(theme)) == []


def test_no_other_page_of_the_site_says_who_applies(client: Client, theme: Theme) -> None:
    paths = elsewhere(theme)
    assert len(paths) > 100
    assert leaks(client, theme, person("expert"), paths) == []


def test_the_readers_do_read(client: Client, theme: Theme) -> None:
    """The same bytes are worth nothing if every answer were a refusal."""
    first = Application.objects.filter(theme=theme, state="forwarded").order_by("pk")[0]
    for name in READERS:
        client.force_login(reader_named(name))
        page = client.get(f"/evaluation/candidatures/{first.pk}").content.decode()
        assert f"Dossier n° {first.pk}" in page and "Enregistrer mon avis" in page or "Changer mon avis" in page
        assert first.academy_name not in page.replace("académies", "")


@pytest.mark.parametrize("name", ["rank", "academy", "forwarded_at", "inspector_opinion", "referent_name"])
def test_the_proof_sees_a_leak(client: Client, theme: Theme, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """Let one hidden field into what the pages receive: the proof must turn red."""
    drawn = reading._drawn

    def leaking(seen: reading.Viewer, row: Application) -> reading.Sheet:
        return replace(drawn(seen, row), degree=str(getattr(row, name)))

    monkeypatch.setattr(reading, "_drawn", leaking)
    assert leaks(client, theme, person("expert"), few_addresses(theme)) != []


def test_the_proof_sees_an_order_that_leaks(client: Client, theme: Theme, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "_sorted", lambda rows, seen: rows.order_by("academy", "rank", "pk"))
    assert leaks(client, theme, person("expert"), few_addresses(theme)) != []


def test_the_proof_sees_a_search_that_leaks(client: Client, theme: Theme, monkeypatch: pytest.MonkeyPatch) -> None:
    def leaking(rows: Any, seen: reading.Viewer, words: str) -> Any:
        found = [row.pk for row in rows if words.lower() in row.academy_name.lower()]
        return rows.filter(pk__in=found), len(found)

    monkeypatch.setattr(reading, "_matching", leaking)
    assert leaks(client, theme, person("expert"), few_addresses(theme)) != []


def test_the_dossiers_of_ones_own_academy_are_not_there(client: Client, theme: Theme) -> None:
    mine = Application.objects.get(theme=theme, academy="33", titles=["Projet 3"])
    client.force_login(person("expert"))
    assert f"/evaluation/candidatures/{mine.pk}" not in client.get(f"/evaluation/themes/{theme.pk}").content.decode()
    refused = client.get(f"/evaluation/candidatures/{mine.pk}")
    assert refused.status_code == 403 and "académie" not in _main(refused).replace("candidatures", "")
    assert counts(person("expert"))[0][1] == Application.objects.filter(theme=theme, state="forwarded").count() - 1


def _main(answer: Any) -> str:
    page: str = answer.content.decode()
    return page[page.index("<main") : page.index("</main>")]


def test_the_national_team_sees_the_names(client: Client, theme: Theme) -> None:
    client.force_login(person("bureau"))
    page = client.get(f"/evaluation/themes/{theme.pk}?academie=10").content.decode()
    assert "Lyon" in page and "rang 1 de l’académie" in page


def test_the_national_team_finds_what_says_where_it_comes_from(client: Client, theme: Theme) -> None:
    rows = Application.objects.filter(theme=theme, academy="10", titles=["Projet 0"])
    rows.update(description="Les élèves de Lyon argumentent.")
    client.force_login(person("bureau"))
    page = client.get(f"/evaluation/themes/{theme.pk}?nommes=1").content.decode()
    assert page.count('<th scope="row">') == 1 and f"/evaluation/candidatures/{rows[0].pk}" in page
    assert "le nom de l" in client.get(f"/evaluation/candidatures/{rows[0].pk}").content.decode()
    client.force_login(person("expert"))
    for path in (f"themes/{theme.pk}?nommes=1", f"candidatures/{rows[0].pk}"):
        page = client.get(f"/evaluation/{path}").content.decode()
        assert "le nom de l" not in page and "Dit d" not in page


def test_the_names_come_back_at_the_announcement(client: Client, theme: Theme) -> None:
    from traam.programme.selection.models import Announcement

    Announcement.objects.create(campaign=theme.campaign, announced_by=person("bureau"), announced_at=timezone.now())
    client.force_login(person("expert"))
    assert "Lyon" in client.get(f"/evaluation/themes/{theme.pk}").content.decode()


def test_what_a_reader_is_told_names_no_dossier(theme: Theme) -> None:
    told = reader_named("lectrice").items.get()
    assert "4 candidatures" in told.text
    assert not any(name in told.text for name in ("Lyon", "Nantes", "Reims", "Projet"))
    assert Assignment.objects.filter(reader=reader_named("lectrice")).count() == 4


def test_readers_are_named_by_the_national_team_alone(client: Client, theme: Theme) -> None:
    client.force_login(person("inspection.generale"))
    assert client.get(f"/evaluation/themes/{theme.pk}/lecteurs").status_code == 403
    assert client.get(f"/evaluation/themes/{theme.pk}/lecteurs/repartir").status_code == 403
