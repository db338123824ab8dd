"""服务数据归档表: which data classes of a project are archived as they should be (AR-40 to AR-45)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from docgen.forms.types import DocType, TypeRegistry
from docgen.workflow.handover.required import REQUIRED, OneOf

ALL, NOTHING, SOME = "已归档", "未归档", "部分归档"


@dataclass(frozen=True, slots=True)
class DataClass:
    """A class of service data (AR-05): some types, else a whole category without the types named before."""

    name: str
    content: str
    types: tuple[str, ...] = ()
    category: str = ""


CLASSES = (
    DataClass(
        "服务记录",
        "服务的时间、内容、人员：维护、运行、工单、问题处理、回访",
        (
            "maintenance_record",
            "operation_record",
            "service_ticket",
            "issue_handling_report",
            "revisit_record",
        ),
    ),
    DataClass(
        "沟通记录",
        "与客户的沟通：沟通记录、会议纪要、商务函件、客户咨询",
        ("communication_record", "meeting_minutes", "business_letter", "customer_inquiry_record"),
    ),
    DataClass("技术文档", "图纸、方案、报告、手册", category="技术文档"),
    DataClass("合同协议", "合同、协议、承诺与确认文件", category="合同协议"),
    DataClass("商务文档", "报价、结算、支付文件", category="商务文档"),
    DataClass("项目执行", "计划、进度、验收、评价与收尾文件", category="项目执行"),
)


@dataclass(frozen=True, slots=True)
class Waiver:
    """Something that need not be archived: why, who approved it, when and by whom it was entered."""

    reason: str
    approver: str
    day: str
    by: str

    @property
    def text(self) -> str:
        """How it reads in a table."""
        return f"免归档：{self.reason}（批准人：{self.approver}，{self.day}）"


@dataclass(frozen=True, slots=True)
class ClassState:
    """How far one data class is archived.

    Attributes:
        required: How many papers are due by the phase reached.
        present: How many of them are filed.
        missing: Names of those that are not; of alternatives the first.
    """

    data_class: DataClass
    required: int
    present: int
    missing: tuple[str, ...]
    #: What is missing need not be archived.
    waiver: Waiver | None = None

    @property
    def settled(self) -> bool:
        """Whether it does not hinder the closing of the project (AR-44)."""
        return not self.missing or self.waiver is not None

    @property
    def state(self) -> str:
        """已归档, 部分归档 or 未归档."""
        if self.required and not self.missing:
            return ALL
        return SOME if self.present else NOTHING

    @property
    def remark(self) -> str:
        """What is missing; empty when all is there (AR-41)."""
        if not self.required:
            return "无应归档文件"
        if not self.missing:
            return ""
        names = "、".join(self.missing)
        if self.waiver:
            return f"缺：{names}；{self.waiver.text}"
        return f"待补：{names}" if self.present else f"请尽快整理归档：{names}"


def phases_reached(filed: Collection[DocType]) -> tuple[str, ...]:
    """Return the phases up to the last one of which something is filed; management goes on all the time."""
    order = list(REQUIRED)
    last = max((order.index(one.phase) for one in filed if one.phase in REQUIRED), default=-1)
    return tuple(order[: last + 1])


def completeness(
    types: TypeRegistry, filed: Collection[str], waived: Mapping[str, Waiver]
) -> list[ClassState]:
    """Return the state of every data class.

    Args:
        types: The register.
        filed: Ids of the types of which the project has a current version whose files are whole (AR-42).
        waived: What the project need not have, by name of the class.
    """
    known = [one for one in (types.get(type_id) for type_id in filed) if one]
    due = [one for phase in phases_reached(known) for one in REQUIRED[phase]]
    states = [
        _state(types, data_class, [one for one in due if class_of(types[one[0]]) is data_class], filed)
        for data_class in CLASSES
    ]
    return [replace(one, waiver=waived.get(one.data_class.name)) for one in states]


def class_of(doc_type: DocType) -> DataClass:
    """Return the data class of a type."""
    by_type = (one for one in CLASSES if doc_type.id in one.types)
    by_category = (one for one in CLASSES if one.category == doc_type.category)
    return next(one for way in (by_type, by_category) for one in way)


def _state(
    types: TypeRegistry, data_class: DataClass, due: Sequence[OneOf], filed: Collection[str]
) -> ClassState:
    missing = [one for one in due if not any(type_id in filed for type_id in one)]
    names = tuple(types[one[0]].name for one in missing)
    return ClassState(data_class, len(due), len(due) - len(missing), names)
