from typing import Any

from django import forms

from traam.design.forms import PageForm
from traam.programme.productions.models import Remark
from traam.programme.productions.remarks import LONGEST_REMARK


class AnswerForm(PageForm):
    """What the authors answer to one remark: there may be many on a page."""

    answer = forms.CharField(
        label="Votre réponse",
        max_length=LONGEST_REMARK,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Ce que vous avez changé, ou pourquoi vous ne changez rien.",
    )

    def __init__(self, *args: Any, remark: Remark, **options: Any) -> None:
        options.setdefault("initial", {"answer": remark.answer})
        super().__init__(*args, auto_id=f"reponse-{remark.pk}-%s", **options)
