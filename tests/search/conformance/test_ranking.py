"""What comes first: fifty searches in the papers of the sample project, each with what is meant by it.

Whoever types the name or number of a paper means that paper, not those that mention it; whoever types what
only some papers are about means one of those.
"""

from __future__ import annotations

import pytest

from docgen.base.workspace import Workspace
from docgen.search.engine import Engine, IndexDocument
from docgen.search.query import parse_query
from docgen.workflow.indexing import documents
from docgen.workflow.session import Session

DEMAND = "demand_confirmation_sheet"
INTENT = "service_intent_letter"
COMMITMENT = "service_commitment_letter"
CONTRACT = "service_contract"
SHEET = "project_progress_sheet"
REPORT = "progress_report"
APPLICATION = "acceptance_application"
ACCEPTANCE = "acceptance_report"
SETTLEMENT = "fee_settlement_application"

#: Query -> types of which one has to come first.
JUDGED = {
    # names of papers
    "服务合同": [CONTRACT],
    "验收报告": [ACCEPTANCE],
    "驗收報告": [ACCEPTANCE],
    "验收申请": [APPLICATION],
    "申请 验收": [APPLICATION],
    "进度报告": [REPORT],
    "项目进度表": [SHEET],
    "进度": [SHEET, REPORT],
    "意向书": [INTENT],
    "承诺书": [COMMITMENT],
    "服務承諾": [COMMITMENT],
    "需求确认单": [DEMAND],
    "费用结算": [SETTLEMENT],
    "结算申请": [SETTLEMENT],
    "类型:合同": [CONTRACT],
    "标题:技术服务合同": [CONTRACT],
    # numbers of papers, most of which others refer to
    "HT-2026-001": [CONTRACT],
    "编号:HT-2026-001": [CONTRACT],
    "YS-2026-001": [ACCEPTANCE],
    "ＹＳＳＱ－２０２６－００１": [APPLICATION],
    "js-2026-002": [SETTLEMENT],
    "XQ-2026-001": [DEMAND],
    "YX-2026-001": [INTENT],
    "JD-2026-002": [REPORT],
    # what a paper is about
    "违约责任": [CONTRACT],
    "不可抗力": [CONTRACT],
    "示例市示例区人民法院": [CONTRACT],
    "银行转账": [CONTRACT, SETTLEMENT],
    "示例银行示例支行": [CONTRACT, SETTLEMENT],
    "ZB-2026-0018": [COMMITMENT],
    "13800000000": [COMMITMENT],
    "三年质保": [COMMITMENT],
    "备件": [COMMITMENT],
    "FP-2026-002": [SETTLEMENT],
    "366,336.00": [SETTLEMENT],
    "650,000.00": [DEMAND],
    "不限次数": [DEMAND],
    "等级保护三级": [DEMAND, ACCEPTANCE],
    "验收小组": [ACCEPTANCE],
    "主备切换 演练": [ACCEPTANCE],
    "功能测试": [ACCEPTANCE],
    "防火墙": [SHEET, REPORT],
    "双活网络方案": [SHEET, REPORT],
    "割接方案": [SHEET, REPORT],
    "回退方案": [REPORT],
    "第二批迁移": [SHEET],
    "机柜 上架": [SHEET, REPORT],
    "用户手册": [APPLICATION],
    "维护手册": [APPLICATION],
    '"共 23 人"': [APPLICATION],
}


@pytest.fixture(scope="module")
def papers(demonstrated: Workspace) -> list[IndexDocument]:
    session = Session(demonstrated)
    return list(documents(session, session.catalogue.versions()))


def test_what_is_meant_comes_first(engine: Engine, papers: list[IndexDocument]) -> None:
    engine.rebuild(papers)
    first = {query: engine.search(parse_query(query), limit=1).hits for query in JUDGED}
    found = {query: [hit.document.type_id for hit in hits] for query, hits in first.items()}

    wrong = {query: found[query] for query, meant in JUDGED.items() if not {*found[query]} & {*meant}}

    assert len(JUDGED) == 50
    assert wrong == {}
