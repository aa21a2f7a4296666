"""A folder of an invented city that never rests, and a journal of what each of its files said when."""

from __future__ import annotations

import os
import random
import re
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

PLACES = (
    "海浜公園", "市民体育館", "中央図書室", "港の会議室", "丘の温水プール", "川岸球場", "駅前駐輪場", "潮風ホール",
    "松原テニスコート", "青葉集会所", "灯台資料館", "浜辺の広場", "北原保養所", "水辺の研修室", "朝市広場", "弓道場",
    "柔道場", "陶芸室", "音楽練習室", "展望台", "野鳥の家", "森の学校", "市民農園", "科学館",
)  # fmt: skip
STAFF = "人事課"  # may see what is in the folder of this name
FIRST_FILES = 40
BROKEN_EVERY = 10  # one of so many changes is a file that cannot be read
BROKEN = {".pdf": b"%PDF-1.7\nbroken", ".docx": b"PK\x03\x04broken", ".xlsx": b"PK\x03\x04broken"}
MARKS = re.compile("<[^>]*>")
DELETED, ADDED = 0.1, 0.15  # shares of the other changes


@dataclass(slots=True)
class Version:
    """What a file said, from when to when; times are `time.monotonic`."""

    text: str
    since: float
    until: float | None = None


@dataclass
class Office:
    """The folder; `change` does one thing to it."""

    folder: Path
    chance: random.Random
    versions: dict[str, dict[str, Version]] = field(default_factory=dict)  # by source, then digest
    there: dict[str, str] = field(default_factory=dict)  # digest by source
    n_changes: int = 0
    n_broken: int = 0

    def open(self) -> None:
        """Write the first files."""
        (self.folder / STAFF).mkdir(parents=True)
        declared = f'[[document]]\nfile = "{STAFF}/*"\ngroups = ["{STAFF}"]\n'
        (self.folder / "documents.toml").write_text(declared, encoding="utf-8")
        while len(self.there) < FIRST_FILES:
            self._write(self._new_name())

    def change(self) -> None:
        """Write, rewrite or delete one file, or write one that cannot be read."""
        self.n_changes += 1
        if self.n_changes % BROKEN_EVERY == 0:
            self._break()
        elif self.chance.random() < DELETED and len(self.there) > FIRST_FILES // 2:
            self._delete(self.chance.choice(sorted(self.there)))
        elif self.chance.random() < ADDED:
            self._write(self._new_name())
        else:
            self._write(self.chance.choice(sorted(self.there)))

    def question(self) -> str:
        """What somebody asks who does not know which files there are today."""
        place = self.chance.choice(PLACES)
        return self.chance.choice((
            f"{place}の利用料はいくらですか。", f"{place}の申込みは何日前までですか。",
            f"{place}の定員は何人ですか。", f"{place}は何時に閉まりますか。",
        ))  # fmt: skip

    def _new_name(self) -> str:
        place, end = self.chance.choice(PLACES), self.chance.choice((".md", ".txt", ".html", ".csv"))
        below = f"{STAFF}/" if self.chance.random() < 0.2 else ""
        return f"{below}{place}{self.chance.randrange(100)}{end}"

    def _write(self, source: str) -> None:
        text = a_text(source, self.chance)
        digest, now = sha256(text.encode()).hexdigest(), time.monotonic()
        self._end(source, now)
        self.versions.setdefault(source, {})[digest] = Version(text, now)
        self.there[source] = digest
        replace_file(self.folder / source, text.encode())

    def _delete(self, source: str) -> None:
        (self.folder / source).unlink()
        self._end(source, time.monotonic())
        del self.there[source]

    def _end(self, source: str, now: float) -> None:
        if source in self.there:
            self.versions[source][self.there[source]].until = now

    def _break(self) -> None:
        self.n_broken += 1
        end = self.chance.choice(sorted(BROKEN))
        replace_file(self.folder / f"壊れた{self.chance.randrange(5)}{end}", BROKEN[end] + os.urandom(8))


