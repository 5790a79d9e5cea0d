"""OAI-PMH 2.0, the protocol by which catalogues copy notices from one another, over any repository.

Source: https://www.openarchives.org/OAI/openarchivesprotocol.html. The web layer passes the arguments
of the GET or POST request and the time, and sends the bytes back as `text/xml` with status 200.
"""

from traam.engines.oaipmh.provider import Provider
from traam.engines.oaipmh.repository import BrokenRepository, Format, Page, Record, Repository

__all__ = ["BrokenRepository", "Format", "Page", "Provider", "Record", "Repository"]
