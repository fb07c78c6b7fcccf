"""The list of tenants as Django's manual has it: models, a form, a list view with its paginator, Django's own templates.

One file is the whole site. It reads our tables where they are; what Django itself needs (people, sessions) lives in a schema of
its own beside them. ``prepare`` makes that, and signs one person in.
"""

from __future__ import annotations

import os
import sys
from typing import Any
from urllib.parse import parse_qs, urlsplit

from list_pages import PAGES  # type: ignore[import-not-found]

_URL = urlsplit(os.environ["DATABASE_URL"])
SETTINGS: dict[str, Any] = {
    "DEBUG": False,
    "SECRET_KEY": "peer",
    "ALLOWED_HOSTS": ["*"],
    "ROOT_URLCONF": __name__,
    "DATABASES": {
        "default": {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": _URL.path.lstrip("/"),
            "USER": _URL.username or "",
            "PASSWORD": _URL.password or "",
            "HOST": _URL.hostname or parse_qs(_URL.query).get("host", [""])[0],
            "PORT": _URL.port or "",
            "CONN_MAX_AGE": None,
            "OPTIONS": {"options": "-c search_path=peer,public"},
        }
    },
    "INSTALLED_APPS": [
        "django.contrib.auth",
        "django.contrib.contenttypes",
        "django.contrib.sessions",
        "django.contrib.messages",
    ],
    "MIDDLEWARE": [
        "django.middleware.security.SecurityMiddleware",
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.common.CommonMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "django.contrib.messages.middleware.MessageMiddleware",
        "django.middleware.clickjacking.XFrameOptionsMiddleware",
    ],
    "TEMPLATES": [
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "OPTIONS": {
                "loaders": [
                    ("django.template.loaders.cached.Loader", [("django.template.loaders.locmem.Loader", PAGES)])
                ],
                "context_processors": [
                    "django.template.context_processors.request",
                    "django.contrib.auth.context_processors.auth",
                    "django.contrib.messages.context_processors.messages",
                ],
            },
        }
    ],
    "LANGUAGE_CODE": "fr",
    "USE_TZ": True,
    "DEFAULT_AUTO_FIELD": "django.db.models.BigAutoField",
}

import django  # noqa: E402
from django.conf import settings  # noqa: E402

if not settings.configured:
    settings.configure(**SETTINGS)
    django.setup()

from django import forms  # noqa: E402
from django.contrib.auth.mixins import LoginRequiredMixin  # noqa: E402
from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.db import models  # noqa: E402
from django.db.models import OuterRef, QuerySet, Subquery  # noqa: E402
from django.http import HttpRequest, HttpResponse  # noqa: E402
from django.urls import path  # noqa: E402
from django.views.generic import ListView  # noqa: E402


class Landlord(models.Model):
    """A landlord."""

    partner_id = models.UUIDField(primary_key=True)
    company_name = models.CharField(max_length=160)

    class Meta:
        app_label, db_table, managed = "peer", "landlords_landlord", False


class Tenancy(models.Model):
    """A lease."""

    reference = models.UUIDField()
    landlord = models.ForeignKey(Landlord, on_delete=models.PROTECT)
    sort_name = models.TextField()
    last_name = models.CharField(max_length=80)
    first_name = models.CharField(max_length=80)
    claimant_number = models.CharField(max_length=7)
    own_reference = models.CharField(max_length=40)
    address_1 = models.CharField(max_length=60)
    postcode = models.CharField(max_length=10)
    city = models.CharField(max_length=60)
    rent_cents = models.IntegerField(null=True)
    direct_payment = models.BooleanField()
    end_on = models.DateField(null=True)
    absent_since = models.DateField(null=True)

    class Meta:
        app_label, db_table, managed = "peer", "tenancies_tenancy", False


class Payment(models.Model):
    """What was paid for a lease."""

    payment_ref = models.TextField(primary_key=True)
    tenancy = models.ForeignKey(Tenancy, on_delete=models.PROTECT)
    kind = models.TextField()
    month = models.DateField()
    amount_cents = models.IntegerField()

    class Meta:
        app_label, db_table, managed = "peer", "tenancies_payment", False


