from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
from mcp.client import Client
from mcp.client.streamable_http import streamable_http_client
from mcp.server.mcpserver.exceptions import ToolError

from ingest.read import read as read_file
from tests.ui.served import QUESTION, ingest_into, listening, settings_of, with_users, write_documents
from ui.accounts import Scope
from ui.mcp import READ_CHARS, read
from ui.users import Users


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("mcp")
    ingest_into(settings_of(folder), write_documents(folder / "documents"))
    with_users(folder, "tanaka")
    return folder


@pytest.fixture(scope="module")
def address(folder: Path) -> Iterator[str]:
    with listening(settings_of(folder, users_file=folder / "users.toml")) as address:
        yield address


def call(
    address: str, folder: Path, *calls: tuple[str, dict[str, Any]], scopes: tuple[Scope, ...]
) -> list[Any]:
    """What the real client hears from the tools; the list of tools first."""
    token = Users(folder / "users.toml").issue_token("tanaka", scopes, days=1)

    async def run() -> list[Any]:
        headers = {"authorization": f"Bearer {token}"}
        async with (
            httpx2.AsyncClient(headers=headers) as http,
            Client(streamable_http_client(f"{address}/mcp", http_client=http)) as client,
        ):
            heard: list[Any] = [await client.list_tools()]
            for name, arguments in calls:
                heard.append(await client.call_tool(name, arguments))
            return heard

    return asyncio.run(run())


def content(result: Any) -> dict[str, Any]:
    assert not result.is_error, result.content
    told: dict[str, Any] = json.loads(result.content[0].text)
    return told


def test_tools_ask_search_and_read_sections(address: str, folder: Path) -> None:
    tools, asked, found = call(
        address, folder, ("ask", {"question": QUESTION}), ("search", {"query": "本", "k": 1}),
        scopes=(Scope.ASK, Scope.SEARCH),
    )  # fmt: skip
    assert {tool.name for tool in tools.tools} == {"ask", "search", "read_section"}
    citation = content(asked)["citations"][0]
    assert citation["source"] == "rooms.md"
    hit = content(found)["hits"][0]
    assert hit["source"] == "books.md"
    read_back = call(
        address, folder,
        ("read_section", {"document_id": citation["document_id"], "section": citation["section"]}),
        ("read_section", {"document_id": hit["document_id"]}), scopes=(Scope.SEARCH,),
    )[1:]  # fmt: skip
    assert "総務課へ申し込む。" in content(read_back[0])["text"]
    assert "午後九時" not in content(read_back[0])["text"]
    assert content(read_back[1])["text"] == "図書室\n本は二週間借りられる。延長は一回だけできる。"


def test_tool_beyond_the_scope_and_wrong_arguments_are_told(address: str, folder: Path) -> None:
    _, asked, unknown, section = call(
        address, folder, ("ask", {"question": QUESTION}), ("read_section", {"document_id": "x"}),
        ("search", {"query": ""}), scopes=(Scope.SEARCH,),
    )  # fmt: skip
    assert asked.is_error
    assert "ask の権限" in asked.content[0].text
    assert unknown.is_error
    assert "その文書はありません" in unknown.content[0].text
    assert section.is_error


def test_nothing_without_a_token(address: str) -> None:
    answer = httpx2.post(f"{address}/mcp", json={"jsonrpc": "2.0", "id": 1, "method": "tools/list"})
    assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")


def test_long_section_is_read_in_parts(tmp_path: Path) -> None:
    path = tmp_path / "long.md"
    path.write_text("# 長い章\n\n" + "あいうえお。" * 5000 + "\n", encoding="utf-8")
    document = read_file(path, root=tmp_path)
    parts, start = [], 0
    while start is not None:
        part = read(document, ("長い章",), start=start)
        assert len(part["text"]) <= READ_CHARS
        parts.append(part["text"])
        start = part["next_start"]
    assert "".join(parts) == "長い章\n" + "あいうえお。" * 5000
    assert len(parts) == 2
    with pytest.raises(ToolError, match="章節はありません"):
        read(document, ("無い章",))
