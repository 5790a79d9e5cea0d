"""E-mail addresses in what leaves: a checker's own, which knows nothing of the judge's."""

import re

_WEB = re.compile(r"https?://[^\s<>\"]+", re.IGNORECASE)
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_NOBODY = re.compile(r"@(?:.*\.)?(?:ex[ae]mple(?:\.\w+)?|invalid|test)$", re.IGNORECASE)


def addresses(text: str) -> list[str]:
    """The e-mail addresses of a text, those of the web and those of nobody (exemple.fr) left out."""
    return [address for address in _EMAIL.findall(_WEB.sub(" ", text)) if not _NOBODY.search(address)]
