from traam.engines import sheets
from traam.engines.workflow import Missing
from traam.programme.catalogue import sheets_read
from traam.programme.catalogue.models import Correspondence, Deposit

MOST_DONE = 50
GONE = "Ce fichier n'attend plus : il a été remplacé, ou laissé plus d'une semaine. Déposez-le de nouveau."


def deposit(pk: int) -> Deposit:
    found = Deposit.objects.select_related("sent_by").filter(pk=pk).first()
    if found is None:
        raise Missing(GONE)
    return found


def waiting() -> list[Deposit]:
    """Those that wait for an agreement, the latest first, without what they hold."""
    rows = Deposit.objects.filter(done_at=None).select_related("sent_by").defer("data", "report")
    return list(rows.order_by("-sent_at"))


def done() -> list[Deposit]:
    """What was imported last, by whom, and how much."""
    rows = Deposit.objects.filter(done_at__isnull=False).select_related("sent_by").defer("data", "mapping")
    return list(rows.order_by("-done_at", "-pk")[:MOST_DONE])


def correspondence(pk: int) -> Correspondence:
    found = Correspondence.objects.filter(pk=pk).first()
    if found is None:
        raise Missing("Cette correspondance n'est plus gardée.")
    return found


def correspondences() -> list[Correspondence]:
    """Those that were given, by name; that of Édubase is in the program."""
    return list(Correspondence.objects.select_related("saved_by").order_by("name"))


def ours() -> str:
    """The text of the correspondence of the program: the form to follow."""
    return sheets_read.MAPPING.read_text(encoding="utf-8")


def blank(form: sheets.Form) -> bytes:
    """A table to fill, with the columns that the program knows."""
    return sheets.write(
        sheets_read.words().layout,
        [],
        title="Fiches de notices",
        notice=[
            "Une ligne par fiche. Séparez plusieurs valeurs d'une même case par un point-virgule.",
            "Le numéro de fiche est celui d'Édubase ; laissez-le vide s'il n'y en a pas.",
        ],
        form=form,
    )
