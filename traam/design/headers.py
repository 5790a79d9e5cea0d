"""The headers that every answer carries, whatever drew it: what a browser may do with it, who may keep it."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

# What no page of ours asks of a browser; passkeys are asked on ours alone.
REFUSED = (
    "accelerometer",
    "browsing-topics",
    "camera",
    "display-capture",
    "geolocation",
    "gyroscope",
    "hid",
    "local-fonts",
    "magnetometer",
    "microphone",
    "midi",
    "payment",
    "screen-wake-lock",
    "serial",
    "usb",
    "xr-spatial-tracking",
)
OURS = ("clipboard-write", "publickey-credentials-create", "publickey-credentials-get")
PERMISSIONS = ", ".join([*(f"{name}=()" for name in REFUSED), *(f"{name}=(self)" for name in OURS)])
KEPT_BY_NOBODY = "private, no-store"
SHOWN_AGAIN = "private, no-cache"
# The pages of the person herself: nothing of them stays on the disk of a shared computer.
PERSONAL = frozenset({"desk"})


class HeadersMiddleware:
    """Outermost: static files and refusals carry them too. What a page said of itself stays."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        response.headers.setdefault("Cross-Origin-Resource-Policy", _readers(response))
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        if settings.SESSION_COOKIE_NAME in request.COOKIES or _is_personal(request):
            response.headers.setdefault("Cache-Control", _keeping(request, response))
        return response


def _readers(response: HttpResponseBase) -> str:
    """What is public may be shown by other sites; what is somebody's may not."""
    public = "public" in response.get("Cache-Control", "") or response.has_header("Access-Control-Allow-Origin")
    return "cross-origin" if public else "same-origin"


def _is_personal(request: HttpRequest) -> bool:
    match = request.resolver_match
    return match is not None and match.app_name in PERSONAL


def _keeping(request: HttpRequest, response: HttpResponseBase) -> str:
    taken_away = response.get("Content-Disposition", "").startswith("attachment")
    return KEPT_BY_NOBODY if taken_away or _is_personal(request) else SHOWN_AGAIN
