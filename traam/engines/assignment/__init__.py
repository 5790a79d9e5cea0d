"""Selection and pairing, to a proven optimum: solve, verify, explain, and say it in French.

`solve` chooses teams by integer programming (HiGHS), `verify` checks any selection without the solver, `explain` says
what the opposite decision would cost, `pair` groups the academies of a theme. Values in, values out; the answer does
not depend on the order of the input, and ties are broken by a published rule.
"""

from .checking import verify
from .draw import draw
from .explaining import explain, explain_all
from .greedy import greedy
from .pairing import Fact, Link, Member, Pairing, link, pair
from .selection import solve
from .solver import SolverRefused
from .stored import explanation_from_json, pairing_from_json, problem_from_json, solution_from_json, to_json
from .terms import appraise
from .values import (
    RELAXATION,
    BadProblem,
    Broken,
    Candidate,
    Explanation,
    Limits,
    Pins,
    Problem,
    Solution,
    Terms,
    Theme,
    Tie,
    Weights,
)
from .wording import (
    Names,
    explanation_sentence,
    link_sentence,
    pairing_sentence,
    points,
    sentence,
    solution_sentence,
    tie_sentence,
)

__all__ = [
    "RELAXATION",
    "BadProblem",
    "Broken",
    "Candidate",
    "Explanation",
    "Fact",
    "Limits",
    "Link",
    "Member",
    "Names",
    "Pairing",
    "Pins",
    "Problem",
    "Solution",
    "SolverRefused",
    "Terms",
    "Theme",
    "Tie",
    "Weights",
    "appraise",
    "draw",
    "explain",
    "explain_all",
    "explanation_from_json",
    "explanation_sentence",
    "greedy",
    "link",
    "link_sentence",
    "pair",
    "pairing_from_json",
    "pairing_sentence",
    "points",
    "problem_from_json",
    "sentence",
    "solution_from_json",
    "solution_sentence",
    "solve",
    "tie_sentence",
    "to_json",
    "verify",
]
