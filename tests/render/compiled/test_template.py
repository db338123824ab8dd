"""Compiled templates as a program uses them: names, errors, sandbox, bytes, threads."""

from __future__ import annotations

import io
import subprocess
import sys
import zipfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import docx
import jinja2
import pytest

from docgen.base.errors import TemplateFault
from docgen.render import CompiledTemplate
from docgen.render.ooxml import BadPackage

Make = Callable[[Callable[[Any], None]], bytes]


@pytest.fixture
def lines(make: Make) -> Callable[..., bytes]:
    def write(*texts: str, header: str = "") -> bytes:
        def build(document: Any) -> None:
            document.sections[0].header.paragraphs[0].text = header
            for text in texts:
                document.add_paragraph(text)

        return make(build)

    return write


def printed(document: bytes) -> list[str]:
    return [paragraph.text for paragraph in docx.Document(io.BytesIO(document)).paragraphs]


def test_names_that_a_template_takes(lines: Callable[..., bytes]) -> None:
    template = lines("{{ a }} {% for x in rows %}{{ x.b }}{% endfor %}", header="{{ c|upper }}")
    assert CompiledTemplate(template).undeclared() == {"a", "rows", "c"}


def test_a_file_is_as_good_as_its_bytes(lines: Callable[..., bytes], tmp_path: Path) -> None:
    path = tmp_path / "模板.docx"
    path.write_bytes(lines("{{ x }}"))
    context = {"x": "值"}
    assert CompiledTemplate(path).render(context) == CompiledTemplate(path.read_bytes()).render(context)


def test_an_undefined_name_is_named_with_its_place_and_the_nearest(
    lines: Callable[..., bytes],
) -> None:
    compiled = CompiledTemplate(lines("第一段", "金额 {{ totl }} 元"))
    with pytest.raises(TemplateFault) as fault:
        compiled.render({"total": 1})
    said = fault.value.text()
    assert "totl" in said
    assert "total" in said
    assert "第 2 段" in said


@pytest.mark.parametrize("text", ["{{ a", "{% if a %}", "{{ a b }}", "{% endfor %}", "{{ a|nofilter }}"])
def test_what_cannot_be_compiled_is_refused(lines: Callable[..., bytes], text: str) -> None:
    with pytest.raises(TemplateFault):
        CompiledTemplate(lines(text))


def test_what_is_no_word_file_is_refused() -> None:
    with pytest.raises(BadPackage):
        CompiledTemplate(b"no zip")


@pytest.mark.parametrize(
    "text",
    [
        "{{ ''.__class__ }}",
        "{{ x.__class__.__mro__ }}",
        "{{ x['__class__'] }}",
        "{{ x|attr('__class__') }}",
        "{{ '{0.__class__}'.format(x) }}",
        "{{ xs|map(attribute='__class__')|first }}",
        "{{ x.f.__globals__ }}",
        "{{ ('__cla' ~ 'ss__') and x['__cla' ~ 'ss__'] }}",
        "{{ x.f.func_globals }}",
        "{% set y = x.__init__ %}{{ y }}",
        "{{ range(9999999)|list }}",
        "{{ (xs|map(**{'attribute': '__init__.__globals__'})|first) }}",
        "{{ (xs|map(*['attr', '__init__'])|first) }}",
        "{% set range = ([cycler]|map(**{'attribute': '__init__.__globals__'})|first) %}{{ range(1) }}",
        "{% set range = ([lipsum]|map(**{'attribute': '__globals__.os.system'})|first) %}{{ range('true') }}",
        "{% for range in [x.f] %}{{ range.__func__(1) }}{% endfor %}",
    ],
)
def test_nothing_leads_out_of_the_data(lines: Callable[..., bytes], text: str) -> None:
    class Thing:
        def f(self) -> None: ...

    with pytest.raises(TemplateFault):
        CompiledTemplate(lines(text)).render({"x": Thing(), "xs": [Thing()]})


@pytest.mark.parametrize(
    "text",
    ["{% set range = x.f %}{{ range() }}", "{{ xs|map(**{'attribute': 'f'})|list }}"],
)
def test_what_a_tree_cannot_tell_is_judged_at_run_time(lines: Callable[..., bytes], text: str) -> None:
    assert CompiledTemplate(lines(text)).explain().sandboxed != ()


def test_what_is_judged_at_run_time_is_told_and_works(lines: Callable[..., bytes]) -> None:
    compiled = CompiledTemplate(lines("{{ x.upper() }} {{ '%s' % x }}"))
    assert printed(compiled.render({"x": "a&b"})) == ["A&B a&b"]
    assert compiled.explain().sandboxed != ()
    assert CompiledTemplate(lines("{{ x }}")).explain().sandboxed == ()


def test_an_environment_of_ones_own(lines: Callable[..., bytes]) -> None:
    environment = jinja2.Environment(finalize=lambda value: "无" if value is None else value)
    environment.filters["yuan"] = lambda value: f"￥{value}<"
    compiled = CompiledTemplate(lines("{{ a }}{{ b|yuan }}"), environment)
    assert printed(compiled.render({"a": None, "b": 1})) == ["无￥1<"]


def test_bytes_depend_on_the_values_alone(lines: Callable[..., bytes], tmp_path: Path) -> None:
    path = tmp_path / "t.docx"
    path.write_bytes(lines("{{ a }} {% for k in d %}{{ k }}{% endfor %}"))
    program = (
        "import hashlib, sys; from docgen.render import CompiledTemplate\n"
        f"made = CompiledTemplate({str(path)!r}).render({{'a': '值', 'd': ['x', 'y']}})\n"
        "print(hashlib.sha256(made).hexdigest())"
    )
    said = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={"PYTHONHASHSEED": seed, "TZ": zone, "PATH": ""},
            cwd=Path(__file__).parents[3],
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed, zone in (("1", "UTC"), ("2", "Asia/Shanghai"))
    }
    assert len(said) == 1


def test_threads_do_not_disturb_each_other(lines: Callable[..., bytes]) -> None:
    compiled = CompiledTemplate(lines("{{ x }}", "{% for y in ys %}{{ y }}{% endfor %}", header="{{ x }}"))
    contexts = [{"x": f"值\n{n}" if n % 2 else f"值{n}", "ys": list(range(n))} for n in range(40)]
    alone = [compiled.render(context) for context in contexts]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(compiled.render, contexts * 5)) == alone * 5


def test_the_file_is_a_plain_zip(lines: Callable[..., bytes], tmp_path: Path) -> None:
    path = tmp_path / "a.docx"
    path.write_bytes(CompiledTemplate(lines("{{ x }}")).render({"x": "值"}))
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert archive.namelist()[0] == "[Content_Types].xml"
