"""Place: a cited place of a document, as chips and permanent links name it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Self
from urllib.parse import parse_qs, urlencode

from ingest.errors import ShirubeError
from ingest.traced import Span

DIGEST_CHARS = 12  # of the file's SHA-256: tells whether the document is still the one that was cited
MAX_SPANS = 200
MAX_OFFSET_DIGITS = 9
MAX_LINK_CHARS = 5000
SPAN = re.compile(rf"([0-9]{{1,{MAX_OFFSET_DIGITS}}})-([0-9]{{1,{MAX_OFFSET_DIGITS}}})")


class PlaceError(ShirubeError):
    """A link to a cited place that cannot be understood."""

    hint = "回答の出典からもう一度開いてください。"


@dataclass(frozen=True, slots=True)
class Place:
    """A cited place: what a citation's chip and a permanent link say.

    Attributes:
        spans: Ranges of `Document.text`, ascending, none overlapping, none empty.
        digest: First digits of the file's SHA-256 when it was cited, "" if unknown.
    """

    document_id: str
    spans: tuple[Span, ...]
    digest: str = ""

    @classmethod
    def from_query(cls, document_id: str, spans: str, digest: str = "") -> Self:
        """What `query` wrote, read back.

        Raises:
            PlaceError: If it is not a list of ascending ranges.
        """
        found = [SPAN.fullmatch(part) for part in spans.split(",")] if spans else []
        ranges = [Span(int(part[1]), int(part[2])) for part in found if part]
        edges = [edge for span in ranges for edge in (span.start, span.end)]
        in_order = edges == sorted(edges) and all(span.start < span.end for span in ranges)
        if len(ranges) != len(found) or len(found) > MAX_SPANS or not in_order:
            raise PlaceError("出典の場所を読み取れません。")
        return cls(document_id, tuple(ranges), digest)

    @classmethod
    def from_link(cls, link: str) -> Self:
        """What `link` says, read back.

        Raises:
            PlaceError: If it cannot be understood.
        """
        document_id, _, query = link.partition("?")
        values = parse_qs(query[:MAX_LINK_CHARS])
        return cls.from_query(document_id, values.get("spans", [""])[0], values.get("v", [""])[0])

    @property
    def link(self) -> str:
        """The place as one string."""
        return f"{self.document_id}?{self.query}"

    @property
    def query(self) -> str:
        """Its ranges and digest as the query string of a link."""
        spans = ",".join(f"{span.start}-{span.end}" for span in self.spans)
        return urlencode({"spans": spans, "v": self.digest}, safe=",")

    def fits(self, text: str, sha256: str) -> bool:
        """Whether the document is still the one that was cited, as far as that is known."""
        inside = not self.spans or self.spans[-1].end <= len(text)
        return inside and (not self.digest or sha256.startswith(self.digest))
