"""The original as read, with the quoted ranges marked by the server.

The browser never searches for text: every range was fixed when the document was read.
"""

from __future__ import annotations

from collections.abc import Sequence

from assistant.visible import Range, marked
from ingest.traced import Span

GAP_CHARS = 400  # unmarked text between two quoted ranges that is shown whole


def render_source(text: str, spans: Sequence[Span], context_chars: int) -> str:
    """The original as read around the quoted ranges, which are in `<mark>`.

    What lies far between two ranges is left out and shown as `<span class="cut">`. Without ranges, the
    beginning of the text.

    Args:
        text: `Document.text`.
        spans: Ranges of it, ascending, none overlapping.
        context_chars: Code points shown before the first range and after the last, at most; cut at a
            line's beginning or end where there is one.
    """
    cut = '<span class="cut">…</span>'
    windows = _windows(text, spans, context_chars)
    parts = [cut if windows[0][0] > 0 else ""]
    for n, (start, end) in enumerate(windows):
        inside = [(max(s.start, start) - start, min(s.end, end) - start) for s in spans]
        parts += [cut if n else "", marked(text[start:end], inside)]
    parts.append(cut if windows[-1][1] < len(text) else "")
    return f'<pre class="as-read">{"".join(parts)}</pre>'


def _windows(text: str, spans: Sequence[Span], context_chars: int) -> list[Range]:
    """Ranges of the text to show, ascending, at least one."""
    if not spans:
        return [(0, _line_end(text, 0, min(len(text), 2 * context_chars)))]
    windows: list[list[int]] = []
    for span in spans:
        if windows and span.start - windows[-1][1] <= GAP_CHARS:
            windows[-1][1] = span.end
        else:
            windows.append([span.start, span.end])
    around = [context_chars if n in (0, len(windows)) else GAP_CHARS // 4 for n in range(len(windows) + 1)]
    return [
        (_line_start(text, max(0, start - around[n]), start), _line_end(text, end, end + around[n + 1]))
        for n, (start, end) in enumerate(windows)
    ]


def _line_start(text: str, low: int, high: int) -> int:
    found = text.find("\n", max(low - 1, 0), high) if low else -1
    return low if found < 0 else found + 1


def _line_end(text: str, low: int, high: int) -> int:
    found = text.rfind("\n", low, high) if high < len(text) else -1
    return min(high, len(text)) if found < 0 else found
