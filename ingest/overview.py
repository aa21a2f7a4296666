"""How much there is of each document, and since when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from ingest.database import Database
from ingest.stored import decode_passage

QUERY = """
SELECT p.document_id, c.n, p.content, r.ingested_at
FROM (SELECT document_id, count(*) AS n, max(place) AS last FROM passage GROUP BY document_id) c
JOIN passage p ON p.document_id = c.document_id AND p.place = c.last
JOIN document d ON d.id = p.document_id LEFT JOIN root r ON r.path = d.root
"""


@dataclass(frozen=True, slots=True)
class DocumentOverview:
    """What a list of documents shows beside the title.

    Attributes:
        n_pages: The page of its last passage; `None` where the format has no pages.
        ingested_at: When its folder was last ingested, in UTC.
    """

    n_passages: int
    n_pages: int | None
    ingested_at: datetime | None


def read_overviews(database: Database) -> dict[str, DocumentOverview]:
    """By document id; documents without a passage are left out."""
    return {
        document_id: DocumentOverview(
            n, decode_passage(document_id, last).page, datetime.fromisoformat(when) if when else None
        )
        for document_id, n, last, when in database.rows(QUERY)
    }
