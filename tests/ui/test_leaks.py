"""Over every way in, a user hears what they would hear if the documents they may not see did not exist."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from index.build import ingest
from index.store import Store
from ingest.tokenizer import Tokenizer
from tests.fakes import TermEmbedder
from tests.ui.everything_said import KEPT, Listener, Tried, everything_said, page_said
from tests.ui.served import (
    PASSWORD,
    QUESTION,
    context_of,
    log_in,
    serving,
    settings_of,
    with_users,
    write_documents,
)
from ui.accounts import PERSON, User
from ui.acting import acting
from ui.history import History
from ui.history_file import FILE_NAME, HistoryFile
from ui.page.keeping import found_by
from ui.passwords import PasswordCost
from ui.pipeline import build_pipeline
from ui.settings import Settings
from ui.users import Users

GROUPS = ("人事課", "総務課", "財政課")
SUBJECTS = ("会議室", "図書室", "駐車場", "体育館", "倉庫", "保養所")
ACTS = ("予約", "利用料", "閉館時刻", "鍵の受渡し")
ROUNDS = 4
Allowed = Mapping[str, frozenset[str]]


def a_text(chance: random.Random, name: str) -> str:
    """A document with a purpose, terms, headings and a mark that no other has."""
    lines = [
        f"# {name}",
        "## 目的",
        f"この規程は、{chance.choice(SUBJECTS)}の利用について定めることを目的とする。",
    ]
    for subject in chance.sample(SUBJECTS, 3):
        lines.append(f"## {subject}の利用")
        lines += [
            f"{subject}の{act}は、{name}が{chance.randrange(2, 90)}日前に定める。"
            for act in chance.sample(ACTS, 2)
        ]
        lines.append(f"「{subject}印{chance.randrange(99)}」とは、{name}が{subject}の鍵に付ける印をいう。")
    return "\n\n".join([*lines, f"合言葉は{mark_of(name)}番とする。"]) + "\n"


def mark_of(name: str) -> str:
    return f"印{int.from_bytes(name.encode()[-3:]) * 7919 % 10**6:06d}"


def write_corpus(folder: Path, chance: random.Random) -> dict[str, frozenset[str]]:
    """Invented documents, each for some groups or for everybody; the first is for everybody."""
    folder.mkdir()
    names = [f"規程{n}.md" for n in range(chance.randrange(3, 7))]
    for name in names:
        (folder / name).write_text(a_text(chance, name.removesuffix(".md")), encoding="utf-8")
    return declare(folder, {name: _some_groups(chance) for name in names} | {names[0]: frozenset()})


def declare(folder: Path, allowed: dict[str, frozenset[str]]) -> dict[str, frozenset[str]]:
    entries = [
        f'[[document]]\nfile = "{name}"\npublisher = "{name[2]}課"\nfiscal_years = [{2020 + n}]\n'
        f"groups = [{', '.join(f'{group!r}' for group in sorted(groups))}]\n"
        for n, (name, groups) in enumerate(allowed.items())
    ]
    (folder / "documents.toml").write_text("\n".join(entries).replace("groups = []\n", ""), encoding="utf-8")
    return allowed


def _some_groups(chance: random.Random) -> frozenset[str]:
    return frozenset(chance.sample(GROUPS, chance.choice([0, 1, 1, 2])))


def ingest_files(settings: Settings, paths: Sequence[Path]) -> None:
    ingest(paths, index_dir=settings.index_dir, embedder=TermEmbedder(), pipeline=build_pipeline(settings))


def ids_in(settings: Settings) -> list[str]:
    with Store.open(
        settings.index_dir, embedder_signature=TermEmbedder.signature, analyser_signature=Tokenizer.signature
    ) as store:
        return [record.id for record in store.documents()]


def with_groups(folder: Path, groups: Sequence[frozenset[str]]) -> tuple[Path, list[str]]:
    """A user file and a token of each user, named `u0`, `u1` …"""
    users = Users(folder / "users.toml", cost=PasswordCost(n=2, r=1, p=1))
    for n, some in enumerate(groups):
        users.add(f"u{n}", PASSWORD, groups=sorted(some))
    return users.path, [users.issue_token(f"u{n}", list(PERSON), days=1) for n in range(len(groups))]


def tried_by(chance: random.Random, ids: Sequence[str], settings: Settings) -> Tried:
    questions = [f"{chance.choice(SUBJECTS)}の{chance.choice(ACTS)}は何日前ですか。" for _ in range(2)]
    filters = [
        {},
        {"documents": chance.sample(ids, 2)},
        {"publishers": [f"{chance.randrange(6)}課"], "fiscal_years": []},
        {"fiscal_years": [2020 + chance.randrange(6)]},
    ]
    return Tried(
        [*questions, f"規程{chance.randrange(6)}の合言葉は何ですか。"], filters, ids, ["印", "規程"],
        str(settings.index_dir),
    )  # fmt: skip


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::pandas.errors.Pandas4Warning")  # Gradio's figures of its queue
@pytest.mark.parametrize("seed", range(ROUNDS))
def test_hidden_documents_change_nothing_that_a_server_says(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    folder = tmp_path / "文書"
    allowed = write_corpus(folder, chance)
    groups = frozenset(chance.sample(GROUPS, chance.choice([0, 1, 2])))
    users, [token] = with_groups(tmp_path, [groups])
    more = {"users_file": users, "questions_per_minute": 100_000}
    whole, alone = (settings_of(tmp_path / name, **more) for name in ("全部", "一部"))
    ingest_files(whole, [folder / name for name in allowed])
    ingest_files(alone, [folder / name for name, wanted in allowed.items() if not wanted or wanted & groups])
    said = []
    for settings in (whole, alone):
        tried = tried_by(random.Random(seed), ids_in(whole), settings)
        with serving(settings, with_page=True) as client:
            said.append(everything_said(client, "u0", token, tried))
    assert said[0].keys() == said[1].keys()
    assert {deed: heard for deed, heard in said[0].items() if heard != said[1][deed]} == {}
    assert sum("規程0" in heard for heard in said[0].values()) > 20
    assert all("500 " not in heard[:4] for heard in said[0].values())


def kept_by_page(client: TestClient, name: str, questions: Sequence[str]) -> list[str]:
    """Ask on the page; the addresses of what was kept."""
    log_in(client, name)
    listener = Listener(client, Tried(questions, [], [], []))
    return list(dict.fromkeys(KEPT.findall("".join(page_said(listener)))))


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::pandas.errors.Pandas4Warning")
@pytest.mark.parametrize("seed", range(2))
def test_what_is_taken_from_a_user_is_nowhere_any_more(tmp_path: Path, seed: int) -> None:
    chance = random.Random(100 + seed)
    folder = tmp_path / "文書"
    names = list(write_corpus(folder, chance))
    declare(folder, dict.fromkeys(names, frozenset[str]()))
    users, [token] = with_groups(tmp_path, [frozenset(GROUPS[:1])])
    settings = settings_of(tmp_path, users_file=users, questions_per_minute=100_000)
    ingest_files(settings, [folder])
    asked = [f"{subject}の{act}は何日前ですか。" for subject in SUBJECTS for act in chance.sample(ACTS, 1)]
    with serving(settings, with_page=True) as client:
        addresses = kept_by_page(client, "u0", asked)
        before = {address: client.get(address).text for address in addresses}
    taken = {name: frozenset(GROUPS[1:]) for name in chance.sample(names[1:], 2)}
    declare(folder, dict.fromkeys(names, frozenset[str]()) | taken)
    ingest_files(settings, [folder])
    words = [name.removesuffix(".md") for name in taken]
    words += [mark_of(name) for name in words]
    tried = Tried(asked[:2], [{}], ids_in(settings), words, str(settings.index_dir))
    with serving(settings, with_page=True) as client:
        said = everything_said(client, "u0", token, tried)
        said |= {f"again {address}": client.get(address).text for address in addresses}
    assert any(word in text for word in words for text in before.values())
    assert {deed: word for deed, heard in said.items() for word in words if word in heard} == {}


def test_search_of_history_tells_nothing_of_what_is_no_longer_shown(tmp_path: Path) -> None:
    folder = write_documents(tmp_path / "文書")
    settings = settings_of(tmp_path, users_file=with_users(tmp_path, "tanaka"))
    ingest_files(settings, [folder])
    context, user = context_of(settings), User("tanaka")
    with HistoryFile(settings.index_dir / FILE_NAME) as file, acting(user):
        history = History(file)
        history.add("tanaka", context.answer(QUESTION, user="tanaka"))
        found = [
            [c.title for c in found_by(context.index, history, "tanaka", query, limit=9)] for query in WORDS
        ]
        declare(folder, {"rooms.md": frozenset(GROUPS)})
        ingest_files(settings, [folder])
        context.index.refresh()
        left = [
            [c.title for c in found_by(context.index, history, "tanaka", query, limit=9)] for query in WORDS
        ]
    context.index.close()
    assert found == [[QUESTION]] * len(WORDS)
    assert left == [[QUESTION], [QUESTION], [], []]


WORDS = ("", "会議室 予約", "総務課", "会議室 七日前")  # of nothing, of the question, of the answer, of both


def test_alarms_are_for_administrators(tmp_path: Path) -> None:
    settings = settings_of(tmp_path, users_file=with_users(tmp_path, "tanaka", "admin"))
    ingest_files(settings, [write_documents(tmp_path / "文書")])
    with serving(settings) as client:
        told = {}
        for name in ("tanaka", "admin"):
            log_in(client, name)
            told[name] = client.get("/api/health").json()
    assert "alarms" not in told["tanaka"]
    assert told["admin"]["alarms"] == []
    assert told["tanaka"]["n_documents"] == told["admin"]["n_documents"] == 2
