from __future__ import annotations

import codecs
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.decode import LEVEL_ONE, decode
from ingest.errors import ReadError

ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp932", "euc_jp", "iso2022_jp")
SENTENCE = "窓口の受付は、令和３年度から午前９時です。"
HALF_WIDTH_WORDS = ("ﾌﾘｶﾞﾅ", "ｾﾝﾀｰ", "ﾄｳｷｮｳ", "ﾔﾏﾀﾞ", "ﾀﾛｳ", "ｼﾌﾞﾔｸ", "ﾊﾟﾝﾌﾚｯﾄ")

words = st.one_of(
    st.text(st.characters(min_codepoint=0x3042, max_codepoint=0x3093), min_size=1, max_size=6),
    st.text(st.sampled_from(LEVEL_ONE), min_size=1, max_size=4),
    st.text(st.characters(min_codepoint=0x30A2, max_codepoint=0x30F3), min_size=2, max_size=6),
    st.sampled_from(HALF_WIDTH_WORDS),
    st.sampled_from(
        [
            "２０２１年度",
            "A4",
            "100,000",
            "http://www.example.jp/",
            "①",
            "（",
            "）。",
            "、",
            "\r\n",
            "\t",
            " ",
        ]
    ),
)
japanese = st.lists(words, min_size=1, max_size=12).map("".join)


@given(text=japanese, encoding=st.sampled_from(ENCODINGS))
def test_decode_gives_the_text_back_or_refuses_it(text: str, encoding: str) -> None:
    try:
        data = text.encode(encoding)
    except UnicodeEncodeError:
        return
    try:
        decoded = decode(data)
    except ReadError:
        return
    assert decoded.text == text


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_decode_reads_one_short_line(encoding: str) -> None:
    assert decode(SENTENCE.encode(encoding)).text == SENTENCE


@pytest.mark.parametrize("encoding", ["cp932", "utf-8", "utf-16"])
@pytest.mark.parametrize("text", ["ﾌﾘｶﾞﾅ,ﾄｳｷｮｳﾄ ｼﾌﾞﾔｸ\r\n", "氏名,ﾌﾘｶﾞﾅ\n山田太郎,ﾔﾏﾀﾞﾀﾛｳ\n", "髙橋①㈱"])
def test_decode_reads_half_width_kana_and_machine_kanji(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding)).text == text


def test_decode_reads_circled_numbers_in_euc_jp() -> None:
    text = "①受付の時間は九時からです。"
    assert decode(text.encode("euc_jis_2004")).text == text


def test_decode_keeps_newlines_and_names_the_encoding() -> None:
    decoded = decode("一行目です。\r\n二行目です。\r三行目です。\n".encode("cp932"))
    assert (decoded.text, decoded.encoding) == ("一行目です。\r\n二行目です。\r三行目です。\n", "cp932")


def test_decode_of_nothing_is_empty() -> None:
    assert decode(b"").text == ""


def test_decode_looks_beyond_a_long_ascii_head() -> None:
    text = "body { color: black }\n" * 20_000 + SENTENCE * 3 + "x" * 300_000
    assert decode(text.encode("cp932")).text == text


def test_decode_refuses_what_two_encodings_explain() -> None:
    with pytest.raises(ReadError, match="一つに決められません"):
        decode("ｱｲｳｴ".encode("cp932"))  # four bytes that are two kanji in EUC-JP


def test_declared_encoding_settles_a_tie_only() -> None:
    data = "ｱｲｳｴ".encode("cp932")
    assert decode(data, declared="Shift_JIS").text == "ｱｲｳｴ"
    assert decode(SENTENCE.encode(), declared="Shift_JIS").text == SENTENCE


@pytest.mark.parametrize(
    "data",
    [
        random.Random(1).randbytes(4000),
        b"\x7fELF\x02\x01\x01\x00" + bytes(300),
        bytes(range(256)) * 4,
        b"\x01\x02\x03\x04\x05plain words\x06\x07\x08" * 20,
    ],
)
def test_decode_refuses_binary(data: bytes) -> None:
    with pytest.raises(ReadError, match="文字"):
        decode(data)


@pytest.mark.parametrize(
    "data",
    [
        "中文文本，这是中文。".encode("gbk"),
        "한국어 텍스트입니다 그리고 더 많은 내용이 있습니다 안녕하세요 반갑습니다".encode("euc_kr"),
        "繁體中文測試文字檔案內容".encode("big5"),
        "Café crème à la carte, déjà vu".encode("latin-1"),
    ],
    ids=["gbk", "euc-kr", "big5", "latin-1"],
)
def test_decode_refuses_other_languages_encodings(data: bytes) -> None:
    with pytest.raises(ReadError):
        decode(data)


@pytest.mark.parametrize("saved_as", ["utf-8", "utf-16", "cp932"])
def test_decode_refuses_utf8_that_was_read_as_shift_jis(saved_as: str) -> None:
    garbled = SENTENCE.encode().decode("cp932", "ignore")
    with pytest.raises(ReadError, match="文字化け"):
        decode(garbled.encode(saved_as))


@pytest.mark.parametrize("encoding", ["utf-8", "cp932", "euc_jp"])
def test_decode_refuses_japanese_that_was_read_as_latin(encoding: str) -> None:
    garbled = SENTENCE.encode(encoding).decode("cp1252", "replace")
    with pytest.raises(ReadError, match=r"文字化け|失われて"):
        decode(garbled.encode())


def test_decode_refuses_replacement_characters() -> None:
    with pytest.raises(ReadError, match="失われて"):
        decode("\ufffd\ufffd年度の\ufffd\ufffd計画".encode())


def test_decode_accepts_european_utf8() -> None:
    text = "Déjà vu: le château à Orléans, crème brûlée."
    assert decode(text.encode()).text == text


def test_decode_refuses_a_byte_order_mark_that_lies() -> None:
    with pytest.raises(ReadError, match="utf-8"):
        decode(codecs.BOM_UTF8 + SENTENCE.encode("cp932"))
