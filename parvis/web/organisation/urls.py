"""Addresses of the organisation pages."""

from __future__ import annotations

from django.urls import URLPattern, path

from parvis.web.organisation.views import (
    asking,
    by_file,
    closing,
    invitation,
    inviting,
    rights,
    role,
    supervised,
    users,
)

USERS = "c/<str:account>/utilisateurs"
ROLE = "c/<str:account>/administrateur"

urlpatterns: list[URLPattern] = [
    path("invitation/<str:invitation>/", invitation.invitation, name="invitation"),
    path("arreter-un-remplacement/", role.stop_replacement, name="stop-replacement"),
    path(f"{ROLE}/", role.role, name="role"),
    path(f"{ROLE}/suppleant/", role.deputy, name="deputy"),
    path(f"{ROLE}/transmettre/", role.hand_over, name="hand-over"),
    path(f"{ROLE}/transmettre/code/", role.hand_over_code, name="hand-over-code"),
    path(f"{ROLE}/transmettre/renvoyer/", role.hand_over_again, name="hand-over-again"),
    path(f"{ROLE}/transmettre/accepter/", role.hand_over_accept, name="hand-over-accept"),
    path(f"{ROLE}/transmettre/refuser/", role.hand_over_decline, name="hand-over-decline"),
    path(f"{ROLE}/remplacement/", role.replacement, name="replacement"),
    path(f"{ROLE}/toujours-la/", role.still_here, name="still-here"),
    path(f"{USERS}/", users.users, name="users"),
    path(f"{USERS}/par-fichier/", by_file.rights_by_file, name="rights-by-file"),
    path(f"{USERS}/par-fichier/appliquer/", by_file.rights_apply, name="rights-apply"),
    path(f"{USERS}/par-fichier/a-corriger/", by_file.rights_wrong_rows, name="rights-wrong-rows"),
    path(f"{USERS}/par-fichier/droits.csv", by_file.rights_table, {"kind": "csv"}, name="rights-table-csv"),
    path(f"{USERS}/par-fichier/droits.xlsx", by_file.rights_table, {"kind": "xlsx"}, name="rights-table-xlsx"),
    path(f"{USERS}/inviter/", inviting.invite, name="user-invite"),
    path(f"{USERS}/demander/", asking.ask, name="right-ask"),
    path(f"{USERS}/demandes/<int:right_request>/", asking.answer, name="right-answer"),
    path(f"{USERS}/revue/", supervised.review, name="rights-review"),
    path(f"{USERS}/<str:user>/", users.user, name="user"),
    path(f"{USERS}/<str:user>/droits/", rights.change, name="user-rights"),
    path(f"{USERS}/<str:user>/rendre/", supervised.give_back, name="user-rights-back"),
    path(f"{USERS}/<str:user>/fermer/", closing.close, name="user-close"),
    path(f"{USERS}/<str:user>/rouvrir/", closing.reopen, name="user-reopen"),
    path(f"{USERS}/<str:user>/inviter/", closing.invite_again, name="user-invite-again"),
]