class Entry(models.Model):
    """The July rent of a lease."""

    tenancy = models.OneToOneField(Tenancy, on_delete=models.PROTECT, primary_key=True)
    year = models.IntegerField()
    state = models.TextField()

    class Meta:
        app_label, db_table, managed = "peer", "declarations_campaignentry", False


class Filters(forms.Form):
    """The form above the list."""

    q = forms.CharField(label="Nom", required=False)
    state = forms.ChoiceField(
        label="Loyer de juillet", required=False, choices=[("", "Tous"), ("to_declare", "À déclarer")]
    )
    paid = forms.ChoiceField(
        label="Versement", required=False, choices=[("", "Tous"), ("1", "À moi"), ("0", "Au locataire")]
    )
    order = forms.ChoiceField(label="Trier par", required=False, choices=[("", "Nom"), ("address_1", "Immeuble")])


class Tenants(LoginRequiredMixin, ListView):  # type: ignore[type-arg]
    """The tenants in place of the landlord of the address."""

    template_name = "tenants.html"
    paginate_by = 25

    def get_queryset(self) -> QuerySet[Any]:
        """The rows, filtered and ordered as the form says."""
        aid = (
            Payment._default_manager.filter(tenancy=OuterRef("pk"), kind="aid")
            .order_by("-month")
            .values("amount_cents")[:1]
        )
        found = Tenancy._default_manager.filter(landlord_id=self.kwargs["landlord"], end_on=None, absent_since=None)
        july = Entry._default_manager.filter(tenancy=OuterRef("pk")).values("state")[:1]
        found = found.select_related("landlord").annotate(aid_cents=Subquery(aid), july=Subquery(july))
        self.form = Filters(self.request.GET or None)
        asked = self.form.cleaned_data if self.form.is_valid() else {}
        if asked.get("q"):
            found = found.filter(sort_name__startswith=asked["q"])
        if asked.get("state"):
            found = found.filter(july=asked["state"])
        ordered: QuerySet[Any] = found.order_by(asked.get("order") or "sort_name", "pk")
        return ordered

    def get_context_data(self, **given: Any) -> dict[str, Any]:
        """The menu and the form too."""
        menu = [
            "Bienvenue",
            "Mes locataires",
            "Loyers de juillet",
            "Mes déclarations",
            "Paiements",
            "Documents",
            "Mon profil",
        ]
        return super().get_context_data(**given) | {"form": self.form, "menu": menu}


def health(request: HttpRequest) -> HttpResponse:
    """Whether the site answers."""
    return HttpResponse(b"ok")


urlpatterns = [
    path("healthz", health),
    path("<uuid:landlord>/tenants/", Tenants.as_view(), name="tenants"),
    path("<uuid:landlord>/tenants/<uuid:reference>/", Tenants.as_view(), name="tenant"),
]
application = get_wsgi_application()


def prepare() -> None:
    """Django's own tables, one person, and the cookie of their session, printed."""
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.auth.models import User
    from django.contrib.sessions.backends.db import SessionStore
    from django.core.management import call_command
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("DROP SCHEMA IF EXISTS peer CASCADE; CREATE SCHEMA peer")
        cursor.execute("CREATE TABLE peer.django_migrations (LIKE public.django_migrations INCLUDING ALL)")
        cursor.execute("CREATE TABLE peer.django_content_type (LIKE public.django_content_type INCLUDING ALL)")
        cursor.execute("INSERT INTO peer.django_migrations (app, name, applied) SELECT app, name, applied FROM"
                       " public.django_migrations WHERE app = 'contenttypes'")  # fmt: skip
    call_command("migrate", verbosity=0)
    user = User.objects.create_user("anne", password="tuile-verger")
    session = SessionStore()
    session[SESSION_KEY], session[BACKEND_SESSION_KEY] = str(user.pk), "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    print(session.session_key)


if __name__ == "__main__":
    assert sys.argv[1] == "prepare"
    prepare()
