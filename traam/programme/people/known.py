"""Whom a few words designate, for whoever reads the journal."""

from django.db.models import Q

from traam.programme.people.models import Person

MOST = 50


def designated(words: str) -> list[int]:
    """The numbers of the people whose name holds all these words, whose address is this one, or whose number it is."""
    named = Q()
    for word in words.split():
        named &= Q(name__icontains=word)
    found = named | Q(email__iexact=words)
    if words.isdecimal() and len(words) < 15:
        found |= Q(pk=int(words))
    return list(Person.objects.filter(found).order_by("name").values_list("pk", flat=True)[:MOST])
