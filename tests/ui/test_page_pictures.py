"""Pictures of pages, boxes on them, and the view of what was read, over a running server."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pypdfium2 as pdfium
import pytest
from PIL import Image
from starlette.testclient import TestClient

from tests.ui.served import ingest_into, serving, settings_of, with_users

SAMPLE = Path(__file__).parents[2] / "sample"
QUESTION = "子ども食堂を開く団体への補助金は一回いくらですか。"
STYLE = re.compile(r'class="box" style="left:([\d.]+)%;top:([\d.]+)%;width:([\d.]+)%;height:([\d.]+)%"')


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("画像")
    docs = place / "docs"
    docs.mkdir()
    shutil.copy(SAMPLE / "pdf" / "koho_shiomi.pdf", docs)
    shutil.copy(SAMPLE / "yogoshu.txt", docs)
    ingest_into(settings_of(place), docs)
    return place


@pytest.fixture
def client(folder: Path) -> Iterator[TestClient]:
    with serving(settings_of(folder), with_page=True) as opened:
        yield opened


def document_id(client: TestClient, source: str) -> str:
    documents = client.get("/api/documents").json()["documents"]
    return str(next(document["id"] for document in documents if document["source"] == source))


def cited(client: TestClient) -> dict[str, Any]:
    answer = client.post("/api/ask", json={"question": QUESTION}).json()
    return next(c for c in answer["citations"] if "八千円" in c["quote"])


def test_a_cited_place_lights_up_on_its_page(client: TestClient, folder: Path) -> None:
    citation = cited(client)
    spans = ",".join(f"{start}-{end}" for start, end in citation["spans"])
    page = client.get(f"/source/{citation['document_id']}?spans={spans}").text
    address = re.search(r'<img src="(/page/[^"]+)"', page)
    assert address
    picture = client.get(address[1])
    assert picture.headers["content-type"] == "image/png"
    width, height = Image.open(BytesIO(picture.content)).size
    assert 1000 <= width <= 1200 <= height
    boxes = [tuple(float(x) / 100 for x in found) for found in STYLE.findall(page)]
    assert boxes
    source = pdfium.PdfDocument(folder / "docs" / "koho_shiomi.pdf")
    text_page = source[0].get_textpage()
    across, down = source[0].get_size()
    lit = "".join(
        text_page.get_text_bounded(
            left * across - 1,
            down - (top + high) * down - 1,
            (left + wide) * across + 1,
            down - top * down + 1,
        )
        for left, top, wide, high in boxes
    )
    source.close()
    assert set("".join(citation["quote"].split())) <= set(lit)


def test_the_panel_of_the_page_shows_pictures_under_the_content_security_policy(client: TestClient) -> None:
    page = client.get(f"/source/{document_id(client, 'koho_shiomi.pdf')}?spans=0-5")
    assert "img-src 'self'" in page.headers["content-security-policy"]
    assert 'src="/page/' in page.text


def test_documents_without_pages_have_no_picture(client: TestClient) -> None:
    identity = document_id(client, "yogoshu.txt")
    assert "<img" not in client.get(f"/source/{identity}?spans=0-5").text
    assert client.get(f"/page/{identity}/1.png").status_code == 404


@pytest.mark.parametrize("path", ["0000000000000000/1.png", "..%2F..%2Fetc/1.png"])
def test_only_pages_of_ingested_documents_are_drawn(client: TestClient, path: str) -> None:
    assert client.get(f"/page/{path}").status_code == 404


def test_pages_that_do_not_exist_are_not_found(client: TestClient) -> None:
    identity = document_id(client, "koho_shiomi.pdf")
    assert [client.get(f"/page/{identity}/{n}.png").status_code for n in (0, 2)] == [404, 404]
    assert client.get(f"/page/{identity}/x.png").status_code == 422


def test_a_file_that_was_changed_is_not_drawn(tmp_path: Path) -> None:
    docs = tmp_path / "docs"
    docs.mkdir()
    shutil.copy(SAMPLE / "pdf" / "koho_shiomi.pdf", docs)
    ingest_into(settings_of(tmp_path), docs)
    shutil.copy(SAMPLE / "pdf" / "toshokan_kisoku.pdf", docs / "koho_shiomi.pdf")
    with serving(settings_of(tmp_path), with_page=True) as client:
        assert client.get(f"/page/{document_id(client, 'koho_shiomi.pdf')}/1.png").status_code == 409


def test_pictures_and_what_was_read_need_a_login(folder: Path, tmp_path: Path) -> None:
    settings = settings_of(folder, users_file=with_users(tmp_path, "tanaka"))
    with serving(settings, with_page=True) as stranger:
        for path in ("/page/0000000000000000/1.png", "/inspect/0000000000000000"):
            assert stranger.get(path).status_code in (303, 401)


def test_what_was_read_shows_pages_blocks_and_tables(client: TestClient) -> None:
    page = client.get(f"/inspect/{document_id(client, 'koho_shiomi.pdf')}")
    assert page.status_code == 200
    assert 'src="/page/' in page.text
    assert 'class="box heading"' in page.text
    assert page.text.index("浜の清掃に三百人") < page.text.index("橋の架け替えが完了")
    assert "検索しない" in page.text


def test_what_was_read_of_a_text_is_its_blocks(client: TestClient) -> None:
    page = client.get(f"/inspect/{document_id(client, 'yogoshu.txt')}?lang=en")
    assert "<img" not in page.text
    assert '<article class="heading">' in page.text
    assert client.get("/inspect/0000000000000000").status_code == 404
