"""The pages of ``list_site``, in Django's own template language."""

from __future__ import annotations

PAGES = {
    "base.html": """<!doctype html>
<html lang="fr"><head><meta charset="utf-8"><title>{% block title %}{% endblock %}</title></head>
<body><header><p>{{ user.username }}</p></header>
<nav><ul>{% for item in menu %}<li><a href="{% url 'tenants' view.kwargs.landlord %}">{{ item }}</a></li>{% endfor %}</ul></nav>
{% if messages %}<ul>{% for message in messages %}<li>{{ message }}</li>{% endfor %}</ul>{% endif %}
<main>{% block content %}{% endblock %}</main>
<footer><p>Accessibilité, mentions légales, contact</p></footer></body></html>
""",
    "tenants.html": """{% extends "base.html" %}
{% block title %}Mes locataires{% endblock %}
{% block content %}<h1>Mes locataires</h1><p>{{ paginator.count }} locataires reçoivent une aide au logement.</p>
<form method="get">{{ form.as_p }}<button>Chercher</button></form>
<table><thead><tr><th>Locataire</th><th>Logement</th><th>Loyer</th><th>Aide</th><th>Juillet</th></tr></thead>
<tbody>{% for tenancy in object_list %}
{% include "tenant_row.html" %}
{% empty %}<tr><td>Aucun locataire.</td></tr>{% endfor %}</tbody></table>
{% if page_obj.has_previous %}<a href="?page={{ page_obj.previous_page_number }}">Précédent</a>{% endif %}
<p>Page {{ page_obj.number }} sur {{ paginator.num_pages }}</p>
{% if page_obj.has_next %}<a href="?page={{ page_obj.next_page_number }}">Suivant</a>{% endif %}
<form method="post" action="/sortie/">{% csrf_token %}<button>Déconnexion</button></form>{% endblock %}
""",
    "tenant_row.html": """<tr><td><input type="checkbox" name="choix" value="{{ tenancy.reference }}">
<a href="{% url 'tenant' tenancy.landlord_id tenancy.reference %}">
{{ tenancy.first_name }} {{ tenancy.last_name }}</a><br>
N° {{ tenancy.claimant_number }}{% if tenancy.own_reference %} · {{ tenancy.own_reference }}{% endif %}</td>
<td>{{ tenancy.address_1 }}<br>{{ tenancy.postcode }} {{ tenancy.city }}</td>
<td>{% if tenancy.rent_cents is not None %}{% widthratio tenancy.rent_cents 100 1 %} €{% else %}Non connu{% endif %}</td>
<td>{% if not tenancy.direct_payment %}versée au locataire
{% elif tenancy.aid_cents is not None %}{% widthratio tenancy.aid_cents 100 1 %} €{% else %}—{% endif %}</td>
<td>{{ tenancy.july|default:"—" }}</td></tr>
""",
}
