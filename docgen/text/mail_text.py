"""Text of e-mails (eml): subject, people, date, the readable body, names of attachments."""

from __future__ import annotations

from collections.abc import Iterator
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

from docgen.text.extracted import LARGEST, Extracted, Unreadable
from docgen.text.plain_text import decode

_HEADERS = ("Subject", "From", "To", "Cc", "Date")


def mail_text(path: Path) -> Extracted:
    """Return the text of an e-mail; its title is the subject.

    Raises:
        Unreadable: It is not an e-mail.
    """
    with path.open("rb") as stream:
        message = message_from_bytes(stream.read(LARGEST), policy=default)
    if not message.keys():
        raise Unreadable("不是电子邮件", "it is not an e-mail")
    headers = [str(message[name]) for name in _HEADERS if message[name]]
    attachments = [part.get_filename() or "" for part in message.iter_attachments()]
    text = "\n".join(filter(None, (*headers, "", *_bodies(message), *attachments)))
    return Extracted(text, " ".join(str(message["Subject"] or "").split()))


def _bodies(message: EmailMessage) -> Iterator[str]:
    body = message.get_body(("plain", "html"))
    if body is None:
        return
    text = _content(body)
    yield _without_tags(text) if body.get_content_subtype() == "html" else text


def _content(part: Any) -> str:
    """Return the text of a part, also if it names no encoding or a wrong one."""
    try:
        return str(part.get_content())
    except (LookupError, UnicodeError):
        payload = part.get_payload(decode=True)
        return decode(payload if isinstance(payload, bytes) else b"")


def _without_tags(html: str) -> str:
    from lxml import html as parser

    root = parser.fromstring(html) if html.strip() else None
    if root is None:
        return ""
    for element in root.iter("script", "style"):
        element.text = None
    blocks = (str(piece).strip() for piece in root.itertext())
    return "\n".join(filter(None, blocks))
