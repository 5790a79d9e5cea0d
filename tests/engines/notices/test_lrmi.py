"""A notice written as LRMI."""

import json
import re
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from traam import reference
from traam.engines.notices import Notice
from traam.engines.notices.lrmi import lrmi, report, script

LEVEL = next(level for level in reference.levels().values() if level.label == "3e")
FULL = Notice(
    identifier="oai:traam.example.org:notice/7",
    url="https://traam.example.org/notices/7",
    title="Cartographier son quartier",
    summary="Les élèves cartographient & commentent <leur> quartier.",
    creators=("Équipe de Lyon",),
    publisher="Académie de Lyon",
    date=date(2025, 3, 1),
    period="2024-2025",
    licence_url="https://creativecommons.org/licenses/by-sa/4.0/deed.fr",
    disciplines=("Lettres", "Discipline ancienne"),
    discipline_codes=("LET",),
    levels=("3e",),
    level_codes=(LEVEL.code,),
    competences=(("1.1", "Mener une recherche et une veille d'information"),),
    competence_codes=("1.1",),
    tools=("uMap",),
    theme="L'espace proche",
    theme_url="https://traam.example.org/themes/3",
    relations=("https://academie.example.org/3", "javascript:alert(1)"),
    source_url="https://academie.example.org/7",
    edubase_url="https://edubase.example.org/fiche/1",
    duration_minutes=55,
    version=2,
)
# The properties that schema.org gives to LearningResource or to CreativeWork, among those we may say.
KNOWN = {
    "name",
    "description",
    "url",
    "identifier",
    "inLanguage",
    "learningResourceType",
    "isAccessibleForFree",
    "audience",
    "creditText",
    "publisher",
    "author",
    "about",
    "educationalLevel",
    "teaches",
    "keywords",
    "license",
    "datePublished",
    "dateModified",
    "temporalCoverage",
    "timeRequired",
    "version",
    "image",
    "sameAs",
    "citation",
    "isPartOf",
}


def test_every_fact_has_its_property() -> None:
    told = lrmi(FULL, modified=datetime(2025, 4, 1, tzinfo=UTC), image="https://traam.example.org/notices/7/carte.png")
    assert {name for name in told if not name.startswith("@")} == KNOWN - {"temporalCoverage"}
    assert told["educationalLevel"] == [{"@type": "DefinedTerm", "name": "3e", "url": LEVEL.uri}]
    assert told["@context"] == "https://schema.org"
    assert told["teaches"][0]["url"] == reference.competences()["1.1"].uri
    assert "url" in told["about"][0] and "url" not in told["about"][1]
    assert told["isPartOf"] == {"@type": "CreativeWork", "name": FULL.theme, "url": FULL.theme_url}
    assert (told["timeRequired"], told["datePublished"], told["version"]) == ("PT55M", "2025-03-01", 2)
    assert told["dateModified"] == "2025-04-01T00:00:00+00:00"


def test_nothing_is_said_of_what_is_not_known() -> None:
    bare = Notice(identifier="oai:x:1", url="https://x/1", title="T", summary="", creators=(), publisher="", date=None)
    told = lrmi(replace(bare, period="avant 2021"))
    assert told["temporalCoverage"] == "avant 2021"
    assert not {"license", "publisher", "author", "description", "datePublished", "keywords", "isPartOf"} & set(told)
    assert "image" not in told and "version" not in told


def test_only_addresses_of_the_web_are_given() -> None:
    assert lrmi(FULL)["citation"] == ["https://academie.example.org/3"]


def test_no_text_closes_the_script() -> None:
    hostile = replace(FULL, title="</script><script>alert(1)</script><!-- \u2028 &amp;")
    text = script(lrmi(hostile))
    assert not re.search("[<>&\u2028]", text)
    read: Any = json.loads(text)
    assert read["name"] == hostile.title


def test_a_report_says_its_themes_and_nothing_of_a_lesson() -> None:
    told = report(FULL, themes=[("L'espace proche", "https://traam.example.org/themes/3")])
    assert told["@type"] == "Report" and told["about"][0]["name"] == "L'espace proche"
    assert told["about"][1]["name"] == "Lettres" and told["about"][1]["url"].startswith("http")
    assert told["citation"] == ["https://academie.example.org/3"]
    assert set(told) - {"@context", "@type", "@id"} <= KNOWN | {"genre"}
    assert not {"learningResourceType", "educationalLevel", "timeRequired", "audience"} & set(told)
    assert not any(value in (None, "", []) for value in told.values())
