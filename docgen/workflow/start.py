"""A new workspace, and the whole way once as a demonstration."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from docgen.base.files import make_folder
from docgen.base.files import replace as write
from docgen.base.workspace import SETTINGS_FILE, Workspace, shipped_templates
from docgen.search.engine import Results
from docgen.workflow.finding import search
from docgen.workflow.generate import generate, read_answers
from docgen.workflow.generated import Generated, Wishes
from docgen.workflow.own_folders import refuse_inside_any
from docgen.workflow.session import Session

_SETTINGS = """\
# docgen 工作区设置；所有设置都有默认值，去掉行首的 # 即可修改。

# timezone = "Asia/Shanghai"     # “今天”按哪个时区算
# lang = "zh"                    # 界面语言：zh 或 en
# strict_refs = false            # true：引用的文件不存在时按错误处理
# holidays = "holidays.yaml"     # 本单位的放假与调休安排，补充国家尚未公布的年份
# pdf_timeout = 120              # 转换一份 PDF 最多等待的秒数
# backup_days = 7                # 超过这么多天没有备份，docgen doctor 提醒
# unknown_project = "accept"     # reject：既无项目卡片、档案中也没有的项目，其文件不归档

# 公司卡片：本公司各文件共用的内容，填表时作为默认值。
[company]
# provider_name = "示例科技有限公司"

# 检索引擎；更换用 docgen rebuild --engine 名称，选择见 docs/search.md。
# [search]
# engine = "whoosh"              # whoosh、tantivy 或 postgres

# 监视收件夹（docgen watch）；要修改时去掉 [watch] 和相应行的 #。
# [watch]
# inboxes = ["inbox"]            # 收件夹，可以有几个
# settle_seconds = 2             # 文件静止多少秒后开始处理
# incomplete_seconds = 30        # 内容不完整的文件静止多少秒后拒收
# reconcile_seconds = 60         # 每隔多少秒把收件夹完整查看一遍
"""

#: The order in which a project's papers come about; each refers to those before it.
_ORDER = (
    "demand_confirmation_sheet",
    "service_intent_letter",
    "service_commitment_letter",
    "service_contract",
    "project_progress_sheet",
    "progress_report",
    "acceptance_application",
    "acceptance_report",
    "fee_settlement_application",
)
QUERY = "违约责任"


@dataclass(frozen=True, slots=True)
class Demonstration:
    """What the demonstration made and found."""

    documents: tuple[Generated, ...]
    query: str
    results: Results


def initialise(folder: Path) -> Workspace:
    """Make ``folder`` a workspace: settings, folders, a project card and sample data. What exists stays.

    Raises:
        UsageFault: It lies inside the own folders of another workspace.
    """
    refuse_inside_any(folder)
    workspace = Workspace(folder.resolve())
    folders = (workspace.archive, workspace.index, workspace.inbox, workspace.drafts, workspace.projects)
    for place in (workspace.root, *folders, workspace.state, workspace.samples, workspace.templates):
        make_folder(place)
    _write_missing(workspace.root / SETTINGS_FILE, _SETTINGS.encode())
    samples = shipped_templates() / "samples"
    for sample in sorted(samples.iterdir()):
        if sample.suffix in (".yaml", ".xlsx") and sample.stem != "project":
            _write_missing(workspace.samples / sample.name, sample.read_bytes())
    return workspace


def demonstrate(session: Session) -> Demonstration:
    """Generate and file the sample project's nine documents, then search for words inside the contract."""
    made = []
    for type_id in _ORDER:
        form = session.form(type_id)
        answers = read_answers(form, session.workspace.samples / f"{type_id}.yaml")
        made.append(generate(session, form, answers, Wishes(file=True)))
    return Demonstration(tuple(made), QUERY, search(session, QUERY).results)


def _write_missing(path: Path, data: bytes) -> None:
    if not path.exists():
        write(path, data)
