"""`docgen list`: what is filed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from docgen.base.errors import UsageFault
from docgen.base.messages import Message
from docgen.cli.elements import Run, declare, json_option, option
from docgen.cli.narrowing import Narrowing, narrowed
from docgen.cli.output import note, print_json, print_table

if TYPE_CHECKING:
    from docgen.archive.queries import FiledVersion, Filter
    from docgen.workflow.session import Session

_BY = ("contract", "module", "device", "month", "counterparty", "phase", "issue")
_HEADS = (
    Message("项目", "project"),
    Message("类别", "category"),
    Message("文件", "document"),
    Message("编号", "number"),
    Message("状态", "status"),
    Message("格式", "formats"),
)


@declare(
    "list",
    "列出已归档的文件，默认每份文件的最新版本；可以按合同、月份等分组查看，或只看保管期限已满的。",
    "List what is filed, by default the newest versions; grouped by contract, month and so on, or only what "
    "need not be kept any longer.",
)
@narrowed("project", "type", "category", "since", "until", "all_versions", "withdrawn")
@option("--removed", is_flag=True, zh="包括到期移除的。", en="Removed ones too.")
@option(
    "--by",
    type=click.Choice(_BY),
    word=Message("方式", "WAY"),
    zh="分组：contract 合同、module 模块、device 设备类别、month 月份、counterparty 对方单位、"
    "phase 阶段、issue 问题类型。",
    en=f"Group by {', '.join(_BY)}.",
)
@option(
    "--expired",
    is_flag=True,
    zh="只列保管期限已满、可以移除的文件。",
    en="Only what need not be kept any longer.",
)
@json_option
@click.pass_obj
def command(
    run: Run, narrowing: Narrowing, removed: bool, by: str | None, expired: bool, as_json: bool
) -> None:
    """List filed documents."""
    from docgen.archive.queries import Filter
    from docgen.workflow.finding import listing, version_json

    session = run.session
    given = dict(narrowing)
    type_name = given.pop("type", "")
    type_id = session.type_named(type_name).id if type_name else ""
    wanted = Filter(**given, type_id=type_id, removed=removed)
    if expired:
        if by or removed or narrowing.keys() - {"project", "type", "category"}:
            raise UsageFault(
                Message(
                    "--expired 只能与 --project、--type、--category 同用",
                    "--expired goes with --project, --type and --category only",
                )
            )
        _list_expired(session, wanted, run.lang, as_json=as_json)
    elif by:
        _list_grouped(session, wanted, by, run.lang, as_json=as_json)
    else:
        found = listing(session, wanted)
        if as_json:
            print_json([version_json(one) for one in found])
        else:
            _print(_HEADS, [_row(one) for one in found], run.lang)


def _list_expired(session: Session, wanted: Filter, lang: str, *, as_json: bool) -> None:
    from docgen.workflow.finding import version_json
    from docgen.workflow.retention import expired, kept_json

    found = expired(session, wanted)
    if as_json:
        print_json([version_json(one) | {"kept": kept_json(kept, lang)} for one, kept in found])
        return
    heads = (*_HEADS, Message("保管至", "kept until"), Message("依据", "by"))
    _print(heads, [[*_row(one), str(kept.until), kept.source.text(lang)] for one, kept in found], lang)


def _list_grouped(session: Session, wanted: Filter, by: str, lang: str, *, as_json: bool) -> None:
    from docgen.workflow.finding import listing, version_json
    from docgen.workflow.groupings import BY, grouped

    groups = grouped(session, listing(session, wanted), by)
    if as_json:
        print_json(
            [{"group": name, "documents": [version_json(one) for one in held]} for name, held in groups]
        )
        return
    unsaid = Message("未注明", "(not said)").text(lang)
    rows = [[name or unsaid, *_row(one)] for name, held in groups for one in held]
    _print((BY[by], *_HEADS), rows, lang)


def _row(one: FiledVersion) -> list[str]:
    formats = " ".join(file.ext for file in one.files)
    return [one.project, one.category, one.stem, one.doc_id, one.status, formats]


def _print(heads: Sequence[Message], rows: Sequence[Sequence[str]], lang: str) -> None:
    if not rows:
        note(Message("没有符合条件的文件。", "Nothing is filed that fits."), lang)
        return
    print_table(heads, rows, lang)
