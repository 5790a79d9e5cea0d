"""What the pages of the groups say of files."""

from django.contrib import messages
from django.core.files import File
from django.http import FileResponse, HttpRequest

from traam.design.downloads import give_back
from traam.engines.sharing import IMAGES, kind_of_name
from traam.engines.workflow import Missing
from traam.gateways import antivirus, storage

UNSCREENED = (
    "Aucun antivirus n'est branché sur ce site : les fichiers déposés n'y sont pas analysés. Analysez-les sur votre "
    "poste."
)
STRIPPED = (
    "Les informations cachées de l'image (lieu, appareil, date de la prise de vue) ont été retirées ; ce qu'on y voit "
    "n'a pas changé."
)


def antivirus_note() -> str:
    """What is said beside a field that takes a file; "" when files are screened."""
    return "" if antivirus.configured() else UNSCREENED


def say_what_was_taken_away(request: HttpRequest, sent: "File[bytes] | None", filename: str, size: int) -> None:
    """An image that weighs less than it did lost what it hid, and nothing else."""
    kind = kind_of_name(filename)
    if sent is not None and kind is not None and kind.extension in IMAGES and sent.size != size:
        messages.info(request, STRIPPED)


def private_file(file: str, filename: str, *, title: str, whom: str, shown: bool = False) -> FileResponse:
    """The file, for who may have it. Raises `Missing` when it is not on the disk of the site: `whom` to ask then."""
    kind = kind_of_name(filename)
    try:
        opened = storage.reading(file)
    except storage.Lost:
        raise Missing(f"Le fichier « {title} » n'est pas là. Demandez-le à {whom}, qui l'a partagé.") from None
    return give_back(opened, filename=filename, media=kind.media if kind else "", shown=shown)
