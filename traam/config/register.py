"""docs/generated/registre.md: the register of processing, in the shape of the CNIL's model, drawn from the tables."""

from traam.programme.journal.register import Held, Treatment, fate, register

HEAD = """# Le registre des traitements

Tiré des tables du site : chaque texte de chaque table y est déclaré personnel ou non, sinon la construction échoue
(`traam/programme/<étape>/personal.py`). L'organisme qui exploite le site est responsable du traitement ; son délégué à
la protection des données valide les bases légales et les durées, qui sont ici celles que le logiciel applique.

"""


def page() -> str:
    """The whole page, in Markdown."""
    return HEAD + "\n".join(_line(*line) for line in register())


def _line(treatment: Treatment, rows: dict[str, Held]) -> str:
    parts = [f"## {treatment.title}\n", *(f"- **{label}** : {said}." for label, said in treatment.told)]
    parts += ["", "| Table | Données | Quand une personne est oubliée |", "|---|---|---|"]
    parts += [
        f"| `{label}` | {' ; '.join(held.personal.values())} | {fate(label, held)} |" for label, held in rows.items()
    ]
    return "\n".join(parts) + "\n"
