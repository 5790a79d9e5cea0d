"""The checks of a public page against pages that a person judged: precision and recall, check by check.

python -m bench.audit

`tests/audit_pages/` holds two halves, written apart from the checks: on `dev` one may look for what goes wrong, on
`holdout` nobody tunes. Each has the raw pages and `expected.toml`, a table for each page:

    name         the file; address, final, redirects, status, error, content_type, headers: what was answered for it
    links        what its linked addresses answer: a status, "soft", or a word of FETCH_ERRORS; 200 when not told
    images       what the images of its site hold: an address, and a file of `images/`
    fault        codes for which a fault must be found
    review       codes that a person must be asked to check
    signalled    codes to speak of, as a fault or to be checked: the definition does not say which
    silent       codes on which two inspectors would differ: neither wanted nor wrong
    tempts       blocking codes that the page looks guilty of, and is not
    why          a word where one could hesitate

A code that is in none of these must not be found. A (page, code) pair counts once. Of a blocking check only faults
count; of the others, that the thing is spoken of, and apart, whether with the answer of the inspector.
"""

import sys
import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from traam.engines.pageaudit.checks import CHECKS
from traam.engines.pageaudit.values import Answer, Fetched, Finding, Link, Severity, Wanted

PAGES = Path(__file__).resolve().parents[1] / "tests" / "audit_pages"
HALVES = ("dev", "holdout")
BLOCKING = tuple(code for code, check in CHECKS.items() if check.severity is Severity.BLOCKING)
ELSEWHERE = ("a11y.axe",)  # asks for a browser
OF_A_PAGE = tuple(code for code in CHECKS if not code.startswith("doc.") and code not in ELSEWHERE)
PRECISION, RECALL = 0.95, 0.90  # what each blocking check must hold

Said = Mapping[str, frozenset[Answer]]  # the answers given for each code of a page


@dataclass(frozen=True)
class Judged:
    """A page, and what a person says of it."""

    half: str
    name: str
    fetched: Fetched
    links: Mapping[str, Link]
    images: Mapping[str, bytes]
    fault: frozenset[str]
    review: frozenset[str]
    signalled: frozenset[str]
    silent: frozenset[str]
    tempts: frozenset[str]

    @property
    def told(self) -> frozenset[str]:
        return self.fault | self.review | self.signalled

    def expects(self, code: str) -> bool:
        return code in (self.fault if code in BLOCKING else self.told)


@dataclass
class Tally:
    """The (page, code) pairs of one check."""

    right: int = 0
    missed: int = 0
    wrong: int = 0
    same: int = 0  # right, and with the very answer of the inspector
    strict: int = 0  # right, where the inspector's answer is only one

    @property
    def precision(self) -> float:
        found = self.right + self.wrong
        return self.right / found if found else 1.0

    @property
    def recall(self) -> float:
        expected = self.right + self.missed
        return self.right / expected if expected else 1.0

    def add(self, other: "Tally") -> None:
        for name in vars(self):
            setattr(self, name, getattr(self, name) + getattr(other, name))


@dataclass
class Figures:
    """Of a half or of both: the tally of each code, and each disagreement as (page, code, expected, found)."""

    pages: int = 0
    tallies: dict[str, Tally] = field(default_factory=lambda: {code: Tally() for code in OF_A_PAGE})
    disagreements: list[tuple[str, str, str, str]] = field(default_factory=list)

    def overall(self, codes: Iterable[str] = OF_A_PAGE) -> Tally:
        total = Tally()
        for code in codes:
            total.add(self.tallies[code])
        return total

    @property
    def held(self) -> bool:
        """Whether each blocking check holds the marks."""
        each = [self.tallies[code] for code in BLOCKING]
        return all(one.precision >= PRECISION and one.recall >= RECALL for one in each)


def read(half: str) -> list[Judged]:
    """The judged pages of a half, in the order of its table."""
    rows = tomllib.loads((PAGES / half / "expected.toml").read_text(encoding="utf-8"))["page"]
    return [_judged(half, row) for row in rows]


def _judged(half: str, row: Mapping[str, object]) -> Judged:
    def codes(key: str) -> frozenset[str]:
        return frozenset(_strings(row.get(key, ())))

    links, images = _table(row.get("links", {})), _table(row.get("images", {}))
    return Judged(
        half=half,
        name=str(row["name"]),
        fetched=_fetched(PAGES / half / f"{row['name']}.html", row),
        links={address: _link(address, told) for address, told in links.items()},
        images={address: (PAGES / "images" / str(name)).read_bytes() for address, name in images.items()},
        fault=codes("fault"),
        review=codes("review"),
        signalled=codes("signalled"),
        silent=codes("silent"),
        tempts=codes("tempts"),
    )


