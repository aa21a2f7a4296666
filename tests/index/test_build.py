from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from index.build import IngestOptions, IngestReport, ingest, remove
from index.generation import FOLDER
from index.lock import WriterLock
from index.pipeline import Progress, Stage
from ingest.catalog import FILE_NAME, Catalog
from ingest.errors import (
    CatalogError,
    DiskFullError,
    EmbedderError,
    IndexMismatchError,
    IndexMissingError,
    LockedError,
    ReadError,
)
from tests.index.small_pipeline import (
    DigestEmbedder,
    find,
    open_store,
    read,
    run_ingest,
    small_pipeline,
    texts_in,
    write_files,
)

TEXTS = {"休暇.txt": "年次休暇は20日。\n病気休暇は別に定める。\n", "sub/旅費.txt": "旅費は実費を支給する。\n"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_files(tmp_path / "文書", TEXTS)


@pytest.fixture
def index_dir(tmp_path: Path) -> Path:
    return tmp_path / "索引"


def generations(index_dir: Path) -> list[str]:
    return sorted(path.name for path in (index_dir / FOLDER).iterdir())


def test_first_ingest_adds_every_file(folder: Path, index_dir: Path) -> None:
    report = run_ingest(folder, index_dir=index_dir)
    assert report == IngestReport(
        added=("sub/旅費.txt", "休暇.txt"),
        changed=(),
        unchanged=(),
        removed=(),
        skipped=(),
        warnings=(),
        n_documents=2,
        n_passages=3,
        n_embedded=6,
        generation=1,
    )
    assert texts_in(index_dir) == TEXTS


def test_nothing_changed_writes_nothing_and_leaves_the_embedder_alone(folder: Path, index_dir: Path) -> None:
    run_ingest(folder, index_dir=index_dir)
    os.utime(folder / "休暇.txt", (1, 1))  # another time, the same content
    embedder = DigestEmbedder()
    report = run_ingest(folder, index_dir=index_dir, embedder=embedder)
    assert sorted(report.unchanged) == sorted(TEXTS)
    assert (report.added, report.changed, report.removed, report.n_embedded) == ((), (), (), 0)
    assert report.generation == 1
    assert generations(index_dir) == ["000001"]
    assert embedder.embedded == []


def test_changed_content_is_found_although_size_and_time_are_the_same(folder: Path, index_dir: Path) -> None:
    file = folder / "休暇.txt"
    run_ingest(folder, index_dir=index_dir)
    before = file.stat()
    write_files(folder, {"休暇.txt": TEXTS["休暇.txt"].replace("20", "15")})
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
    embedder = DigestEmbedder()
    report = run_ingest(folder, index_dir=index_dir, embedder=embedder)
    assert (report.changed, report.unchanged, report.generation) == (("休暇.txt",), ("sub/旅費.txt",), 2)
    assert sorted(embedder.embedded) == ["休暇\n年次休暇は15日。", "年次休暇は15日。"]  # only what is new
    assert texts_in(index_dir)["休暇.txt"] == "年次休暇は15日。\n病気休暇は別に定める。\n"


def test_deleted_file_disappears_unless_missing_ones_are_kept(folder: Path, index_dir: Path) -> None:
    run_ingest(folder, index_dir=index_dir)
    (folder / "休暇.txt").unlink()
    report = run_ingest(folder, index_dir=index_dir, options=IngestOptions(keep_missing=True))
    assert (report.removed, report.generation) == ((), 1)
    report = run_ingest(folder, index_dir=index_dir)
    assert report.removed == ("休暇.txt",)
    assert texts_in(index_dir) == {"sub/旅費.txt": TEXTS["sub/旅費.txt"]}
    with Catalog.open(index_dir / FILE_NAME) as catalog:
        assert catalog.statistics().n_vectors == 2


def test_other_folders_stay(folder: Path, index_dir: Path, tmp_path: Path) -> None:
    other = write_files(tmp_path / "別", {"a.txt": "別の文書。\n"})
    run_ingest(folder, index_dir=index_dir)
    run_ingest(other, index_dir=index_dir)
    (other / "a.txt").unlink()
    report = run_ingest(other, index_dir=index_dir)
    assert report.removed == ("a.txt",)
    assert any(str(other) in warning for warning in report.warnings)  # an empty folder is worth a word
    assert texts_in(index_dir) == TEXTS


def test_missing_folder_is_an_error_and_wipes_nothing(folder: Path, index_dir: Path) -> None:
    run_ingest(folder, index_dir=index_dir)
    shutil.rmtree(folder)
    with pytest.raises(ReadError, match="文書"):
        run_ingest(folder, index_dir=index_dir)
    assert texts_in(index_dir) == TEXTS


def test_file_in_a_folder_that_cannot_be_listed_stays(folder: Path, index_dir: Path) -> None:
    run_ingest(folder, index_dir=index_dir)
    shutil.rmtree(folder / "sub")
    (folder / "sub.closed").mkdir()

    def find_closed(path: Path) -> Iterator[object]:
        for item in find(path):
            yield replace(item, source="sub") if item.source == "sub.closed" else item

    pipeline = replace(small_pipeline(), find=find_closed)
    report = run_ingest(folder, index_dir=index_dir, pipeline=pipeline)
    assert report.removed == ()
    assert [skipped.source for skipped in report.skipped] == ["sub"]
    assert any("sub/旅費.txt" in warning for warning in report.warnings)
    assert texts_in(index_dir) == TEXTS


def test_file_that_cannot_be_read_now_keeps_its_old_version(folder: Path, index_dir: Path) -> None:
    run_ingest(folder, index_dir=index_dir)
    (folder / "休暇.txt").write_bytes(b"\xff\xfe\xff")
    write_files(folder, {"新.txt": "新しい。\n"})
    report = run_ingest(folder, index_dir=index_dir)
    assert report.added == ("新.txt",)
    (skipped,) = report.skipped
    assert (skipped.source, skipped.message) == ("休暇.txt", "文字コードが分かりません。")
    assert any("休暇.txt" in warning for warning in report.warnings)
    assert texts_in(index_dir) == {**TEXTS, "新.txt": "新しい。\n"}
    write_files(folder, {"休暇.txt": "直った。\n"})
    assert run_ingest(folder, index_dir=index_dir).changed == ("休暇.txt",)


def test_file_that_vanishes_between_finding_and_reading_is_reported(folder: Path, index_dir: Path) -> None:
    def read_late(found: object) -> object:
        found.path.unlink()  # type: ignore[attr-defined]
        return read(found)  # type: ignore[arg-type]

    report = run_ingest(folder, index_dir=index_dir, pipeline=replace(small_pipeline(), read=read_late))
    assert report.n_documents == 0
    assert {skipped.message for skipped in report.skipped} == {
        "読もうとしたときには、ファイルがなくなっていました。"
    }
    with open_store(index_dir) as store:
        assert store.documents() == []


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="file modes are POSIX")
def test_file_without_permission_is_reported(folder: Path, index_dir: Path) -> None:
    (folder / "休暇.txt").chmod(0)
    if os.access(folder / "休暇.txt", os.R_OK):
        pytest.skip("this user may read everything")
    report = run_ingest(folder, index_dir=index_dir)
    assert [(s.source, s.message) for s in report.skipped] == [
        ("休暇.txt", "ファイルを読む権限がありません。")
    ]


