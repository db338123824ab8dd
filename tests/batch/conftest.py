"""A small form with every way of filling in."""

from pathlib import Path
from textwrap import dedent

import pytest

from docgen.forms.definition import Form
from docgen.forms.loading.loader import load_form

FORM = """\
    id: own_type
    name: 自有单据
    fields:
      - {id: title, label: 标题, required: true, aliases: [名称]}
      - {id: signed, label: 签订日期, kind: date, help: "按合同,填写"}
      - {id: level, label: 级别, kind: enum, options: [高, 中, 低], default: 中}
      - {id: ways, label: 方式, kind: multi, options: [协商, 仲裁]}
      - {id: rate, label: 税率, kind: percent}
      - {id: agreed, label: 是否一致, kind: bool}
      - {id: note, label: 备注, kind: longtext}
      - id: items
        label: 服务内容
        kind: table
        columns:
          - {id: name, label: 项目}
          - {id: price, label: 单价（元）, kind: money}
          - {id: double, label: 两倍, kind: money, compute: price * 2}
      - id: tests
        label: 测试/汇总
        kind: table
        rows_fixed: true
        rows: [{test: 功能}, {test: 性能}]
        columns:
          - {id: test, label: 类型}
          - {id: cases, label: 用例数, kind: int}
      - {id: total, label: 合计, kind: money, compute: sum(items.price)}
    """


@pytest.fixture
def form(tmp_path: Path) -> Form:
    folder = tmp_path / "own_type"
    folder.mkdir()
    (folder / "form.yaml").write_text(dedent(FORM), encoding="utf-8")
    return load_form(folder, [])
