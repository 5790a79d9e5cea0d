"""Who reads a production before it is published, one after the other: the circuit the edition wants for each kind."""

from collections.abc import Mapping

from traam.engines.rulebook.reading import Table

REVIEWED: Mapping[str, str] = {
    "scenario": "Relecture d'un scénario",
    "module": "Relecture d'un module",
    "bilan": "Relecture d'un bilan",
    "support": "Relecture d'un support",
}
"""The kinds of production that are read, with the French words of the comparison of two editions."""

READERS: Mapping[str, str] = {"referent": "professeur référent", "inspector": "inspecteur", "expert": "expert du thème"}
"""Who may be in a circuit, in the only order there is."""

ALWAYS = ("referent", "inspector")


def read_circuits(root: Table) -> dict[str, tuple[str, ...]]:
    """The table `[review]`: `scenario = ["referent", "inspector"]`, one line for each kind of `REVIEWED`."""
    table = root.table("review")
    circuits = {kind: table.texts(kind) for kind in REVIEWED}
    for kind, circuit in circuits.items():
        if table.has(kind):
            _check(table, kind, circuit)
    table.finish()
    return circuits


def _check(table: Table, kind: str, circuit: tuple[str, ...]) -> None:
    known = [table.named(name, kind, READERS, "lecteur inconnu") for name in circuit]
    if not all(known):
        return
    if circuit != tuple(name for name in READERS if name in circuit):
        table.refuse(kind, f"suivez l'ordre {', '.join(READERS)}, chacun une fois")
    for missing in (name for name in ALWAYS if name not in circuit):
        table.refuse(kind, f"il manque « {missing} » : tout est lu par le professeur référent puis par l'inspecteur")


def in_words(circuit: tuple[str, ...]) -> str:
    """ "professeur référent, puis inspecteur"."""
    return ", puis ".join(READERS[name] for name in circuit)