def test_warnings_of_documents_are_passed_on(folder: Path, index_dir: Path) -> None:
    write_files(folder, {"化け.txt": "〓の規則。\n"})
    assert run_ingest(folder, index_dir=index_dir).warnings == ("化け.txt: 文字化けがあります。",)


def test_single_file_is_added_and_removes_nothing(folder: Path, index_dir: Path) -> None:
    run_ingest(folder, index_dir=index_dir)
    (folder / "sub" / "旅費.txt").unlink()
    write_files(folder, {"新.txt": "新しい。\n"})
    report = run_ingest(folder / "新.txt", index_dir=index_dir)
    assert (report.added, report.removed) == (("新.txt",), ())
    assert set(texts_in(index_dir)) == {*TEXTS, "新.txt"}
    assert run_ingest(folder, index_dir=index_dir).removed == ("sub/旅費.txt",)


def test_file_reached_through_two_folders_is_one_document(folder: Path, index_dir: Path) -> None:
    run_ingest(folder, folder / "sub", index_dir=index_dir)
    assert set(texts_in(index_dir)) == set(TEXTS)
    run_ingest(folder / "sub", index_dir=index_dir)
    assert set(texts_in(index_dir)) == {"休暇.txt", "旅費.txt"}
    run_ingest(folder, index_dir=index_dir)
    assert texts_in(index_dir) == TEXTS


