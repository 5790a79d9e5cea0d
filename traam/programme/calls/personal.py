"""What the tables of this step hold of people, and what they do not (traam/programme/journal/register.py)."""

from traam.programme.journal.register import Held

HELD = {
    "calls.Application": Held(
        "calls",
        {
            "inspector_name": "nom de l'inspecteur",
            "inspector_email": "adresse de l'inspecteur",
            "inspector_phone": "téléphone de l'inspecteur",
            "referent_name": "nom du professeur référent",
            "referent_email": "adresse du professeur référent",
            "referent_phone": "téléphone du professeur référent",
            "referent_school": "établissement",
            "titles": "titres proposés",
            "axes": "axes",
            "description": "projet décrit",
            "inspector_opinion": "avis de l'inspecteur",
            "inspector_comment": "commentaire de l'inspecteur",
        },
        other="academy state degree school_kind",
    ),
    "calls.Upload": Held("calls", other="academy filename data"),
    "calls.ColumnHeading": Held("calls", other="academy heading key"),
}
