"""Broken files: seeds that are cut, bit-flipped, nested, and given huge numbers, the same ones for the same seed."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

from tests.make_samples.odf_small import presentation, spreadsheet

ROOT = Path(__file__).parents[2]
SAMPLE, DATA = ROOT / "sample", ROOT / "tests" / "ingest" / "data"
MAX_SEED = 120_000  # bytes: none has more than three pages
UNREAD = ("", ".jsonl", ".toml", ".json")
MAX_NESTED = 400_000  # bytes of what is opened
MAX_LONG_TEXT = 8_000  # of a text seed, whose first pages are enough
HUGE = (
    b"4294967295",
    b"2147483647",
    b"999999999999999999999",
    b"-1",
    b"0",
    b"1e308",
    b"NaN",
    b"18446744073709551616",
)
EDGES = (
    b"\xff\xff\xff\xff",
    b"\x00\x00\x00\x00",
    b"\x7f\xff\xff\xff",
    b"\xff\xff\xff\x7f",
    b"\xfe\xff\xff\xff",
)
NUMBER = re.compile(rb"(?<=[\s\"'>/=(\[])-?\d+(?=[\s\"'<>/)\]])")
TAG = re.compile(rb"<[A-Za-z][^<>]{0,200}>")
BOMB = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>'
MINIMAL_PDF = (
    b"%PDF-1.4\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n2 0 obj\n<</Type/Pages/Kids[3 0 R]/Count 1>>\nendobj\n"
    b"3 0 obj\n<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 200]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>\nendobj\n"
    b"4 0 obj\n<</Length 46>>\nstream\nBT /F 18 Tf 20 100 Td (Shiomi City 2024) Tj ET\n\nendstream\nendobj\n"
    b"5 0 obj\n<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>\nendobj\ntrailer\n<</Root 1 0 R/Size 6>>\n%%EOF\n"
)

Mutator = Callable[[bytes, Random], bytes]


@dataclass(frozen=True, slots=True)
class Mutant:
    """A broken file: its name says seed, way and number."""

    name: str
    suffix: str
    data: bytes


def seeds() -> dict[str, bytes]:
    """One or a few small files of every format that is read."""
    found = {
        path.name: path.read_bytes()
        for folder in (SAMPLE, DATA)
        for path in sorted(folder.rglob("*"))
        if path.suffix not in UNREAD and path.is_file() and path.stat().st_size <= MAX_SEED
    }
    for name in [name for name in found if name.endswith((".txt", ".md", ".csv", ".tsv", ".html"))]:
        found[name] = found[name][:MAX_LONG_TEXT]
    return {**found, "small.ods": spreadsheet(), "small.odp": presentation(), "small.pdf": MINIMAL_PDF}


def mutants(n: int, *, seed: int = 0) -> Iterator[Mutant]:
    """So many broken files, formats by turns."""
    by_suffix: dict[str, list[tuple[str, bytes]]] = {}
    for name, data in seeds().items():
        by_suffix.setdefault(Path(name).suffix, []).append((name, data))
    suffixes = sorted(by_suffix)
    for number in range(n):
        random = Random(f"{seed}:{number}")
        suffix = suffixes[number % len(suffixes)]
        name, data = random.choice(by_suffix[suffix])
        ways = [*RAW, *(INNER if data.startswith(b"PK") else TEXTUAL)]
        way = random.choice(ways)
        data = way(data, random)
        if random.random() < 0.2:
            way_again = random.choice(RAW)
            data = way_again(data, random)
        yield Mutant(f"{number}-{way.__name__}-{name}", suffix, data)


def cut(data: bytes, random: Random) -> bytes:
    """Cut off, at the end or at the start."""
    at = random.randrange(len(data) + 1)
    return data[:at] if random.random() < 0.8 else data[at:]


def flip(data: bytes, random: Random) -> bytes:
    """A few bits flipped, most of them near one place."""
    out = bytearray(data)
    start = random.randrange(len(out) or 1)
    for _ in range(random.choice((1, 3, 30, 300))):
        at = (
            (start + random.randrange(2000)) % len(out)
            if random.random() < 0.7
            else random.randrange(len(out))
        )
        out[at] ^= 1 << random.randrange(8)
    return bytes(out)


def huge_words(data: bytes, random: Random) -> bytes:
    """Four bytes of a header made as large, or as small, as they can be."""
    out = bytearray(data)
    for _ in range(random.choice((1, 2, 8))):
        near_end = random.random() < 0.4
        at = (
            max(len(out) - random.randrange(1, 400), 0) if near_end else random.randrange(min(len(out), 1200))
        )
        out[at : at + 4] = random.choice(EDGES)
    return bytes(out)


def repeat(data: bytes, random: Random) -> bytes:
    """A stretch of it repeated many times."""
    start = random.randrange(len(data) or 1)
    part = data[start : start + random.choice((1, 16, 500))]
    return data[:start] + part * random.choice((2, 100, 600)) + data[start:]


def huge_numbers(data: bytes, random: Random) -> bytes:
    """Numbers that are written in it made huge."""
    places = list(NUMBER.finditer(data))
    out = data
    for found in sorted(
        random.sample(places, min(len(places), random.choice((1, 3, 20)))), key=lambda m: -m.start()
    ):
        out = out[: found.start()] + random.choice(HUGE) + out[found.end() :]
    return out


def nest(data: bytes, random: Random) -> bytes:
    """A tag, a bracket or a part of a mail opened over and over."""
    tags = TAG.findall(data)
    opened = (
        random.choice(tags) if tags else random.choice((b"[", b"<<", b"(", b'"', b"> ", b"- ", b"**", b"|"))
    )
    at = random.randrange(len(data) + 1)
    closed = b""
    if tags and random.random() < 0.5:
        name = re.match(rb"<([^\s/>]+)", opened)
        closed = b"</" + (name[1] if name else b"p") + b">"
    times = min(random.choice((50, 240, 2000, 60_000)), MAX_NESTED // len(opened))
    return data[:at] + opened * times + closed * times + data[at:]


def declare(data: bytes, random: Random) -> bytes:
    """Entities that grow, declared and used."""
    end = data.find(b"?>") + 2 if data.startswith(b"<?xml") else 0
    body = data[end:]
    at = body.find(b">", random.randrange(len(body) or 1)) + 1
    return data[:end] + BOMB + body[:at] + b"&c;" * random.choice((1, 50)) + body[at:]


def _inside(way: Mutator) -> Mutator:
    def mutated(data: bytes, random: Random) -> bytes:
        parts = _parts(data)
        name = random.choice(sorted(parts))
        return _packed({**parts, name: way(parts[name] or b" ", random)})

    mutated.__name__ = f"inner_{way.__name__}"
    return mutated


def lose_part(data: bytes, random: Random) -> bytes:
    """One part left out."""
    parts = _parts(data)
    del parts[random.choice(sorted(parts))]
    return _packed(parts)


def swap_parts(data: bytes, random: Random) -> bytes:
    """Two parts in each other's place."""
    parts = _parts(data)
    one, other = random.choice(sorted(parts)), random.choice(sorted(parts))
    return _packed({**parts, one: parts[other], other: parts[one]})


def blow_up(data: bytes, random: Random) -> bytes:
    """A part of many megabytes that compresses to next to nothing."""
    parts = _parts(data)
    name = random.choice(sorted(parts))
    tags = TAG.findall(parts[name]) or [b"<a>"]
    at = random.randrange(len(parts[name]) + 1)
    stuff = random.choice((b" ", b"\xe3\x81\x82", random.choice(tags))) * random.choice((200_000, 2_000_000))
    return _packed({**parts, name: parts[name][:at] + stuff + parts[name][at:]})


def _parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _packed(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=zlib.Z_BEST_SPEED) as archive:
        for name, data in parts.items():
            archive.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()


RAW: Sequence[Mutator] = (cut, flip, huge_words, repeat)
TEXTUAL: Sequence[Mutator] = (huge_numbers, nest, declare)
INNER: Sequence[Mutator] = (
    *(_inside(way) for way in (cut, flip, repeat, huge_numbers, huge_numbers, nest, nest, declare)),
    *(lose_part, swap_parts, blow_up),
)
