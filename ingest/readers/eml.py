"""EML: a mail's subject, sender and date, its text, and the names of what is attached."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from email import message_from_bytes
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message

from ingest.content import Content
from ingest.decode import decode
from ingest.document import BlockKind
from ingest.errors import DamagedError
from ingest.readers.html import read_html
from ingest.readers.office import OfficeWriter
from ingest.readers.text import read_text

HEADER = re.compile(rb"[A-Za-z][A-Za-z0-9-]{1,60}:[ \t\r\n]")
MARKS = (
    b"mime-version:",
    b"received:",
    b"message-id:",
    b"content-type:",
    b"return-path:",
    b"from:",
    b"subject:",
    b"date:",
)
HEAD_BYTES = 8192
MIN_MARKS = 4
SHOWN = (("From", "差出人"), ("To", "宛先"), ("Cc", "写し"), ("Date", "日時"))
MAX_PARTS = 1000
MAX_NAMES = 10
SUFFIXES = frozenset({".eml", ".mht"})


def is_mail(data: bytes, suffix: str) -> bool:
    """Whether bytes are a mail: they begin with header lines, most of the usual ones among them."""
    if HEADER.match(data.lstrip()[:100]) is None:
        return False
    head = re.split(rb"\r?\n\r?\n", data.lstrip()[:HEAD_BYTES], maxsplit=1)[0].lower()
    lines = [line for line in head.split(b"\n") if line.startswith(MARKS)]
    return len({line.split(b":")[0] for line in lines}) >= (2 if suffix in SUFFIXES else MIN_MARKS)


def read_mail(data: bytes) -> Content:
    """Read a mail; the plain version of its text if there is one.

    Raises:
        ReadError: If its encoding cannot be told or it is nested beyond all reason.
    """
    try:
        mail = message_from_bytes(data)
        parts = list(_parts(mail))
    except RecursionError as error:
        raise DamagedError("メールの入れ子が深すぎます。") from error
    subject = _header(mail, "Subject")
    writer = OfficeWriter()
    writer.write(BlockKind.HEADING, [subject], level=0)
    writer.write(
        BlockKind.PARAGRAPH, [f"{label}: {text}" for name, label in SHOWN if (text := _header(mail, name))]
    )
    body = next(
        (part for kind in ("text/plain", "text/html") for part in parts if _is_body(part, kind)), None
    )
    if body is not None:
        _write_body(writer, body)
    names = [name for part in parts if (name := _file_name(part))]
    if names:
        more = f" ほか {len(names) - MAX_NAMES} 個" if len(names) > MAX_NAMES else ""
        shown = "、".join(names[:MAX_NAMES]) + more
        writer.write(BlockKind.PARAGRAPH, [f"添付ファイル: {shown}"])
        writer.warn("メールの添付ファイルは読んでいません。取り出して、別に取り込んでください。")
    return writer.content(" ".join(subject.split()))


def _parts(mail: Message) -> Iterator[Message]:
    """The parts that hold no others; an attached mail is not opened."""
    stack = [mail]
    for _ in range(MAX_PARTS):
        if not stack:
            return
        part = stack.pop()
        inner = part.get_payload()
        if isinstance(inner, list) and (part is mail or part.get_content_maintype() == "multipart"):
            stack.extend(reversed([one for one in inner if isinstance(one, Message)]))
        else:
            yield part


def _is_body(part: Message, kind: str) -> bool:
    return part.get_content_type() == kind and not _file_name(part) and not part.is_multipart()


def _write_body(writer: OfficeWriter, part: Message) -> None:
    payload = part.get_payload(decode=True)
    data = payload if isinstance(payload, bytes) else b""
    if not data.strip():
        return
    if part.get_content_type() == "text/html":
        page = read_html(data)
        text, blocks = page.text, list(page.blocks)
    else:
        text = decode(data, declared=_charset(part)).text
        blocks = read_text(text)
    writer.append(text, blocks)


def _charset(part: Message) -> str | None:
    declared = part.get_param("charset")
    return declared if isinstance(declared, str) and declared.isascii() else None


def _file_name(part: Message) -> str:
    """The name of an attachment, "" for any other part."""
    if part.get_content_maintype() == "message":
        return "メール"
    try:
        name = part.get_filename()
    except (LookupError, UnicodeError, ValueError):
        return "名前の読めないファイル"
    return _decoded(name) if name else ""


def _header(mail: Message, name: str) -> str:
    value = mail.get(name)
    return _decoded(str(value)) if value is not None else ""


def _decoded(value: str) -> str:
    """The text of a header, its encoded words decoded."""
    try:
        pieces: Sequence[tuple[bytes | str, str | None]] = decode_header(value)
    except (HeaderParseError, ValueError):
        return " ".join(value.split())
    return " ".join("".join(_piece(text, charset) for text, charset in pieces).split())


def _piece(text: bytes | str, charset: str | None) -> str:
    if isinstance(text, str):
        return text
    try:
        return text.decode(charset or "utf-8", "replace")
    except LookupError:
        return text.decode("utf-8", "replace")
