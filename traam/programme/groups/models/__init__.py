from traam.programme.groups.models.composition import Correspondent, DasenAgreement, Group, Member
from traam.programme.groups.models.meetings import Attendance, Meeting, Milestone, Minutes, Point
from traam.programme.groups.models.network import Relay
from traam.programme.groups.models.service import Envelope, Evidence, ServiceLine, ServicePeriod, Share
from traam.programme.groups.models.sharing import Document, ProgressNote, WatchItem

__all__ = [
    "Attendance",
    "Correspondent",
    "DasenAgreement",
    "Document",
    "Envelope",
    "Evidence",
    "Group",
    "Meeting",
    "Member",
    "Milestone",
    "Minutes",
    "Point",
    "ProgressNote",
    "Relay",
    "ServiceLine",
    "ServicePeriod",
    "Share",
    "WatchItem",
]
