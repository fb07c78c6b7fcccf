"""Another address, other telephone numbers, another e-mail."""

from __future__ import annotations

from typing import Any, ClassVar, cast
from uuid import UUID, uuid4

from django import forms
from django.http import QueryDict

from parvis.changes.rules import Address, Contacts
from parvis.design.forms import Form
from parvis.web.landlord.forms.july import reference

STALE = "Rouvrez cette page, puis recommencez."
COUNTRIES = (
    ("FR", "France"), ("DE", "Allemagne"), ("AD", "Andorre"), ("AT", "Autriche"), ("BE", "Belgique"), ("ES", "Espagne"),
    ("GB", "Royaume-Uni"), ("IE", "Irlande"), ("IT", "Italie"), ("LU", "Luxembourg"), ("MC", "Monaco"), ("NL", "Pays-Bas"),
    ("PT", "Portugal"), ("CH", "Suisse"), ("CA", "Canada"), ("US", "États-Unis"), ("MA", "Maroc"), ("DZ", "Algérie"),
    ("TN", "Tunisie"),
)  # fmt: skip
"""Where landlords live; for any other country the page leads to the office."""


class KeyedForm(Form):
    """A form with a key of its own: sent twice, it is one act. ``kept`` are the fields that it keeps by itself."""

    kept: ClassVar[tuple[str, ...]] = ()

    key = forms.CharField(
        widget=forms.HiddenInput, max_length=40, error_messages={"required": STALE, "max_length": STALE}
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{**kwargs, "initial": {"key": uuid4(), **(kwargs.get("initial") or {})}})

    def renew_key(self) -> None:
        """Give the page that comes back another key: what it says is another act than the one the former key stands for."""
        data = cast(QueryDict, self.data).copy()
        data[self.add_prefix("key")] = str(uuid4())
        self.data = data

    def clean_key(self) -> UUID:
        """The key we made."""
        key = reference(self.cleaned_data["key"])
        if key is None:
            raise forms.ValidationError(STALE)
        return key


class AddressForm(KeyedForm):
    """A postal address, from a day on, for this account or for all."""

    kept = ("address_1", "address_2", "address_3", "postcode", "city", "country", "from_day", "everywhere")

    address_1 = forms.CharField(
        label="Numéro et rue", max_length=60, error_messages={"required": "Écrivez le numéro et la rue."}
    )
    address_2 = forms.CharField(label="Appartement, étage, bâtiment", max_length=60, required=False)
    address_3 = forms.CharField(label="Lieu-dit ou boîte postale", max_length=60, required=False)
    postcode = forms.CharField(
        label="Code postal", max_length=10, error_messages={"required": "Écrivez le code postal."}
    )
    city = forms.CharField(label="Ville", max_length=60, error_messages={"required": "Écrivez la ville."})
    country = forms.ChoiceField(label="Pays", choices=COUNTRIES)
    from_day = forms.DateField(
        label="À partir du",
        input_formats=["%d/%m/%Y", "%Y-%m-%d"],
        error_messages={
            "required": "Écrivez à partir de quel jour.",
            "invalid": "Écrivez une date, par exemple 01/09/2026.",
        },
    )
    everywhere = forms.ChoiceField(label="Pour quels comptes\u00a0?", choices=(), required=False)

    def __init__(self, *args: Any, accounts: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["everywhere"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("no", "Seulement ce compte"), ("yes", f"Mes {accounts}\u00a0comptes")]

    def address(self) -> Address:
        """What was typed, as the service wants it."""
        names = ("address_1", "address_2", "address_3", "postcode", "city", "country")
        return Address(**{name: " ".join(self.cleaned_data[name].split()) for name in names})


class ContactForm(KeyedForm):
    """The numbers the office calls, and the address it writes to."""

    kept = ("phone", "phone_2", "email")

    phone = forms.CharField(label="Téléphone", max_length=30, required=False)
    phone_2 = forms.CharField(label="Second téléphone", max_length=30, required=False)
    email = forms.CharField(label="Adresse mail connue de la caisse", max_length=254, required=False)

    def contacts(self) -> Contacts:
        """What was typed, as the service wants it."""
        return Contacts(**{name: self.cleaned_data[name].strip() for name in self.kept})
