"""What lies in an inbox, and which folders of it are left out."""

from __future__ import annotations

from docgen.ingest.scanning import scan


def test_folders_of_people_are_looked_into_and_those_of_programs_are_named(tmp_path) -> None:
    for folder in (
        "20230401",
        "项目A/lu2",
        "(A Document Being Saved By Pages)",
        ".草稿",
        "@eaDir",
        ".docgen-done",
    ):
        (tmp_path / folder).mkdir(parents=True)
        (tmp_path / folder / "发票.pdf").write_bytes(b"x")

    found = scan(tmp_path)

    assert set(found.files) == {tmp_path / "20230401/发票.pdf", tmp_path / "项目A/lu2/发票.pdf"}
    assert set(found.left_out) == {tmp_path / "(A Document Being Saved By Pages)", tmp_path / ".草稿"}
