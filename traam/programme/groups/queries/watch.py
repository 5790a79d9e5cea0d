from traam.engines.sharing import folded
from traam.engines.workflow import Missing
from traam.programme.campaigns.models import Theme
from traam.programme.groups.models import WatchItem
from traam.programme.groups.queries.composition import group as read_group


def watch_of_theme(theme: Theme, words: str = "", tag: str = "") -> list[WatchItem]:
    """The watch of a theme, latest first: the items with this tag, and all these words wherever they are."""
    rows = WatchItem.objects.filter(group__application__theme=theme)
    rows = rows.select_related("shared_by", "group__application").order_by("-shared_at", "-pk")
    wanted = folded(words).split()
    return [item for item in rows if _matches(item, wanted, folded(tag))]


def _matches(item: WatchItem, wanted: list[str], tag: str) -> bool:
    tags = [folded(each) for each in item.tags]
    if tag and tag not in tags:
        return False
    text = folded(" ".join((item.title, item.why, item.address, item.shared_by.name))) + " " + " ".join(tags)
    return all(word in text for word in wanted)


def watch_item(pk: int) -> WatchItem:
    """An item, with its group as `group` reads it."""
    try:
        found = WatchItem.objects.select_related("shared_by").get(pk=pk)
    except WatchItem.DoesNotExist:
        raise Missing("Cette adresse n'est plus dans la veille.") from None
    found.group = read_group(found.group_id)
    return found
