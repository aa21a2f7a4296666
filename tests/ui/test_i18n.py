import re
from pathlib import Path
from string import Formatter

import pytest

from ui.i18n import LANGUAGES, STRINGS, Texts, language_of

UI = Path(__file__).parent.parent.parent / "ui"
# Keys that the code puts together from a part that is known.
COMPOSED = re.compile(r"""(?:f?["'])(verdict_|column_|kind_)\{""")
JAPANESE = re.compile("[ぁ-んァ-ヶ一-鿿]")


def places(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def sources() -> str:
    return "\n".join(path.read_text(encoding="utf-8") for path in UI.rglob("*.py") if path.name != "i18n.py")


def test_both_languages_have_every_string_with_the_same_places() -> None:
    assert LANGUAGES == ("ja", "en")
    assert {name: pair for name, pair in STRINGS.items() if len(pair) != 2 or not all(pair)} == {}
    assert {name for name, (ja, en) in STRINGS.items() if places(ja) != places(en)} == set()


def test_english_strings_are_english() -> None:
    own = {"other_language"}  # names the language in itself
    assert [name for name, (_, en) in STRINGS.items() if JAPANESE.search(en) and name not in own] == []


def test_every_string_is_used() -> None:
    code = sources()
    prefixes = tuple(COMPOSED.findall(code))
    quoted = set(re.findall(r"""["']([a-z_]+)["']""", code))
    unused = [name for name in STRINGS if name not in quoted and not name.startswith(prefixes)]
    assert unused == []


def test_every_name_that_is_asked_for_exists() -> None:
    asked = re.findall(r"""texts\(\s*["']([a-z_]+)["']""", sources())
    assert asked
    assert sorted(set(asked) - set(STRINGS)) == []


def test_texts_fill_in_places() -> None:
    assert Texts("ja")("page_number", page=3) == "3頁"
    assert Texts("en")("page_number", page=3) == "p. 3"


def test_texts_refuse_an_unknown_name() -> None:
    with pytest.raises(KeyError):
        Texts("ja")("no_such_string")


@pytest.mark.parametrize(
    ("value", "language"), [("en", "en"), ("ja", "ja"), ("fr", "ja"), ("", "ja"), (None, "ja")]
)
def test_language_of_is_japanese_unless_english_is_asked_for(value: str | None, language: str) -> None:
    assert language_of(value) == language


def test_page_has_no_japanese_outside_of_its_strings() -> None:
    """What users read stands in one place; docstrings and the errors of the program aside."""
    for path in [*(UI / "page").glob("*.py"), UI / "web.py"]:
        code = re.sub(r'""".*?"""', "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
        code = re.sub(r"(?:SettingsError|PlaceError)\([^)]*\)|hint = .*|TITLE = .*", "", code)
        found = [line.strip() for line in code.splitlines() if JAPANESE.search(line)]
        assert found == [], path.name
