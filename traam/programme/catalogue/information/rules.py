"""What a page of information must be to be saved, and what it still lacks to be published."""

import re
from urllib.parse import urlsplit

from traam import reference
from traam.engines.sharing import cues
from traam.programme.catalogue.information.models import Content

MOST = {"title": 200, "description": 1500, "licence": 80, "captions": 400_000}
LONGEST_TEXT = 200_000
LONGEST_ADDRESS = 500
ADDRESSES = ("video", "download", "document", "licence_address")
SLUG = re.compile(r"(?!nouvelle$)[0-9a-z_-]{1,150}")  # "nouvelle" is where a page is begun


def faults(content: Content) -> dict[str, list[str]]:
    """What cannot be saved, by field."""
    found: dict[str, list[str]] = {}
    if not content.title.strip():
        found["title"] = ["Donnez un titre à cette page."]
    for name in ("title", "description", "licence", "captions", "transcript", "text", "credits"):
        value, most = getattr(content, name), MOST.get(name, LONGEST_TEXT)
        if len(value) > most:
            found[name] = [f"Ce texte a {len(value)} caractères, {most} au plus : raccourcissez-le."]
        elif "\x00" in value:
            found[name] = ["Ce texte contient un caractère nul : retirez-le."]
    for name in ADDRESSES:
        if (sentence := _address_fault(getattr(content, name))) is not None:
            found[name] = [sentence]
    if set(content.areas) - {code for code, one in reference.frameworks()["CRCN-Édu"].items() if not one.domain}:
        found["areas"] = ["Choisissez des domaines du CRCN-Édu, de 1 à 5."]
    if content.captions and "captions" not in found:
        problems = _captions_faults(content.captions)
        found |= {"captions": problems} if problems else {}
    return found


def _address_fault(address: str) -> str | None:
    if not address:
        return None
    try:
        parts = urlsplit(address)
        whole = parts.scheme == "https" and bool(parts.hostname) and not re.search(r"[\s\\\x00-\x1f]", address)
    except ValueError:
        whole = False
    if not whole:
        return f"« {address[:60]} » n'est pas une adresse complète : elle commence par https://."
    return f"Cette adresse a plus de {LONGEST_ADDRESS} caractères." if len(address) > LONGEST_ADDRESS else None


def _captions_faults(text: str) -> list[str]:
    """Why a player would not show these captions."""
    if not text.removeprefix("\ufeff").startswith("WEBVTT"):
        return ["Les sous-titres sont au format WebVTT : leur première ligne est WEBVTT."]
    shown, problems = cues(text)
    if not shown and not problems:
        problems = ["Ce fichier de sous-titres n'en contient aucun."]
    return [sentence[:1].upper() + sentence[1:] for sentence in problems]


def lacking(content: Content) -> list[str]:
    """What must still be said before the page is public."""
    lacks = []
    if not any((content.video, content.download, content.document, content.text)):
        lacks.append("donnez une vidéo, un document ou un texte")
    if (content.video or content.download) and not content.transcript:
        lacks.append("écrivez la transcription de la vidéo, pour qui ne peut pas la voir ou l'entendre")
    if (content.video or content.download) and not content.licence:
        lacks.append("dites sous quelle licence est la vidéo")
    return lacks
