"""Whatever people write in Markdown, the page runs nothing of it."""

from hypothesis import example, given, settings
from hypothesis import strategies as st

from traam.design.prose import markdown

SOME = settings(max_examples=60, deadline=None)
TEXTS = st.text(max_size=400) | st.text("-=#*_[]()<>!`~|:\n \t\\&;\"'0aé\u0000\u202e\ufeff", max_size=400)


def mixed(*pieces: str) -> st.SearchStrategy[str]:
    """Texts made of what the format is made of, in any order, with anything between."""
    return st.lists(st.sampled_from(pieces) | st.text(max_size=12), max_size=40).map("".join)


@SOME
@given(
    TEXTS
    | mixed("[a](", "javascript:", "alert(1))", "<script>", "![x](", "data:text/html", "|-|\n", "> ", "```\n", "* ")
)
@example("[a](javascript:alert(1))")
@example("<img src=x onerror=alert(1)>")
@example("[" * 300 + "](a)")
def test_markdown_never_runs_anything(text: str) -> None:
    drawn = str(markdown(text)).lower()
    assert "<script" not in drawn and "<iframe" not in drawn and "<style" not in drawn
    assert (
        'href="javascript:' not in drawn
        and 'href="data:' not in drawn
        and "<img" not in drawn.replace('<img src="/', "")
    )
