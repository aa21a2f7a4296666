"""Frame: the language of a page, and the addresses that its parts link to."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

from ui.i18n import LANGUAGES, Language, Texts
from ui.page.place import DIGEST_CHARS, Place

ANCHOR = "quote"  # of the first quoted range on a page of its own


@dataclass(frozen=True, slots=True)
class Frame:
    """What every part of a page needs to know of it.

    Attributes:
        root: Prefix below which a proxy shows the server, without a slash at its end.
    """

    language: Language
    root: str = ""

    @property
    def texts(self) -> Texts:
        """The strings of its language."""
        return Texts(self.language)

    @property
    def home_url(self) -> str:
        """The page for questions."""
        return f"{self.root}{home_path(self.language)}"

    @property
    def other(self) -> Frame:
        """The same in the other language."""
        return Frame(LANGUAGES[1 - LANGUAGES.index(self.language)], self.root)

    def source_url(self, place: Place) -> str:
        """The permanent link to a cited place."""
        query = f"{place.query}&lang={self.language}"
        return f"{self.root}/source/{quote(place.document_id, safe='')}?{query}#{ANCHOR}"

    def file_url(self, document_id: str) -> str:
        """The original file."""
        return f"{self.root}/file/{quote(document_id, safe='')}?lang={self.language}"

    def page_url(self, document_id: str, number: int, sha256: str = "") -> str:
        """The picture of a page; another one for another state of the file."""
        return f"{self.root}/page/{quote(document_id, safe='')}/{number}.png?v={sha256[:DIGEST_CHARS]}"

    def inspection_url(self, document_id: str, first: int = 1) -> str:
        """What was read of a document, from one page on."""
        start = f"&first={first}" if first > 1 else ""
        return f"{self.root}/inspect/{quote(document_id, safe='')}?lang={self.language}{start}"

    def answer_url(self, kept_id: str) -> str:
        """The permanent link to a kept answer."""
        return f"{self.root}/answer/{quote(kept_id, safe='')}?lang={self.language}"

    def answer_file_url(self, kept_id: str, suffix: str) -> str:
        """A kept answer as a file."""
        return f"{self.root}/answer/{quote(kept_id, safe='')}/export.{suffix}?lang={self.language}"

    def conversation_file_url(self, conversation_id: str, suffix: str) -> str:
        """A kept conversation as a file."""
        return (
            f"{self.root}/conversation/{quote(conversation_id, safe='')}/export.{suffix}?lang={self.language}"
        )


def home_path(language: Language) -> str:
    """Where the page of a language is, below the root."""
    return "/" if language == "ja" else f"/{language}"
