"""Learnt names: taught, read from the file that people edit, never guessed."""

from __future__ import annotations

import pytest

from docgen.base.errors import EnvironmentFault
from docgen.ingest.aliases import Aliases, alias_key


def test_what_was_taught_is_found_whatever_numbers_and_signs(tmp_path) -> None:
    Aliases(tmp_path).learn("发票扫描 (3)", "发票")

    assert Aliases(tmp_path).find("發票掃描_0017") == "发票"
    assert (tmp_path / "aliases.yaml").read_text(encoding="utf-8").endswith("发票扫描: 发票\n")


def test_a_name_taught_for_two_types_means_neither(tmp_path) -> None:
    aliases = Aliases(tmp_path)
    for type_name in ("发票", "收据", "发票"):
        aliases.learn("票据扫描", type_name)

    assert aliases.find("票据扫描") is None
    assert dict(aliases.all()) == {"票据扫描": "发票、收据"}


@pytest.mark.parametrize("name", ["扫描", "IMG_0001", "微信图片_2023", "1", "", "Scan 12"])
def test_names_that_anything_has_are_not_learnt(tmp_path, name) -> None:
    aliases = Aliases(tmp_path)
    aliases.learn(name, "发票")

    assert dict(aliases.all()) == {}


def test_what_people_edit_counts_at_once(tmp_path) -> None:
    aliases = Aliases(tmp_path)
    aliases.learn("票据扫描", "发票")
    aliases.path.write_text("# 改过\n票据扫描: 收据\n进度: 进度报告\n", encoding="utf-8")
    assert (aliases.find("票据扫描"), aliases.find("进度")) == ("收据", "进度报告")

    aliases.path.unlink()
    assert aliases.find("票据扫描") is None


@pytest.mark.parametrize("text", ["- 一\n- 二\n", "a: [1", "a:\n  b: c\n"])
def test_a_file_that_cannot_be_read_is_named(tmp_path, text) -> None:
    (tmp_path / "aliases.yaml").write_text(text, encoding="utf-8")

    with pytest.raises(EnvironmentFault) as caught:
        Aliases(tmp_path).find("票据扫描")
    assert "aliases.yaml" in caught.value.where


def test_keys_are_folded() -> None:
    assert alias_key("  Fa-Piao（扫描）２ ") == "fapiao扫描"
