"""Addresses of what operators watch: tasks, feeds."""

from __future__ import annotations

from django.urls import URLPattern, path

from parvis.web.backoffice.views.running import tasks

urlpatterns: list[URLPattern] = [
    path("agents/taches/", tasks.tasks, name="agent-tasks"),
    path("agents/taches/<str:task>/lancer/", tasks.start, name="agent-task-start"),
]
