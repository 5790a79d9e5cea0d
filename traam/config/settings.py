"""The settings of the site: the only file of settings, read from the environment by `env`."""

from pathlib import Path
from urllib.parse import urlsplit

from csp.constants import NONE, SELF

from traam.config import env, logs

PACKAGE = Path(__file__).resolve().parent.parent
ROOT = PACKAGE.parent

DATA = env.folder("TRAAM_DATA", ROOT / "var")
STATE_DRESS = env.flag("TRAAM_HABILLAGE_ETAT", False)
SITE_ADDRESS = env.text("TRAAM_ADDRESS", "http://127.0.0.1:8000").rstrip("/")
# A site that was given a public address is no demonstration unless it says so: its accounts have a known password.
DEMONSTRATION = env.flag("TRAAM_DEMONSTRATION", urlsplit(SITE_ADDRESS).hostname in {"127.0.0.1", "localhost", "::1"})

DEBUG = env.flag("TRAAM_DEBUG", False)
SECRET_KEY = env.secret("TRAAM_SECRET_KEY", DATA / "secret", demand=not DEMONSTRATION)
PROXIES = env.integer("TRAAM_PROXIES", 0)
ALLOWED_HOSTS = env.hosts("TRAAM_HOSTS", ["127.0.0.1", "localhost", "[::1]"], named=not DEMONSTRATION)
CSRF_TRUSTED_ORIGINS = env.words("TRAAM_ORIGINS", [])

STEPS = [
    "journal",
    "people",
    "subscriptions",
    "letters",
    "campaigns",
    "calls",
    "selection",
    "groups",
    "productions",
    "publication",
    "catalogue",
    "valorisation",
    "indicators",
]
SPACES = ["public", "desk", "academy", "workshop", "review", "steering"]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    *[f"traam.programme.{step}" for step in STEPS],
    "traam.design",
    *[f"traam.spaces.{space}" for space in SPACES],
    "traam.interop",
]

MIDDLEWARE = [
    "traam.design.references.ReferenceMiddleware",
    "traam.interop.measuring.MeasuringMiddleware",
    "traam.design.headers.HeadersMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "traam.spaces.public.readings.ReadingsMiddleware",
    "traam.design.readymade.Readymade",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "traam.spaces.desk.middleware.AccountsMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "traam.spaces.steering.seeing.SeeingMiddleware",
    "traam.design.middleware.RefusalsMiddleware",
]

NAVIGATION = "traam.config.navigation.navigation"
DEMONSTRATION_ACCOUNTS = "traam.config.navigation.demonstration_accounts"
ARTICLES = "traam.config.navigation.article"
WHY = "traam.config.navigation.why"
PUBLIC_STATE = "traam.programme.catalogue.generation"
PAGES_KEPT = env.integer("TRAAM_PAGES_MB", 32) * 1_000_000
CSRF_FAILURE_VIEW = "traam.design.handlers.csrf_failure"
SITE_NAME = "TraAM"
SITE_TAGLINE = "Travaux académiques mutualisés"

ROOT_URLCONF = "traam.config.urls"
WSGI_APPLICATION = "traam.config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "APP_DIRS": True,
        "OPTIONS": {"environment": "traam.design.templates.environment"},
    }
]
FORM_RENDERER = "django.forms.renderers.Jinja2"

DATABASES = {"default": env.database("DATABASE_URL", DATA / "traam.sqlite3")}
# Files, so that the processes of the site count together (the failures at the door).
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.filebased.FileBasedCache", "LOCATION": DATA / "cache"},
    # Apart: whoever floods the interfaces for machines must not push the failures at the door out of the other.
    "limits": {
        "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
        "LOCATION": DATA / "limits",
        "OPTIONS": {"MAX_ENTRIES": 1_000},
    },
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
INDEX_FOLDER = env.folder("TRAAM_INDEX", DATA / "index")
OPEN_DATA_FOLDER = DATA / "donnees"
SCOLOMFR = env.choice("TRAAM_SCOLOMFR", "8.0", ["3.1", "8.0"])

