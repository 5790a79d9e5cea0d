"""The few files of the State design system and of htmx that pages need, out of their installed packages.

The `dsfr` package holds 1,777 files and stays out of `INSTALLED_APPS`: we serve its style sheet, its script,
and what its style sheet and ours name (their `url()`), nothing else.
"""

import re
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.util import find_spec
from pathlib import Path, PurePosixPath
from typing import Any

from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage, Storage

OWN = Path(__file__).parent / "static" / "design"
ENTRY_POINTS = (
    "dsfr.min.css",
    "dsfr.module.min.js",
    "artwork/light.svg",
    "artwork/dark.svg",
    "artwork/system.svg",
)
STATE_FAVICON = ("favicon/favicon.svg", "favicon/favicon.ico", "favicon/apple-touch-icon.png")
ADDRESS = re.compile(r"""url\(\s*["']?(?!data:)([^"')]+)["']?\s*\)""")


def folder_of(package: str, *inside: str) -> Path:
    """The folder of an installed package, found without importing it (it would ask for its app)."""
    spec = find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise FileNotFoundError(f"le paquet {package} n'est pas installé : lancez « make start »")
    return Path(spec.submodule_search_locations[0]).joinpath(*inside)


def addresses(style: str) -> set[str]:
    """The files named by a style sheet, without their fragment (`data:` ones left out)."""
    return {address.split("#")[0].split("?")[0] for address in ADDRESS.findall(style)}


def _named_by_our_style() -> set[str]:
    """The files of the design system that our own style sheets name, such as `icons/system/lock-line.svg`."""
    return {
        address.removeprefix("../dsfr/")
        for sheet in OWN.glob("*.css")
        for address in addresses(sheet.read_text(encoding="utf-8"))
        if address.startswith("../dsfr/")
    }


@cache
def state_design_files() -> dict[str, Path]:
    """Address under `/static/` → file, for everything this site takes from the two packages."""
    dist = folder_of("dsfr", "static", "dsfr", "dist")
    style = (dist / "dsfr.min.css").read_text(encoding="utf-8")
    wanted = {*ENTRY_POINTS, *STATE_FAVICON, *addresses(style), *_named_by_our_style()}
    files = {f"dsfr/{name}": dist / name for name in sorted(wanted)}
    files["htmx/htmx.min.js"] = folder_of("django_htmx", "static", "django_htmx", "htmx-2.min.js")
    absent = [address for address, file in files.items() if not file.is_file()]
    if absent:
        raise FileNotFoundError(f"absents des paquets installés : {', '.join(absent)}")
    return files


class PackageFiles(FileSystemStorage):
    """Reads a file by its address on the site, wherever its package keeps it."""

    def path(self, name: str) -> str:
        return str(state_design_files()[PurePosixPath(name).as_posix()])


class StateDesignFinder(BaseFinder):
    """Lets `static` and `collectstatic` find the files of `state_design_files`."""

    storage = PackageFiles()

    def check(self, **kwargs: Any) -> list[Any]:
        return []

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        """The file, or all the files (one); an empty list for "not here", as Django's own finders answer."""
        file = state_design_files().get(path)
        if file is None:
            return []
        return [str(file)] if find_all else str(file)

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, Storage]]:
        for address in state_design_files():
            yield address, self.storage
