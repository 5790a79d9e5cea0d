"""Every notice of a catalogue, judged in every format we give it in.

    python -m bench.notices [20000]

The demonstration with the history of the programme, then so many notices made of the same words: Dublin Core and
ScoLOMFR 3.1 by their schemas, both versions of ScoLOMFR by the published vocabularies, with rules written apart from
what writes them: the label of a URI, the vocabulary of a purpose, the chain of a path. The schema of 8.0 could not be
had: what it brings (its name, the CRCN) is put aside, and the rest must respect the schema of 3.1.

Schemas and vocabularies are not ours to distribute: TRAAM_SCHEMAS names their folder. Exit code 1 for any fault.
"""

import csv
import json
import os
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from lxml import etree

from traam.engines.notices import PROFILES, Notice, dublin_core, scolomfr

SCHEMAS = Path(os.environ.get("TRAAM_SCHEMAS", Path(__file__).resolve().parents[2] / "shared/data/xsd"))
VOCABULARIES = SCHEMAS.parent / "vocabularies-5.2"
NS = {"lom": "http://ltsc.ieee.org/xsd/LOM", "lomfr": "http://www.lom-fr.fr/xsd/LOMFR"}
CONCEPT = "http://data.education.fr/voc/scolomfr/concept/"
CRCN = f"{CONCEPT}scolomfr-voc-028-num-037"
# Purpose, the vocabulary its taxons come from.
PURPOSES = {
    f"{CONCEPT}scolomfr-voc-028-num-003": "scolomfr-voc-015",
    f"{CONCEPT}educational_level": "scolomfr-voc-022",
    CRCN: "scolomfr-voc-038",
}
FORMATS = ("oai_dc", *(f"ScoLOMFR {version}" for version in PROFILES))


class Unavailable(Exception):
    """A schema or the vocabularies are not on this machine: says which, and what to do."""


def nodes(node: Any, path: str) -> list[Any]:
    return list(node.xpath(path, namespaces=NS))


def texts(node: Any, path: str) -> list[str]:
    return [str(found.text) for found in nodes(node, path)]


@cache
def schema() -> etree.XMLSchema:
    """Of OAI-PMH, Dublin Core and ScoLOMFR 3.1 together."""
    path = SCHEMAS / "oai" / "all.xsd"
    if not path.is_file():
        raise Unavailable(f"the schemas of Dublin Core and ScoLOMFR 3.1 are not there ({path}): set TRAAM_SCHEMAS")
    return etree.XMLSchema(etree.parse(path))


