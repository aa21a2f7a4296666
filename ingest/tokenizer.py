"""The Japanese analyser: text in, search terms out, the same for documents and questions."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

import fugashi

CONTENT = frozenset({"名詞", "動詞", "形容詞", "形状詞", "副詞", "接頭辞", "接尾辞", "代名詞", "英単語", "記号"})
EMPTY_VERBS = frozenset({"為る", "有る", "居る", "成る", "出来る", "行う", "呉れる", "下さる", "頂く", "教える"})
WORD = re.compile(r"[0-9a-z]+(?:[.,][0-9]+)*|[^\W_]", re.ASCII | re.IGNORECASE)
JAPANESE = re.compile(r"[぀-ヿ㐀-鿿豈-﫿々〆ー0-9a-z]+")


def normalize(text: str) -> str:
    """Compatibility forms unified and lower-cased, for matching only: it changes lengths."""
    return unicodedata.normalize("NFKC", text).lower()


class Tokenizer:
    """Search terms by fugashi and unidic-lite: normalised, content words only, as lemmas.

    Not safe to share between threads while analysing: MeCab keeps its state in the tagger.
    """

    signature = f"fugashi-{fugashi.__version__ if hasattr(fugashi, '__version__') else 'x'}/unidic-lite/1"

    def __init__(self) -> None:
        self._tagger = fugashi.Tagger()

    def terms(self, text: str) -> list[str]:
        """Content words in order, each as its lemma; "" gives an empty list."""
        out: list[str] = []
        for word in self._tagger(normalize(text)):
            surface = word.surface
            if word.feature.pos1 not in CONTENT and not surface.isalnum():
                continue
            if word.feature.pos1 in ("助詞", "助動詞", "補助記号", "空白"):
                continue
            lemma = word.feature.lemma or surface
            lemma = lemma.split("-")[0].lower()
            if lemma not in EMPTY_VERBS and any(c.isalnum() for c in surface):
                out.append(lemma if not surface.isascii() else surface)
        return out

    def words(self, text: str) -> list[tuple[str, str]]:
        """Each word as written, without normalisation, and its part of speech; white space is in none."""
        return [(word.surface, word.feature.pos1) for word in self._tagger(text)]

    def bigrams(self, text: str) -> list[str]:
        """Pairs of neighbouring characters within runs of letters, kana, kanji and digits."""
        out: list[str] = []
        for run in JAPANESE.findall(normalize(text)):
            out.extend(run[i : i + 2] for i in range(len(run) - 1))
        return out


@lru_cache(maxsize=1)
def default_tokenizer() -> Tokenizer:
    """The process-wide analyser: loading the dictionary takes a tenth of a second."""
    return Tokenizer()
