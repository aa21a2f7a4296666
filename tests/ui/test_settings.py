from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from ingest.errors import SettingsError
from ui.settings import Settings, load_settings

EXAMPLE = Path(__file__).parents[2] / "shirube.example.toml"


def load(
    folder: Path, toml: str | None = None, flags: dict[str, object] | None = None, **environ: str
) -> Settings:
    if toml is not None:
        (folder / "shirube.toml").write_text(toml, encoding="utf-8")
    return load_settings(flags or {}, environ=environ, folder=folder)


def test_flag_outweighs_variable_outweighs_file_outweighs_default(tmp_path: Path) -> None:
    assert load(tmp_path).k == 20
    assert load(tmp_path, "k = 5").k == 5
    assert load(tmp_path, SHIRUBE_K="6").k == 6
    assert load(tmp_path, flags={"k": 7}, SHIRUBE_K="6").k == 7


def test_empty_variable_and_flag_that_is_not_given_count_for_nothing(tmp_path: Path) -> None:
    assert load(tmp_path, flags={"index_dir": None}, SHIRUBE_INDEX_DIR="").index_dir == Path(".shirube")


def test_variables_of_other_programs_do_not_matter(tmp_path: Path) -> None:
    assert load(tmp_path, PATH="/bin", SHIRUBEX="1").k == 20


@pytest.mark.parametrize(
    ("toml", "told"),
    [
        ("foo = 1", "知らない設定です: shirube.toml の foo（使えるのは index_dir、"),
        ("[ask]\nk = 1", "知らない設定です: shirube.toml の ask"),
        ('k = "多め"', "shirube.toml の k の値 '多め' は使えません。整数で書いてください。"),
        ("k = 1.5", "整数で書いてください"),
        ("k = 0", "1 以上にしてください"),
        ("max_file_mb = 100000", "100 以下にしてください"),
        ("index_dir = 5", "パスを文字列で書いてください"),
        ("embedder = 5", "文字列で書いてください"),
        ("allow_downloads = 3", "true か false で書いてください"),
        ('fusion = "best"', "'weighted_sum'、'reciprocal_rank' のどれかにしてください"),
        ("k = 5\nn_quotes = \nfusion", "2 行目の書き方に誤りがあります"),
        ("k = ", "終わりのほうの書き方に誤りがあります"),
        ("k 5", "1 行目の書き方に誤りがあります"),
    ],
)
def test_wrong_file_is_told_with_its_place(tmp_path: Path, toml: str, told: str) -> None:
    with pytest.raises(SettingsError) as error:
        load(tmp_path, toml)
    assert told in error.value.message
    assert not re.search("[a-z]{3,} [a-z]{2,} [a-z]{2,}", error.value.message)  # no English of the libraries


def test_wrong_variable_is_told_with_its_name(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="環境変数 SHIRUBE_K の値 'x' は使えません。整数で"):
        load(tmp_path, SHIRUBE_K="x")
    with pytest.raises(SettingsError, match="知らない設定です: 環境変数 SHIRUBE_FOO"):
        load(tmp_path, SHIRUBE_FOO="1")


def test_file_in_another_encoding_and_a_folder_of_its_name_are_told(tmp_path: Path) -> None:
    (tmp_path / "shirube.toml").write_bytes('index_dir = "索引"'.encode("cp932"))
    with pytest.raises(SettingsError, match="UTF-8 で保存し直して"):
        load(tmp_path)
    (tmp_path / "shirube.toml").unlink()
    (tmp_path / "shirube.toml").mkdir()
    with pytest.raises(SettingsError, match="を開けません"):
        load(tmp_path)


def test_index_folder_that_is_a_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "索引").write_text("")
    with pytest.raises(SettingsError, match="フォルダーではありません"):
        load(tmp_path, flags={"index_dir": tmp_path / "索引"})


def test_example_file_holds_every_setting_with_its_default() -> None:
    text = EXAMPLE.read_text(encoding="utf-8")
    assert tomllib.loads(text) == {}
    shown = tomllib.loads("\n".join(re.findall(r"^# (\w+ = .+)$", text, re.M)))
    defaults = Settings.model_validate({}).model_dump(mode="json")
    assert list(shown) == list(defaults)
    assert {name: shown[name] for name in defaults if defaults[name] is not None} == {
        name: value for name, value in defaults.items() if value is not None
    }
    Settings.model_validate(shown)
    for name, value in defaults.items():
        if value is None:  # an example value, and the word that none is the default
            before = text[: text.index(f"# {name} = ")].rstrip().splitlines()[-1]
            assert "Default: " in before
