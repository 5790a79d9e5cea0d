"""The communication supports of a group, and their files."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Any

from django.utils.text import slugify

from traam.engines.workflow import Missing
from traam.programme.groups.models import Group
from traam.programme.productions.models import Support, Version
from traam.programme.productions.queries import reviews


def support(pk: int) -> Support:
    """A support with its group, its theme and all that says who may do what: four queries."""
    try:
        found: Support = reviews.reviewed(Support).get(pk=pk)
    except Support.DoesNotExist:
        raise Missing("Ce support n'existe pas.") from None
    return found


def of_group(group: Group) -> list[Support]:
    """The supports of a group, in the order they were begun."""
    return list(Support.objects.filter(group=group).order_by("pk"))


@dataclass(frozen=True)
class SupportFile:
    """A file of a support: its name in the storage, and the one it is given back with."""

    support: Support
    file: str
    filename: str

    @property
    def group(self) -> Group:
        return self.support.group


def stored_file(pk: int, name: str) -> SupportFile:
    """A file by its name in the storage, of what is written now or of a version."""
    found = support(pk)
    now: Mapping[str, Any] = {field: getattr(found, field) for field in ("file", "filename", "captions", "title")}
    versions = Version.objects.filter(review=found.review_id).order_by("-number").values_list("content", flat=True)
    for content in chain([now], versions):
        if name and content.get("file") == name:
            return SupportFile(found, name, content["filename"])
        if name and content.get("captions") == name:
            return SupportFile(found, name, captions_name(content["title"]))
    raise Missing("Ce fichier n'est plus celui du support, ni d'une de ses versions.")


def captions_name(title: str) -> str:
    return f"sous-titres-{slugify(title)[:60] or 'video'}.vtt"
