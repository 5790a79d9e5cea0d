from django.db.models import QuerySet, Sum

from traam.engines.workflow import Missing
from traam.programme.groups.models import Document, Group
from traam.programme.groups.queries.composition import group as read_group


def documents(group: Group, *, withdrawn: bool = False) -> QuerySet[Document]:
    """The documents of a group, latest first; those that were withdrawn apart."""
    rows = group.documents.filter(withdrawn_at__isnull=not withdrawn).select_related("shared_by")
    return rows.order_by("-shared_at", "-pk")


def document(group_pk: int, pk: int) -> Document:
    """A document, withdrawn or not, with its group as `group` reads it."""
    try:
        found = Document.objects.select_related("shared_by").get(pk=pk, group_id=group_pk)
    except Document.DoesNotExist:
        raise Missing("Ce document n'existe pas.") from None
    found.group = read_group(group_pk)
    return found


def weight(group: Group) -> int:
    """The bytes of the files of a group."""
    return documents(group).aggregate(total=Sum("size"))["total"] or 0


def files_wanted() -> QuerySet[Document, str]:
    """The names of the files of the documents that are not withdrawn."""
    return Document.objects.filter(withdrawn_at=None).exclude(file="").values_list("file", flat=True)
