"""The child of `ui/reader_process.py`: reads the files that it is told, within its share of memory.

Requests are one JSON object a line on standard input. Each answer stands behind its length: `d` with the
document, or `e` with the name of an error and its message.
"""

from __future__ import annotations

import json
import os
import sys

from ingest.errors import ShirubeError
from ingest.files import Found
from ingest.stored_whole import LENGTH, encode_document
from ui.pipeline import build_pipeline
from ui.reader_process import path_of
from ui.settings import Settings


def main() -> int:
    """Read until there is no more."""
    settings = Settings.model_validate_json(sys.argv[1])
    pipe = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a library prints goes nowhere
    pipeline = build_pipeline(settings)
    _limit(settings.max_read_memory_mb, may_write=settings.ocr != "off")
    for line in sys.stdin.buffer:
        request = json.loads(line)
        found = Found(path_of(request["path"]), path_of(request["root"]), request["source"])
        try:
            answer = b"d" + encode_document(pipeline.read(found))
        except (ShirubeError, OSError, MemoryError, RecursionError) as error:
            answer = b"e" + json.dumps(_told(error)).encode()
        pipe.write(LENGTH.pack(len(answer)) + answer)
        pipe.flush()
    return 0


def _told(error: Exception) -> tuple[str, str]:
    match error:
        case ShirubeError():
            return type(error).__name__, error.message
        case MemoryError():
            return "MemoryError", ""
        case RecursionError():
            return "TooLargeError", "入れ子が深すぎます。"
    return (
        "ReadError",
        f"ファイルを読めません（{getattr(error, 'strerror', None) or type(error).__name__}）。",
    )


def _limit(memory_mb: int, *, may_write: bool) -> None:
    """Let the system refuse more memory than is meant for one file; only OCR may write, for its pictures."""
    try:
        import resource
    except ImportError:  # Windows knows no such limits
        return
    resource.setrlimit(resource.RLIMIT_AS, (memory_mb * 1_000_000,) * 2)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if not may_write:
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


if __name__ == "__main__":
    sys.exit(main())