def test_index_among_the_documents_is_not_ingested(folder: Path) -> None:
    index_dir = folder / "索引"
    write_files(index_dir, {"覚え書き.txt": "索引の中。\n"})
    for _ in range(2):
        report = run_ingest(folder, index_dir=index_dir)
        assert (report.n_documents, report.skipped, report.removed) == (2, (), ())


def test_rebuild_reads_everything_again_without_embedding_again(folder: Path, index_dir: Path) -> None:
    run_ingest(folder, index_dir=index_dir)
    embedder = DigestEmbedder()
    ingested = ingest(
        [],
        index_dir=index_dir,
        embedder=embedder,
        pipeline=small_pipeline(),
        options=IngestOptions(rebuild=True),
    )
    assert sorted(ingested.changed) == sorted(TEXTS)
    assert (ingested.generation, embedder.embedded) == (2, [])
    assert texts_in(index_dir) == TEXTS


def test_no_path_and_nothing_ingested_before_is_told(index_dir: Path) -> None:
    with pytest.raises(IndexMissingError):
        run_ingest(index_dir=index_dir)


@pytest.mark.parametrize("damage", [b"no database" * 500, None])
def test_rebuild_starts_afresh_when_the_catalog_is_damaged(
    folder: Path, index_dir: Path, damage: bytes | None
) -> None:
    write_files(folder, {"長い.txt": "".join(f"第{n}条 これを定める。\n" for n in range(2000))})
    run_ingest(folder, index_dir=index_dir)
    catalog = index_dir / FILE_NAME
    data = catalog.read_bytes()
    catalog.write_bytes(damage or data[:8192] + b"\xff" * 40_000 + data[48_192:])
    with pytest.raises(IndexMismatchError):
        ingest(
            [],
            index_dir=index_dir,
            embedder=DigestEmbedder(),
            pipeline=small_pipeline(),
            options=IngestOptions(rebuild=True),
        )
    report = run_ingest(folder, index_dir=index_dir, options=IngestOptions(rebuild=True))
    assert len(report.added) == 3
    assert set(texts_in(index_dir)) == {*TEXTS, "長い.txt"}


def test_another_embedder_embeds_everything_once(folder: Path, index_dir: Path) -> None:
    run_ingest(folder, index_dir=index_dir)
    other = DigestEmbedder("other/1", dim=4)
    report = run_ingest(folder, index_dir=index_dir, embedder=other)
    assert (len(report.unchanged), report.n_embedded, report.generation) == (2, 6, 2)
    with open_store(index_dir, "other/1") as store:
        assert store.dense.dim == 4
    with pytest.raises(IndexMismatchError):
        open_store(index_dir)
    back = DigestEmbedder()
    assert run_ingest(folder, index_dir=index_dir, embedder=back).generation == 3
    assert back.embedded == []  # the vectors of texts that are still there were kept


def test_another_pipeline_makes_all_documents_again_even_of_folders_that_are_gone(
    folder: Path, index_dir: Path, tmp_path: Path
) -> None:
    other = write_files(tmp_path / "別", {"a.txt": "別の文書。\n"})
    run_ingest(folder, other, index_dir=index_dir)
    shutil.rmtree(other)
    newer = replace(
        small_pipeline("small/2"),
        lexical_fields=lambda p: {"body": [*p.text, "新方式"]},
        analyser="characters/2",
    )
    report = run_ingest(folder, index_dir=index_dir, pipeline=newer)
    assert sorted(report.changed) == sorted(TEXTS)
    with open_store(index_dir, analyser="characters/2") as store:
        assert len(store.lexical.search({"body": ["新方式"]}, boosts={}, k=9)) == 4
        assert {record.source for record in store.documents()} == {*TEXTS, "a.txt"}
    assert run_ingest(folder, index_dir=index_dir, pipeline=newer).generation == report.generation


