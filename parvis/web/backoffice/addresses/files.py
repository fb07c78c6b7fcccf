"""Addresses of the search, and of a landlord's file; ``holder`` is the reference of one of its accounts."""

from __future__ import annotations

from django.urls import URLPattern, path

from parvis.web.backoffice.views.acts import accounts, administrator, supervision
from parvis.web.backoffice.views.files import file, lists, search, sent, viewing

_FILE = "agents/dossiers/<uuid:partner>/"
urlpatterns: list[URLPattern] = [
    path("agents/recherche/", search.search, name="file-search"),
    path("agents/dossiers/quitter/", viewing.leave, name="viewing-leave"),
    path(_FILE, file.file, name="file"),
    path(f"{_FILE}motif/", file.reason, name="file-reason"),
    path(f"{_FILE}comptes/", lists.accounts, name="file-accounts"),
    path(f"{_FILE}comptes/<str:holder>/", file.account, name="file-account"),
    path(f"{_FILE}comptes/<str:holder>/voir/", viewing.begin, name="viewing-begin"),
    path(f"{_FILE}comptes/<str:holder>/renvoyer/", accounts.send, name="account-send"),
    path(f"{_FILE}comptes/<str:holder>/provisoire/", accounts.provisional, name="account-provisional"),
    path(f"{_FILE}comptes/<str:holder>/messagerie-perdue/", accounts.mailbox_letter, name="account-mailbox-letter"),
    path(f"{_FILE}comptes/<str:holder>/debloquer/", accounts.unlock, name="account-unlock"),
    path(f"{_FILE}comptes/<str:holder>/bloquer/", accounts.block, name="account-block"),
    path(f"{_FILE}comptes/<str:holder>/suspendre/", accounts.suspend, name="account-suspend"),
    path(f"{_FILE}comptes/<str:holder>/retablir/", accounts.reinstate, name="account-reinstate"),
    path(f"{_FILE}comptes/<str:holder>/adresse-mail/", accounts.correct_email, name="account-email"),
    path(f"{_FILE}comptes/<str:holder>/suspendre-un-droit/", supervision.suspend_right, name="account-right"),
    path(f"{_FILE}comptes/<str:holder>/rendre-un-droit/", supervision.give_right_back, name="account-right-back"),
    path(
        f"{_FILE}comptes/<str:holder>/retirer-la-delegation/", supervision.withdraw_delegation, name="account-withdraw"
    ),
    path(
        f"{_FILE}comptes/<str:holder>/rendre-la-delegation/", supervision.give_delegation_back, name="account-delegate"
    ),
    path(f"{_FILE}comptes/<str:holder>/nouveau-mot-de-passe/", supervision.demand_password, name="account-password"),
    path(f"{_FILE}comptes/<str:holder>/administrateur/", supervision.reverse_removal, name="account-administrator"),
    path(f"{_FILE}comptes/<str:holder>/confirmer/", supervision.confirm_administrator, name="account-confirm"),
    path("agents/revues/", supervision.reviews, name="agent-reviews"),
    path(f"{_FILE}remplacement/", administrator.replacement, name="file-replacement"),
    path(f"{_FILE}remplacement/ouvrir/", administrator.open_replacement, name="file-replacement-open"),
    path(f"{_FILE}remplacement/pieces/<uuid:attachment>/", administrator.paper, name="file-replacement-paper"),
    path(f"{_FILE}locataires/", lists.tenancies, name="file-tenancies"),
    path(f"{_FILE}declarations/", lists.declarations, name="file-declarations"),
    path(f"{_FILE}declarations/<uuid:declaration>/", sent.declaration, name="file-declaration"),
    path(f"{_FILE}accuses/<str:number>/", sent.receipt, name="file-receipt"),
    path(f"{_FILE}accuses/<str:number>/pdf/", sent.receipt_pdf, name="file-receipt-pdf"),
    path(f"{_FILE}demandes/", lists.changes, name="file-changes"),
    path(f"{_FILE}demandes/<str:change>/", sent.change, name="file-change"),
    path(f"{_FILE}demandes/<str:change>/arreter/", sent.stop, name="file-change-stop"),
    path(f"{_FILE}messages/", lists.messages, name="file-messages"),
    path(f"{_FILE}messages/<str:message>/", lists.message, name="file-message"),
    path(f"{_FILE}passe/", lists.passed, name="file-passed"),
    path(f"{_FILE}journal/", lists.journal, name="file-journal"),
]
