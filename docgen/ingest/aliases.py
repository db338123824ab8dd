"""What staff call the types of documents: learnt from folders, kept in a file that they can read and edit.

    # 学到的文件名称：名称: 文件类型
    发票扫描: 发票

A name that was taught for two types means neither; it is listed with both, and staff may settle it.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Mapping
from pathlib import Path

import yaml

from docgen.base.errors import EnvironmentFault
from docgen.base.files import make_folder, replace
from docgen.base.messages import Message
from docgen.base.system_errors import told
from docgen.forms.folding import fold
from docgen.forms.yaml_nodes import YamlFault, read_yaml

FILE = "aliases.yaml"
_HEAD = "# 从文件夹学到的文件名称。每行“名称: 文件类型”；可以修改或删除，保存后立即生效。\n"
_BETWEEN = "、"
#: Names that programs and devices give to anything.
_NAMELESS = frozenset(
    (
        *(
            "扫描",
            "扫描件",
            "扫描文件",
            "图片",
            "图像",
            "照片",
            "文件",
            "文档",
            "附件",
            "新建",
            "未命名",
            "副本",
        ),
        *("微信图片", "截图", "屏幕截图", "最终版", "终稿", "定稿", "打印", "复印件"),
        *("scan", "img", "image", "dsc", "doc", "document", "file", "photo", "picture", "pdf", "untitled"),
        *("mmexport", "wechat", "screenshot", "copy", "final"),
    )
)


def alias_key(text: str) -> str:
    """Return a name as it is learnt: folded, without digits and punctuation."""
    return re.sub(r"[\W\d_]+", "", fold(text))


def says_nothing(name: str) -> bool:
    """Whether a name is one that programs and devices give to anything, or no word at all."""
    key = alias_key(name)
    return len(key) < 2 or key in _NAMELESS


class Aliases:
    """The learnt names in ``folder`` (`state/` of the workspace); the file is read anew when it changes.

    Several threads may ask and teach.
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder / FILE
        self._known: dict[str, str] = {}
        self._read_at: tuple[int, int] | None = None
        self._learning = threading.Lock()

    def find(self, name: str) -> str | None:
        """Return the type's name that ``name`` was taught to mean; ``None`` when unknown or taught for two.

        Raises:
            EnvironmentFault: The file was edited into something that cannot be read.
        """
        found = self.all().get(alias_key(name))
        return found if found and _BETWEEN not in found else None

    def learn(self, name: str, type_name: str) -> None:
        """Note that ``name`` means this type; names that say nothing are not learnt."""
        if says_nothing(name):
            return
        key = alias_key(name)
        with self._learning:
            known = self.all()
            types = known[key].split(_BETWEEN) if key in known else []
            if type_name not in types:
                self._write({**known, key: _BETWEEN.join([*types, type_name])})

    def all(self) -> Mapping[str, str]:
        """Return every learnt name with its type."""
        with told(self.path):
            try:
                stamp = self.path.stat()
            except FileNotFoundError:
                self._known, self._read_at = {}, None
                return self._known
            if self._read_at != (stamp.st_mtime_ns, stamp.st_size):
                self._known = self._read()
                self._read_at = (stamp.st_mtime_ns, stamp.st_size)
        return self._known

    def _read(self) -> dict[str, str]:
        try:
            raw = read_yaml(self.path.read_bytes(), FILE).plain()
        except YamlFault as error:
            raise self._fault(error.line) from error
        if raw in (None, ""):
            return {}
        if not isinstance(raw, dict) or not all(isinstance(value, str) for value in raw.values()):
            raise self._fault(1)
        return {alias_key(key): str(value) for key, value in raw.items()}

    def _write(self, known: Mapping[str, str]) -> None:
        text = yaml.safe_dump(dict(sorted(known.items())), allow_unicode=True, sort_keys=False)
        with told(self.path):
            make_folder(self.path.parent)
            replace(self.path, (_HEAD + text).encode())
        self._known, self._read_at = dict(known), None

    def _fault(self, line: int) -> EnvironmentFault:
        return EnvironmentFault(
            Message("学到的文件名称无法读取", "the learnt names cannot be read"),
            where=f"{self.path}:{line}",
            hint=Message(
                "每行应为“名称: 文件类型”；改正或删除该文件",
                "each line is “name: type”; correct it, or remove the file",
            ),
        )