def test_what_a_document_depends_on_besides_its_file_makes_it_read_again(
    folder: Path, index_dir: Path
) -> None:
    titles = {"休暇.txt": "第一版"}
    pipeline = replace(small_pipeline(), read_signature=lambda found: titles.get(found.source, ""))
    run_ingest(folder, index_dir=index_dir, pipeline=pipeline)
    assert run_ingest(folder, index_dir=index_dir, pipeline=pipeline).changed == ()
    titles["休暇.txt"] = "第二版"
    assert run_ingest(folder, index_dir=index_dir, pipeline=pipeline).changed == ("休暇.txt",)


def test_damaged_generation_is_built_again_from_the_catalog(folder: Path, index_dir: Path) -> None:
    run_ingest(folder, index_dir=index_dir)
    shutil.rmtree(index_dir / FOLDER)
    embedder = DigestEmbedder()
    report = run_ingest(folder, index_dir=index_dir, embedder=embedder)
    assert len(report.unchanged) == 2
    assert embedder.embedded == []
    assert texts_in(index_dir) == TEXTS


def test_only_the_current_and_the_previous_generation_are_kept(folder: Path, index_dir: Path) -> None:
    for n in range(4):
        write_files(folder, {"休暇.txt": f"版{n}\n"})
        run_ingest(folder, index_dir=index_dir)
    assert generations(index_dir) == ["000004"]


def test_remove_takes_documents_out_by_source_or_id(folder: Path, index_dir: Path) -> None:
    run_ingest(folder, index_dir=index_dir)
    with open_store(index_dir) as store:
        travel = next(record.id for record in store.documents() if record.source == "sub/旅費.txt")
    embedder = DigestEmbedder()

    def take(*names: str) -> IngestReport:
        return remove(names, index_dir=index_dir, embedder=embedder, pipeline=small_pipeline())

    report = take("休暇.txt", "なし.txt")
    assert (report.removed, report.unchanged) == (("休暇.txt",), ("sub/旅費.txt",))
    assert [skipped.source for skipped in report.skipped] == ["なし.txt"]
    assert set(texts_in(index_dir)) == {"sub/旅費.txt"}
    assert take(travel).removed == ("sub/旅費.txt",)
    assert take("なし.txt").generation == 3
    assert embedder.embedded == []
    with open_store(index_dir) as store:
        assert store.documents() == []


def test_remove_from_nothing_is_told_and_makes_no_folder(index_dir: Path) -> None:
    with pytest.raises(IndexMissingError):
        remove(["a"], index_dir=index_dir, embedder=DigestEmbedder(), pipeline=small_pipeline())
    assert not index_dir.exists()


@pytest.mark.parametrize("stage", list(Stage))
def test_interrupt_at_any_stage_leaves_the_old_state(folder: Path, index_dir: Path, stage: Stage) -> None:
    run_ingest(folder, index_dir=index_dir)
    write_files(folder, {"休暇.txt": "改めた。\n"})

    def interrupt(progress: Progress) -> None:
        if progress.stage is stage and progress.done:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_ingest(folder, index_dir=index_dir, on_progress=interrupt)
    assert texts_in(index_dir) == TEXTS
    assert generations(index_dir) == ["000001"]
    assert run_ingest(folder, index_dir=index_dir).changed == ("休暇.txt",)


def test_interrupted_embedding_goes_on_where_it_stopped(folder: Path, index_dir: Path) -> None:
    class Failing(DigestEmbedder):
        def embed_passages_in_batches(
            self, texts: list[str]
        ) -> Iterator[tuple[list[int], NDArray[np.float32]]]:
            for n in reversed(range(len(texts))):
                if len(self.embedded) == 4:
                    raise EmbedderError("止まりました。")
                yield [n], self.embed_passages([texts[n]])

    first = Failing()
    with pytest.raises(EmbedderError):
        run_ingest(folder, index_dir=index_dir, embedder=first)
    second = DigestEmbedder()
    assert run_ingest(folder, index_dir=index_dir, embedder=second).n_embedded == 2
    assert len(first.embedded) == 4
    assert not set(first.embedded) & set(second.embedded)
    assert texts_in(index_dir) == TEXTS


