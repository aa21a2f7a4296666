"""Progress bars with rate and remaining time, on stderr and only on a terminal."""

from __future__ import annotations

import sys
from types import TracebackType
from typing import Any, Self

from index.pipeline import Progress, Stage
from ui.terminal import clean

LABELS = {
    Stage.FIND: ("ファイルを探す", "件"),
    Stage.READ: ("読む", "件"),
    Stage.EMBED: ("ベクトルにする", "文"),
    Stage.INDEX: ("索引を作る", "箇所"),
}


class ProgressBars:
    """One bar per stage, one after another; silent where stderr is no terminal."""

    def __init__(self) -> None:
        self._shown = sys.stderr.isatty()
        self._stage: Stage | None = None
        self._bar: Any = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._close()

    def __call__(self, progress: Progress) -> None:
        """Show how far a stage is."""
        if not self._shown:
            return
        if progress.stage is not self._stage:
            self._open(progress)
        self._bar.total = progress.total
        self._bar.n = progress.done
        self._bar.set_postfix_str(clean(progress.item), refresh=False)
        self._bar.refresh()

    def _open(self, progress: Progress) -> None:
        from tqdm import tqdm

        self._close()
        label, unit = LABELS[progress.stage]
        self._stage = progress.stage
        self._bar = tqdm(desc=label, unit=unit, total=progress.total, file=sys.stderr, leave=False)

    def _close(self) -> None:
        if self._bar is not None:
            self._bar.close()
        self._bar, self._stage = None, None
