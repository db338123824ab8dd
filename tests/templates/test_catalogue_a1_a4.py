"""Every field of the catalogue's section 1, A1 to A4, is declared with its label, kind and requirement."""

from __future__ import annotations

import pytest

#: Type -> one line a field: id, label, kind, required. The two response times are of kind duration, so that
#: "半小时" is taken (their "Bad input" line asks for it); the catalogue calls them int.
CATALOGUE = {
    "service_commitment_letter": """
        addressee 致(客户名称) text yes
        bid_project_name 投标项目名称 text yes
        bid_no 招标文件编号 text no
        purpose_statement 服务宗旨 longtext yes
        exceeds_tender 高于招标要求 bool no
        exceed_detail 高于招标要求的内容 longtext no
        warranty_years 质保期(年) number yes
        warranty_type 质保方式 enum yes
        warranty_start_basis 质保起算依据 enum yes
        warranty_start_date 质保起始日 date no
        warranty_end_date 质保截止日 date no
        tech_reserve 技术储备保障 bool yes
        software_compliance 软件符合国家规定 bool yes
        response_minutes 响应时间(分钟) duration yes
        remedies 非人为质量问题处理方式 multi yes
        remedy_basis 处理依据 enum yes
        training_free 人员培训免费 bool yes
        training_fee 培训费用 money no
        service_org 售后服务机构名称 text yes
        hotline 技术支持热线 phone yes
        hotline_hours 热线服务时间 enum yes
        mobile 值班手机 phone no
        email 技术支持邮箱 email yes
        fax 传真 phone no
        in_warranty_fee 质量问题费用 enum yes
        travel_custom_fee 出差及个性化需求收费 enum yes
        custom_dev_fee 定制开发收费 enum yes
        post_warranty_response_minutes 过保后响应时间(分钟) duration yes
        service_start 服务开始日 date no
        service_end 服务结束日 date no
        service_assurance 服务保障措施 longtext no
        payment_terms 费用支付方式与时间节点 longtext no
        signer_kind 签署人身份 enum yes
        signer 签字 sig yes
        authorization_letter 授权委托书 file no
        bidder_name 投标人名称(签章) seal yes
        sign_date 日期 date yes
    """,
    "service_intent_letter": """
        intent_no 意向书编号 text yes
        provider_label 服务提供方称谓 enum yes
        provider_name 服务提供方 text yes
        customer_name 服务接受方 text yes
        basis 依据(中标通知书/需求确认单) ref no
        service_content 意向服务内容 longtext yes
        service_items 意向服务项目 table no
        term_start 服务期限起 date yes
        term_end 服务期限止 date yes
        price_mode 价格方式 enum yes
        unit_price 单价 money no
        quantity 数量 number no
        tax_rate 税率 percent no
        intended_price 意向价格 money yes
        draft_due_date 合同初稿提交日 date no
        valid_until 意向书有效期至 date no
        open_points 待协商事项 longtext no
        provider_sign 服务提供方签字盖章 sig yes
        customer_sign 服务接受方签字盖章 sig yes
        sign_date 签署日期 date yes
    """,
    "service_contract": """
        contract_no 合同编号 text yes
        contract_name 合同名称 text yes
        provider_label 服务提供方称谓 enum yes
        provider_name 服务提供方 text yes
        provider_rep 提供方代表 text yes
        customer_name 服务接受方 text yes
        customer_rep 接受方代表 text yes
        intent_ref 服务意向书编号 ref no
        demand_ref 需求确认单编号 ref yes
        plan_ref 技术服务方案编号 ref yes
        draft_date 初稿日期 date yes
        drafter 起草人 text yes
        project_scope 项目范围 longtext yes
        service_items 服务内容与标准 table yes
        term_start 服务期限起 date yes
        term_end 服务期限止 date yes
        schedule_quality 工期与质量标准 longtext no
        quality_standard 质量标准与保证措施 longtext yes
        acceptance_method 验收方式 multi yes
        acceptance_criteria 验收标准 longtext yes
        contract_amount 服务费用总额 money yes
        amount_words 金额大写 text no
        payment_method 支付方式 enum yes
        payment_schedule 支付时间与比例 table yes
        late_payment 逾期付款处理 longtext yes
        rights_provider 提供方权利义务 longtext yes
        rights_customer 接受方权利义务 longtext yes
        confidentiality_clause 保密条款 longtext yes
        ip_ownership 知识产权归属 longtext yes
        breach_liability 违约责任 longtext yes
        force_majeure 不可抗力及风险应对 longtext yes
        dispute_method 争议解决 multi yes
        jurisdiction 管辖法院或仲裁机构 text no
        warranty_years 质保期(年) number yes
        warranty_start_basis 质保起算依据 enum yes
        renewal_rate 续保费率 percent no
        bid_total 投标总价 money no
        termination_notice_days 提前终止通知天数 int yes
        termination_clause 终止与解除 longtext yes
        legal_review 法务审核结论 enum yes
        business_review 业务审核结论 enum yes
        customer_review 接受方审核结论 enum yes
        sign_date 签订日期 date yes
        provider_sign 提供方签字盖章 sig yes
        customer_sign 接受方签字盖章 sig yes
        originals 原件份数 int yes
        original_location 原件存放 text yes
        copies 复印件分发 table no
        filing_ref 备案登记 ref no
    """,
    "demand_confirmation_sheet": """
        sheet_no 确认单编号 text yes
        inquiry_ref 咨询记录编号 ref no
        inquiry_channel 咨询渠道 enum yes
        inquiry_date 咨询日期 date yes
        customer_name 客户名称 text yes
        customer_contact 客户联系人 text yes
        customer_phone 联系电话 phone yes
        project_site 项目地点 text no
        project_scale 项目规模 text no
        project_budget 项目预算 money no
        demand_detail 客户需求描述 longtext yes
        in_scope 是否属于一站式技术服务范畴 bool yes
        service_goal 服务目标 longtext yes
        service_content 服务内容 table yes
        tech_requirements 技术要求 longtext yes
        special_requirements 特殊要求或限制 longtext no
        time_nodes 时间节点 table yes
        period_start 服务周期起 date yes
        period_end 服务周期止 date yes
        fee 费用 money yes
        fee_basis 费用依据 enum no
        quality_requirement 质量标准与验收准则 longtext no
        response_requirement 响应时间与解决流程 longtext no
        differences 分歧与协商 table no
        consensus 是否达成一致 bool yes
        customer_sign 客户签字 sig yes
        tech_sign 技术人员签字 sig yes
        confirm_date 确认日期 date yes
    """,
}
ROWS = [(type_id, *line.split()) for type_id, text in CATALOGUE.items() for line in text.strip().splitlines()]


