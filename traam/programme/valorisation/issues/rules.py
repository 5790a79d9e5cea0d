"""What keeps an issue from leaving, and what is wrong in what is typed."""

from collections.abc import Sequence
from urllib.parse import urlsplit

from traam.programme.valorisation.issues.models import Block, Issue

MOST_BLOCKS = 30


def lacking(issue: Issue, blocks: Sequence[Block]) -> list[str]:
    """Sentences: what an issue needs before it is ready."""
    said = []
    if not issue.title.strip():
        said.append("Donnez un titre au numéro.")
    if not blocks:
        said.append("Ajoutez au moins un élément : une production, un thème, un événement ou un texte.")
    for place, block in enumerate(blocks, 1):
        faults = faults_of(block)
        said += [f"Élément {place} : {sentence}" for several in faults.values() for sentence in several]
    return said


def faults_of(block: Block) -> dict[str, list[str]]:
    faults: dict[str, list[str]] = {}
    if block.kind != Block.Kind.TEXT and not block.title.strip():
        faults["title"] = ["Donnez-lui un titre."]
    if block.kind == Block.Kind.TEXT and not block.text.strip():
        faults["text"] = ["Écrivez le texte, ou retirez cet élément."]
    if block.address and not _whole(block.address):
        faults["address"] = ["L'adresse commence par https:// et va jusqu'au bout."]
    if block.label and not block.address:
        faults["address"] = ["Donnez l'adresse à laquelle mène ce lien, ou effacez ses mots."]
    return faults


def _whole(address: str) -> bool:
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname) and " " not in address
