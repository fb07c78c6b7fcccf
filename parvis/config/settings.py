"""Django's settings, drawn from the environment (``parvis.config.environment``)."""

from __future__ import annotations

from typing import Any

import dj_database_url

from parvis.config import environment, logs

MODE = environment.MODE
ROOT = environment.ROOT
DEBUG = False
SECRET_KEY = environment.SECRET_KEY
SECRET_KEY_FALLBACKS = environment.SECRET_KEYS_BEFORE
ALLOWED_HOSTS = [*environment.HOSTS, *([environment.AGENT_HOST] if environment.AGENT_HOST else [])]
ROOT_URLCONF = "parvis.web.urls"
WSGI_APPLICATION = "parvis.config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "parvis.kit",
    "parvis.design",
    "parvis.audit",
    "parvis.parameters",
    "parvis.opinions",
    "parvis.correspondence",
    "parvis.identity",
    "parvis.landlords",
    "parvis.agents",
    "parvis.tenancies",
    "parvis.changes",
    "parvis.contact",
    "parvis.declarations",
    "parvis.exchange",
    "parvis.upkeep",
    "parvis.demo",
    "parvis.commands",
    "parvis.web.frame",
    "parvis.web.account",
    "parvis.web.landlord",
    "parvis.web.organisation",
    "parvis.web.files",
    "parvis.web.backoffice",
    "parvis.web.public",
    "parvis.web.demonstration",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "parvis.web.frame.middleware.RequestLog",
    "parvis.web.frame.middleware.Headers",
    "parvis.web.frame.middleware.Entrances",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.middleware.common.CommonMiddleware",
    "parvis.web.frame.cookies.FormSecret",
    "django.contrib.messages.middleware.MessageMiddleware",
    "parvis.web.frame.errors.limits.Limits",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [],
        "APP_DIRS": False,
        "OPTIONS": {"environment": "parvis.web.frame.templating.environment"},
    },
]


def _database() -> dict[str, Any]:
    parsed: dict[str, Any] = dict(dj_database_url.parse(environment.DATABASE_URL))
    options: dict[str, Any] = dict(parsed.get("OPTIONS") or {})
    if environment.DATABASE_PREPARES:
        # Values travel apart from the statement, which PostgreSQL then plans once instead of at every page.
        options |= {"server_side_binding": True, "prepare_threshold": 3}
    parsed["DISABLE_SERVER_SIDE_CURSORS"] = False
    if environment.DATABASE_POOL:
        options["pool"] = {"min_size": 1, "max_size": environment.DATABASE_POOL, "timeout": 5}
        parsed["CONN_MAX_AGE"] = 0
    else:
        parsed["CONN_MAX_AGE"] = None
    parsed["OPTIONS"] = options
    return parsed


DATABASES = {"default": _database()}

LANGUAGE_CODE = "fr"
TIME_ZONE = "Europe/Paris"
USE_TZ = True
USE_I18N = False

STATIC_URL = "/static/"
STATIC_ROOT = environment.VAR / "static" if MODE == environment.Mode.TEST else ROOT / "static-collected"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if MODE == environment.Mode.TEST
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = MODE == environment.Mode.TEST
WHITENOISE_AUTOREFRESH = False

PASSWORD_HASHERS = ["parvis.identity.passwords.Argon2id"]

MESSAGE_STORAGE = "parvis.web.frame.cookies.Told"

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SECURE_HSTS_SECONDS = 63_072_000 if environment.HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = environment.HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if environment.PROXY_COUNT else None
COOKIE_PREFIX = "__Host-" if environment.HTTPS else ""
CSRF_COOKIE_NAME = f"{COOKIE_PREFIX}csrf"
CSRF_COOKIE_SECURE = environment.HTTPS
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "parvis.web.frame.errors.stale_form"
SESSION_COOKIE_SECURE = environment.HTTPS  # read by the message storage's cookie

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "media-src": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
    },
}

DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500
DATA_UPLOAD_MAX_NUMBER_FILES = 20
FILE_UPLOAD_HANDLERS = [
    "parvis.web.files.uploads.Bounded",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST = environment.EMAIL_HOST
EMAIL_PORT = environment.EMAIL_PORT
EMAIL_HOST_USER = environment.EMAIL_USER
EMAIL_HOST_PASSWORD = environment.EMAIL_PASSWORD
EMAIL_USE_TLS = environment.EMAIL_TLS
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = environment.EMAIL_SENDER

PUBLIC_URL = environment.PUBLIC_URL
AGENT_HOST = environment.AGENT_HOST
AGENT_NETWORKS = environment.AGENT_NETWORKS
METRICS_NETWORKS = environment.METRICS_NETWORKS
LETTERS = environment.LETTERS
INBOX = environment.INBOX
OUTBOX = environment.OUTBOX
MAILBOX = environment.MAILBOX
VAR = environment.VAR

LOGGING = logs.configure()

environment.refuse_unsafe_production()
