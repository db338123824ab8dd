"""Text of scans, recognised by rapidocr (the extra `docgen[ocr]`) in a child process of its own."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

from docgen.base.messages import Message
from docgen.text.worker import Limits, Worker

#: How the extra is installed.
INSTALL = 'pip install "docgen[ocr]"'
#: A page takes some ten seconds and a gigabyte; what it reserves is several times that.
_LIMITS = Limits(seconds=180, megabytes=8192)


def available() -> bool:
    """Whether text can be recognised on this machine."""
    return all(find_spec(name) for name in ("rapidocr", "onnxruntime"))


class Recogniser:
    """One child that recognises pages; use it as a context manager."""

    def __init__(self, limits: Limits = _LIMITS) -> None:
        self._worker = Worker(limits, "docgen.text.ocr_child")

    def __enter__(self) -> Recogniser:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def close(self) -> None:
        """End the child; it is started again when needed."""
        self._worker.close()

    def pages(self, path: Path) -> list[int] | Message:
        """Return the numbers, from 0, of the pages that have to be recognised, or why they cannot be told.

        Raises:
            EnvironmentFault: The child process cannot be started.
        """
        answer = self._worker.ask({"path": str(path.absolute())})
        if isinstance(answer, Message):
            return answer
        return _problem(answer["problem"]) if "problem" in answer else list(answer["pages"])

    def text(self, path: Path, page: int) -> str | Message:
        """Return the text of one page, or why it cannot be recognised.

        Raises:
            EnvironmentFault: The child process cannot be started.
        """
        answer = self._worker.ask({"path": str(path.absolute()), "page": page})
        if isinstance(answer, Message):
            return answer
        return _problem(answer["problem"]) if "problem" in answer else str(answer["text"])


def _problem(detail: str) -> Message:
    return Message(f"无法识别（{detail}）", f"it cannot be recognised ({detail})")
