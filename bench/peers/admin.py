"""Our settings with Django's administration beside: the list of the same notices, as any Django site would have it."""

from functools import cache
from types import SimpleNamespace
from typing import Any

from traam.config.settings import *  # noqa: F403
from traam.config.settings import INSTALLED_APPS, STORAGES, TEMPLATES

INSTALLED_APPS = [*INSTALLED_APPS, "django.contrib.admin"]
TEMPLATES = [
    *TEMPLATES,
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    },
]
ROOT_URLCONF = "bench.peers.admin_urls"
SILENCED_SYSTEM_CHECKS = ["admin.E403", "admin.E408", "admin.E409", "admin.E410"]
# Names of style sheets without their hash: no file has to be collected.
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}


@cache
def handler() -> Any:
    """The whole site, as a server calls it."""
    from django.core.handlers.wsgi import WSGIHandler

    return WSGIHandler()


def changelist() -> tuple[int, int]:
    """Its list, drawn for somebody who may see everything; its bytes, twice."""
    from django.contrib.messages.storage.fallback import FallbackStorage
    from django.test import RequestFactory

    from bench.peers.admin_urls import notices

    request: Any = RequestFactory().get("/admin/catalogue/notice/", headers={"Host": "localhost"})
    yes = {name: (lambda *given: True) for name in ("has_perm", "has_module_perms", "has_usable_password")}
    request.user = SimpleNamespace(is_active=True, is_staff=True, is_authenticated=True, pk=1, get_username=str, **yes)
    request.session = {}
    request._messages = FallbackStorage(request)
    octets = len(notices.changelist_view(request).render().content)
    return octets, octets
