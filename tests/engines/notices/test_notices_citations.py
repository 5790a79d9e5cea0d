"""What a bibliography reads of a notice."""

import re
from dataclasses import replace
from datetime import date

from traam.engines.notices import Notice, bibtex, ris

NOTICE = Notice(
    identifier="oai:traam.example.org:notice/7",
    url="https://traam.example.org/notices/7",
    title="100 % d'élèves & {un} quartier_vivant \\ ~50 $",
    summary="Deux\nlignes.",
    creators=("Équipe de Lyon, Rhône",),
    publisher="Académie de Lyon",
    date=date(2025, 3, 1),
    licence_label="CC BY-SA 4.0",
    disciplines=("SVT",),
    levels=("3e",),
    version=2,
)


def fields(entry: str) -> dict[str, str]:
    """As a reader of BibTeX does: braces balanced, one field a line here."""
    found = {}
    for line in entry.splitlines()[1:-1]:
        name, _, value = line.strip().rstrip(",").partition(" = ")
        depth = 0
        for sign in re.sub(r"\\[{}]", "", value):
            depth += {"{": 1, "}": -1}.get(sign, 0)
            assert depth >= 0
        assert depth == 0, line
        found[name] = value[1:-1]
    return found


def test_bibtex_says_all_and_breaks_on_no_sign() -> None:
    entry = bibtex(NOTICE)
    assert entry.startswith("@misc{traam-notice-7,\n") and entry.endswith("}\n")
    found = fields(entry)
    assert found["author"] == "{Équipe de Lyon, Rhône}"
    assert found["title"] == r"{100 \% d'élèves \& \{un\} quartier\_vivant \textbackslash{} \textasciitilde{}50 \$}"
    assert (found["year"], found["date"], found["version"]) == ("2025", "2025-03-01", "2")
    assert (found["abstract"], found["url"]) == ("Deux lignes.", NOTICE.url)
    assert found["note"] == "Licence : CC BY-SA 4.0"


def test_ris_is_a_tag_a_line() -> None:
    lines = ris(NOTICE).split("\r\n")
    assert (lines[0], lines[-2], lines[-1]) == ("TY  - ELEC", "ER  - ", "")
    assert all(re.fullmatch(r"[A-Z][A-Z0-9]  - .*", line) for line in lines[:-1])
    assert "AU  - Équipe de Lyon  Rhône".replace("  R", " R") in lines
    assert {"PY  - 2025", "DA  - 2025/03/01/", "KW  - SVT", "KW  - 3e", f"UR  - {NOTICE.url}"} <= set(lines)


def test_of_the_history_the_last_year_is_known_and_nothing_is_invented() -> None:
    old = replace(NOTICE, date=None, period="2014-2015", creators=(), licence_label=None, version=None)
    found = fields(bibtex(old))
    assert (found["year"], found["author"]) == ("2015", "{Académie de Lyon}")
    assert not {"date", "note", "version"} & set(found)
    assert "DA  -" not in ris(old) and "PY  - 2015" in ris(old)
