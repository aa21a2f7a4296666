"""Whoever may not see a document gets what they would get if it did not exist: words, scores and counts."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from index.access import Access
from index.build import ingest
from tests.fakes import TermEmbedder
from tests.index.milvus_lite_engine import lite_engine
from tests.ui.served import PASSWORD, log_in, open_small, serving, settings_of, with_users
from ui.acting import acting, current_access
from ui.as_json import answer_json, hit_json
from ui.lines import Places
from ui.pipeline import build_pipeline
from ui.settings import Settings
from ui.users import Users

GROUPS = ("人事課", "総務課", "財政課")
SUBJECTS = ("会議室", "図書室", "駐車場", "体育館", "倉庫", "保養所")
ACTS = ("予約", "利用料", "閉館時刻", "鍵の受渡し")
ROUNDS = 8


def a_text(chance: random.Random, name: str) -> str:
    lines = [f"# {name}"]
    for subject in chance.sample(SUBJECTS, 3):
        lines.append(f"## {subject}")
        lines += [
            f"{subject}の{act}は、{name}が{chance.randrange(2, 90)}日前に定める。"
            for act in chance.sample(ACTS, 2)
        ]
        lines.append(f"合言葉は{name}{chance.randrange(10**6)}番とする。")
    return "\n\n".join(lines) + "\n"


def write_corpus(folder: Path, chance: random.Random) -> dict[str, frozenset[str]]:
    """Invented documents, each for some groups or for everybody."""
    folder.mkdir()
    allowed, entries = {}, []
    for n in range(chance.randrange(2, 7)):
        name = f"規程{n}"
        (folder / f"{name}.md").write_text(a_text(chance, name), encoding="utf-8")
        allowed[f"{name}.md"] = frozenset(chance.sample(GROUPS, chance.choice([0, 0, 1, 2])))
        if allowed[f"{name}.md"]:
            names = ", ".join(f'"{group}"' for group in sorted(allowed[f"{name}.md"]))
            entries.append(f'[[document]]\nfile = "{name}.md"\ngroups = [{names}]\n')
    (folder / "documents.toml").write_text("\n".join(entries), encoding="utf-8")
    return allowed


def ingest_files(settings: Settings, paths: Sequence[Path]) -> None:
    ingest(paths, index_dir=settings.index_dir, embedder=TermEmbedder(), pipeline=build_pipeline(settings))


def questions(chance: random.Random) -> list[str]:
    asked = [f"{chance.choice(SUBJECTS)}の{chance.choice(ACTS)}は何日前ですか。" for _ in range(4)]
    return [*asked, f"規程{chance.randrange(7)}の合言葉は何ですか。", "潜水艦の運賃はいくらですか。"]


def everything_told(settings: Settings, access: Access, asked: Sequence[str]) -> dict[str, Any]:
    """All that the index says to somebody."""
    with open_small(settings, access) as opened:
        store = opened.store
        documents = {record.id: record for record in store.documents()}
        places, answers, hits = Places(store), [], []
        for question in asked:
            answer = answer_json(opened.assistant.ask(question), documents, places)
            answers.append(
                {key: value for key, value in answer.items() if key not in ("timings_s", "fingerprint")}
            )
            hits.append(
                [hit_json(hit, documents, places) for hit in opened.retriever.retrieve(question, k=50)]
            )
        counts = store.statistics()
        return {
            "answers": answers, "hits": hits, "documents": documents, "overviews": store.overviews().keys(),
            "counts": counts, "manifest": (store.manifest.n_documents, store.manifest.n_passages, store.manifest.n_vectors),
            "lexical": store.lexical.n_passages, "dense": store.dense.n_vectors,
        }  # fmt: skip


@pytest.fixture(scope="module")
def milvus_uri(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with lite_engine(tmp_path_factory.mktemp("milvus")) as engine:
        yield engine.server.uri


@pytest.mark.parametrize("seed", range(ROUNDS))
def test_hidden_documents_change_nothing_that_is_told(tmp_path: Path, seed: int) -> None:
    check_hidden(tmp_path, seed)


@pytest.mark.parametrize("seed", range(2))
def test_hidden_documents_change_nothing_that_is_told_from_milvus(
    tmp_path: Path, milvus_uri: str, seed: int
) -> None:
    check_hidden(tmp_path, seed, engine="milvus", milvus_uri=milvus_uri)


def check_hidden(tmp_path: Path, seed: int, **engine: str) -> None:
    """What some users are told is what they would be told of an index of their documents alone."""
    chance = random.Random(seed)
    folder = tmp_path / "文書"
    allowed = write_corpus(folder, chance)
    whole = settings_of(tmp_path / "全部", **engine)
    ingest_files(whole, [folder / source for source in allowed])
    for n, groups in enumerate([(), *({*chance.sample(GROUPS, k)} for k in (1, 1, 2))]):
        seen = [source for source, wanted in allowed.items() if not wanted or wanted & set(groups)]
        if not seen:
            with open_small(whole, Access(frozenset(groups))) as opened:
                assert opened.store.documents() == []
                assert opened.retriever.retrieve("会議室", k=10) == []
            continue
        alone = settings_of(tmp_path / f"一部{n}", **engine)
        ingest_files(alone, [folder / source for source in seen])
        asked = questions(chance)
        told = everything_told(whole, Access(frozenset(groups)), asked)
        expected = everything_told(alone, Access(), asked)
        for key in told:
            assert told[key] == expected[key], key


def test_broken_declarations_show_nobody_what_they_may_have_meant_for_a_few(tmp_path: Path) -> None:
    folder, settings = tmp_path / "文書", settings_of(tmp_path)
    folder.mkdir()
    (folder / "秘密.md").write_text("# 秘密\n\n会議室は九時に開く。\n", encoding="utf-8")
    (folder / "documents.toml").write_text('[[document]]\nfile = "*"\ngroups = "人事課"\n', encoding="utf-8")
    ingest_files(settings, [folder])
    with open_small(settings, Access(frozenset(GROUPS))) as opened:
        assert opened.store.documents() == []
    with open_small(settings) as opened:
        assert [record.source for record in opened.store.documents()] == ["秘密.md"]


def test_where_nobody_is_known_to_act_only_what_is_for_everybody_is_seen() -> None:
    assert current_access() == Access(frozenset())
    with acting(None):
        assert current_access() == Access(frozenset())


SECRET = "# 人事\n\n## 内示\n\n会議室の予約の内示は、三月三日に潮見太郎が行う。\n"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    folder = tmp_path / "文書"
    folder.mkdir()
    (folder / "rooms.md").write_text(
        "# 会議室\n\n会議室の予約は、利用日の七日前までに申し込む。\n", encoding="utf-8"
    )
    (folder / "secret.md").write_text(SECRET, encoding="utf-8")
    (folder / "documents.toml").write_text(
        '[[document]]\nfile = "secret.md"\ngroups = ["人事課"]\n', encoding="utf-8"
    )
    users = Users(with_users(tmp_path, "suzuki", "admin"))
    users._cost = type(users._cost)(n=2, r=1, p=1)
    users.add("tanaka", PASSWORD, groups=["人事課"])
    settings = settings_of(tmp_path, users_file=users.path)
    ingest_files(settings, [folder])
    return settings


def all_answers(settings: Settings, name: str) -> Mapping[str, Any]:
    with serving(settings, with_page=True) as client:
        log_in(client, name)
        headers = {"origin": "http://127.0.0.1:7860"}
        asked = "会議室の予約の内示はいつ、だれが行いますか。"
        documents = client.get("/api/documents").json()
        ids = [document["id"] for document in documents["documents"]]
        return {
            "ask": client.post("/api/ask", json={"question": asked}, headers=headers).json(),
            "search": client.post("/api/search", json={"query": asked}, headers=headers).json(),
            "documents": documents,
            "health": client.get("/api/health").json(),
            "openai": client.post(
                "/v1/chat/completions", json={"model": "shirube", "messages": [{"role": "user", "content": asked}]},
                headers=headers,
            ).json(),
            "files": [client.get(f"/file/{i}").status_code for i in ids],
        }  # fmt: skip


def test_endpoints_show_a_user_only_what_their_groups_may_see(settings: Settings) -> None:
    hers, his = all_answers(settings, "tanaka"), all_answers(settings, "suzuki")
    assert "潮見太郎" in str(hers)
    assert (hers["health"]["n_documents"], his["health"]["n_documents"]) == (2, 1)
    for word in ("潮見太郎", "内示は、三月", "secret", "人事"):
        assert word not in str(his)
    assert "潮見太郎" in str(all_answers(settings, "admin"))


def test_viewer_has_no_page_for_what_a_user_may_not_see(settings: Settings) -> None:
    with open_small(settings) as opened:
        [secret] = [record.id for record in opened.store.documents() if record.source == "secret.md"]
    for name, status in (("tanaka", 200), ("suzuki", 404)):
        with serving(settings, with_page=True) as client:
            log_in(client, name)
            for address in (f"/file/{secret}", f"/inspect/{secret}", f"/source/{secret}?spans=0-3"):
                assert client.get(address).status_code == status, (name, address)
