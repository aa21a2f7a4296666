"""Bytes to text: the encodings of Japanese office files, refused rather than guessed wrong.

Detectors were tried on short Japanese lines: charset-normalizer 3.5.2 reads 東京都庁第一本庁舎 in EUC-JP as
Korean and 髙橋①㈱ in UTF-8 as Johab; chardet 7.7.0 reads half-width kana in Shift_JIS as Cyrillic. Both
always answer. So every encoding is decoded strictly here, each reading is judged as Japanese, and a
file with two sound readings is refused.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from ingest.errors import ReadError

BOMS = (  # UTF-32 first: its little-endian mark begins with UTF-16's
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
GUESSED = ("utf-8", "cp932", "euc_jp", "utf-16-le", "utf-16-be")
FALLBACKS = {"euc_jp": "euc_jis_2004", "iso2022_jp": "iso2022_jp_ext"}  # ①㈱ in EUC; half-width kana in JIS
DECLARED = {
    "shift_jis": "cp932",
    "x-sjis": "cp932",
    "sjis": "cp932",
    "windows-31j": "cp932",
    "euc-jp": "euc_jp",
}
ENOUGH_UTF8 = 6  # so many continuation bytes in the right places do not come about by chance
SAMPLE = 50_000  # characters beyond ASCII judged at each end of a reading


def _rows(encoding: str, *rows: int) -> str:
    """The characters of rows of JIS X 0208, by their EUC lead byte."""
    return "".join(
        bytes((row, cell)).decode(encoding, "ignore") for row in rows for cell in range(0xA1, 0xFF)
    )


LEVEL_ONE = _rows("euc_jp", *range(0xB0, 0xD0))  # the 2965 everyday kanji
SIGNS = _rows("euc_jis_2004", 0xA1, 0xA2, 0xA3, 0xA6, 0xA8, 0xAD)
KANA = re.compile(r"[ぁ-ゖァ-ヺー]")
COMMON = re.compile(f"[ぁ-ゖァ-ヺー々〆{re.escape(LEVEL_ONE + SIGNS)}～－―∥￢￡￠]")
KANJI = re.compile(r"[㐀-鿿豈-﫿]")
HALF_WIDTH = re.compile(r"[｡-ﾟ]")
ODD_HALF_WIDTH = re.compile(
    r"(?<![ｳｶ-ﾄﾊ-ﾎ])ﾞ|(?<![ﾊ-ﾎ])ﾟ"  # voicing without its letter
    r"|(?<![ｦ-ﾟ])[ｧ-ｯｰ]"  # a small letter or a long mark that begins a word
    r"|(?<=[｡､･][ｦ-ﾟ])[｡､･]|(?<=[｡､･])[｡､]"  # punctuation around one letter, as EUC-JP kana look
    r"|(?<![｡-ﾟ])[｡､](?=[｡-ﾟ])"
    r"|(?<=[㐀-鿿])[｡-ﾟ](?=[㐀-鿿]|$)"  # one letter between kanji
)
NOT_ASCII = re.compile(r"[^\x00-\x7f]")
ASCII_RUN = re.compile(r"[\x00-\x7f\s]+")
CONTROL = re.compile("[\x00-\x08\x0e-\x19\x1b-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff]")
PRIVATE = re.compile("[\ue000-\uf8ff\U000f0000-\U0010ffff]")
MOJIBAKE = re.compile(
    "[縺繧繝]"  # UTF-8 read as Shift_JIS: the lead bytes of kana
    "|[㐀-鿿][｡-ﾟ](?=[㐀-鿿])"  # the same, kanji
)
GARBLED = "文字化けした文章です（別の文字コードで開いて保存し直したものと思われます）。"
BINARY = "文字のファイルではありません（バイナリの内容です）。"
ESCAPES = (b"\x1b$@", b"\x1b$B", b"\x1b(J", b"\x1b(I", b"\x1b$(D")


@dataclass(frozen=True, slots=True)
class Decoded:
    """A file's text, newlines untouched and without byte order mark, and the Python name of its encoding."""

    text: str
    encoding: str


def decode(data: bytes, *, declared: str | None = None) -> Decoded:
    """Read bytes as Japanese text; empty bytes are empty text.

    A byte order mark decides. Else each encoding is tried strictly; the only sound reading wins.

    Args:
        data: The whole file.
        declared: What the file says of itself (`<meta charset>`): it settles a tie, it proves nothing.

    Raises:
        ReadError: If the bytes are binary, already garbled, in no encoding known here, or sound in two.
    """
    for mark, encoding in BOMS:
        if data.startswith(mark):
            text = _strictly(data[len(mark) :], encoding)
            if text is None:
                raise ReadError(f"{encoding} の印が付いていますが、その文字コードでは読めません。")
            return _checked(Decoded(text, encoding))
    if any(escape in data for escape in ESCAPES):
        text = _strictly(data, "iso2022_jp")
        if text is not None and not CONTROL.search(text):
            return _checked(Decoded(text, "iso2022_jp"))
    return _checked(_guessed(data, declared))


