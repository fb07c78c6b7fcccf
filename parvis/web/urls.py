"""All addresses, one way in after the other."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [
    path("", include("parvis.web.public.urls")),
    path("", include("parvis.web.account.urls")),
    path("", include("parvis.web.landlord.urls")),
    path("", include("parvis.web.organisation.urls")),
    path("", include("parvis.web.files.urls")),
    path("", include("parvis.web.demonstration.urls")),
]

handler400 = "parvis.web.frame.errors.bad_request"
handler404 = "parvis.web.frame.errors.not_found"
handler500 = "parvis.web.frame.errors.broken"
