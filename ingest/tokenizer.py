"""The Japanese analyser: text in, search terms out, the same for documents and questions."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import version
from threading import Lock

import fugashi

CONTENT = frozenset(
    {"名詞", "動詞", "形容詞", "形状詞", "副詞", "接頭辞", "接尾辞", "代名詞", "英単語", "記号"}
)
PROPER = "固有名詞"  # whose lemma is only its reading: 潮見 and 塩見 are both シオミ
FUNCTION_WORDS = frozenset({"助詞", "助動詞", "補助記号", "空白"})
EMPTY_VERBS = frozenset(
    {"為る", "有る", "居る", "成る", "出来る", "行う", "呉れる", "下さる", "頂く", "教える"}
)
N_FIELDS = 5  # of a word that are read
LINES_KEPT = 1 << 14  # of words met before, some 4 MB
HIRAGANA = {code: code - 0x60 for code in range(ord("ァ"), ord("ヶ") + 1)}
JAPANESE = re.compile(r"[぀-ヿ㐀-鿿豈-﫿々〆ー0-9a-z]+")


def normalize(text: str) -> str:
    """Compatibility forms unified and lower-cased, for matching only: it changes lengths."""
    return unicodedata.normalize("NFKC", text).lower()


@dataclass(frozen=True, slots=True)
class Morpheme:
    """A word as written, its part of speech, the kind of it and its use, and its lemma."""

    surface: str
    pos: str
    kind: str
    use: str
    lemma: str


class Tokenizer:
    """Search terms by fugashi and unidic-lite: normalised, content words only, as lemmas.

    Threads may share it: MeCab keeps its state in the tagger, so one text is analysed at a time.
    """

    signature = f"fugashi-{version('fugashi')}/unidic-lite-{version('unidic-lite')}/1"

    def __init__(self) -> None:
        self._tagger = fugashi.Tagger()
        self._lock = Lock()

    def terms(self, text: str) -> list[str]:
        """Content words in order, each as its lemma; "" gives an empty list."""
        with self._lock:
            # One text for all words: making an object for each takes three times as long.
            analysed = self._tagger.parse(normalize(text))
        return [term for line in analysed.split("\n") if (term := _term_of_line(line))]

    def words(self, text: str) -> list[tuple[str, str]]:
        """Each word as written, without normalisation, and its part of speech; white space is in none."""
        with self._lock:
            analysed = self._tagger.parse(text)
        lines = (line.split("\t") for line in analysed.split("\n"))
        return [(fields[0], fields[4].split("-")[0]) for fields in lines if len(fields) >= N_FIELDS]

    def morphemes(self, text: str) -> list[Morpheme]:
        """Each word with what the dictionary says of it; the text is analysed as it stands."""
        with self._lock:
            return [
                Morpheme(
                    word.surface,
                    word.feature.pos1,
                    word.feature.pos2,
                    word.feature.pos3,
                    _term(word.surface, word.feature.lemma),
                )
                for word in self._tagger(text)
            ]

    def readings(self, text: str) -> list[tuple[str, str]]:
        """Each word as written and how it is read, in hiragana; "" where the dictionary does not say."""
        with self._lock:
            words = [(word.surface, word.feature.kana or "") for word in self._tagger(text)]
        return [(surface, kana.translate(HIRAGANA)) for surface, kana in words]

    def bigrams(self, text: str) -> list[str]:
        """Pairs of neighbouring characters within runs of letters, kana, kanji and digits."""
        return [run[i : i + 2] for run in self.letter_runs(text) for i in range(len(run) - 1)]

    def letter_runs(self, text: str) -> list[str]:
        """The runs of letters, kana, kanji and digits, normalised, whose pairs `bigrams` gives."""
        return JAPANESE.findall(normalize(text))


@lru_cache(maxsize=LINES_KEPT)
def _term_of_line(line: str) -> str:
    """The term of a word as MeCab writes it in the dictionary's own format; "" for one that tells nothing.

    The format is unidic-lite's: surface, two readings, lemma, part of speech joined by hyphens, and more.
    """
    fields = line.split("\t")
    if len(fields) < N_FIELDS:  # the mark at the end
        return ""
    surface, lemma, kind = fields[0], fields[3], fields[4].split("-")
    known = None if PROPER in kind[1:2] else lemma or None
    return _term(surface, known) if _tells(surface, kind[0], known) else ""


def _tells(surface: str, pos: str, lemma: str | None) -> bool:
    """Whether a word says what a text is about; particles and verbs that only carry grammar do not."""
    if pos in FUNCTION_WORDS or not any(char.isalnum() for char in surface):
        return False
    return (pos in CONTENT or surface.isalnum()) and _term(surface, lemma) not in EMPTY_VERBS


def _term(surface: str, lemma: str | None) -> str:
    """The lemma without UniDic's note after a hyphen; Latin words and digits as they stand."""
    return surface if surface.isascii() else (lemma or surface).split("-")[0].lower()


@lru_cache(maxsize=1)
def default_tokenizer() -> Tokenizer:
    """The process-wide analyser: loading the dictionary takes a tenth of a second."""
    return Tokenizer()
