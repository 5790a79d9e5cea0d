"""A long text being written: what waits in a form, and both texts when two people wrote at once."""

from traam.design import kept, typed
from traam.design.conflicts import two_texts
from traam.design.forms import PageForm
from traam.design.pages import Request
from traam.programme.people import actions as people_actions
from traam.programme.people import queries as people_queries

__all__ = ["forget", "found", "two_texts"]


def forget(request: Request, where: str) -> None:
    """What was typed is saved: nothing waits any more."""
    kept.forget(request)
    people_actions.drop_typing(where, actor=request.user)


def found(request: Request, where: str, form: PageForm) -> typed.Again | None:
    """What was being typed at this place, put in the form."""
    again = typed.again(request, people_queries.typing(request.user, where))
    if again:
        again.fill(form)
    return again
