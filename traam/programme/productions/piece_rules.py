"""What lacks in the files and addresses of a scenario, and in the texts that show its images."""

from collections.abc import Iterable, Mapping
from typing import Any

from traam.engines.sharing import IMAGES, images_named, kind_of_name
from traam.programme.productions.models import Piece


def missing(piece: Piece) -> list[str]:
    """What is not known yet of its rights: sentences without a full stop, in the order to mend them."""
    lacks = []
    if not piece.licence:
        lacks.append("licence à indiquer")
    if not piece.holder:
        lacks.append("titulaire des droits à nommer")
    if piece.terms_read_on is None:
        lacks.append("conditions d'utilisation (CGU) à lire")
    return lacks


def image_faults(texts: Mapping[str, str], pieces: Iterable[Mapping[str, Any]]) -> dict[str, list[str]]:
    """What is wrong with the images that these texts show, by the key of the text. `pieces` as `queries.pieces_of`."""
    known = {piece["id"]: piece for piece in pieces}
    faults = {key: [*_faults(text, known)] for key, text in texts.items()}
    return {key: sentences for key, sentences in faults.items() if sentences}


def _faults(text: str, known: Mapping[int, Mapping[str, Any]]) -> Iterable[str]:
    if "](" not in text and "]:" not in text:
        return
    for image in images_named(text):
        if image.number is None:
            continue
        piece = known.get(image.number)
        kind = kind_of_name(piece["filename"]) if piece else None
        if piece is None:
            yield f"L'image « {image.source} » n'est pas parmi les pièces du scénario : corrigez son numéro."
        elif kind is None or kind.extension not in IMAGES:
            yield f"« {piece['title']} » ({image.source}) n'est pas une image : citez-la par son titre, sans « ! »."
        elif not image.alternative and not piece["decorative"]:
            yield (
                f"Dites ce que montre l'image « {piece['title']} », entre les crochets, pour qui ne la voit pas : "
                f"![ce que montre l'image]({image.source})."
            )
