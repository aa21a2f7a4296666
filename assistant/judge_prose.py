"""Sifter: takes a model's sentences one by one, checks and cites each, and says if they make an answer."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from assistant.answer import Answer, AnswerSentence, Citation, SentenceRole, Writing
from assistant.check import RANKS, Check, Verdict, check
from assistant.cite import cite
from assistant.evidence import INSTRUCTS, Evidence, merged
from assistant.mode import Mode
from assistant.prose_prompt import NOT_FOUND
from assistant.prose_reader import Said
from assistant.question import is_foreign
from assistant.stretch import Quote, flat
from ingest.document_record import DocumentRecord

KANA = re.compile(r"[ぁ-ゖァ-ヺ]")
LETTERS = re.compile(r"[^\W\d_]+")
MIN_KANA = 0.15  # of the letters of Japanese prose; Chinese has none
MARKUP = re.compile(
    r"<[^<>\n]{1,200}>|!?\[[^\[\]\n]{0,100}\]\([^()\n]{0,300}\)|https?://[^\s、。）)]+|\*\*|__|`+|^#{1,6}\s+",
    re.MULTILINE,
)
SCRIPTS = re.compile(r"<(script|style|svg|iframe)\b[^<>]*>[^<]*</\1>", re.IGNORECASE)
LEAD = re.compile(r"^(?:[・*•\-–]\s*|(?:回答|答え|A)[:：]\s*)")
NUMBERING = re.compile(r"^(?:\d{1,2}[.．)）]|[(（]\d{1,2}[)）])\s*(?=\D)")  # of a list, by the model
LEAKED_CHARS = 16  # of the instructions in an answer, in one run
MOST_REPEATS = 2
ASTRAY = 12  # sentences
KEPT_SHARE = 0.5  # of the sentences that must be confirmed at least in part


@dataclass(frozen=True, slots=True)
class Judged:
    """A sentence with its verdict, and the places that support it."""

    sentence: AnswerSentence
    quotes: tuple[Quote, ...]


class Sifter:
    """Collects the sentences of one answer."""

    def __init__(
        self,
        quoted: Answer,
        evidence: Sequence[Evidence],
        records: Mapping[str, DocumentRecord],
        *,
        mode: Mode,
        model: str,
        finish: Callable[[str], str] = str,
    ) -> None:
        self._quoted = quoted
        self._evidence = {one.key: one for one in evidence}
        self._records = records
        self._mode = mode
        self._model = model
        self._finish = finish  # of a sentence that has been checked
        self.answers = False  # whether a sentence is confirmed, or is so but for words of the question
        self._seen: Counter[str] = Counter()
        self._citations: list[Citation] = []
        self.kept: list[AnswerSentence] = []
        self.struck: list[AnswerSentence] = []
        self.said: list[Said] = []

    @property
    def is_looping(self) -> bool:
        """Whether the model says the same again and again."""
        return any(n > MOST_REPEATS for n in self._seen.values())

    @property
    def is_astray(self) -> bool:
        """Whether the model has said a good deal of which nothing is confirmed, even in part."""
        good = (Verdict.CONFIRMED.value, Verdict.PARTLY.value)
        return len(self.kept) + len(self.struck) >= ASTRAY and not any(
            one.verdict in good for one in self.kept
        )

    @property
    def foreign(self) -> bool:
        """Whether the question, and so the answer, is not Japanese."""
        return is_foreign(self._quoted.asked)

    @property
    def told(self) -> str:
        """All that the evidence says."""
        return "\n".join(one.ground.text for one in self._evidence.values())

    def take(self, said: Said) -> Judged | None:
        """Check and keep a sentence; `None` for one that says nothing, or nothing new."""
        self.said.append(said)
        text = LEAD.sub("", MARKUP.sub("", SCRIPTS.sub("", said.text)).strip()).strip()
        self._seen[text] += 1
        if not re.search(r"\w", text) or self._seen[text] > 1 or NOT_FOUND.rstrip("。") in text:
            return None
        verdict, cited = self._judge(
            NUMBERING.sub("", text), [key for key in said.keys if key in self._evidence]
        )
        self.answers = self.answers or verdict.answers
        quotes = tuple(quote for one in cited for quote in _quotes(self._evidence[one[0]], one[1]))
        is_false = verdict.verdict is Verdict.CONTRADICTED or (
            verdict.verdict is Verdict.UNVERIFIED and "にありません" in verdict.reason
        )
        markers = () if is_false else self._markers(quotes)
        told = self._finish(self._unnumbered(text))
        sentence = AnswerSentence(
            f"・{told}" if self._mode is Mode.LIST else told, markers,
            verified=verdict.verdict is Verdict.CONFIRMED,
            verdict=(Verdict.CONTRADICTED if is_false else verdict.verdict).value, reason=verdict.reason,
        )  # fmt: skip
        (self.struck if is_false else self.kept).append(sentence)
        return Judged(sentence, quotes)

    def _unnumbered(self, text: str) -> str:
        """An item of a list with 「・」 for its number, unless the evidence has it: others may be struck."""
        item = NUMBERING.sub("", text)
        if item == text or flat(text) in flat(self.told):
            return text
        return item if self._mode is Mode.LIST else f"・{item}"

    def _judge(self, text: str, keys: Sequence[str]) -> tuple[Check, list[tuple[str, Check]]]:
        """The verdict with the cited evidence; where that does not do, the evidence that confirms it best."""
        question = self._quoted.asked
        if keys:
            verdict = check(text, [self._evidence[key].ground for key in keys], question=question)
            if verdict.verdict is Verdict.CONFIRMED:
                return verdict, [(key, _of_ground(verdict, n)) for n, key in enumerate(keys)]
        alone = [(key, check(text, [one.ground], question=question)) for key, one in self._evidence.items()]
        best = min(alone, key=lambda one: (RANKS.index(one[1].verdict), one[0] not in keys))
        if keys and best[1].verdict is not Verdict.CONFIRMED:
            return verdict, [(key, _of_ground(verdict, n)) for n, key in enumerate(keys)]
        return best[1], [best]

    def _markers(self, quotes: Sequence[Quote]) -> tuple[int, ...]:
        markers = [self._marker(cite(quote, self._records, marker=0)) for quote in quotes]
        return tuple(dict.fromkeys(markers))

    def _marker(self, citation: Citation) -> int:
        """The marker under which this answer cites a place."""
        for known in self._citations:
            if replace(known, marker=0) == replace(citation, marker=0):
                return known.marker
        self._citations.append(replace(citation, marker=len(self._citations) + 1))
        return len(self._citations)

    def answer(self, failure: str) -> Answer:
        """What is shown: the written sentences with the quoted answer as their grounds, or that alone.

        A sentence may be true and answer nothing: with its grounds an answer never says less than the quoted
        one. Why it is that one alone is told.
        """
        writing = Writing(
            self._model,
            self._mode.value,
            fell_back=failure,
            struck=tuple(self.struck),
            said=self._unchecked(),
        )
        if failure:
            return replace(self._quoted, writing=writing)
        self.kept = [self._with_quoted(one) for one in self.kept]
        sentences = (*self.kept, *self._grounds())  # which adds to the citations
        return replace(self._quoted, sentences=sentences, citations=tuple(self._citations), writing=writing)

    def _grounds(self) -> Iterator[AnswerSentence]:
        """The quotes of the quoted answer, none that another or a written sentence says word for word."""
        quotes = self._quoted.sentences
        said = [flat(one.text) for one in (*self.kept, *quotes)]
        for n, one in enumerate(quotes, start=len(self.kept)):
            if not any(said[n] in other for place, other in enumerate(said) if place != n):
                yield replace(one, citations=self._markers_of(one), role=SentenceRole.SUPPORT)

    def _with_quoted(self, sentence: AnswerSentence) -> AnswerSentence:
        """A written sentence with the citations of the quotes that it says word for word, too."""
        text = flat(sentence.text)
        said = [quote for quote in self._quoted.sentences if flat(quote.text) in text]
        markers = [marker for quote in said for marker in self._markers_of(quote)]
        return replace(sentence, citations=tuple(dict.fromkeys((*sentence.citations, *markers))))

    def _markers_of(self, quote: AnswerSentence) -> tuple[int, ...]:
        """The markers of this answer for what a sentence of the quoted one cites."""
        of_marker = {citation.marker: citation for citation in self._quoted.citations}
        return tuple(self._marker(of_marker[marker]) for marker in quote.citations)

    def _unchecked(self) -> tuple[AnswerSentence, ...]:
        ranks = {hit.passage.id: rank for rank, hit in enumerate(self._quoted.hits, start=1)}
        return tuple(
            AnswerSentence(
                one.text,
                tuple(ranks[self._evidence[key].hit.passage.id] for key in one.keys if key in self._evidence),
                verified=False,
            )
            for one in self.said
        )


def why_not(sifter: Sifter, rules: str) -> str:
    """Why the sentences make no answer, in Japanese; "" if they do."""
    said = "".join(one.text for one in sifter.said)
    if not said.strip():
        return "モデルが何も答えませんでした。"
    if sifter.is_looping:
        return "モデルが同じことを繰り返しました。"
    if not sifter.foreign and _is_off_language(said, sifter.told):
        return "モデルが別の言語で答えました。"
    if any(said[at : at + LEAKED_CHARS] in rules for at in range(len(said) - LEAKED_CHARS + 1)):
        return "モデルが質問ではなく、決まりの文を答えました。"
    if any(INSTRUCTS.search(one.text) for one in sifter.said):
        return "モデルが資料の中の命令に従いました。"
    if NOT_FOUND.rstrip("。") in said and not sifter.kept:
        return "モデルは資料から答えを見つけられませんでした。"
    confirmed = [one for one in sifter.kept if one.verdict == Verdict.CONFIRMED.value]
    partly = [one for one in sifter.kept if one.verdict == Verdict.PARTLY.value]
    n_all = len(sifter.kept) + len(sifter.struck)
    if (
        (not sifter.answers and not sifter.foreign)
        or len(confirmed) + len(partly) < KEPT_SHARE * n_all
        or not n_all
    ):
        return "モデルの文を、資料で確かめられませんでした。"
    return ""


def _is_off_language(text: str, told: str) -> bool:
    """Whether words without kana are no Japanese; a row or a name as the evidence has it is none of them."""
    own = "".join(run for run in LETTERS.findall(text) if run not in told)
    return len(own) > 10 and len(KANA.findall(own)) < MIN_KANA * len(own)


def _of_ground(verdict: Check, n: int) -> Check:
    return replace(
        verdict, places=tuple((0, start, end) for ground, start, end in verdict.places if ground == n)
    )


def _quotes(evidence: Evidence, verdict: Check) -> list[Quote]:
    """The stretches of the passage that support a sentence; the whole passage where none stands out."""
    stretches = [
        place for _, start, end in verdict.places if (place := evidence.in_passage(start, end)) is not None
    ]
    text = evidence.hit.passage.text
    return [
        Quote(evidence.hit, start, end)
        for start, end in merged(stretches or [(0, len(text))])
        if text[start:end].strip()
    ]
