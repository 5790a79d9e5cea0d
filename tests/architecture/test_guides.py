"""The guides hold together: labels that are on the screens, pictures told in words, links that lead somewhere."""

import re
import unicodedata
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.ROOT)
GUIDES = ROOT / "docs" / "guides"
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
PICTURE = re.compile(r"!\[([^\]]*)\]\(([^)\s]+)\)")
LABEL = re.compile(r"\*\*([^*]+)\*\*")
LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)")
CODE = re.compile(r"```.*?```|`[^`\n]*`", re.DOTALL)
HEAVIEST = 3 * 1024 * 1024  # bytes, all pictures together
SHORTEST_ALTERNATIVE = 60  # characters: less names a picture without telling it


def _text(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def _pictures() -> list[tuple[Path, str, Path]]:
    """Every picture of the guides: its page, its alternative, its file."""
    return [
        (page, alternative, (page.parent / target).resolve())
        for page in sorted(GUIDES.glob("*.md"))
        for alternative, target in PICTURE.findall(_text(page))
    ]


def _anchors(page: Path) -> set[str]:
    """The anchors of the headings, as the forges make them."""
    headings = re.findall(r"^#+ +(.+)$", _text(page), re.MULTILINE)
    return {"".join(c for c in h.strip().lower() if _kept(c)).replace(" ", "-") for h in headings}


def _kept(character: str) -> bool:
    return character in " -_" or unicodedata.category(character)[0] in "LN"


def _words(text: str) -> str:
    """Text with one kind of space and of apostrophe."""
    return " ".join(text.replace("&nbsp;", " ").replace("’", "'").split())


def test_what_the_guides_write_in_bold_is_on_the_screens() -> None:
    """Bold is for the names of pages, buttons and fields: they change with the screens."""
    package = Path(settings.PACKAGE)
    screens = _words(" ".join(_text(path) for kind in ("*.html", "*.py") for path in sorted(package.rglob(kind))))
    guides = [page for page in sorted(GUIDES.glob("*.md")) if page.name != "exploitant.md"]
    unknown = [f"{page.name}: {one}" for page in guides for one in LABEL.findall(_words(CODE.sub("", _text(page))))]
    assert [one for one in unknown if one.partition(": ")[2] not in screens] == []


def test_every_picture_shown_exists_and_every_picture_kept_is_shown() -> None:
    assert {picture for _, _, picture in _pictures()} == {path.resolve() for path in (GUIDES / "images").iterdir()}


def test_every_picture_is_told_in_words() -> None:
    poor = [f"{page.name}: {picture.name}" for page, told, picture in _pictures() if len(told) < SHORTEST_ALTERNATIVE]
    assert poor == []


def test_the_journey_keeps_the_pictures_the_guides_show() -> None:
    """`make guides` writes all of them anew, and no other; no two journeys write the same one."""
    kept = [name for path in sorted((ROOT / "tests" / "journeys").glob("test_*.py")) for name in _kept_by(_text(path))]
    assert sorted({picture.stem for _, _, picture in _pictures()}) == sorted(kept)


def test_the_journeys_pass_by_every_picture_they_name() -> None:
    """A page that a journey no longer crosses would keep its old picture for ever."""
    journeys = [_text(path) for path in sorted((ROOT / "tests" / "journeys").glob("*.py"))]
    named = {name.removesuffix("-telephone") for journey in journeys for name in _kept_by(journey)}
    lived = " ".join(
        re.sub(r"^(GUIDES|PHONES) = \{.*?\}", "", text, flags=re.DOTALL | re.MULTILINE) for text in journeys
    )
    assert [name for name in sorted(named) if f'"{name}"' not in lived] == []


def _kept_by(journey: str) -> list[str]:
    """The names of the pictures that a journey keeps, as a desk shows them and as a phone does."""
    pages = re.search(r"^GUIDES = \{\n(.*?)^\}", journey, re.DOTALL | re.MULTILINE)
    phones = re.search(r"^PHONES = \{(.*?)\}", journey, re.DOTALL | re.MULTILINE)
    kept = re.findall(r'^    "([\w-]+)":', pages[1], re.MULTILINE) if pages else []
    return kept + [f"{name}-telephone" for name in re.findall(r'"([\w-]+)"', phones[1] if phones else "")]


def test_pictures_are_light() -> None:
    assert sum(path.stat().st_size for path in (GUIDES / "images").iterdir()) < HEAVIEST


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_somewhere(page: Path) -> None:
    broken = []
    for target in LINK.findall(CODE.sub("", _text(page))):
        if re.match(r"[a-z]+:", target):
            continue
        address, _, anchor = target.partition("#")
        there = (page.parent / address).resolve() if address else page
        if not there.exists() or (anchor and there.suffix == ".md" and anchor not in _anchors(there)):
            broken.append(target)
    assert broken == []


def test_every_guide_is_on_the_first_page() -> None:
    listed = set(LINK.findall(_text(GUIDES / "README.md")))
    assert {path.name for path in GUIDES.glob("*.md")} - {"README.md"} <= listed