def test_embedder_that_gives_nonsense_is_refused(folder: Path, index_dir: Path) -> None:
    class Broken(DigestEmbedder):
        def embed_passages(self, texts: object) -> NDArray[np.float32]:
            return np.full((len(texts), self.dim), np.nan, dtype=np.float32)  # type: ignore[arg-type]

    with pytest.raises(EmbedderError):
        run_ingest(folder, index_dir=index_dir, embedder=Broken())
    with pytest.raises(IndexMissingError):
        open_store(index_dir)


def test_progress_counts_up_in_every_stage(folder: Path, index_dir: Path) -> None:
    told: list[Progress] = []
    run_ingest(folder, index_dir=index_dir, on_progress=told.append)
    for stage in Stage:
        done = [progress.done for progress in told if progress.stage is stage]
        assert done == sorted(done)
        assert done[-1] == {Stage.FIND: 2, Stage.READ: 2, Stage.EMBED: 6, Stage.INDEX: 3}[stage]


HOLDER = """
import sys
from pathlib import Path
from index.lock import WriterLock
with WriterLock(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_second_writer_is_told_who_is_writing_and_may_go_on_when_that_one_dies(
    folder: Path, index_dir: Path
) -> None:
    run_ingest(folder, index_dir=index_dir)
    write_files(folder, {"休暇.txt": "改めた。\n"})
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(index_dir)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
    )
    assert holder.stdin
    assert holder.stdout
    with holder:
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(LockedError, match=f"プロセス {holder.pid}、") as caught:
            run_ingest(folder, index_dir=index_dir)
        assert caught.value.retryable
        assert texts_in(index_dir) == TEXTS  # reading goes on
        holder.kill()
        holder.wait()
        holder.stdin.close()
    assert run_ingest(folder, index_dir=index_dir).changed == ("休暇.txt",)


def test_lock_is_free_again_after_an_error(index_dir: Path) -> None:
    def fail() -> None:
        with WriterLock(index_dir):
            with pytest.raises(LockedError, match=str(os.getpid())), WriterLock(index_dir):
                pass
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    with WriterLock(index_dir):
        pass


def test_index_folder_that_cannot_be_written_is_told(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(CatalogError, match="file"):
        run_ingest(folder, index_dir=tmp_path / "file" / "索引")


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 3 MB, mounted for the test."""
    mount, unmount = shutil.which("mount"), shutil.which("umount")
    if not mount or not unmount:
        pytest.skip("no mount command here")
    disk = tmp_path / "disk"
    disk.mkdir()
    options = [mount, "-t", "tmpfs", "-o", "size=3m", "tmpfs", str(disk)]
    if subprocess.run(options, capture_output=True, check=False).returncode:
        pytest.skip("mounting is not permitted here")
    try:
        yield disk
    finally:
        subprocess.run([unmount, str(disk)], check=True)


def fill_up(disk: Path, leave: int) -> Path:
    """Take all but about `leave` bytes of the disk."""
    ballast = disk / "ballast"
    size = max(0, shutil.disk_usage(disk).free - leave)
    with contextlib.suppress(OSError), ballast.open("wb", buffering=0) as file:
        file.write(b"\0" * size)
    return ballast


@pytest.mark.parametrize("leave", [0, 20_000, 100_000, 300_000, 600_000, 900_000])
def test_full_disk_keeps_the_old_state(folder: Path, small_disk: Path, leave: int) -> None:
    index_dir = small_disk / "索引"
    run_ingest(folder, index_dir=index_dir)
    ballast = fill_up(small_disk, leave)
    more = {"休暇.txt": "".join(f"第{n}条 職員は、別に定めるところによる。\n" for n in range(3000))}
    write_files(folder, more)
    with pytest.raises(DiskFullError) as caught:
        run_ingest(folder, index_dir=index_dir)
    assert "空き容量" in caught.value.message
    assert texts_in(index_dir) == TEXTS
    ballast.unlink()
    write_files(folder, {"休暇.txt": "短い。\n"})
    run_ingest(folder, index_dir=index_dir)
    assert texts_in(index_dir) == {**TEXTS, "休暇.txt": "短い。\n"}
