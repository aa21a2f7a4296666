"""Write the office files of sample/ anew: `python -m tests.make_samples.write`. The same bytes every time."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tests.make_samples import docx_sample, eml_sample, odt_sample, pptx_sample, xlsx_sample

SAMPLE = Path(__file__).parents[2] / "sample"
MAKERS: dict[str, Callable[[], bytes]] = {
    maker.NAME: maker.make for maker in (docx_sample, xlsx_sample, pptx_sample, odt_sample, eml_sample)
}


def main() -> None:
    """Write them all."""
    for name, make in MAKERS.items():
        (SAMPLE / name).write_bytes(make())


if __name__ == "__main__":
    main()
