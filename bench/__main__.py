"""All the measures, one after the other, each in a process of its own: `make bench`.

    python -m bench [imports] [assignment] [pages] [year] [productions] [reaudit] [rendered] [notices] [harvesters]
                    [search] [visible] [listpage] [harvest] [letters] [indicators] [archive]
                    [audit] [kill] [backup] [pretalx]

`pages` measures pretalx with it. What is not there is said and skipped.
"""

import importlib.util
import subprocess
import sys
import time
from pathlib import Path

# What is measured, and the module that does: each has a `main()` and can be run alone.
MEASURES = {
    "imports": ("Fichiers reçus", "bench.imports"),
    "assignment": ("Sélection et appariement", "bench.assignment"),
    "pages": ("Pages, à côté de pretalx", "bench.pages"),
    "year": ("Pages d'une année de travail", "bench.year"),
    "indicators": ("Indicateurs de dix campagnes", "bench.indicators"),
    "archive": ("Archive du site, ses liens et son accessibilité", "bench.archive"),
    "productions": ("Pages des productions", "bench.productions"),
    "reaudit": ("Trois mille adresses visitées à nouveau", "bench.reaudit"),
    "rendered": ("Pages affichées dans un navigateur, pour l'audit", "bench.rendered"),
    "notices": ("Notices validées, dans chaque format", "bench.notices"),
    "kill": ("Le site tué pendant mille écritures, sur les deux bases", "bench.kill"),
    "backup": ("Le site sauvegardé pendant qu'on écrit, rétabli sur l'autre base", "bench.backup"),
    "harvesters": ("Moissons OAI-PMH par oaipmh-scythe et Sickle", "bench.harvesters"),
    "search": ("Recherche, à côté de PostgreSQL, SQLite FTS5 et modelsearch", "bench.search"),
    "letters": ("Un numéro pour cent mille abonnés, travailleur tué à mi-chemin", "bench.letters"),
    "visible": ("De la publication à la recherche, par d'autres processus", "bench.visible"),
    "listpage": ("La page de liste, à côté de l'administration de Django et de pretalx", "bench.listpage"),
    "harvest": ("Notices moissonnées par seconde, à côté d'oai_repo", "bench.harvest"),
    "audit": ("Contrôle des pages publiques", "bench.audit"),
    "signin": ("Cent essais manqués par seconde, et une bonne connexion", "bench.signin"),
}
ALONE = {"pretalx": ("pretalx", "bench.peers.pretalx")}


def main() -> int:
    known = MEASURES | ALONE
    asked = sys.argv[1:] or list(MEASURES)
    if strangers := [name for name in asked if name not in known]:
        print(f"Mesure inconnue : {', '.join(strangers)}. Choisissez parmi : {', '.join(known)}.", file=sys.stderr)
        return 2
    failed = []
    for name in asked:
        title, module = known[name]
        print(f"\n## {title}\n", flush=True)
        if importlib.util.find_spec(module) is None:
            print(f"Pas encore de mesure ici ({module}).")
            continue
        begin = time.monotonic()
        root = Path(__file__).resolve().parents[1]
        if subprocess.run([sys.executable, "-W", "ignore", "-m", module], cwd=root, check=False).returncode:
            failed.append(name)
        print(f"\n({name} : {time.monotonic() - begin:.0f} s)", flush=True)
    if failed:
        print(f"\nMesures en échec : {', '.join(failed)}.", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
