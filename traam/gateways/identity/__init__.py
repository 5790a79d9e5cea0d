"""Who somebody is, vouched for by ProConnect, the identity service of the State's agents (OpenID Connect)."""

from traam.gateways.identity.proconnect import Identity, Journey, NotVouched, ProConnect, Site

__all__ = ["Identity", "Journey", "NotVouched", "ProConnect", "Site"]
