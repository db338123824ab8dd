"""Which installed faces stand for the faces that documents name, for fontconfig (Linux).

Without this, LibreOffice takes 宋体 for any sans face that has Chinese characters. A face that is really
installed wins over its substitutes. For 仿宋 Debian has fonts-cwtex-fs; without it 楷体's substitute
is taken.
"""

from __future__ import annotations

from collections.abc import Mapping
from xml.sax.saxutils import escape

#: What Debian and Ubuntu install for PDFs: LibreOffice and the faces below.
PACKAGES = "libreoffice-writer-nogui fonts-noto-cjk fonts-arphic-ukai fonts-liberation"

_SERIF = ("Noto Serif CJK SC", "Source Han Serif SC", "AR PL UMing CN")
_SANS = ("Noto Sans CJK SC", "Source Han Sans SC", "WenQuanYi Zen Hei")
_KAI = ("AR PL UKai CN", "LXGW WenKai", *_SERIF)
_FANGSONG = ("cwTeX Q Fangsong", "cwTeXFangSong", *_KAI)

#: Names under which documents ask for a face -> faces that stand for it, the best first.
SUBSTITUTES: Mapping[tuple[str, ...], tuple[str, ...]] = {
    ("宋体", "SimSun", "NSimSun", "新宋体", "华文宋体", "STSong", "华文中宋", "STZhongsong"): _SERIF,
    ("黑体", "SimHei", "华文黑体", "STHeiti", "微软雅黑", "Microsoft YaHei", "等线", "DengXian"): _SANS,
    ("楷体", "KaiTi", "楷体_GB2312", "KaiTi_GB2312", "华文楷体", "STKaiti"): _KAI,
    ("仿宋", "FangSong", "仿宋_GB2312", "FangSong_GB2312", "华文仿宋", "STFangsong"): _FANGSONG,
    ("新細明體", "細明體", "PMingLiU", "MingLiU"): ("Noto Serif CJK TC", "AR PL UMing TW"),
    ("微軟正黑體", "Microsoft JhengHei"): ("Noto Sans CJK TC", "WenQuanYi Zen Hei"),
    ("標楷體", "DFKai-SB"): ("AR PL UKai TW", "Noto Serif CJK TC"),
    ("Times New Roman",): ("Liberation Serif", "Nimbus Roman", "Noto Serif", "DejaVu Serif"),
    ("Arial",): ("Liberation Sans", "Nimbus Sans", "Noto Sans", "DejaVu Sans"),
}

_ALIAS = """  <match target="pattern">
    <test name="family" compare="eq"><string>{name}</string></test>
    <edit name="family" mode="append" binding="same">{faces}</edit>
  </match>
"""
_FILE = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig>
{aliases}  <include ignore_missing="yes">/etc/fonts/fonts.conf</include>
  <dir>/usr/share/fonts</dir>
  <dir>/usr/local/share/fonts</dir>
  <dir prefix="xdg">fonts</dir>
</fontconfig>
"""


def fontconfig() -> str:
    """Return the text of a fontconfig file: our substitutes, then the configuration of the system."""
    aliases = "".join(
        _ALIAS.format(name=escape(name), faces="".join(f"<string>{escape(face)}</string>" for face in faces))
        for names, faces in SUBSTITUTES.items()
        for name in names
    )
    return _FILE.format(aliases=aliases)