@pytest.mark.parametrize(("type_id", "field_id", "label", "kind", "required"), ROWS)
def test_field_of_the_catalogue(shipped, type_id, field_id, label, kind, required):
    field = shipped(type_id).form.field(field_id)
    assert (field.label, field.kind) == (label, kind)
    assert field.required is (required == "yes")


HEADS = [
    ("service_commitment_letter", "commitment_items", "序号 承诺项 承诺内容 数值 依据条款"),
    ("service_intent_letter", "service_items", "序号 服务项目 服务标准 单位 数量 单价(元) 税率 金额(元)"),
    ("service_contract", "service_items", "序号 服务项目 服务标准 服务期限 单位 数量 单价(元) 税率 金额(元)"),
    ("service_contract", "payment_schedule", "期次 支付条件 比例 金额(元) 应付日期"),
    ("service_contract", "copies", "部门 份数 领取人 领取日期"),
    ("demand_confirmation_sheet", "service_content", "序号 服务内容 描述"),
    ("demand_confirmation_sheet", "time_nodes", "节点 计划日期 交付物"),
    ("demand_confirmation_sheet", "differences", "分歧事项 客户意见 我方意见 协商结果 状态"),
]


@pytest.mark.parametrize(("type_id", "table", "heads"), HEADS)
def test_columns_of_the_catalogue(shipped, type_id, table, heads):
    columns = shipped(type_id).form.field(table).columns
    assert [column.label for column in columns if not column.internal] == heads.split()


#: Common fields of catalogue 0.5 that the groups bring (doc_type is the form's own id).
COMMON = {
    "doc_id": "文件编号",
    "project_name": "项目名称",
    "project_code": "项目代码",
    "contract_no": "合同编号",
    "provider_name": "服务提供方",
    "version": "版本号",
    "status": "状态",
    "prepared_by": "编制人",
    "reviewed_by": "审核人",
    "approved_by": "批准人",
    "confidentiality": "密级",
    "attachments": "附件",
    "remarks": "备注",
    "change_note": "修订说明",
}


@pytest.mark.parametrize("type_id", CATALOGUE)
def test_common_fields(shipped, type_id):
    form = shipped(type_id).form
    assert {field_id: form.field(field_id).label for field_id in COMMON} == COMMON
    assert form.field("doc_date").kind == "date"


@pytest.mark.parametrize("type_id", CATALOGUE)
def test_second_version_needs_a_note_on_the_change(shipped, type_id):
    kind = shipped(type_id)
    kind.assert_refused({"version": "V1.1"}, "change_note", "必填")
    assert kind.build({"version": "V1.1", "change_note": "调整服务内容"}).problems == ()


@pytest.mark.parametrize(
    ("type_id", "date_from"),
    [
        ("service_commitment_letter", ("sign_date",)),
        ("service_intent_letter", ("sign_date",)),
        ("service_contract", ("sign_date", "draft_date")),
        ("demand_confirmation_sheet", ("confirm_date",)),
    ],
)
def test_date_of_the_document(shipped, type_id, date_from):
    form = shipped(type_id).form
    assert form.date_from == date_from
    assert form.recurring is False
