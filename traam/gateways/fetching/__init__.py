"""The only door by which the platform visits the addresses that users give, and the pages of its own.

Why it is built as it is: docs/decisions/0012-addresses-given-by-users.md.
"""

from traam.gateways.fetching.addresses import IPAddress
from traam.gateways.fetching.fetcher import Fetcher, Limits, identity
from traam.gateways.fetching.network import Reachable, Resolver
from traam.gateways.fetching.ourselves import ask_ours, fetch_ours, is_ours
from traam.gateways.fetching.politeness import Polite
from traam.gateways.fetching.reach import is_public

__all__ = [
    "Fetcher",
    "IPAddress",
    "Limits",
    "Polite",
    "Reachable",
    "Resolver",
    "ask_ours",
    "fetch_ours",
    "identity",
    "is_ours",
    "is_public",
]
