"""Quantities with two decimals, typed and shown in French, kept as whole numbers of hundredths."""

import re
from typing import Any

from django import forms

from traam.design.typography import NO_BREAK

TYPED = re.compile(r"(\d{1,7})(?:[.,](\d{1,2}))?")


def written(hundredths: int | None) -> str:
    """1250 → "12,50", 1200 → "12"; a long dash for None."""
    if hundredths is None:
        return "—"
    whole, rest = divmod(abs(hundredths), 100)
    sign = "−" if hundredths < 0 else ""
    return f"{sign}{whole:,}".replace(",", NO_BREAK) + (f",{rest:02d}" if rest else "")


def euros(cents: int | None) -> str:
    """48144 → "481,44 €": always with its cents; a long dash for None."""
    if cents is None:
        return "—"
    whole, _, rest = written(cents).partition(",")
    return f"{whole},{rest or '00'}{NO_BREAK}€"


class HundredthsField(forms.CharField):
    """A number of 0 or more, two decimals at most ("12", "12,5", "12.50"): its value is 1250, None when empty."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("widget", forms.TextInput(attrs={"size": 8, "inputmode": "decimal", "autocomplete": "off"}))
        super().__init__(max_length=16, **options)

    def prepare_value(self, value: Any) -> Any:
        return written(value).replace(NO_BREAK, "") if isinstance(value, int) else value

    def clean(self, value: Any) -> Any:
        typed = re.sub(r"\s", "", super().clean(value))
        if not typed:
            return None
        match = TYPED.fullmatch(typed)
        if match is None:
            raise forms.ValidationError(
                f"« {self.label} » n'est pas un nombre : écrivez-le en chiffres, deux décimales au plus, comme 12,5."
            )
        return int(match[1]) * 100 + int((match[2] or "").ljust(2, "0"))
