from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from docgen.base.errors import TemplateFault
from docgen.forms.values import Sig
from docgen.render.engine import Template

Write = Callable[..., Path]

ESCAPES = [
    "{{ name.__class__.__mro__ }}",
    "{{ name['__class__'] }}",
    "{{ ''.__class__.__base__.__subclasses__() }}",
    "{{ name|attr('__class__') }}",
    "{{ rows|map(attribute='__class__')|list }}",
    "{{ '{0.__class__}'.format(name) }}",
    "{{ '{0[0]}'.format(name) }}",
    "{{ '{:{}}'.format(name, 999999999) }}",
    "{{ '{:999999999}'.format(name) }}",
    "{{ name.format(name) }}",
    "{{ (name ~ '').format(name) }}",
    "{{ '%999999999d'|format(1) }}",
    "{{ '%999999999d' % 1 }}",
    "{{ name * 999999999 }}",
    "{{ 9 ** 9 ** 9 }}",
    "{{ range(999999999)|list }}",
    "{{ name|safe }}",
    "{{ name|e }}",
    "{{ name|pprint }}",
    "{{ name|tojson }}",
    "{{ name.zfill(999999999) }}",
    "{{ rows|map(attribute='__class__') }}",
    "{{ range }}",
    "{% set range = '{:>999999999}'.format %}{{ range(1) }}",
    "{% for range in rows %}{{ range(1) }}{% endfor %}",
    "{{ rows|map(**{'attribute': '__class__'})|list }}",
    "{{ rows|map(*['attr', '__class__'])|list }}",
    "{{ name.strip }}",
    "{{ loop }}",
    "{{ self }}",
    "{{ self._TemplateReference__context }}",
    "{{ lipsum }}",
    "{{ cycler.__init__.__globals__ }}",
    "{{ joiner() }}",
    "{{ dict(a=1) }}",
    "{{ namespace.__init__.__globals__ }}",
    "{{ range.__self__ }}",
    "{{ day.strftime('%s') }}",
    "{{ day.__reduce__() }}",
    "{{ sig.__dataclass_fields__ }}",
    "{% set x = name.__class__ %}{{ x }}",
    "{% import 'x' as y %}",
    "{% from 'x' import y %}",
    "{% extends 'x' %}",
    "{% block x %}{% endblock %}",
    "{% macro x() %}{% endmacro %}",
    "{% autoescape false %}{{ name }}{% endautoescape %}",
    "{% filter upper %}x{% endfilter %}",
    "{% raw %}{{ x }}{% endraw %}",
    "{% set x %}<w:p/>{% endset %}",
    "{% do rows.append(1) %}",
    "{{r name }}",
    "{{p name }}",
]


@pytest.mark.parametrize("text", ESCAPES)
def test_nothing_leads_out_of_the_sandbox(write: Write, text: str) -> None:
    path = write(text)
    context = {"name": "甲", "rows": [{"a": 1}], "day": date(2026, 1, 1), "sig": Sig("甲")}
    with pytest.raises(TemplateFault):
        Template.open(path, []).render(context)


def test_a_column_may_be_called_like_a_method(write: Write) -> None:
    path = write("{% for row in table %}{{ row.items }}{{ row.keys }}{{ row.get }}{% endfor %}")
    data = Template.open(path, []).render({"table": ({"items": "甲", "keys": "乙", "get": "丙"},)})
    assert "甲乙丙".encode() in _document(data)


def test_listed_attributes_and_methods_work(write: Write) -> None:
    path = write(
        "{{ sig.name }}{{ sig.date.year }}{{ ' x '.strip().upper() }}{{ rows[0].a }}{{ rows[0]['a'] }}"
    )
    data = Template.open(path, []).render({"sig": Sig("甲", date(2026, 1, 1)), "rows": ({"a": "乙"},)})
    assert "甲2026X乙乙".encode() in _document(data)


def test_totals_with_namespace_and_loop_helpers(write: Write) -> None:
    path = write(
        "{% set ns = namespace(total=0) %}{% for n in numbers %}{% set ns.total = ns.total + n %}"
        "{{ loop.cycle('奇', '偶') }}{% endfor %}{{ ns.total }}"
    )
    data = Template.open(path, []).render({"numbers": (1, 2, 3)})
    assert "奇偶奇6".encode() in _document(data)


def _document(data: bytes) -> bytes:
    from docgen.render.package import Package

    package = Package.open(data)
    return package.parts[package.main]
