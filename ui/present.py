"""What people read on the terminal."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath

from assistant.abstain import Confidence
from assistant.answer import Answer, AnswerSentence, AnswerStatus, SentenceRole, Writing
from index.hit import Hit
from index.update import IngestReport, Plan
from ingest.document import BlockKind
from ingest.document_record import DocumentRecord
from ingest.files import Skipped
from ui.i18n import Texts
from ui.lines import Places
from ui.page_name import PageName
from ui.terminal import NORMAL, STRONG, clean

JAPANESE = Texts("ja")
NEAREST = 3  # sections shown when the documents do not answer
PREVIEW_CHARS = 60
PATH_CHARS = 90  # of title › section › page; longer ones lose their middle, here only
NAME_CHARS = 36  # the same for each title in it
CELLS, LINES = " ／ ", "　"  # between the cells of a table row, between other lines
BLANKS = re.compile("[ \u3000]{2,}")
CONFIDENCE = {
    Confidence.HIGH: "高い",
    Confidence.MEDIUM: "中くらい",
    Confidence.LOW: "低い（文書に答えがないかもしれません。出典で確かめてください）",
}
GROUNDS = "根拠:"
NOT_FOUND = "文書に記載がありません。"
HINT = "言い方を変えるか、年度や部署・事業の名前を入れて、もう一度聞いてください。"

Documents = Mapping[str, DocumentRecord]


def answer_lines(answer: Answer, documents: Documents, places: Places) -> Iterator[str]:
    """The answer with its markers, then each citation: title › section › page, the quote, file and line."""
    if answer.status is AnswerStatus.NOT_FOUND:
        yield NOT_FOUND
        yield from _nearest(answer.hits[:NEAREST], documents, places)
        yield from searched_lines(answer, documents)
        yield HINT
        return
    kinds = {hit.passage.id: hit.passage.kind for hit in answer.hits}
    between = {c.marker: _between(kinds.get(c.passage_id)) for c in answer.citations}
    before = SentenceRole.SUPPORT
    for sentence in answer.sentences:
        if sentence.role is SentenceRole.SUPPORT and before is SentenceRole.ANSWER:
            yield GROUNDS
        before = sentence.role
        markers = "".join(f"[{marker}]" for marker in sentence.citations)
        yield f"{_sentence(sentence, between.get(min(sentence.citations, default=0), LINES))} {markers}"
    yield from _about_lines(answer)
    said = {sentence.text for sentence in answer.sentences}
    above: tuple[str, str] = ("", "")
    yield ""
    for citation in answer.citations:
        path = _path(
            documents[citation.document_id],
            citation.section,
            places.page(citation.document_id, citation.page, citation.spans),
        )
        is_row = between[citation.marker] == CELLS
        columns = _columns(places.columns(citation.document_id, citation.spans)) if is_row else ""
        yield f"[{citation.marker}] {'同上' if path == above[0] else path}"
        if columns and (path, columns) != above:
            yield f"    列: {columns}"
        above = (path, columns)
        quote = _one_line(citation.quote, between[citation.marker])
        # What the answer itself says word for word needs only to be recognised here.
        yield f"    「{_cut(quote, PREVIEW_CHARS) if citation.quote in said else quote}」"
        if citation.remark:
            yield f"    ※{citation.remark}"
        yield f"    {places.place(citation.document_id, citation.spans)}"


def _about_lines(answer: Answer) -> Iterator[str]:
    """What is to be known of the answer as a whole: who wrote it, and how likely the documents answer."""
    if answer.writing:
        yield from _writing_lines(answer.writing)
    if answer.probability is not None:
        yield f"確からしさ: {CONFIDENCE[Confidence.of(answer.probability)]}"


def _writing_lines(writing: Writing) -> Iterator[str]:
    """Which model wrote the answer and how long it took, or why the answer is quoted; what was struck out."""
    for struck in writing.struck:
        yield f"取り消し: {clean(struck.text)}（{clean(struck.reason)}）"
    tokens = f"、{writing.n_tokens}トークン" if writing.n_tokens else ""
    if writing.fell_back:
        yield f"引用で答えています: {writing.fell_back}（{clean(writing.model)}、{writing.total_s:.1f}秒）"
    else:
        yield f"文章: {clean(writing.model)}（{writing.total_s:.1f}秒{tokens}）"


def searched_lines(answer: Answer, documents: Documents) -> Iterator[str]:
    """What was searched for nothing: how many documents, narrowed down to what, and for which words."""
    filters, searched = answer.filters, answer.searched
    chosen = [_title(documents[i]) for i in sorted(filters.documents) if i in documents]
    years = [f"{year}年度" for year in sorted(filters.fiscal_years)]
    narrowed = "、".join(clean(name) for name in (*chosen, *sorted(filters.publishers), *years)) or "なし"
    n_documents = sum(filters.matches(record) for record in documents.values())
    yield f"探した文書: {n_documents}件（絞り込み: {narrowed}）"
    if searched.names:
        yield f"探した言葉: {'、'.join(clean(name) for name in searched.names)}"
    if searched.unknown:
        yield f"どの文書にも出てこない言葉: {'、'.join(clean(name) for name in searched.unknown)}"


def _sentence(sentence: AnswerSentence, between: str) -> str:
    text, unchecked = sentence.text, _doubt(sentence)
    label = (
        f"{clean(sentence.label)}：" if sentence.label else ""
    )  # before 「・」: the place of focus must stay
    if sentence.focus is None:
        return label + _one_line(text, between) + unchecked
    start, end = sentence.focus
    before, focus, after = map(_clean_lines, (text[:start], text[start:end], text[end:]))
    return label + _joined(f"{before}{STRONG}{focus}{NORMAL}{after}", between) + unchecked


def _doubt(sentence: AnswerSentence) -> str:
    if sentence.verified:
        return "（確認済み）" if sentence.verdict else ""
    return "（一部確認）" if sentence.verdict == "partly" else "（根拠未確認）"


def _nearest(hits: Sequence[Hit], documents: Documents, places: Places) -> Iterator[str]:
    if not hits:
        return
    yield ""
    yield "近い箇所:"
    for hit in hits:
        passage = hit.passage
        yield f"・{_hit_path(hit, documents, places)}"
        yield f"    {_preview(hit, PREVIEW_CHARS)}"
        yield f"    {places.place(passage.document_id, passage.body.spans())}"
    yield ""


def hit_lines(hits: Sequence[Hit], documents: Documents, places: Places) -> Iterator[str]:
    """One entry per hit: rank and score, where it stands, and how it begins."""
    if not hits:
        yield "見つかりませんでした。言葉を変えて、もう一度探してください。"
    for rank, hit in enumerate(hits, start=1):
        passage = hit.passage
        path = _hit_path(hit, documents, places)
        yield f"{rank:2d}. {hit.score:.3f}  {path}"
        yield f"    {_preview(hit, PREVIEW_CHARS * 2)}"
        yield f"    {places.place(passage.document_id, passage.body.spans())}"


def report_lines(report: IngestReport) -> Iterator[str]:
    """What an ingest or a removal did, file by file where something is to be known."""
    counts = (
        ("追加", report.added),
        ("更新", report.changed),
        ("変更なし", report.unchanged),
        ("削除", report.removed),
    )
    told = "、".join(f"{label} {len(names)}件" for label, names in counts if names) or "変更なし"
    yield f"{told}。索引は {report.n_documents} 文書、{report.n_passages} 箇所です。"
    if report.n_imported:
        here = f"、{report.n_embedded:,} 文はこの機械で計算しました" if report.n_embedded else ""
        yield f"ベクトルは、{report.n_imported:,} 文がファイルから取り込まれました{here}。"
    yield from _remarks(report.skipped, report.warnings)


def plan_lines(plan: Plan, path: Path) -> Iterator[str]:
    """What would have to be embedded, where it is listed and what to do with it."""
    n_chars = sum(map(len, plan.texts.values()))
    yield f"{path}: ベクトルにする文 {len(plan.texts):,} 件（{n_chars:,} 字）。索引はそのままです。"
    if plan.texts:
        yield f"次に、計算する機械で shirube embed {path.parent} --shard 1/N から N/N までを実行し、"
        yield f"終わったら、同じ場所を shirube ingest … --vectors {path.parent} で取り込んでください。"
        yield "一覧には文書の文がそのまま入っています。文書と同じように扱ってください。"
    yield from _remarks(plan.skipped, plan.warnings)


def _remarks(skipped: Iterable[Skipped], warnings: Iterable[str]) -> Iterator[str]:
    for one in skipped:
        yield f"とばしました: {one.source}: {one.message} {one.hint}".rstrip()
    for warning in warnings:
        yield f"注意: {warning}"


def document_lines(documents: Sequence[DocumentRecord], *, n_passages: int, index_dir: str) -> Iterator[str]:
    """What is indexed: each document's title, publisher, years, file and warnings."""
    yield f"索引 {index_dir}: {len(documents)} 文書、{n_passages} 箇所"
    for record in documents:
        years = "、".join(f"{year}年度" for year in record.fiscal_years)
        about = " ／ ".join(part for part in (record.publisher, years) if part)
        yield f"- {clean(record.title)}" + (f"（{clean(about)}）" if about else "")
        yield f"    {record.path}  {record.n_chars:,} 字  id {record.id}"
        for warning in record.warnings:
            yield f"    注意: {warning}"


