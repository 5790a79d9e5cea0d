"""ScoLOMFR: the profile of LOM by which French catalogues of teaching resources exchange their notices.

Two versions of the profile (`PROFILES`), with the terms of version 5.2 of the vocabularies. The schema of 3.1 closes
the list of purposes before the CRCN came in: its notices give competences as keywords, those of 8.0 classify them.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from lxml import etree

from traam.engines.notices import terms
from traam.engines.notices.notice import Notice
from traam.engines.notices.terms import Path, Term

LOM_NAMESPACE = "http://ltsc.ieee.org/xsd/LOM"
LOM_SCHEMA = "https://www.reseau-canope.fr/scolomfr/xsd/8.0/lax/scolomfr.xsd"
_LOMFR = "http://www.lom-fr.fr/xsd/LOMFR"
_XSI = "http://www.w3.org/2001/XMLSchema-instance"
_NSMAP = {"lom": LOM_NAMESPACE, "lomfr": _LOMFR, "xsi": _XSI}
_FRENCH = "http://id.loc.gov/vocabulary/iso639-2/fre"
_MEDIA = "http://purl.org/NET/mediatypes/"
_MARK = "TraAM"
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
# Types of files that the schema of 3.1 does not list.
_NEWER = ("text/vtt", "image/webp")


@dataclass(frozen=True)
class Profile:
    """A version of ScoLOMFR. `source` is where its terms say they come from; a `strict` one holds nothing that the
    schema of 3.1 refuses."""

    source: str
    strict: bool


# The source of 8.0 is named as those of every version before it; its schema was not seen.
PROFILES = {"3.1": Profile("SCOLOMFRv3.1", True), "8.0": Profile("SCOLOMFRv8.0", False)}


@dataclass
class _Maker:
    """Writes elements under one of them; what is empty is not written."""

    element: etree._Element
    profile: Profile

    def under(self, name: str, namespace: str = LOM_NAMESPACE) -> "_Maker":
        return _Maker(etree.SubElement(self.element, f"{{{namespace}}}{name}"), self.profile)

    def text(self, name: str, value: str | None) -> None:
        if said := _clean(value):
            self.under(name).element.text = said

    def words(self, name: str, value: str | None) -> None:
        """A text in French."""
        if said := _clean(value):
            string = self.under(name).under("string").element
            string.set("language", _FRENCH)
            string.text = said

    def term(self, name: str, code_or_term: str | Term, namespace: str = LOM_NAMESPACE) -> None:
        """A term of a vocabulary: where it comes from, its URI, its label."""
        term = terms.fixed(code_or_term) if isinstance(code_or_term, str) else code_or_term
        made = self.under(name, namespace)
        for part, value in (("source", self.profile.source), ("value", term.uri), ("label", term.label)):
            made.under(part, namespace).element.text = value


def _clean(value: str | None) -> str:
    return _NOT_XML.sub("", value or "").strip()


def scolomfr(notice: Notice, *, version: str = "8.0") -> etree._Element:
    """The `lom:lom` element of a notice, in a version of `PROFILES`."""
    root = etree.Element(f"{{{LOM_NAMESPACE}}}lom", nsmap=_NSMAP)
    # The lax schema of today takes the terms of every version before it.
    root.set(f"{{{_XSI}}}schemaLocation", f"{LOM_NAMESPACE} {LOM_SCHEMA}")
    lom = _Maker(root, PROFILES[version])
    _general(lom.under("general"), notice)
    _life_cycle(lom.under("lifeCycle"), notice)
    _meta(lom.under("metaMetadata"), notice)
    _technical(lom.under("technical"), notice)
    _educational(lom.under("educational"), notice)
    if notice.licence_label or notice.licence_url:
        _rights(lom.under("rights"), notice)
    _relations(lom, notice)
    _classifications(lom, notice)
    return root


def lom(notice: Notice, *, version: str = "8.0") -> bytes:
    """A notice as a file."""
    root = scolomfr(notice, version=version)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def _identifier(made: _Maker, catalog: str, entry: str) -> None:
    identifier = made.under("identifier")
    identifier.text("catalog", catalog)
    identifier.text("entry", entry)


def _general(general: _Maker, notice: Notice) -> None:
    _identifier(general, "URI", notice.url)
    _identifier(general, "OAI", notice.identifier)
    general.words("title", notice.title)
    general.text("language", _FRENCH)
    general.words("description", notice.summary or notice.title)
    for keyword in _keywords(notice, general.profile.strict):
        general.words("keyword", keyword)
    general.term("structure", "structure-atomic")
    general.term("documentType", "type-text", _LOMFR)


def _keywords(notice: Notice, strict: bool) -> Iterable[str]:
    said = [_MARK, *notice.keywords, *notice.tools]
    # A discipline or a level that has no term is found by its name.
    if not any(map(terms.discipline, notice.discipline_codes)):
        said += notice.disciplines
    if not any(map(terms.level, notice.level_codes)):
        said += notice.levels
    if strict:
        said += [f"{code} {label}" for code, label in notice.competences]
    return dict.fromkeys(said)


def _life_cycle(cycle: _Maker, notice: Notice) -> None:
    cycle.words("version", str(notice.version or ""))
    cycle.term("status", "status-revised" if (notice.version or 1) > 1 else "status-final")
    bodies = [
        *(("role-author", name) for name in notice.creators or (notice.publisher,)),
        *(("role-publisher", name) for name in (notice.publisher,)),
        *(("role-validator", name) for name in notice.validators),
    ]
    for role, name in bodies:
        if not _clean(name):
            continue
        contribute = cycle.under("contribute")
        contribute.term("role", role)
        contribute.text("entity", vcard(name))
        if day := _day(notice):
            contribute.under("date").text("dateTime", day)


def _day(notice: Notice) -> str:
    """The day of the publication; of the history, the last year of the work."""
    years = _YEAR.findall(notice.period)
    return notice.date.isoformat() if notice.date else max(years, default="")


def vcard(name: str) -> str:
    """The card of a body: its name alone. People are not named, nor are their addresses given."""
    said = re.sub(r"([\\,;])", r"\\\1", " ".join(_clean(name).split()))
    lines = ["BEGIN:VCARD", "VERSION:4.0", "KIND:org", f"FN:{said}", f"ORG:{said}", "END:VCARD"]
    return "\n".join(folded for line in lines for folded in _folded(line))


def _folded(line: str) -> Iterator[str]:
    """Lines of 75 bytes at most, those that go on begin with a space (RFC 6350, 3.2); no character is cut."""
    kept, size = "", 0
    for character in line:
        width = len(character.encode())
        if size + width > 75:
            yield kept
            kept, size = " ", 1
        kept, size = kept + character, size + width
    yield kept


def _meta(meta: _Maker, notice: Notice) -> None:
    _identifier(meta, "OAI", notice.identifier)
    for schema in ("LOMv1.0", "LOMFRv1.0", meta.profile.source):
        meta.text("metadataSchema", schema)
    meta.text("language", _FRENCH)


def _technical(technical: _Maker, notice: Notice) -> None:
    for media in dict.fromkeys(notice.media):
        if not technical.profile.strict or not (media in _NEWER or "openxmlformats" in media):
            technical.text("format", f"{_MEDIA}{media}")
    technical.text("location", notice.source_url or notice.url)
    if notice.source_url:
        technical.text("location", notice.url)
    if notice.tools:
        technical.words("otherPlatformRequirements", ", ".join(notice.tools))


def _educational(educational: _Maker, notice: Notice) -> None:
    educational.term("learningResourceType", "resource-scenario")
    educational.term("intendedEndUserRole", "user-teacher")
    for context in dict.fromkeys(filter(None, map(terms.context, notice.level_codes))):
        educational.term("context", context)
    if notice.duration_minutes:
        educational.under("typicalLearningTime").text("duration", f"PT{notice.duration_minutes}M")
    educational.text("language", _FRENCH)


def _rights(rights: _Maker, notice: Notice) -> None:
    rights.term("cost", "cost-free")
    rights.term("copyrightAndOtherRestrictions", "rights-yes")
    rights.words("description", " ".join(filter(None, (notice.licence_label, notice.licence_url))))


def _relations(lom: _Maker, notice: Notice) -> None:
    found = [("relation-part", notice.theme_url, notice.theme or "")]
    found += [("relation-based", notice.based_on, "")]
    found += [("relation-referenced", notice.edubase_url, "Fiche Édubase")]
    found += [("relation-refers", address, "") for address in notice.relations]
    for kind, address, said in found:
        if _clean(address):
            relation = lom.under("relation")
            relation.term("kind", kind)
            resource = relation.under("resource")
            _identifier(resource, "URI", address)
            resource.words("description", said)


def _classifications(lom: _Maker, notice: Notice) -> None:
    domains = map(terms.discipline, notice.discipline_codes)
    _classification(lom, "purpose-domain", "scolomfr-voc-015 ; Domaine d'enseignement", domains)
    levels = map(terms.level, notice.level_codes)
    _classification(lom, "purpose-level", "scolomfr-voc-022 ; Niveau éducatif détaillé", levels)
    if not lom.profile.strict:
        competences = map(terms.competence, notice.competence_codes)
        name = "scolomfr-voc-038 ; Cadre de référence des compétences numériques"
        _classification(lom, "purpose-crcn", name, competences)


def _classification(lom: _Maker, purpose: str, vocabulary: str, paths: Iterable[Path]) -> None:
    kept = [path for path in dict.fromkeys(paths) if path]
    if not kept:
        return
    made = lom.under("classification")
    made.term("purpose", purpose)
    for path in kept:
        taxon_path = made.under("taxonPath")
        taxon_path.words("source", f"{lom.profile.source} ; {vocabulary}")
        for term in path:
            taxon = taxon_path.under("taxon")
            taxon.text("id", term.uri)
            taxon.words("entry", term.label)