AUTH_USER_MODEL = "people.Person"
LOGIN_URL = "/connexion"
LOGIN_REDIRECT_URL = "/tableau-de-bord"
LOGOUT_REDIRECT_URL = "/"
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
# allauth keeps second factors and outside identities; the pages and their way are ours (docs/decisions/0020).
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
MFA_ADAPTER = "traam.programme.people.vault.Vault"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_TOLERANCE = 1
SECOND_FACTOR = env.among(
    "TRAAM_SECOND_FACTOR",
    [] if DEMONSTRATION else ["national"],
    ["national", "general_inspector", "expert", "dan", "inspector", "teacher"],
)
# The identity service of the State's agents; without an issuer, nobody is offered it.
PROCONNECT = {
    "issuer": env.text("TRAAM_PROCONNECT_ISSUER", "").rstrip("/"),
    "client_id": env.text("TRAAM_PROCONNECT_CLIENT_ID", ""),
    "client_secret": env.text("TRAAM_PROCONNECT_SECRET", ""),
    "acr": env.text("TRAAM_PROCONNECT_ACR", "eidas1"),
}
PROCONNECT_ORIGIN = ["{0.scheme}://{0.netloc}".format(urlsplit(PROCONNECT["issuer"]))] if PROCONNECT["issuer"] else []
SESSION_COOKIE_AGE = env.integer("TRAAM_SESSION_HOURS", 12, least=1) * 3600
HTTPS = SITE_ADDRESS.startswith("https://")
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"  # an invitation, opened from a mailbox, finds its session
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
if HTTPS:
    # Browsers take a cookie of such a name from this host alone, over https: no neighbour under the domain plants one.
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-traam", "__Host-formulaires"
    SECURE_HSTS_SECONDS = 365 * 24 * 3600
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    # Only the owner of a domain may write it in the list that browsers carry.
    SILENCED_SYSTEM_CHECKS = ["security.W021"]
    # Who ends TLS says what it received; the probe of the machine asks from inside, without it.
    SECURE_SSL_REDIRECT = PROXIES > 0
    SECURE_REDIRECT_EXEMPT = [r"^sante/"]
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if PROXIES else None

LANGUAGE_CODE = "fr"
TIME_ZONE = "Europe/Paris"
USE_I18N = True
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = DATA / "static"
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "traam.design.assets.StateDesignFinder",
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
MEDIA_ROOT = DATA / "media"
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1_000
DATA_UPLOAD_MAX_NUMBER_FILES = 20
FILE_UPLOAD_HANDLERS = [
    "traam.design.uploads.Bounded",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
CLAMAV = env.endpoint("TRAAM_CLAMAV")
CHROMIUM = env.file("TRAAM_CHROMIUM")
CHROMIUM_USER = env.text("TRAAM_CHROMIUM_USER", "nobody")
AXE = env.file("TRAAM_AXE")

EMAIL_BACKEND = (
    "django.core.mail.backends.filebased.EmailBackend"
    if DEMONSTRATION
    else "django.core.mail.backends.smtp.EmailBackend"
)
EMAIL_FILE_PATH = DATA / "courriels"
EMAIL_HOST = env.text("TRAAM_SMTP_HOST", "localhost")
EMAIL_PORT = env.integer("TRAAM_SMTP_PORT", 25, least=1)
LETTERS_RATE = env.integer("TRAAM_LETTERS_RATE", 20)
DIGEST_HOUR = env.integer("TRAAM_DIGEST_HOUR", 6, most=23)
CONTACT = env.text("TRAAM_CONTACT", "contact@traam.invalid")
DEFAULT_FROM_EMAIL = env.text("TRAAM_FROM", "TraAM <ne-pas-repondre@traam.invalid>")

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        # Signing out leads there, and browsers hold the redirects of a form to this list.
        "form-action": [SELF, *PROCONNECT_ORIGIN],
    }
}
# Whose videos a page of information may play, after a click (docs/decisions/0017).
VIDEO_HOSTS = env.words("TRAAM_VIDEO_HOSTS", ["tube.reseau-canope.fr", "videos.pix.fr"])
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

METRICS_TOKEN = env.token("TRAAM_METRICS_TOKEN")
LOGGING = logs.configuration(
    env.choice("TRAAM_LOGS", "texte", [logs.TEXT, logs.JSON]), access=env.flag("TRAAM_ACCESS_LOGS", not DEMONSTRATION)
)
