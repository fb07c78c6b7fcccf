"""django-allauth as its manual sets it up: password, then a code by e-mail. One file is the whole site.

Run by granian in the peers' environment; ``prepare`` makes its tables and its people.
"""

from __future__ import annotations

import os
import sys
from typing import Any

SETTINGS: dict[str, Any] = {
    "DEBUG": False,
    "SECRET_KEY": "peer",
    "ALLOWED_HOSTS": ["*"],
    "ROOT_URLCONF": __name__,
    "DATABASES": {
        "default": {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": os.environ.get("PEER_DB_NAME", ""),
            "USER": os.environ.get("PEER_DB_USER", ""),
            "HOST": os.environ.get("PEER_DB_HOST", ""),
            "CONN_MAX_AGE": None,
        }
    },
    "INSTALLED_APPS": [
        "django.contrib.auth",
        "django.contrib.contenttypes",
        "django.contrib.sessions",
        "django.contrib.messages",
        "django.contrib.sites",
        "allauth",
        "allauth.account",
    ],
    "SITE_ID": 1,
    "MIDDLEWARE": [
        "django.middleware.security.SecurityMiddleware",
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.common.CommonMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "django.contrib.messages.middleware.MessageMiddleware",
        "django.middleware.clickjacking.XFrameOptionsMiddleware",
        "allauth.account.middleware.AccountMiddleware",
    ],
    "TEMPLATES": [
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "APP_DIRS": True,
            "OPTIONS": {
                "context_processors": [
                    "django.template.context_processors.request",
                    "django.contrib.auth.context_processors.auth",
                    "django.contrib.messages.context_processors.messages",
                ]
            },
        }
    ],
    "AUTHENTICATION_BACKENDS": ["allauth.account.auth_backends.AuthenticationBackend"],
    "ACCOUNT_LOGIN_METHODS": {"email"},
    "ACCOUNT_SIGNUP_FIELDS": ["email*", "password1*"],
    "ACCOUNT_EMAIL_VERIFICATION": "mandatory",
    "ACCOUNT_LOGIN_BY_CODE_REQUIRED": True,
    "ACCOUNT_RATE_LIMITS": False,
    "LOGIN_REDIRECT_URL": "/",
    "EMAIL_HOST": "127.0.0.1",
    "EMAIL_PORT": int(os.environ.get("PEER_EMAIL_PORT", "25")),
    "USE_TZ": True,
    "DEFAULT_AUTO_FIELD": "django.db.models.BigAutoField",
}

import django  # noqa: E402
from django.conf import settings  # noqa: E402

if not settings.configured:
    settings.configure(**SETTINGS)
    django.setup()

from django.contrib.auth.decorators import login_required  # noqa: E402
from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.http import HttpRequest, HttpResponse  # noqa: E402
from django.urls import include, path  # noqa: E402


@login_required
def home(request: HttpRequest) -> HttpResponse:
    """Where one lands."""
    return HttpResponse(b"in")


def health(request: HttpRequest) -> HttpResponse:
    """Whether the site answers."""
    return HttpResponse(b"ok")


urlpatterns = [path("", home), path("healthz", health), path("accounts/", include("allauth.urls"))]
application = get_wsgi_application()


def prepare(count: int, password: str) -> None:
    """Tables, and ``count`` people with a verified address and one password, hashed as Django does by default."""
    from allauth.account.models import EmailAddress
    from django.contrib.auth.hashers import make_password
    from django.contrib.auth.models import User
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    kept = make_password(password)
    people = [User(username=f"peer{n}", email=f"peer{n}@peer.example", password=kept) for n in range(count)]
    EmailAddress.objects.bulk_create(
        EmailAddress(user=user, email=user.email, verified=True, primary=True)
        for user in User.objects.bulk_create(people)
    )


if __name__ == "__main__":
    prepare(int(sys.argv[1]), sys.argv[2])
