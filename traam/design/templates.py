"""The Jinja2 environment of every page."""

from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.messages import get_messages
from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import get_script_prefix, reverse
from jinja2 import Environment, StrictUndefined

from traam.design import figures, forms, kept, lists, paging, pdf, prose, typography
from traam.design.navigation import article, navigation, why


def url(name: str, *args: object, **kwargs: object) -> str:
    """The address of a page by its name: `url("academy:application", application.pk)`."""
    if kwargs or not all(isinstance(one, int | str) for one in args):
        return reverse(name, args=args or None, kwargs=kwargs or None)
    return _known_url(settings.ROOT_URLCONF, get_script_prefix(), name, *args)


@lru_cache(maxsize=5_000)
def _known_url(addresses: str, prefix: str, name: str, *args: object) -> str:
    """Made once: a list shows a hundred addresses, most of them on every page."""
    return reverse(name, args=args or None)


def query(request: HttpRequest, **changes: object) -> str:
    """The present query string with changes (None removes): `query(request, page=2)` is "?q=robot&page=2"."""
    parameters = request.GET.copy()
    for name, value in changes.items():
        parameters.pop(name, None)
        if value is not None:
            parameters.setlist(name, [str(value)])
    return "?" + urlencode(list(parameters.lists()), doseq=True)


def messages_of(request: HttpRequest | None) -> list[Any]:
    """The one-off messages to show; none on the page of a failure, which has no request."""
    return list(get_messages(request)) if request is not None else []


def site() -> dict[str, Any]:
    """What the settings say of the site, read at each page so that tests may change them."""
    return {
        "name": getattr(settings, "SITE_NAME", "TraAM"),
        "tagline": getattr(settings, "SITE_TAGLINE", "Travaux académiques mutualisés"),
        "description": getattr(settings, "SITE_DESCRIPTION", "De l'appel à candidatures au catalogue."),
        "rights": getattr(settings, "SITE_RIGHTS", "La licence de chaque ressource est écrite sur sa notice."),
        "state_dress": settings.STATE_DRESS,
        "demonstration": settings.DEMONSTRATION,
    }


def environment(**options: Any) -> Environment:
    """Built by Django (see `TEMPLATES`). An unknown variable is an error, and everything is escaped."""
    options |= {"undefined": StrictUndefined, "trim_blocks": True, "lstrip_blocks": True}
    made = Environment(**options)  # noqa: S701 - Django's backend passes autoescape=True, and a test proves it
    made.globals |= {
        "static": static,
        "url": url,
        "query": query,
        "get_messages": messages_of,
        "navigation": navigation,
        "article": article,
        "why": why,
        "site": site,
        "pages_around": paging.pages_around,
        "describe_field": forms.describe,
        "failed_fields": forms.failed_fields,
        "list_extent": lists.extent,
        "draw_heat": figures.heat,
        "pdf_available": pdf.available,
        "seal": kept.seal,
        "plural": typography.plural,
        "agree": typography.agree,
    }
    made.filters |= {
        "date_fr": typography.date_fr,
        "date_short": typography.date_short,
        "datetime_fr": typography.datetime_fr,
        "hour_fr": typography.hour_fr,
        "date_iso": typography.date_iso,
        "time_tag": typography.time_tag,
        "number_fr": typography.number_fr,
        "percent_fr": typography.percent_fr,
        "size_fr": typography.size_fr,
        "seal": kept.seal,
        "plural": typography.plural,
        "agree": typography.agree,
        "typo": typography.typo,
        "paragraphs": typography.paragraphs,
        "markdown": prose.markdown,
    }
    return made