def _hit_path(hit: Hit, documents: Documents, places: Places) -> str:
    passage = hit.passage
    page = places.page(passage.document_id, passage.page, passage.body.spans())
    return _path(documents[passage.document_id], passage.section, page)


def _path(record: DocumentRecord, section: Sequence[str], page: PageName | None) -> str:
    """Title › section › page, short enough for a line or two."""
    title = _title(record)
    section = page.without_own(section) if page is not None else section
    inner = [_cut_middle(_one_line(name), NAME_CHARS) for name in section if name != record.title]
    last = [clean(page.in_words(JAPANESE))] if page is not None else []
    left_out: list[str] = []
    while len(inner) > 1 and len(" › ".join([title, *left_out, *inner, *last])) > PATH_CHARS:
        left_out = ["…"]
        inner = inner[1:]
    return " › ".join([title, *left_out, *inner, *last])


def _title(record: DocumentRecord) -> str:
    """The title; where only the file's name is known, who issued the document and for which year besides."""
    name = PurePosixPath(record.source)
    if record.title != name.stem:
        return _cut_middle(_one_line(record.title), NAME_CHARS)
    years = [f"{year}年度" for year in record.fiscal_years[:2]]
    about = " ".join(part for part in (record.publisher, *years) if part)
    return clean(name.name) + (f"（{clean(about)}）" if about else "")


def _between(kind: BlockKind | None) -> str:
    return CELLS if kind is BlockKind.TABLE_ROW else LINES


def _columns(headers: Sequence[str]) -> str:
    """The headers of a row's columns, those of a table of which the first have none without these."""
    named = [_one_line(header) for header in headers]
    first = next((n for n, name in enumerate(named) if name), len(named))
    return CELLS.join(_cut_middle(name or "（名前なし）", NAME_CHARS) for name in named[first:])


def _preview(hit: Hit, chars: int) -> str:
    return _cut(_one_line(hit.passage.text, _between(hit.passage.kind)), chars)


def _one_line(text: str, between: str = LINES) -> str:
    return _joined(_clean_lines(text), between)


def _clean_lines(text: str) -> str:
    return "\n".join(clean(line) for line in text.split("\n"))


def _joined(text: str, between: str) -> str:
    lines = (BLANKS.sub(" ", line).strip() for line in text.split("\n"))
    return between.join(line for line in lines if line)


def _cut(text: str, chars: int) -> str:
    return text if len(text) <= chars else f"{text[:chars]}…"


def _cut_middle(text: str, chars: int) -> str:
    return text if len(text) <= chars else f"{text[: chars * 2 // 3]}…{text[-(chars // 3) :]}"
