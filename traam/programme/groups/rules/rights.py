"""What is not known yet of the rights of a document, said so that it can be mended."""

from traam.programme.groups.models import Document


def missing(document: Document) -> list[str]:
    """Sentences without a full stop, in the order to mend them; none when all is known."""
    lacks = []
    if document.personal_data == Document.PersonalData.PUPILS:
        lacks.append("des élèves y sont montrés ou nommés : à retirer avant toute publication")
    if not document.licence:
        lacks.append("licence à indiquer")
    if document.terms_read_on is None:
        lacks.append("conditions d'utilisation (CGU) à lire")
    return lacks
