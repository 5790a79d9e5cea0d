from .auditing import AuditRun, Contest, LinkState, Watched
from .releases import EdubaseEntry, Erratum, Release, Way
from .sheets import Control, Resource, RightsSheet, Waiver

__all__ = [
    "AuditRun",
    "Contest",
    "Control",
    "EdubaseEntry",
    "Erratum",
    "LinkState",
    "Release",
    "Resource",
    "RightsSheet",
    "Waiver",
    "Watched",
    "Way",
]