@cache
def published() -> Mapping[str, tuple[str, frozenset[str]]]:
    """Label and parents of every term of the published vocabularies, by URI."""
    if not VOCABULARIES.is_dir():
        raise Unavailable(f"the vocabularies of ScoLOMFR are not there ({VOCABULARIES}): set TRAAM_SCHEMAS")
    found: dict[str, tuple[str, frozenset[str]]] = {}

    def walk(terms: list[Any], parent: str) -> None:
        for term in terms:
            parents = found.get(term["value"], ("", frozenset()))[1] | {parent}
            found[term["value"]] = (term["label"], parents)
            walk(term["children"], term["value"])

    for path in VOCABULARIES.glob("*.json"):
        walk(json.loads(path.read_text(encoding="utf-8"))["terms"], "")
    with (VOCABULARIES.parent / "scolomfr_vocab_utile.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            found.setdefault(row["uri"], (row["libelle"], frozenset({""})))
    return found


def misnamed(root: Any) -> Iterator[str]:
    """What a reader of the vocabularies would say of a notice."""
    for term in nodes(root, "//*[lom:value and lom:label] | //*[lomfr:value and lomfr:label]"):
        uri, label = texts(term, "*[local-name()='value']")[0], texts(term, "*[local-name()='label']")[0]
        if published().get(uri, ("?",))[0] != label:
            yield f"{label} is not the label of {uri}"
    for path in nodes(root, "//lom:classification/lom:taxonPath"):
        yield from _misplaced(path)


def _misplaced(path: Any) -> Iterator[str]:
    purpose = texts(path, "../lom:purpose/lom:value")[0]
    taxons = [(texts(one, "lom:id")[0], texts(one, "lom:entry/lom:string")[0]) for one in nodes(path, "lom:taxon")]
    vocabulary, source = PURPOSES.get(purpose, "?"), texts(path, "lom:source/lom:string")[0]
    for uri, label in taxons:
        if vocabulary not in uri or vocabulary not in source:
            yield f"{uri} is not of the vocabulary of {purpose}"
        if published().get(uri, ("?",))[0] != label:
            yield f"{label} is not the label of {uri}"
    if "" not in published()[taxons[0][0]][1]:
        yield f"{taxons[0][1]} is not at the top of its vocabulary"
    for (above, _), (uri, label) in pairwise(taxons):
        if above not in published()[uri][1]:
            yield f"{label} is not under {above}"


def as_before(root: Any) -> Any:
    """A notice of 8.0 without what came after the schema of 3.1: its name, the CRCN, newer types of files."""
    text = etree.tostring(root, encoding="unicode").replace(PROFILES["8.0"].source, PROFILES["3.1"].source)
    copy = etree.fromstring(text)
    for one in nodes(copy, f"//lom:classification[lom:purpose/lom:value = '{CRCN}']"):
        one.getparent().remove(one)
    for one in nodes(copy, "//lom:technical/lom:format"):
        if one.text.endswith(("/vtt", "/webp")) or "openxmlformats" in one.text:
            one.getparent().remove(one)
    return copy


def faults(notice: Notice) -> Iterator[tuple[str, str]]:
    """Pairs (format, sentence)."""
    for name, judged in (
        ("oai_dc", [dublin_core(notice)]),
        ("ScoLOMFR 3.1", [scolomfr(notice, version="3.1")]),
        ("ScoLOMFR 8.0", [as_before(scolomfr(notice))]),
    ):
        for root in judged:
            # Written and read again: what a harvester gets, not what we have in memory.
            if not schema().validate(etree.fromstring(etree.tostring(root))):
                error = schema().error_log[0]
                yield name, f"{notice.identifier}: {error.message}"
    for version in PROFILES:
        for said in misnamed(scolomfr(notice, version=version)):
            yield f"ScoLOMFR {version}", f"{notice.identifier}: {said}"


# --- By itself


def _report(title: str, notices: Iterable[Notice]) -> bool:
    begin, count = time.monotonic(), 0
    found: dict[str, list[str]] = {name: [] for name in FORMATS}
    for notice in notices:
        count += 1
        for name, sentence in faults(notice):
            found[name].append(sentence)
    said = ", ".join(f"{name} {len(found[name])}" for name in FORMATS)
    print(f"{title} : {count} notices ; fautes : {said} ({time.monotonic() - begin:.0f} s)", flush=True)
    for sentence in [one for of_format in found.values() for one in of_format][:5]:
        print(f"    {sentence}")
    return any(found.values())


def main() -> int:
    size = int(sys.argv[1]) if sys.argv[1:] else 20_000
    try:
        schema(), published()
    except Unavailable as why:
        print(f"Pas de mesure : {why}")
        return 0
    with tempfile.TemporaryDirectory(prefix="traam-bench-") as data:
        os.environ |= {"TRAAM_DATA": data, "DJANGO_SETTINGS_MODULE": "traam.config.settings"}
        import django
        from django.core.management import call_command
        from django.utils import timezone

        django.setup()
        from bench import harvesters
        from traam.demo.build import build
        from traam.programme.catalogue.models import Notice as Row
        from traam.programme.catalogue.records import as_notice

        call_command("migrate", verbosity=0)
        build(timezone.localtime())
        rows = Row.objects.select_related("theme").order_by("pk")
        wrong = _report("Démonstration et histoire du programme", map(as_notice, rows.iterator()))
        harvesters.fill(size)
        made = rows.filter(source_key__startswith="made:")
        return int(_report("Notices faites des mêmes mots", map(as_notice, made.iterator())) or wrong)


if __name__ == "__main__":
    sys.exit(main())
