"""Who asks for a test in class, promises it, notes it, and reads where the scenarios of a theme are tried."""

from dataclasses import dataclass
from datetime import datetime

from traam.engines.workflow import ALLOWED, Verdict, allow_if, refuse
from traam.programme.campaigns.models import Theme
from traam.programme.campaigns.policies import standing as theme_standing
from traam.programme.groups.models import Member
from traam.programme.groups.policies import may_read_watch
from traam.programme.groups.policies import standing as group_standing
from traam.programme.people.models import Person
from traam.programme.productions import states
from traam.programme.productions.models import ClassTest, Scenario
from traam.programme.productions.policies import may_see, standing
from traam.programme.productions.queries.trials import Cell, Trial, in_testing_group, seats

NOT_SUBMITTED = "Ce scénario n'a pas encore été soumis : les autres groupes le lisent, et le testent, après cela."


def trial_standing(person: Person, trial: Trial, at: datetime) -> frozenset[str]:
    """What the person is to a test in class: what she is to the group that holds it, and whether she may ask for it."""
    held = group_standing(person, trial.group, at)
    authors = standing(person, trial.scenario, at)
    return held | (authors & {"national", "expert"}) | ({"author_referent"} if "referent" in authors else set())


def may_try(verb: str, person: Person, trial: Trial, at: datetime) -> Verdict:
    """Ask for a test, promise it, note it: the verbs of `states.PROMISE`."""
    verdict = states.PROMISE.check(verb, trial.state, trial_standing(person, trial, at))
    if not verdict:
        return verdict
    if verb in {"ask", "promise"} and trial.group.state == "ended":
        return refuse(f"Le groupe {trial.group.of_academy} est terminé : il ne promet plus de test.")
    return allow_if(trial.own or trial.scenario.version > 0, NOT_SUBMITTED)


def may_ask_tests(person: Person, scenario: Scenario, at: datetime) -> Verdict:
    """Ask some group or other to try a scenario."""
    verdict = allow_if(
        standing(person, scenario, at) & {"national", "expert", "referent"},
        "Un test est demandé par le professeur référent des auteurs, les experts du thème ou le bureau national.",
    )
    return verdict and allow_if(
        scenario.version > 0, "Soumettez d'abord le scénario : un autre groupe ne teste que ce qu'il peut lire."
    )


def may_record_test(person: Person, scenario: Scenario, at: datetime) -> Verdict:
    """Promise a test, or note one: the authors at any time, the other groups of the theme once they may read."""
    if standing(person, scenario, at) & states.AUTHORS:
        return ALLOWED
    if not in_testing_group(person, scenario.group.application.theme):
        return refuse("Les tests en classe sont notés par les membres des groupes du thème.")
    return allow_if(scenario.version > 0, NOT_SUBMITTED)


def may_read_submitted(person: Person, scenario: Scenario, at: datetime) -> Verdict:
    """Read the version that was submitted: those who see the scenario, and the groups of the theme, who try it."""
    verdict = may_see(person, scenario, at)
    if verdict or scenario.version == 0:
        return verdict
    return ALLOWED if in_testing_group(person, scenario.group.application.theme) else verdict


def may_change_test(verb: str, person: Person, test: ClassTest, trial: Trial, at: datetime) -> Verdict:
    """Correct a test or withdraw it ("correct", "undo"): who noted it, or the référent of her group."""
    held = trial_standing(person, trial, at)
    verdict = states.PROMISE.check(verb, "kept", held)
    if not verdict:
        return verdict
    return allow_if(
        test.by_id == person.pk or "referent" in held,
        "Un test est corrigé par qui l'a noté, ou par le professeur référent de son groupe.",
    )


def may_follow_trials(person: Person, theme: Theme, at: datetime) -> Verdict:
    """Read where the scenarios of a theme are tried: its groups, who follows them, and who leads the theme."""
    return may_read_watch(person, theme, at) or allow_if(
        in_testing_group(person, theme),
        "Les tests en classe d'un thème sont lus par les membres de ses groupes, par l'inspection et le DAN de leurs "
        "académies, et par le groupe national.",
    )


@dataclass(frozen=True)
class Viewer:
    """What a person may do in the matrix of a theme: ask for the tests of any scenario, answer for her groups."""

    asks: bool
    answers_for: frozenset[int]  # groups of which she is the référent
    works_in: frozenset[int]


def viewer(person: Person, theme: Theme, at: datetime) -> Viewer:
    """Read once for a whole matrix: one query."""
    mine = seats(person, theme)
    return Viewer(
        asks=bool(theme_standing(person, theme, at) & {"national", "expert"}),
        answers_for=frozenset(seat.group_id for seat in mine if seat.role == Member.Role.REFERENT),
        works_in=frozenset(seat.group_id for seat in mine),
    )


def next_step(seen: Viewer, scenario: Scenario, cell: Cell) -> tuple[str, int] | None:
    """The verb open to this viewer in a cell of the matrix, and for which group; None when there is nothing to do.

    What a link offers: the page it leads to asks `may_try` again.
    """
    own = scenario.group_id in cell.groups
    if not (cell.groups and (own or scenario.version)):
        return None
    mine = [group for group in cell.groups if group in seen.works_in]
    if mine:
        waiting = {"promised": "keep", "kept": "keep"}
        return waiting.get(cell.state, "promise"), mine[0]
    may_ask = seen.asks or scenario.group_id in seen.answers_for
    return ("ask", cell.groups[0]) if may_ask and not own and cell.state in {"missing", "declined"} else None