def _guessed(data: bytes, declared: str | None) -> Decoded:
    """The reading without a byte order mark."""
    utf8 = _strictly(data, "utf-8")
    if utf8 is not None and not _is_binary(utf8):
        trailing = len(data) - len(utf8)
        if trailing >= ENOUGH_UTF8 or (trailing == 0 and len(data) % 2):  # odd ASCII cannot be UTF-16
            return Decoded(utf8, "utf-8")
    readings = {name: text for name in GUESSED if (text := _reading(data, name)) is not None}
    sound = {name: text for name, text in readings.items() if _is_sound(text, name)}
    if len(set(sound.values())) == 1:
        name, text = next(iter(sound.items()))
        return Decoded(text, name)
    wanted = _declared_name(declared)
    if wanted in readings:
        return Decoded(readings[wanted], wanted)
    if sound:
        raise ReadError("文字コードを一つに決められません。何通りにも読めるため、誤って読むのを避けました。")
    if "utf-8" in readings:
        return Decoded(readings["utf-8"], "utf-8")
    if _is_garbled(_strictly(data, "cp932") or ""):
        raise ReadError(GARBLED)
    if readings or not _looks_binary(data):
        raise ReadError(
            "日本語として読める文字コードがありません（UTF-8、UTF-16、Shift_JIS、EUC-JP、JIS で試しました）。"
        )
    raise ReadError(BINARY)


def _strictly(data: bytes, encoding: str) -> str | None:
    for name in (encoding, FALLBACKS.get(encoding)):
        if name is not None:
            try:
                return data.decode(name)
            except UnicodeDecodeError:
                continue
    return None


def _reading(data: bytes, encoding: str) -> str | None:
    """The text if it decodes and holds nothing that no text holds."""
    text = _strictly(data, encoding)
    if text is None or (encoding == "utf-8" and _is_binary(text)):
        return None
    return None if encoding != "utf-8" and (CONTROL.search(text) or PRIVATE.search(text)) else text


def _is_sound(text: str, encoding: str) -> bool:
    """Whether three quarters of what is not ASCII are everyday Japanese.

    A longer EUC-JP reading must hold kana besides: Chinese and Korean files in the same
    structure decode to common kanji without any.
    """
    sample = _beyond_ascii(text)
    foreign = len(NOT_ASCII.findall(sample))
    half = len(HALF_WIDTH.findall(sample))
    odd = len(ODD_HALF_WIDTH.findall(sample)) + abs(sample.count("｢") - sample.count("｣"))
    if encoding == "euc_jp" and len(KANJI.findall(sample)) >= 20 and not KANA.search(sample):
        return False
    if odd * 25 >= half and half * 4 > foreign:
        return False
    return (len(COMMON.findall(sample)) + half - odd) * 4 >= foreign * 3


def _beyond_ascii(text: str) -> str:
    """Both ends of the text, each run of ASCII and white space being one blank."""
    dense = ASCII_RUN.sub(" ", text)
    return dense if len(dense) <= 2 * SAMPLE else dense[:SAMPLE] + " " + dense[-SAMPLE:]


def _declared_name(declared: str | None) -> str:
    name = (declared or "").strip().lower()
    return DECLARED.get(name, name)


def _is_binary(text: str) -> bool:
    """Whether control characters are more than the odd slip of a PDF extraction."""
    controls = len(CONTROL.findall(text))
    return "\0" in text or (controls > 2 and controls * 100 > len(text))


def _looks_binary(data: bytes) -> bool:
    head = data[: 1 << 16]
    return b"\0" in head or sum(head.count(byte) for byte in range(1, 9)) * 100 > len(head)


def _checked(decoded: Decoded) -> Decoded:
    """The same, unless it is text that was garbled before it was saved."""
    text = decoded.text
    if _is_garbled(text) or _was_read_as_latin(text):
        raise ReadError(GARBLED)
    if _is_binary(text):
        raise ReadError(BINARY)
    sample = _beyond_ascii(text)
    foreign = len(NOT_ASCII.findall(sample))
    if sample.count("\ufffd") * 50 >= max(foreign, 1):
        raise ReadError("保存される前に文字が失われています（置換文字「\ufffd」が並んでいます）。")
    return decoded


def _is_garbled(text: str) -> bool:
    """Whether it has the letters that UTF-8 shows when it is read as Shift_JIS."""
    sample = _beyond_ascii(text)
    return len(MOJIBAKE.findall(sample)) >= max(3, len(NOT_ASCII.findall(sample)) // 10)


def _was_read_as_latin(text: str) -> bool:
    """Whether the text turns into sound Japanese when its Latin letters are taken for bytes."""
    head = text[:2000].replace("\ufffd", "")
    latin = len(NOT_ASCII.findall(head))
    if latin < 4 or latin * 4 < len(head.replace(" ", "")):  # no European language has so many accents
        return False
    data = b"".join(c.encode("cp1252", "ignore") or c.encode("latin-1", "ignore") for c in head)
    if len(data) < len(head):
        return False
    return any(
        NOT_ASCII.search(reading) and _is_sound(reading, name)
        for name in ("utf-8", "cp932", "euc_jp")
        for reading in (data.decode(name, "ignore"),)
    )
