"""The engine writes what Jinja writes; what it remembers of a macro is never shown for other values."""

from __future__ import annotations

from itertools import count
from typing import Any

import pytest
from jinja2 import DictLoader, Environment, StrictUndefined
from markupsafe import Markup

from parvis.design import engine
from parvis.design.engine import Engine

MACROS = """
{%- macro told(value, more=none) -%}{{ tick() }}[{{ value }}{% if more %} {{ more }}{% endif %}]{%- endmacro -%}
{%- macro listed(pairs) -%}{{ tick() }}{% for word, number in pairs %}{{ word }}={{ number }};{% endfor %}{%- endmacro -%}
{%- macro around(title) -%}{{ tick() }}<b>{{ title }}</b>{{ caller() }}{%- endmacro -%}
"""


def built(kind: type[Environment], **templates: str) -> Environment:
    drawings = count(1)
    made = kind(loader=DictLoader({"macros": MACROS, **templates}), autoescape=True, undefined=StrictUndefined)
    made.globals["tick"] = lambda: Markup(f"<!--{next(drawings)}-->")
    return made


def shown(env: Environment, body: str, **values: Any) -> str:
    source = "{% from 'macros' import told, listed, around %}" + body
    return env.from_string(source).render(**values)


def drawn_once(env: Environment, body: str, *times: dict[str, Any]) -> bool:
    """Whether all these pages show the same drawing: the comment tells them apart."""
    return len({shown(env, body, **values) for values in times}) == 1


@pytest.mark.parametrize(
    "value", ["", "a & <b>", "l’été", Markup("<i>"), 0, 1, True, False, None, 1.0, ["a", 1], {"a": "<"}]
)
def test_a_value_is_written_as_jinja_writes_it(value: Any) -> None:
    pages = ["{{ value }}", "{{ told(value) }}", "{{ told(value) }}{{ told('x', more=value) }}{{ value }}"]
    for page in pages:
        assert shown(built(Engine), page, value=value) == shown(built(Environment), page, value=value)


def test_the_same_values_are_drawn_once() -> None:
    env = built(Engine)
    assert drawn_once(env, "{{ told('Oui', more='non') }}", {}, {})
    assert drawn_once(env, "{{ listed([('a', 1), ('b', none)]) }}", {}, {})


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (1, True), (0, False), ("1", 1), ("", None), ("<b>", Markup("<b>")), ([("a", 1)], [("a", True)]),
        ([], ()), ({"a": "b"}, [("a", "b")]), ({}, ()), ("a", ["a"]),
    ],
)  # fmt: skip
def test_values_that_only_look_alike_are_drawn_apart(one: Any, other: Any) -> None:
    env = built(Engine)
    assert shown(env, "{{ told(value) }}", value=one) != shown(env, "{{ told(value) }}", value=other)


def test_what_is_no_plain_value_is_never_remembered() -> None:
    env = built(Engine)

    class Field:
        def __html__(self) -> str:
            return "champ"

    form = Field()
    for value in (form, Markup("jeton"), 1.5, {"a": form}, [form]):
        assert not drawn_once(env, "{{ told(value) }}", {"value": value}, {"value": value})
    body = "{% call around('Titre') %}{{ who }}{% endcall %}"
    assert "Anne" in shown(env, body, who="Anne")
    assert "Anne" not in shown(env, body, who="Karim")


def test_a_macro_of_a_page_sees_that_page_each_time() -> None:
    env = built(Engine, page="{% macro hello(word) %}{{ word }} {{ who }}{% endmacro %}{{ hello('Bonjour') }}")
    page = env.get_template("page")
    assert [page.render(who=who) for who in ("Anne", "Karim")] == ["Bonjour Anne", "Bonjour Karim"]


def test_macros_imported_with_their_page_see_it_each_time() -> None:
    env = built(Engine, own="{% macro hello(word) %}{{ word }} {{ who }}{% endmacro %}")
    page = env.from_string("{% from 'own' import hello with context %}{{ hello('Bonjour') }}")
    assert [page.render(who=who) for who in ("Anne", "Karim")] == ["Bonjour Anne", "Bonjour Karim"]


def test_few_drawings_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "MOST_DRAWINGS", 3)
    env = built(Engine)
    first = shown(env, "{{ told('0') }}")
    for number in range(1, 3):
        shown(env, "{{ told(value) }}", value=str(number))
    assert shown(env, "{{ told('0') }}") == first
    shown(env, "{{ told('3') }}")
    assert shown(env, "{{ told('0') }}") != first
    macro = vars(env.get_template("macros").module)["told"]
    assert len(macro.drawings) <= 3
