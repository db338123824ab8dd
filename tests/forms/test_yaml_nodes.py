"""YAML that stays text: lines, and everything that is refused."""

import pytest

from docgen.forms.yaml_nodes import YamlFault, read_yaml


def test_every_scalar_stays_text() -> None:
    text = "a: 1.10\nb: yes\nc: 2023-04-01\nd: 0123\ne: 1_000\nf: '~'\ng: ~\nh:\ni: null\nj: [on, 1e5]\n"
    assert read_yaml(text.encode(), "x").plain() == {
        "a": "1.10",
        "b": "yes",
        "c": "2023-04-01",
        "d": "0123",
        "e": "1_000",
        "f": "~",
        "g": "",
        "h": "",
        "i": "",
        "j": ["on", "1e5"],
    }


def test_a_node_knows_file_and_line() -> None:
    root = read_yaml("\ufeffa: 1\nb:\n  - c: 甲\n".encode(), "form.yaml")
    assert not isinstance(root.value, str | tuple)
    items = root.value["b"].value
    assert isinstance(items, tuple)
    assert items[0].place == "form.yaml:3"
    assert items[0].plain() == {"c": "甲"}


def test_an_empty_file_is_an_empty_mapping() -> None:
    assert read_yaml(b"# only a comment\n", "x").plain() == {}


def _nested(depth: int) -> bytes:
    return ("[" * depth + "]" * depth).encode()


@pytest.mark.parametrize(
    ("data", "line", "reason"),
    [
        (b"a: 1\nb: 2\na: 3\n", 3, "键 a 重复"),
        (b"a: 1\nb: {c: 1, c: 2}\n", 2, "键 c 重复"),
        (b"a: &x 1\n", 1, "锚点"),
        (b"a: 1\nb: *x\n", 2, "锚点"),
        (b"a: &a [1]\nb: {<<: *a}\n", 1, "锚点"),
        (b"a: !!python/object/apply:os.system [ls]\n", 1, "标签"),
        (b"a: !x 1\n", 1, "标签"),
        (b"? [1, 2]\n: 3\n", 1, "键必须是文字"),
        (b"a: 1\n---\nb: 2\n", 2, "只能有一份"),
        (b"a: 1\nb: [1\n", 3, "括号没有写完"),
        (b"a: b: c\n", 1, "加上引号"),
        (b"a: 1\nb: \x07\n", 2, "控制字符"),
        (b"a: 1\nb: \xc4\xe3\xba\xc3\n", 2, "UTF-8"),
        (_nested(22), 1, "嵌套过深"),
        (_nested(100_000), 1, "嵌套过深"),
        (b"a: " + b"x" * 1_000_000, 1, "超过 1 MB"),
    ],
)
def test_what_is_refused(data: bytes, line: int, reason: str) -> None:
    with pytest.raises(YamlFault) as caught:
        read_yaml(data, "x")
    assert caught.value.line == line
    assert reason in caught.value.reason.zh
