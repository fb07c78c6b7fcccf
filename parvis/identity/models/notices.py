"""What lets people say « Ce n’est pas moi », and where notices still go after a change of mailbox."""

from __future__ import annotations

from django.db import models

from parvis.identity.models.accounts import Account, Credential


class FreezeLink(models.Model):
    """A link (in an e-mail) or a code (in a letter) that freezes a credential, and does nothing else.

    Drawn when its message is rendered; only its fingerprint is kept. ``because`` is the code of the event told.

    ``account`` is set where the notice is about one account: what that account has become since is frozen too.
    """

    credential = models.ForeignKey(Credential, on_delete=models.CASCADE)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, null=True)
    because = models.CharField(max_length=60)
    token_hash = models.BinaryField(null=True, unique=True, max_length=32)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.because} {self.made_at:%Y-%m-%d %H:%M}"


class FormerMailbox(models.Model):
    """A mailbox a credential had before: it is told of what happens until ``told_until`` (security.md §2.6)."""

    credential = models.ForeignKey(Credential, on_delete=models.CASCADE)
    email = models.EmailField(max_length=254)
    left_at = models.DateTimeField()
    told_until = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["credential", "told_until"], name="former_mailbox_told")]

    def __str__(self) -> str:
        return f"former mailbox {self.pk}"


class MailboxLetter(models.Model):
    """A letter for somebody who no longer reads their mailbox: the password it brings lets them give another one.

    Drawn when the letter is rendered; only its hash is kept, beside the password in use, which goes on working until the
    letter has served. ``credential_version`` makes it void once anything else has changed.
    """

    credential = models.ForeignKey(Credential, on_delete=models.CASCADE)
    credential_version = models.PositiveIntegerField()
    secret_hash = models.CharField(max_length=160, blank=True)
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    used_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["credential", "asked_at"], name="mailbox_letter_newest")]

    def __str__(self) -> str:
        return f"mailbox letter {self.pk}"
