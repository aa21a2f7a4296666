"""Citations: from a quote of a hit to the exact ranges of the original."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

from assistant.answer import Citation
from assistant.citable import CitableStretches
from assistant.stretch import Quote
from ingest.document_record import DocumentRecord
from ingest.traced import Traced


def shared(quotes: Sequence[Quote]) -> tuple[list[Quote], list[int]]:
    """What is to be cited for some quotes, and for each quote the place of its citation among them.

    Quotes of one passage whose citations touch share one that holds both, if it can be looked up. The first,
    the answer line, keeps its own: the very line lights up, not the paragraph around it.
    """
    groups: list[list[int]] = []
    cited: list[Quote] = []
    for n, quote in enumerate(quotes):
        start, end = quote.cited
        if quote.beside:
            cited.append(quote)
            groups.append([n])
            continue
        for group, other in enumerate(cited[1:], start=1):
            low, high = min(start, other.start), max(end, other.end)
            same = quote.hit.passage.id == other.hit.passage.id
            near = same and not other.beside and start <= other.end + 1 and other.start <= end + 1
            held = [*(quotes[m] for m in groups[group]), quote]
            if near and _can_share(held, low, high):
                cited[group] = Quote(quote.hit, low, high)
                groups[group].append(n)
                break
        else:
            cited.append(Quote(quote.hit, start, end))
            groups.append([n])
    places = {n: place for place, group in enumerate(groups) for n in group}
    return cited, [places[n] for n in range(len(quotes))]


def _can_share(quotes: Sequence[Quote], start: int, end: int) -> bool:
    citable = CitableStretches(quotes[0].hit.passage)
    if not citable.allow(start, end):
        return False
    return all(citable.keep_numbers((quote.start, quote.end), (start, end)) for quote in quotes)


def cite(quote: Quote, documents: Mapping[str, DocumentRecord], *, marker: int) -> Citation:
    """The citation of a quote; its ranges were fixed when the document was read.

    Args:
        quote: What is to be cited, whole.
        documents: Records by document id; must hold the quote's.
        marker: 1-based number under which it is shown.
    """
    passage = quote.hit.passage
    body = in_original_order(
        Traced.joined([passage.body[start:end].strip() for start, end in quote.pieces], "\n")
    )
    document = documents[passage.document_id]
    return Citation(
        marker=marker,
        passage_id=passage.id,
        document_id=passage.document_id,
        source=document.source,
        title=document.title,
        section=passage.section,
        page=passage.page,
        quote=body.text,
        spans=body.spans(),
        remark=passage.remark,
    )


def in_original_order(body: Traced) -> Traced:
    """The lines of a quote as they follow each other in the original, none twice.

    They differ from the reading order only where a merged table cell, which stands in the row above or
    in the column before, is read as part of each row and column that it covers.
    """
    spans = body.spans()
    if all(first.end <= second.start for first, second in pairwise(spans)):
        return body
    edges = [0, *(at + 1 for at, char in enumerate(body.text) if char == "\n"), len(body) + 1]
    lines = [body[start : end - 1].strip() for start, end in pairwise(edges)]
    by_place = {line.spans(): line for line in sorted(lines, key=lambda line: line.start) if line}
    return Traced.joined(by_place.values(), "\n")
