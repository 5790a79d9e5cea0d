"""How allauth keeps what proves a person: its secrets sealed, its names those of this site."""

import base64
from functools import cache
from hashlib import sha256
from urllib.parse import urlsplit

from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet
from django.conf import settings


@cache
def _seal(secret: str) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(sha256(f"traam.second-factors\n{secret}".encode()).digest()))


class Vault(DefaultMFAAdapter):  # type: ignore[misc]
    """A copy of the database alone opens no account: the key is made of TRAAM_SECRET_KEY."""

    def encrypt(self, text: str) -> str:
        return _seal(settings.SECRET_KEY).encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _seal(settings.SECRET_KEY).decrypt(encrypted_text.encode()).decode()

    def get_totp_issuer(self) -> str:
        return str(settings.SITE_NAME)

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Passkeys belong to the host of the site; a demonstration answers at several."""
        host = urlsplit(settings.SITE_ADDRESS).hostname or ""
        if settings.DEMONSTRATION:
            host = context.request.get_host().partition(":")[0]
        return {"id": host, "name": settings.SITE_NAME}
