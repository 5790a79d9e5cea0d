from datetime import date, datetime

from django.db import transaction

from traam import reference
from traam.engines.sharing import MOST_BYTES, BadAddress, BadFile, judge, normal
from traam.engines.workflow import Invalid
from traam.gateways import intake
from traam.programme.groups import policies, queries
from traam.programme.groups.models import Document, Group
from traam.programme.journal.actions import record
from traam.programme.people.models import Person

LONGEST_TITLE = 200
MOST_OF_A_GROUP = 50 * MOST_BYTES


def share_document(
    group: Group,
    *,
    title: str,
    address: str = "",
    file: tuple[str, bytes] | None = None,
    licence: str = "",
    terms_read_on: date | None = None,
    personal_data: str,
    actor: Person,
    at: datetime,
) -> Document:
    """Share a file (its name and its bytes) or an address, with its rights.

    The file is on the disk before its row is written: a death between the two leaves a file that is swept away a day
    later, never a document without its file.
    """
    policies.may_share(actor, queries.group(group.pk), at).require()
    made = Document(group=group, title=title.strip(), shared_by=actor, shared_at=at)
    made.licence, made.terms_read_on, made.personal_data = licence, terms_read_on, personal_data
    errors = _title_errors(title) | _rights_errors(licence, terms_read_on, personal_data, at.date())
    errors |= _body(made, address, file, keep=not errors)
    if errors:
        raise Invalid(errors)
    return _write(made, actor, at)


@transaction.atomic
def _write(made: Document, actor: Person, at: datetime) -> Document:
    Group.objects.select_for_update().get(pk=made.group_id)
    policies.may_share(actor, queries.group(made.group_id), at).require()
    if made.size and queries.weight(made.group) + made.size > MOST_OF_A_GROUP:
        raise Invalid(
            {
                "file": [
                    f"Les fichiers du groupe pèsent déjà près de {MOST_OF_A_GROUP // 1_000_000} Mo : retirez-en, ou "
                    "partagez un lien."
                ]
            }
        )
    made.save()
    data = {"document": made.pk, "title": made.title, "personal_data": made.personal_data}
    record("share_document", made.group, actor=actor, at=at, data=data)
    return made


def _title_errors(title: str) -> dict[str, list[str]]:
    if not title.strip():
        return {"title": ["Donnez un titre au document : c'est lui qui se lit dans la liste."]}
    if len(title.strip()) > LONGEST_TITLE:
        return {"title": [f"Ce titre compte {len(title.strip())} caractères : {LONGEST_TITLE} au plus."]}
    return {}


def _body(made: Document, address: str, file: tuple[str, bytes] | None, keep: bool) -> dict[str, list[str]]:
    """Put the file or the address in the document, or answer what is wrong with them.

    The file goes to the disk only if all the rest is right (`keep`): else it is given again with what is mended.
    """
    if file and address.strip():
        return {"address": ["Donnez un fichier ou une adresse, pas les deux : ce sont deux documents."]}
    if file:
        try:
            if not keep:
                judge(file[1])
                return {}
            taken = intake.take(file)
        except BadFile as bad:
            return {"file": [str(bad)]}
        made.file, made.filename, made.size, made.screened = taken.file, taken.filename, taken.size, taken.screened
        return {}
    if not address.strip():
        return {"file": ["Choisissez un fichier, ou donnez l'adresse d'une page."]}
    try:
        made.address = normal(address)
    except BadAddress as bad:
        return {"address": [str(bad)]}
    return {}


def _rights_errors(licence: str, terms_read_on: date | None, personal_data: str, today: date) -> dict[str, list[str]]:
    errors: dict[str, list[str]] = {}
    if licence and licence not in reference.licences():
        errors["licence"] = ["Choisissez la licence dans la liste."]
    if terms_read_on and not date(2000, 1, 1) <= terms_read_on <= today:
        errors["terms_read_on"] = ["Donnez le jour où les conditions ont été lues : il n'est pas à venir."]
    if personal_data not in Document.PersonalData.values:
        errors["personal_data"] = ["Dites si le document montre ou nomme des personnes."]
    return errors


@transaction.atomic
def complete_rights(
    document: Document, *, licence: str, terms_read_on: date | None, personal_data: str, actor: Person, at: datetime
) -> Document:
    """Say what was not known of the rights of a document when it was shared."""
    Document.objects.select_for_update().get(pk=document.pk)
    document = queries.document(document.group_id, document.pk)
    policies.may_change_document(actor, document, at).require()
    if errors := _rights_errors(licence, terms_read_on, personal_data, at.date()):
        raise Invalid(errors)
    document.licence, document.terms_read_on, document.personal_data = licence, terms_read_on, personal_data
    document.save(update_fields=["licence", "terms_read_on", "personal_data"])
    data = {"document": document.pk, "licence": licence, "personal_data": personal_data}
    record("complete_rights", document.group, actor=actor, at=at, data=data)
    return document


@transaction.atomic
def withdraw_document(document: Document, *, actor: Person, at: datetime) -> Document:
    """Withdraw a document for good: its line stays, its file can no longer be had and is swept away."""
    Document.objects.select_for_update().get(pk=document.pk)
    document = queries.document(document.group_id, document.pk)
    policies.may_change_document(actor, document, at).require()
    document.withdrawn_at = at
    document.save(update_fields=["withdrawn_at"])
    data = {"document": document.pk, "title": document.title}
    record("withdraw_document", document.group, actor=actor, at=at, data=data)
    return document