def _fetched(path: Path, row: Mapping[str, object]) -> Fetched:
    address, error = str(row["address"]), str(row.get("error", ""))
    if error:
        return Fetched(address, address, error=error, detail="pas de réponse")
    headers = [("content-type", str(row.get("content_type", "text/html; charset=utf-8")))]
    extra = row.get("headers", [])
    assert isinstance(extra, list)
    headers += [(str(name), str(value)) for name, value in extra]
    status = row.get("status", 200)
    assert isinstance(status, int)
    return Fetched(
        address=address,
        final=str(row.get("final", address)),
        status=status,
        headers=headers,
        body=path.read_bytes(),
        redirects=_strings(row.get("redirects", ())),
    )


def _link(address: str, told: object) -> Link:
    if isinstance(told, int):
        return Link(address, told)
    return Link(address, 200, soft=True) if told == "soft" else Link(address, 0, error=str(told))


def _strings(value: object) -> Sequence[str]:
    assert isinstance(value, list | tuple)
    return [str(one) for one in value]


def _table(value: object) -> Mapping[str, object]:
    assert isinstance(value, dict)
    return value


def said(findings: Iterable[Finding]) -> Said:
    """By code, what was answered of it; that something was not tested says nothing of a page."""
    answers: dict[str, frozenset[Answer]] = {}
    for one in findings:
        if one.answer is not Answer.UNTESTED:
            answers[one.code] = answers.get(one.code, frozenset()) | {one.answer}
    return answers


def compare(pages: Iterable[Judged], audit: Callable[[Judged], Iterable[Finding]]) -> Figures:
    figures = Figures()
    for page in pages:
        figures.pages += 1
        found = said(audit(page))
        for code in OF_A_PAGE:
            _count(figures, page, code, found.get(code, frozenset()))
    return figures


def _count(figures: Figures, page: Judged, code: str, answers: frozenset[Answer]) -> None:
    if code in page.silent:
        return
    tally, expected = figures.tallies[code], page.expects(code)
    found = Answer.FAULT in answers if code in BLOCKING else bool(answers)
    if expected and found:
        tally.right += 1
        wanted = Answer.FAULT if code in page.fault else Answer.REVIEW
        if code not in page.signalled:
            tally.strict += 1
            tally.same += wanted in answers
    elif expected or found:
        tally.missed += expected
        tally.wrong += found
        told = "défaut" if code in page.fault else "à signaler" if expected else "rien"
        figures.disagreements.append((f"{page.half}/{page.name}", code, told, ", ".join(sorted(answers)) or "rien"))


def audited(page: Judged) -> Iterable[Finding]:
    """The page audited with what its linked addresses answer: 200, unless the table says otherwise."""
    from traam.engines.pageaudit import audit_page, wanted

    asked: Wanted = wanted(page.fetched)
    links = {address: Link(address, 200) for address in asked.links} | dict(page.links)
    return audit_page(page.fetched, links=links, images=page.images)


def print_table(title: str, figures: Figures) -> None:
    print(f"### {title} : {figures.pages} pages\n")
    print("| Contrôle | Attendus | Trouvés | Précision | Rappel | Même réponse |\n|---|---|---|---|---|---|")
    for code in OF_A_PAGE:
        print(_line(f"**{code}**" if code in BLOCKING else code, figures.tallies[code]))
    print(_line("ensemble", figures.overall()) + "\n")


def _line(label: str, tally: Tally) -> str:
    expected, found = tally.right + tally.missed, tally.right + tally.wrong
    same = f"{tally.same}/{tally.strict}" if tally.strict else ""
    return f"| {label} | {expected} | {found} | {tally.precision:.2f} | {tally.recall:.2f} | {same} |"


def main() -> int:
    halves = {half: read(half) for half in HALVES if (PAGES / half).is_dir()}
    both = compare([page for pages in halves.values() for page in pages], audited)
    for half, pages in halves.items():
        print_table(half, compare(pages, audited))
    print_table("les deux", both)
    print("| Page | Contrôle | Attendu | Trouvé |\n|---|---|---|---|")
    for row in both.disagreements:
        print(f"| {' | '.join(row)} |")
    print(f"\nContrôles bloquants, précision ≥ {PRECISION} et rappel ≥ {RECALL} :")
    for code in BLOCKING:
        tally = both.tallies[code]
        held = tally.precision >= PRECISION and tally.recall >= RECALL
        print(f"- {code} : {'tenu' if held else '**pas tenu**'} ({tally.precision:.2f} ; {tally.recall:.2f})")
    return 0 if both.held else 1


if __name__ == "__main__":
    sys.exit(main())