def replace_file(path: Path, content: bytes) -> None:
    """Write it so that nobody sees half of it."""
    part = path.with_name(f".{path.name}.part")
    part.write_bytes(content)
    part.replace(path)


def a_text(source: str, chance: random.Random) -> str:
    """What a file says now: no two say the same."""
    path = Path(source)
    place = path.stem.rstrip("0123456789")
    facts = {
        "利用料": f"{place}の利用料は、一回{chance.randrange(100, 9999)}円である。",
        "申込み": f"{place}の申込みは、利用日の{chance.randrange(2, 90)}日前までに窓口で受け付ける。",
        "定員": f"{place}の定員は{chance.randrange(10, 999)}人とする。",
        "時間": f"{place}は、午後{chance.randrange(1, 11)}時{chance.randrange(60)}分に閉まる。",
    }
    edition = f"この案内は第{chance.randrange(10**9)}版である。"
    if path.suffix == ".csv":
        rows = [f"{name},{fact}" for name, fact in facts.items()]
        return "\n".join(["項目,内容", *rows, f"版,{edition}"]) + "\n"
    if path.suffix == ".html":
        parts = "".join(f"<h2>{name}</h2>\n<p>{fact}</p>\n" for name, fact in facts.items())
        return f"<html><head><title>{place}の案内</title></head><body><h1>{place}の案内</h1>\n{parts}<p>{edition}</p></body></html>\n"
    head = "## " if path.suffix == ".md" else ""
    parts = "".join(f"{head}{name}\n\n{fact}\n\n" for name, fact in facts.items())
    return f"{head[1:]}{place}の案内\n\n{parts}{edition}\n"


@dataclass
class Checked:
    """What was found of the answers so far.

    Attributes:
        wrong: What must never be, in words.
        lags_s: How long before a question was asked what its answer cites had been replaced.
    """

    wrong: list[str] = field(default_factory=list)
    lags_s: list[float] = field(default_factory=list)
    n_citations: int = 0

    def check(self, answer: Mapping[str, Any], office: Office, *, asked: float, is_staff: bool) -> None:
        """Compare every place that an answer shows with the file as it was."""
        cited = [*answer["citations"], *answer["hits"]]
        self.n_citations += len(answer["citations"])
        for problem in (p for one in cited for p in self._problems(one, office, asked=asked)):
            self.wrong.append(problem)
        hidden = [one["source"] for one in cited if one["source"].startswith(STAFF)]
        if hidden and not is_staff:
            self.wrong.append(f"shown to who may not see it: {hidden}")
        if answer["status"] == "answered" and not answer["citations"]:
            self.wrong.append("an answer without a source")

    def _problems(self, one: Mapping[str, Any], office: Office, *, asked: float) -> Iterator[str]:
        version = office.versions.get(one["source"], {}).get(one["sha256"])
        if version is None:
            yield f"{one['source']} never was {one['sha256'][:12]}"
            return
        quote = squeezed(one.get("quote", one.get("text", "")))
        said = squeezed("".join(version.text[start:end] for start, end in one["spans"]))
        if one["source"].endswith(".html"):  # whose text, to which ranges refer, is without its marks
            said = quote if quote in squeezed(MARKS.sub("", version.text)) else ""
        if said != quote:
            yield f"{one['source']} does not say there: {quote!r}, but {said!r}"
        if version.until is not None and "marker" in one:
            self.lags_s.append(max(0.0, asked - version.until))


def squeezed(text: str) -> str:
    """The text without white space, which the reader may move."""
    return "".join(text.split())


def differences(office: Office, indexed: Mapping[str, str]) -> list[str]:
    """Files that the index does not have as they are, when all should be in."""
    names: Sequence[str] = sorted({*office.there, *indexed})
    return [name for name in names if office.there.get(name) != indexed.get(name)]
