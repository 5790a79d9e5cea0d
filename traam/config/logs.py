"""What the site writes down: a line for each event, readable or as JSON, always with the reference of its request.

The lines of the web server go the same way. They name the page as the site declares it, never the address that was
asked: an address may hold a secret, and an answer is nobody's business.
"""

import json
import logging
import logging.config
from datetime import UTC, datetime
from typing import Any

from gunicorn.glogging import Logger as GunicornsLogger  # type: ignore[import-untyped]

from traam.design import references

TEXT, JSON = "texte", "json"
FACTS = ("method", "route", "status", "seconds", "size")


class WithReference(logging.Filter):
    """Gives a line the reference of its request, unless it has one, and the page in the place of the address."""

    def filter(self, record: logging.LogRecord) -> bool:
        request = getattr(record, "request", None)
        if not getattr(record, "reference", ""):  # Django writes some lines once the request has been answered
            record.reference = references.current() or getattr(request, "META", {}).get("traam.reference", "")
        if request is not None and isinstance(record.args, tuple):  # Django's « Not Found: /address »
            named = references.route(request) or "(aucune page)"
            record.args = tuple(named if each == request.path else each for each in record.args)
        return True


def _told(record: logging.LogRecord) -> dict[str, Any]:
    return {name: getattr(record, name) for name in FACTS if hasattr(record, name)}


def _trace(formatter: logging.Formatter, record: logging.LogRecord) -> str:
    """The traceback: as `discretion` left it, when it came by."""
    return record.exc_text or (formatter.formatException(record.exc_info) if record.exc_info else "")


class Text(logging.Formatter):
    """« 2026-11-22T18:00:00.000Z WARNING django.request [3f0c…] Not Found »"""

    def format(self, record: logging.LogRecord) -> str:
        reference = getattr(record, "reference", "")
        facts = "".join(f" {name}={value}" for name, value in _told(record).items())
        where = f"{_moment(record)} {record.levelname} {record.name}" + (f" [{reference}]" if reference else "")
        line = f"{where} {record.getMessage()}{facts}".replace("\r", "\\r").replace("\n", "\\n")
        trace = _trace(self, record)
        return f"{line}\n{trace}" if trace else line


class Json(logging.Formatter):
    """One JSON object on one line."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "at": _moment(record),
            "level": record.levelname,
            "logger": record.name,
            "reference": getattr(record, "reference", ""),
            "message": record.getMessage(),
            **_told(record),
        }
        if trace := _trace(self, record):
            line["exception"] = trace
        return json.dumps(line, ensure_ascii=False, default=str)


def _moment(record: logging.LogRecord) -> str:
    return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def configuration(form: str, access: bool) -> dict[str, Any]:
    """The `LOGGING` of Django; `access`: a line for each request too."""
    formatter = {TEXT: "traam.config.logs.Text", JSON: "traam.config.logs.Json"}[form]
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {
            "reference": {"()": "traam.config.logs.WithReference"},
            "discretion": {"()": "traam.config.discretion.Discretion"},
        },
        "formatters": {"line": {"()": formatter}},
        "handlers": {
            "console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["reference", "discretion"]},
        },
        "root": {"handlers": ["console"], "level": "WARNING"},
        "loggers": {"traam.access": {"level": "INFO" if access else "WARNING"}},
    }


class ServersLogger(GunicornsLogger):  # type: ignore[misc]
    """What gunicorn writes goes where the site writes."""

    def setup(self, cfg: Any) -> None:
        from django.conf import settings  # not before: this module makes them

        super().setup(cfg)
        logging.config.dictConfig(settings.LOGGING)
        self.error_log.handlers = []
        self.error_log.propagate = True

    def access(self, resp: Any, req: Any, environ: Any, request_time: Any) -> None:
        facts = {
            "reference": environ.get("traam.reference", ""),
            "method": environ.get("REQUEST_METHOD", ""),
            "route": environ.get("traam.route", ""),
            "status": int(str(resp.status).split(None, 1)[0]),
            "seconds": round(request_time.total_seconds(), 4),
            "size": getattr(resp, "sent", 0),
        }
        logging.getLogger("traam.access").info("request", extra=facts)
