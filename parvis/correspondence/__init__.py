"""What leaves to a person: e-mails and letters. A row born in the transaction of its cause, sent later by the worker.

How a room writes to people
---------------------------

In a service, inside its transaction::

    from parvis.correspondence.services import queue_email, queue_letter

    first = queue_letter(to_address=[...], template="identity/letters/identifier", context={...}, at=at,
                         account_id=account.pk, partner_id=account.partner_id)
    queue_letter(to_address=[...], template="identity/letters/password", context={...}, at=at, after=first,
                 delay=timedelta(days=3), secret="provisional_password", secret_subject=credential.pk, ...)

``queue_many([Draft(...), ...], at=at)`` does the same for thousands in a few statements; ``Draft.after`` may be
another Draft of the same list. ``cancel([...])`` takes back what has not left.

The text is ONE file, for e-mails and letters alike: ``<room>/templates/<room>/emails/<name>.txt`` or
``<room>/templates/<room>/letters/<name>.txt``, named ``<room>/emails/<name>`` in the call. It is Jinja2 (strict, same
words as on the pages: euros, decimal, day, long_day, moment, hour, plural...) in a small line format::

    Votre identifiant Mon Compte Partenaire     first line: subject of the mail (60 signs at most), title of the letter

    Un paragraphe, avec des **mots en gras**.   paragraphs are parted by blank lines
    La suite du même paragraphe.

    > Identifiant | {{ login_id }}              a value to copy, large and monospaced; the label before | is optional
    - un point                                  a list
    1. une étape                                a numbered list
    | Compte | Caisse                           a table; its first line is the header
    | {{ login_id }} | {{ office.name }}
    => Ouvrir mon espace | /connexion           the one button (e-mails only; our own addresses only, never a secret)

What a value of the context holds can never become markup, whatever it contains. From this one text come the e-mail's
plain part and HTML part, the PDF of the letter, and what stays in ``Message.subject`` and ``Message.body``.

The frame (heading, footer, sender, date, address window, QR code) is added by this room and demands of the context:

================ ======= ==================================================================================
``account_name`` always  the landlord's name, or the person's where there is none
``user_number``  always  printed in every footer, and at the top right of every letter
``login_id``     always  in the footer of e-mails, never beside a secret; in letters only where the text says it
``office``       letters ``{"name": ..., "address": [lines], "phone": ...}``: the sender
``qr_path``      letters optional: the page the QR code opens (default ``/``), never with a secret
================ ======= ==================================================================================

A context is kept as JSON: texts, numbers, lists. ``day``, ``long_day``, ``moment``... also read ISO texts
(``long_day("2026-07-21")``), so that days and moments can be stored as ``.isoformat()``.

Secrets are never in a context. A room registers who draws one, in its ``AppConfig.ready()``::

    from parvis.correspondence import secrets
    secrets.register("provisional_password", provisional.draw, shown=("valid_until",))

``draw(subject_id, *, at) -> dict[str, str]`` is called inside the transaction that renders the message; it stores a
hash and returns the words the text needs. What is kept of the message shows ``••••••`` instead of them, except
those named in ``shown``. It raises ``SecretNoLongerNeeded`` to cancel the message. After a crash or a failure of the
mail server it is called again: the newest secret is the only good one.

An agent of some offices reads what was written for those. A room says of each of its texts whether its context tells the office,
in its ``AppConfig.ready()``; a test holds every text against it::

    from parvis.correspondence.rendering import belonging
    belonging.tells_office("changes/emails/decided")
    belonging.names_no_tenant("changes/emails/several_offered")

An e-mail may carry one PDF, made when it leaves. A room registers who makes it and names it when it queues the message::

    from parvis.correspondence.rendering import attachments
    attachments.register("receipt", attached.receipt)

    queue_email(..., attachment="receipt", attachment_subject=receipt.pk)

The frame says the name of the file. A letter carries none.
"""
