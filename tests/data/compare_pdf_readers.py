"""Time and memory of PDF readers on the same files, each run in a process of its own, one after another.

    python tests/data/compare_pdf_readers.py OTHER_PYTHON FILE…

OTHER_PYTHON is an interpreter with pdfplumber, pypdf and markitdown[pdf], which this project does not need.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
MEASURED = """
import json, resource, sys, time
path = sys.argv[1]
{imports}
base, cpu, wall = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time(), time.monotonic()
{work}
cpu, wall = time.process_time() - cpu, time.monotonic() - wall
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(json.dumps(dict(cpu_s=round(cpu, 2), wall_s=round(wall, 2), peak_mb=peak // 1024, n_chars=n)))
"""
OURS = {
    "shirube, all": (
        "from pathlib import Path\nfrom ingest.content import ReadOptions\nfrom ingest.readers.pdf import read_pdf",
        "n = len(read_pdf(Path(path).read_bytes(), ReadOptions()).text)",
    ),
    "shirube, lines only": (
        "import pypdfium2\nfrom ingest.readers.pdf_page import read_layout",
        "document = pypdfium2.PdfDocument(path)\nn = 0\n"
        "for page in document:\n"
        "    found = read_layout(page, with_tables=False).elements\n"
        "    n += sum(len(s.text) for line in found for s in line.segments)\n"
        "    page.close()",
    ),
}
OTHERS = {
    "pdfplumber, text and tables": (
        "import pdfplumber",
        "n = 0\nfor page in pdfplumber.open(path).pages:\n"
        "    n += len(page.extract_text()); page.extract_tables(); page.close()",
    ),
    "pdfplumber, text": (
        "import pdfplumber",
        "n = 0\nfor page in pdfplumber.open(path).pages:\n    n += len(page.extract_text()); page.close()",
    ),
    "pypdf": ("import pypdf", "n = sum(len(page.extract_text()) for page in pypdf.PdfReader(path).pages)"),
    "markitdown": ("from markitdown import MarkItDown", "n = len(MarkItDown().convert(path).text_content)"),
}


def measure(python: str, imports: str, work: str, path: str) -> dict[str, float] | str:
    """What one reader took for one file, or the last line of its failure."""
    code = MEASURED.format(imports=imports, work=work)
    run = subprocess.run(
        [python, "-c", code, path], cwd=ROOT, capture_output=True, text=True, check=False, timeout=1800
    )
    if run.returncode:
        return run.stderr.strip().splitlines()[-1][:90]
    found: dict[str, float] = json.loads(run.stdout)
    return found


def main(other: str, paths: list[str]) -> None:
    """Print one line for each file and reader."""
    for path in paths:
        for python, readers in ((sys.executable, OURS), (other, OTHERS)):
            for name, (imports, work) in readers.items():
                print(Path(path).name, name, measure(python, imports, work, path), sep=" | ", flush=True)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
