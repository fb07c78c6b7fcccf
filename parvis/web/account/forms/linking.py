"""Linking accounts: the common password, or the one already known."""

from __future__ import annotations

from django import forms

from parvis.design.forms import Form
from parvis.web.account.forms.first import PasswordForm


class CommonPasswordForm(PasswordForm):
    """A new password for all the accounts, typed twice."""


class PresentPasswordForm(Form):
    """The password of the accounts one joins, which one knows."""

    present = forms.CharField(
        label="Mot de passe actuel de ces comptes",
        max_length=200,
        error_messages={"required": "Entrez le mot de passe actuel de ces comptes."},
    )


class DoubtForm(Form):
    """« Je ne reconnais pas un de ces comptes. »"""

    login_id = forms.CharField(
        label="Identifiant du compte que vous ne reconnaissez pas",
        max_length=40,
        error_messages={"required": "Indiquez l’identifiant du compte."},
    )
    why = forms.CharField(
        label="Pourquoi\u00a0?", max_length=300, error_messages={"required": "Dites en quelques mots pourquoi."}
    )
