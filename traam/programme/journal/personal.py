"""What the tables of this step hold of people, and what they do not (traam/programme/journal/register.py)."""

from traam.programme.journal.register import Held

HELD = {
    "journal.Entry": Held(
        "journal",
        {
            "actor_label": "nom de qui agit",
            "object_label": "nom de l'objet, parfois d'une personne",
            "reason": "motif écrit",
            "data": "valeurs avant et après",
        },
        other="verb object_type object_id salt words content",
    ),
    "journal.Link": Held("journal", other="link"),
}
