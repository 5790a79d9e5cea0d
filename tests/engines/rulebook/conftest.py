"""A small edition with numbers of its own, written in a new folder."""

from collections.abc import Callable
from pathlib import Path

import pytest

from traam.engines.rulebook import TOPICS

CORE = ("call_opens", "applications_due", "selection", "announcement", "launch", "first_meeting", "end")

TEXT = """# Cahier des charges imaginaire

## A.1 Les groupes {#A.1}

Quatre enseignants au moins.

### B.2 Les thèmes {#B.2}

Deux à cinq académies.
"""

RULES = """
[edition]
id = "essai-2030"
title = "Travaux imaginaires"
short_title = "Essai"
pilot = "Un bureau"
years = "2030"
duration_years = 2
renewable = true
source = "Écrit pour un essai."

{calendar}

[limits.teachers_min]
value = 4
article = "A.1"
label = "Enseignants, au moins"

[limits.academies_min]
value = 2
article = "B.2"
label = "Académies, au moins"

[limits.academies_max]
value = 5
article = "B.2"
label = "Académies, au plus"

[[application.field]]
id = "titles"
label = "Intitulés"
mandatory = true
article = "A.1"

[selection]
article = "B.2"
blind = false
readers_min = 2

[[selection.criterion]]
id = "idea"
label = "Idée"
question = "L'idée tient-elle ?"
weight = 2
article = "A.1"

[[selection.criterion]]
id = "team"
label = "Équipe"
question = "L'équipe tient-elle ?"
weight = 1
article = "B.2"

[[selection.mark]]
value = 1
label = "Non"

[[selection.mark]]
value = 2
label = "Oui"

[[selection.mark]]
value = 4
label = "Oui, très"

[selection.proposal]
academies_most = {{ limit = "academies_max" }}
academies_least = {{ value = 3, article = "B.2" }}
per_region_most = {{ value = 2, article = "B.2" }}
per_academy_most = {{ value = 6, article = "B.2" }}
mixed_degrees = {{ value = 60, article = "B.2" }}
served_academy = {{ value = 40, article = "A.1" }}

[topics]
{topics}

[review]
scenario = ["referent", "inspector"]
module = ["referent", "inspector"]
bilan = ["referent", "inspector"]
support = ["referent", "inspector"]

[[control]]
id = "open"
question = "Se lit-il sans s'identifier ?"
look = "Ouvrez chaque lien."
article = "A.1"

[[production_kind]]
id = "carnet"
label = "Carnet"
article = "A.1"

[[rule]]
id = "group-teachers"
on = "group"
fact = "teachers"
check = "at_least"
limit = "teachers_min"
article = "A.1"
severity = "blocking"
label = "Au moins {{value:enseignant|enseignants}}"
message = "Le groupe compte {{actual:enseignant|enseignants}}, au lieu de {{value}}."
todo = "Ajoutez des enseignants."
due = "launch"

[[rule]]
id = "group-dasen"
on = "group"
fact = "dasen_agreement"
check = "is_true"
when = [{{ fact = "degree", check = "one_of", value = ["premier", "mixte"] }}]
article = "A.1"
severity = "expected"
label = "L'accord du DASEN"
message = "L'accord manque."
todo = "Demandez-le."

[[rule]]
id = "theme-academies"
on = "theme"
fact = "academies"
check = "between"
limit = ["academies_min", "academies_max"]
article = "B.2"
severity = "blocking"
label = "{{value:académie|académies}}"
message = "Le thème réunit {{actual:académie|académies}}."
todo = "Revoyez la sélection."

[[rule]]
id = "production-kind"
on = "production"
fact = "kind"
check = "one_of"
value = ["carnet"]
article = "A.1"
severity = "blocking"
label = "Une nature prévue"
message = "Cette nature n'est pas prévue."
todo = "Choisissez un carnet."

[[rule]]
id = "application-on-time"
on = "application"
fact = "submitted_on"
check = "not_after"
value = "due_on"
article = "B.2"
severity = "blocking"
label = "À temps, le {{value}}"
message = "Remontée le {{actual}}, après le {{value}}."
todo = "Demandez un délai."
""".format(
    calendar="\n".join(
        f'[[calendar]]\nid = "{name}"\nlabel = "{name}"\nwhen = "{month:02}-10"\narticle = "A.1"\n'
        for month, name in enumerate(CORE, start=3)
    ),
    topics="\n".join(f'{topic} = "A.1"' for topic in TOPICS),
)

EXAMPLES = """
[complete.group]
degree = "second"
teachers = 4
dasen_agreement = false

[complete.theme]
academies = 5

[[example]]
subject = "group"
title = "Quatre enseignants"
breaches = []

[[example]]
subject = "group"
title = "Trois enseignants d'une école, sans accord"
facts = { degree = "premier", teachers = 3 }
breaches = ["group-teachers", "group-dasen"]
articles = ["A.1"]

[[example]]
subject = "group"
title = "Une école, avec l'accord"
facts = { degree = "premier", dasen_agreement = true }
breaches = []

[[example]]
subject = "theme"
title = "Cinq académies"
breaches = []

[[example]]
subject = "theme"
title = "Six académies"
facts = { academies = 6 }
breaches = ["theme-academies"]

[[example]]
subject = "production"
title = "Un carnet"
facts = { kind = "carnet" }
breaches = []

[[example]]
subject = "production"
title = "Un film"
facts = { kind = "film" }
breaches = ["production-kind"]

[[example]]
subject = "application"
title = "À temps"
facts = { submitted_on = 2030-04-10, due_on = 2030-04-10 }
breaches = []

[[example]]
subject = "application"
title = "En retard"
facts = { submitted_on = 2030-04-11, due_on = 2030-04-10 }
breaches = ["application-on-time"]
"""

FILES = {"rules.toml": RULES, "text.md": TEXT, "examples.toml": EXAMPLES}

Writer = Callable[..., Path]


@pytest.fixture
def write_edition(tmp_path: Path) -> Writer:
    """Write the edition, with `changes` as (file, old text, new text); returns its folder."""

    def write(*changes: tuple[str, str, str]) -> Path:
        folder = tmp_path / "essai-2030"
        folder.mkdir(exist_ok=True)
        files = dict(FILES)
        for name, old, new in changes:
            assert old in files[name], old
            files[name] = files[name].replace(old, new, 1)
        for name, content in files.items():
            (folder / name).write_text(content, encoding="utf-8")
        return folder

    return write
