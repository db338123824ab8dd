"""Sentences in Chinese and English."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Message:
    """One sentence for people, in both languages; Chinese is the first."""

    zh: str
    en: str

    def text(self, lang: str = "zh") -> str:
        """Return the sentence in ``lang``: English for ``en``, else Chinese."""
        return self.en if lang == "en" else self.zh

    def __str__(self) -> str:
        return self.zh


def same(text: str) -> Message:
    """Return a message that reads alike in both languages (a name, a path, a number)."""
    return Message(text, text)
