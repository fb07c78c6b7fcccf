"""Addresses of the documents received and sent, and of the offices to write to."""

from __future__ import annotations

from django.urls import path

from parvis.web.landlord.views import documents
from parvis.web.landlord.views.changes import contact, messages, messages_writing

_MESSAGES = "c/<str:account>/bailleur/messages"
_HERE = "c/<str:account>/bailleur/documents"

patterns = [
    path(f"{_HERE}/", documents.documents, name="documents"),
    path(f"{_HERE}/annees/<int:year>/", documents.year, name="documents-year"),
    path("c/<str:account>/bailleur/contact/", contact.contact_office, name="contact-office"),
    path(f"{_MESSAGES}/", messages.messages, name="messages"),
    path(f"{_MESSAGES}/ecrire/", messages_writing.write, name="message-write"),
    path(f"{_MESSAGES}/<uuid:conversation>/", messages.conversation, name="conversation"),
    path(f"{_MESSAGES}/<uuid:conversation>/regle/", messages.settle, name="conversation-settle"),
    path(f"{_MESSAGES}/<uuid:conversation>/pieces/<uuid:attachment>/", messages.file, name="conversation-file"),
]
