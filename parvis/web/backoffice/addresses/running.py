"""Addresses of what operators watch: tasks, feeds."""

from __future__ import annotations

from django.urls import URLPattern, path

from parvis.web.backoffice.views.running import alerts, deliveries, exports, feeds, tasks, unsent

urlpatterns: list[URLPattern] = [
    path("agents/alertes/", alerts.standing, name="agent-alerts"),
    path("agents/alertes/<int:alert>/fermer/", alerts.close, name="agent-alert-close"),
    path("agents/fichiers/", exports.exports, name="agent-exports"),
    path("agents/fichiers/demander/", exports.ask, name="agent-export-ask"),
    path("agents/fichiers/<uuid:export>/accorder/", exports.decide, name="agent-export-decide"),
    path("agents/fichiers/<uuid:export>/prendre/", exports.file, name="agent-export-file"),
    path("agents/taches/", tasks.tasks, name="agent-tasks"),
    path("agents/taches/<str:task>/lancer/", tasks.start, name="agent-task-start"),
    path("agents/flux/", feeds.feeds, name="agent-feeds"),
    path("agents/flux/relancer/", feeds.start, name="agent-feeds-start"),
    path("agents/flux/recues/", deliveries.received, name="agent-received"),
    path("agents/flux/recues/<int:delivery>/", deliveries.sheet, name="agent-delivery"),
    path("agents/flux/recues/<int:delivery>/liberer/", deliveries.release, name="agent-delivery-release"),
    path("agents/flux/recues/<int:delivery>/<int:position>/", deliveries.lines, name="agent-delivery-lines"),
    path(
        "agents/flux/recues/<int:delivery>/<int:position>/lignes.csv", deliveries.lines_file, name="agent-delivery-csv"
    ),
    path("agents/flux/messages/", unsent.unsent, name="agent-messages"),
    path("agents/flux/messages/<str:message>/", unsent.sheet, name="agent-message"),
    path("agents/flux/envoyees/", feeds.sent, name="agent-sent"),
    path("agents/flux/envoyees/<int:sequence>/", feeds.outgoing, name="agent-outgoing"),
]
