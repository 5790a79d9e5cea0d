"""A file is received and shown, then written when somebody agrees: what is written is what was read, or nothing."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import transaction

from traam.engines.workflow import Invalid, Missing
from traam.programme.catalogue import edubase, imports, sheets_read
from traam.programme.catalogue.deposits import policies, queries
from traam.programme.catalogue.models import Correspondence, Deposit
from traam.programme.catalogue.reports import Prepared, Report
from traam.programme.journal.actions import Actor, record
from traam.programme.people.models import Person

KEPT_DAYS = 7
LARGEST_FILE = 20_000_000
LARGEST_CORRESPONDENCE = 200_000
MOVED = (
    "Le catalogue a changé depuis que vous avez lu cet aperçu. Rien n'a été écrit : relisez ce qui serait écrit "
    "maintenant, puis confirmez."
)

File = tuple[str, bytes]
"""The name of a file, and what it holds."""


def receive(
    kind: str,
    file: File,
    *,
    correspondence: Correspondence | None = None,
    actor: Person,
    at: datetime,
) -> Deposit:
    """Keep a file until its sender has seen what it would do. It replaces the one of that kind she sent before."""
    policies.may_import(actor, at).require()
    name, data = file
    if len(data) > LARGEST_FILE:
        raise Invalid({"file": [f"Le fichier dépasse {LARGEST_FILE // 1_000_000} Mo : partagez-le en plusieurs."]})
    deposit = Deposit(kind=kind, filename=name[-200:], data=data, sent_by=actor, sent_at=at)
    if correspondence:
        deposit.mapping_name, deposit.mapping = correspondence.name, correspondence.text
    _rehearse(deposit, at)
    with transaction.atomic():
        Deposit.objects.filter(done_at=None, sent_by=actor, kind=kind).delete()
        deposit.save()
    return deposit


def sweep(*, at: datetime) -> int:
    """Let go of what nobody agreed to for a week; how many."""
    return Deposit.objects.filter(done_at=None, sent_at__lt=at - timedelta(days=KEPT_DAYS)).delete()[0]


def _rehearse(deposit: Deposit, at: datetime) -> None:
    """What the file would do now, kept with it: a page of it costs no reading."""
    deposit.report = _prepared(deposit).carry_out(at=at, dry_run=True).stored()


def _prepared(deposit: Deposit) -> Prepared:
    """The file, read: before any lock is taken."""
    data, filename = bytes(deposit.data), deposit.filename
    if deposit.kind == Deposit.Kind.HISTORY:
        return imports.prepare(data, filename=filename)
    try:
        words = sheets_read.words_of(deposit.mapping, deposit.mapping_name) if deposit.mapping else sheets_read.words()
    except sheets_read.BadMapping as bad:  # what the program knows has changed since it was kept
        return Prepared(Report(problems=[str(bad)]), lambda *_: None)
    return edubase.prepare(data, filename=filename, words=words)


def read_again(deposit: Deposit, *, actor: Person, at: datetime) -> Report:
    """What a file would do now: the catalogue moved since it was received."""
    policies.may_accept(actor, deposit, at).require()
    _rehearse(deposit, at)
    deposit.save(update_fields=["report"])
    return Report.found(deposit.report)


def accept(deposit: Deposit, *, stamp: str, actor: Person, at: datetime) -> Report:
    """Write a file that waits: all its lines or none. `stamp` is that of the report that was read.

    Raises `Invalid` when it would no longer do what was read.
    """
    policies.may_accept(actor, deposit, at).require()
    ready = _prepared(deposit)
    with transaction.atomic():
        deposit = _locked(deposit)
        policies.may_accept(actor, deposit, at).require()
        report = ready.carry_out(at=at, dry_run=False)
        if report.problems:
            return report
        if report.stamp != stamp:
            raise Invalid(MOVED)
        _done(deposit, report, actor, at)
    return report


def _locked(deposit: Deposit) -> Deposit:
    found = Deposit.objects.select_for_update().filter(pk=deposit.pk).first()
    if found is None:
        raise Missing(queries.GONE)
    return found


def _done(deposit: Deposit, report: Report, actor: Actor, at: datetime) -> None:
    deposit.report, deposit.data, deposit.done_at = report.stored(lines=False), b"", at
    deposit.save()
    told = {"kind": deposit.kind, "correspondence": deposit.mapping_name, **report.counts}
    record("import_catalogue", deposit, actor=actor, at=at, data=told)


def bring(kind: str, file: File, *, mapping: tuple[str, str] = ("", ""), actor: Actor, at: datetime) -> Report:
    """Write a file at once, for a command; `mapping` is the name and the text of a mapping file. Nothing is noted of a
    file that changes nothing."""
    name, data = file
    deposit = Deposit(kind=kind, filename=name[-200:], data=data, sent_at=at)
    deposit.mapping_name, deposit.mapping = mapping
    ready = _prepared(deposit)
    with transaction.atomic():
        report = ready.carry_out(at=at, dry_run=False)
        if report.writes:
            _done(deposit, report, actor, at)
    return report


def discard(deposit: Deposit, *, actor: Person, at: datetime) -> None:
    """Let a file that waits go: nothing of it was written."""
    policies.may_accept(actor, deposit, at).require()
    deposit.delete()


@transaction.atomic
def keep_correspondence(file: File, *, actor: Person, at: datetime) -> Correspondence:
    """Keep a mapping file to be chosen, now and later. One of the same name takes the place of the one before."""
    policies.may_import(actor, at).require()
    name, data = file
    if len(data) > LARGEST_CORRESPONDENCE:
        raise Invalid({"mapping": ["Cette correspondance est trop longue : 200 ko au plus."]})
    try:
        text = data.decode("utf-8-sig")
        sheets_read.words_of(text, name)
    except UnicodeDecodeError:
        raise Invalid({"mapping": [f"{name} n'est pas en UTF-8 : enregistrez-la avec ce codage."]}) from None
    except sheets_read.BadMapping as bad:
        raise Invalid({"mapping": [str(bad)]}) from None
    given = {"text": text, "saved_by": actor, "saved_at": at}
    kept, _ = Correspondence.objects.update_or_create(name=name[-200:], defaults=given)
    record("keep_correspondence", kept, actor=actor, at=at)
    return kept


def explain(deposit: Deposit, answers: Mapping[str, str], *, name: str, actor: Person, at: datetime) -> None:
    """Say what the columns that were left aside are, by their titles ("": nothing); kept as a correspondence of this
    name, with which the file is read again. Raises `Invalid`, by title, or for `name`."""
    policies.may_accept(actor, deposit, at).require()
    report = Report.found(deposit.report)
    given = {title: answers[title] for title, *_ in report.unknown if answers.get(title)}
    _check_answers(given, dict(report.missing))
    name = f"{name.strip().removesuffix('.toml')[:190]}.toml"
    if name != deposit.mapping_name and Correspondence.objects.filter(name=name).exists():
        raise Invalid({"name": [f"Une correspondance s'appelle déjà {name} : donnez un autre nom à celle-ci."]})
    text = sheets_read.with_titles(deposit.mapping or queries.ours(), given)
    kept = keep_correspondence((name, text.encode()), actor=actor, at=at)
    deposit.mapping_name, deposit.mapping = kept.name, kept.text
    _rehearse(deposit, at)
    deposit.save(update_fields=["mapping_name", "mapping", "report"])


def _check_answers(given: Mapping[str, str], missing: Mapping[str, str]) -> None:
    errors: dict[str, list[str]] = {}
    first: dict[str, str] = {}
    for title, source in given.items():
        if source not in missing:
            errors[title] = ["Choisissez une réponse de la liste."]
        elif source in first:
            said = f"« {missing[source]} » est déjà la colonne « {first[source]} » : gardez l'une, laissez l'autre."
            errors[title] = [said]
        first.setdefault(source, title)
    if not given:
        raise Invalid("Dites ce qu'est une de ces colonnes au moins, ou revenez à l'aperçu.")
    if errors:
        raise Invalid(errors)


@transaction.atomic
def forget_correspondence(correspondence: Correspondence, *, actor: Person, at: datetime) -> None:
    """Offer it no more. What was imported with it stays."""
    policies.may_forget(actor, correspondence, at).require()
    record("forget_correspondence", correspondence, actor=actor, at=at)
    correspondence.delete()
