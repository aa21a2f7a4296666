import pytest

from assistant.definition import asked_term, defines


@pytest.mark.parametrize(
    ("question", "term"),
    [
        ("「やさしい日本語」とは何ですか。", "やさしい日本語"),
        ("『相談窓口』って何のことですか", "相談窓口"),
        ("多文化共生とは何ですか", "多文化共生"),
        ("ＣＩＲとはどのような職ですか", "CIR"),
        ("「みなと通訳（登録制）」という用語は何を指しますか", "みなと通訳（登録制）"),
        ("「MUV（モバイル窓口）」とは？", "MUV(モバイル窓口)"),
        ("「MUV」（モバイル窓口）とは何ですか", "MUV"),
        ("国際課の意味を教えて", "国際課"),
        ("令和3年度とは違い、4年度の参加者は何人でしたか", ""),
        ("窓口は何時からですか", ""),
        ("", ""),
    ],
)
def test_asked_term_is_the_one_whose_meaning_is_asked(question, term):
    assert asked_term(question) == asked_term(f"{question} ") == (term.replace("（", "(").replace("）", ")"))


@pytest.mark.parametrize(
    ("text", "section"),
    [
        ("やさしい日本語とは、短く分かりやすい日本語である。", ()),
        ("語彙や文法を簡単にした日本語。", ("用語", "【やさしい日本語】")),
        ("語彙や文法を簡単にした日本語。", ("３ やさしい日本語",)),
        ("簡単な日本語（以下「やさしい日本語」という。）を使う。", ()),
        ("やさしい日本語：短い文で話す日本語", ()),
        ("やさしい日本語（短い文で話す日本語）を広める。", ()),
    ],
)
def test_defines_finds_what_a_text_introduces(text, section):
    assert defines(text, section, "やさしい日本語")


@pytest.mark.parametrize(
    "text", ["やさしい日本語の研修を二回開いた。", "窓口では、やさしい日本語を使う。", ""]
)
def test_defines_is_not_a_mention(text):
    assert not defines(text, ("研修の実施状況",), "やさしい日本語")
    assert not defines(text, ("研修の実施状況",), "")
