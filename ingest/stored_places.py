"""How pages and locators are written into the catalog: columns of numbers, compressed."""

from __future__ import annotations

import zlib
from array import array
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ingest.locator import WHOLE, Locator, Page, PageKind
from ingest.stored import COMPRESSION, decode_json, encode_json
from ingest.traced import Span

HEAD = np.dtype(
    [("start", "<u4"), ("end", "<u4"), ("page", "<u4"), ("flags", "u1"), ("edges", "<u4"), ("box", "<u2", 4)]
)
HAS_BOX, IS_VERTICAL = 1, 2
COUNT = np.dtype("<u4")
EDGE = np.dtype("<u2")


def encode_pages(pages: Sequence[Page]) -> bytes:
    """The pages of one document."""
    return encode_json(
        [
            [p.number, p.span.start, p.span.end, p.kind.value, p.label, p.name, p.width, p.height]
            for p in pages
        ]
    )


def decode_pages(data: bytes) -> tuple[Page, ...]:
    """What `encode_pages` wrote, read back."""
    return tuple(
        Page(number, Span(start, end), PageKind(kind), label, name, width, height)
        for number, start, end, kind, label, name, width, height in decode_json(data)
    )


def encode_locators(locators: Sequence[Locator]) -> bytes:
    """The locators of one document: their heads, the differences of all edges, the names of cells."""
    heads = np.zeros(len(locators), dtype=HEAD)
    edges = array("H")
    for head, locator in zip(heads, locators, strict=True):
        head["start"], head["end"], head["page"] = locator.span.start, locator.span.end, locator.page
        head["flags"] = HAS_BOX * (locator.box is not None) + IS_VERTICAL * locator.is_vertical
        head["edges"] = len(locator.edges)
        if locator.box is not None:
            head["box"] = [min(WHOLE, max(0, round(share * WHOLE))) for share in locator.box]
        edges.extend(locator.edges)
    steps = np.diff(np.frombuffer(edges, dtype=np.uint16), prepend=np.uint16(0)).astype(EDGE)
    sizes = np.array([len(locators), len(steps)], dtype=COUNT)
    cells = encode_json([locator.cell for locator in locators] if any(x.cell for x in locators) else [])
    return zlib.compress(sizes.tobytes() + heads.tobytes() + steps.tobytes() + cells, COMPRESSION)


def decode_locators(data: bytes) -> tuple[Locator, ...]:
    """What `encode_locators` wrote, read back."""
    raw = zlib.decompress(data)
    n, n_edges = (int(size) for size in np.frombuffer(raw, dtype=COUNT, count=2))
    at = 2 * COUNT.itemsize
    heads = np.frombuffer(raw, dtype=HEAD, count=n, offset=at)
    at += n * HEAD.itemsize
    steps: NDArray[np.uint16] = np.frombuffer(raw, dtype=EDGE, count=n_edges, offset=at)
    edges = array("H", np.cumsum(steps, dtype=np.uint16).tobytes())
    cells = decode_json(raw[at + n_edges * EDGE.itemsize :]) or [""] * n
    out: list[Locator] = []
    done = 0
    for (start, end, page, flags, size, box), cell in zip(heads.tolist(), cells, strict=True):
        shares = tuple(share / WHOLE for share in box) if flags & HAS_BOX else None
        part = edges[done : done + size]
        out.append(Locator(Span(start, end), page, shares, part, bool(flags & IS_VERTICAL), cell))
        done += size
    return tuple(out)
