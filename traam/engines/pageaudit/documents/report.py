"""What a reader writes down as it goes through a document."""

from collections import Counter

from traam.engines.pageaudit.values import EXCERPT, Answer, Finding

MOST_OF_A_CHECK = 20  # findings of one check in one document; the others are counted


class Unreadable(ValueError):
    """Not a document that can be read; the sentence says why and what to do. `code` is the check that fails."""

    def __init__(self, sentence: str, *, code: str = "doc.format", answer: Answer = Answer.FAULT) -> None:
        super().__init__(sentence)
        self.code, self.answer = code, answer


class Report:
    """The findings of one document.

    A finding is about a sentence of the document (`quote`), or about a part of it (`part`: a property, a picture). What
    it shows begins with the name of the document, so that two documents of one page are never taken for one another.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self._findings: dict[str, Finding] = {}
        self._more: Counter[str] = Counter()
        self._shown: Counter[str] = Counter()

    def fault(self, code: str, message: str, *, where: str = "", part: str = "", quote: str = "") -> None:
        self._add(Answer.FAULT, code, message, where, part, quote)

    def review(self, code: str, message: str, *, where: str = "", part: str = "", quote: str = "") -> None:
        self._add(Answer.REVIEW, code, message, where, part, quote)

    def untested(self, code: str, message: str, *, where: str = "", part: str = "") -> None:
        self._add(Answer.UNTESTED, code, message, where, part, "")

    def refused(self, problem: Unreadable) -> None:
        """Nothing can be read any further."""
        self._add(problem.answer, problem.code, str(problem), "", "", "")

    def findings(self) -> list[Finding]:
        more = [
            Finding(
                code,
                Answer.FAULT,
                f"Et {count} autre{'s' if count > 1 else ''} du même genre dans ce document : corrigez d'abord celles "
                "qui sont montrées, les suivantes le seront ensuite.",
                f"{self.name} › suite",
                self.name,
            )
            for code, count in self._more.items()
        ]
        return [*self._findings.values(), *more]

    def _add(self, answer: Answer, code: str, message: str, where: str, part: str, quote: str) -> None:
        element = shortened(" › ".join(filter(None, (self.name, shortened(quote) or part))))
        place = ", ".join(filter(None, (self.name, where)))
        finding = Finding(code, answer, message, element, place)
        if finding.key in self._findings:
            return
        if self._shown[code] >= MOST_OF_A_CHECK:
            self._more[code] += 1
            return
        self._shown[code] += 1
        self._findings[finding.key] = finding


def shortened(text: str, most: int = EXCERPT) -> str:
    """The words on one line, cut where a finding stops showing them; without characters that no page can show."""
    line = " ".join("".join(sign if sign.isprintable() else " " for sign in text[: most * 8]).split())
    return line if len(line) <= most else line[: most - 1].rstrip() + "…"
