"""Information pages in Markdown: every shape of front matter that was seen, and what is wrong told by its line."""

import pytest

from traam.engines.infopages import Sheet, read

WHOLE = """---
area: Domaine 1
title: Les travaux mutualisés
description: Ce qu'ils sont : une mise en commun.
videoEmbedSrc: https://tube.exemple.fr/videos/embed/12
videoDLHref: https://tube.exemple.fr/download/12.mp4
---

Un mot d'abord.

## Transcription

Trois questions :
– Quoi ?
– Comment ?
Voyons cela.

## Crédits

- **Production** : Une académie
- **Licence** : [CC BY-SA 4.0](https://creativecommons.org/licenses/by-sa/4.0/deed.fr)

## Pour aller plus loin

La suite.
"""


def sheet(fields: str, body: str = "") -> Sheet:
    found, faults = read(f"---\ntitle: Un titre\n{fields}\n---\n{body}")
    assert faults == []
    assert found is not None
    return found


def faults(fields: str) -> list[str]:
    found, said = read(f"---\n{fields}\n---\n")
    assert found is None
    return said


def test_a_whole_page_is_read() -> None:
    found, said = read(WHOLE)
    assert said == []
    assert found == Sheet(
        title="Les travaux mutualisés",
        description="Ce qu'ils sont : une mise en commun.",
        areas=("1",),
        video="https://tube.exemple.fr/videos/embed/12",
        download="https://tube.exemple.fr/download/12.mp4",
        transcript="Trois questions :\n\n- Quoi ?\n- Comment ?\n\nVoyons cela.",
        text="Un mot d'abord.\n\n## Pour aller plus loin\n\nLa suite.",
        credits="- **Production** : Une académie",
        licence="CC BY-SA 4.0",
        licence_address="https://creativecommons.org/licenses/by-sa/4.0/deed.fr",
    )


@pytest.mark.parametrize("name", ["videoDLHref", "videoDownloadHref"])
def test_both_names_of_the_download_are_known(name: str) -> None:
    assert sheet(f"{name}: https://a.fr/1.mp4").download == "https://a.fr/1.mp4"


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ('"Des guillemets : \\"oui\\""', 'Des guillemets : "oui"'),
        ("'L''apostrophe'", "L'apostrophe"),
        ("nu, avec : deux-points # et un commentaire", "nu, avec : deux-points"),
        (">-\n  sur deux\n  lignes", "sur deux lignes"),
        ("|\n  une\n  autre", "une\nautre"),
        ("continuée\n  plus bas", "continuée plus bas"),
        ("''", ""),
    ],
)
def test_a_value_is_written_in_many_ways(written: str, value: str) -> None:
    assert sheet(f"description: {written}").description == value


@pytest.mark.parametrize(
    ("area", "areas", "webinar"),
    [
        ("", (), False),
        ("area: Webinaires", (), True),
        ("area: domaine 5, Domaine 2", ("2", "5"), False),
        ("area:\n- Domaine 3\n- Webinaires", ("3",), True),
        ("area: [Domaine 4, Domaine 1]", ("1", "4"), False),
    ],
)
def test_a_page_has_no_area_or_several(area: str, areas: tuple[str, ...], webinar: bool) -> None:
    found = sheet(area or "fileType: VIDEO")
    assert (found.areas, found.webinar) == (areas, webinar)


def test_a_page_from_another_system_reads_the_same() -> None:
    found, _ = read("\ufeff" + WHOLE.replace("\n", "\r\n"))
    assert found == read(WHOLE)[0]


def test_a_heading_in_a_code_block_is_not_a_section() -> None:
    found = sheet("fileType: VIDEO", "```\n## Transcription\n```\n\n## Transcript\n")
    assert (found.transcript, "## Transcription" in found.text) == ("", True)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ("description: rien", "ligne 1 : il manque le titre"),
        ("title: ''", "ligne 2 : il manque le titre"),
        ("title: T\nvideoSrc: x", "ligne 3 : « videoSrc » n'est pas un champ connu"),
        ("title: T\nn'importe quoi", "ligne 3 : « n'importe quoi » n'est pas un champ"),
        ('title: "ouvert', "ligne 2 : les guillemets de « title » ne se ferment pas"),
        ("title: T\narea: Domaine 6", "ligne 3 : « Domaine 6 » n'est pas un domaine"),
        ("title: T\npriority: haute", "ligne 3 : « haute » n'est pas un rang"),
        ("title: T\nvideoDLHref: a\nvideoDownloadHref: b", "ligne 4 : « videoDownloadHref » dit autre chose"),
    ],
)
def test_what_is_wrong_is_told_by_its_line(fields: str, sentence: str) -> None:
    assert any(said.startswith(sentence) for said in faults(fields)), faults(fields)


@pytest.mark.parametrize("source", ["", "Bonjour", "---\ntitle: T\n"])
def test_a_file_without_its_front_matter_is_told(source: str) -> None:
    found, said = read(source)
    assert found is None
    assert said[0].startswith("ligne 1")
