"""What a question asks for, and where a text says it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.question import (
    AnswerType,
    Question,
    answer_type,
    answer_types,
    find_answer,
    find_answers,
    is_foreign,
)
from ingest.tokenizer import default_tokenizer

DATE, TIME, NUMBER = AnswerType.DATE, AnswerType.TIME, AnswerType.NUMBER
PERSON, ANY = AnswerType.PERSON, AnswerType.ANY


@pytest.mark.parametrize(
    ("question", "wants"),
    [
        ("窓口が移転したのはいつですか。", DATE),
        ("いつまでに申し込めばよいですか", DATE),
        ("教室はいつから始まりますか。", DATE),
        ("計画は何年度に策定されましたか。", DATE),
        ("提携したのは何年何月ですか。", DATE),
        ("条例が施行されたのは何日ですか。", DATE),
        ("窓口は何曜日が休みですか。", DATE),
        ("申込みの期限を教えてください。", DATE),
        ("受付は何時からですか。", TIME),
        ("何時に閉まりますか。", TIME),
        ("研修は何時間ですか。", NUMBER),
        ("計画の期間は何年間ですか。", NUMBER),
        ("届出は何日以内にしますか。", NUMBER),
        ("派遣は何日前までに頼みますか。", NUMBER),
        ("回答に何日かかりますか。", NUMBER),
        ("委員は何人ですか。", NUMBER),
        ("何十人が参加しましたか。", NUMBER),
        ("予算は何千円増えましたか。", NUMBER),
        ("何か国語に対応していますか。", NUMBER),
        ("何ヶ国から来ていますか。", NUMBER),
        ("避難所は何箇所ありますか。", NUMBER),
        ("何パーセント増えましたか。", NUMBER),
        ("冊子は何ページありますか。", NUMBER),
        ("ＦＡＱは何件ありますか。", NUMBER),
        ("参加費はいくらですか。", NUMBER),
        ("台数はいくつですか。", NUMBER),
        ("どれくらい待ちますか。", NUMBER),
        ("令和5年度の相談件数は", NUMBER),
        ("講座の参加者数を教えてください。", NUMBER),
        ("座長は誰ですか。", PERSON),
        ("挨拶したのはどなたですか。", PERSON),
        ("だれに連絡すればよいですか。", PERSON),
        ("講師の氏名を教えてください。", PERSON),
        ("窓口はどこにありますか。", ANY),
        ("なぜ移転したのですか。", ANY),
        ("多文化共生とは何ですか。", ANY),
        ("何年生が対象ですか。", ANY),
        ("誰でも参加できますか。", ANY),
        ("いつでも相談できますか。", ANY),
        ("何人かで参加できますか。", ANY),
        ("何か必要なものはありますか。", ANY),
        ("What is Shiomi?", ANY),
        ("", ANY),
    ],
)
def test_answer_type_follows_the_interrogative(question, wants):
    assert answer_type(question) is wants


@pytest.mark.parametrize(
    ("text", "wants", "words"),
    [
        ("窓口は令和３年４月１日に開設した。", DATE, "令和３年４月１日"),
        ("2021年8月に駅前へ移転した。", DATE, "2021年8月"),
        ("受付は4月1日から始まる。", DATE, "4月1日"),
        ("㈱潮見商会は令和元年７月に設立した。", DATE, "令和元年７月"),
        ("市⾧が平成 24 年４月１日に署名した。", DATE, "平成 24 年４月１日"),
        ("昭和六十年に提携した。", DATE, "昭和六十年"),
        ("発行　2023.6.1", DATE, "2023.6.1"),
        ("粗大ごみの申込方法,R5.6", DATE, "R5.6"),
        ("令和４年度に２回開いた。", DATE, "令和４年度"),
        ("休みは水曜日である。", DATE, "水曜日"),
        ("市民の土地", DATE, None),
        ("ＦＡＱ９.１２", DATE, None),
        ("令和5年4月から午前９時～午後５時", TIME, "午前９時"),
        ("受付は午後4時30分までとする。", TIME, "午後4時30分"),
        ("開始 13:30", TIME, "13:30"),
        ("2時間の研修", TIME, None),
        ("来場者は約54,000名だった。", NUMBER, "約54,000名"),
        ("延べ3万7千人が訪れた。", NUMBER, "延べ3万7千人"),
        ("15言語で案内する。", NUMBER, "15言語"),
        ("対応言語は 13 言語となった。", NUMBER, "13 言語"),
        ("令和5年度の相談件数は 2,788 件で最多", NUMBER, "2,788 件"),
        ("１億２，０００万円の予算", NUMBER, "１億２，０００万円"),
        ("前年度から20.4％増加した。", NUMBER, "20.4％"),
        ("第3条　委員12人以内で組織する。", NUMBER, "12人以内"),
        ("①22名　②12名", NUMBER, "22名"),
        ("14日以内に届け出る。", NUMBER, "14日以内"),
        ("市民会議に会長１人を置く。", NUMBER, "１人"),
        ("三人の委員がいる。", NUMBER, "三人"),
        ("合計\n104", NUMBER, "104"),
        ("令和5年4月1日", NUMBER, None),
        ("2023年", NUMBER, None),
        ("座長は汐入大学教授 三崎 恵が務めた。", PERSON, "汐入大学教授 三崎 恵"),
        ("講師は野田さんです。", PERSON, "野田さん"),
        ("市⾧が挨拶した。", PERSON, "市⾧"),
        ("幹事会の座長は市民協働部長が務める。", PERSON, "市民協働部長"),
        ("通訳は浜 みどり先生", PERSON, None),
        ("お客様に同様の案内をした。", PERSON, None),
        ("代表的な事業の仕様、氏名", PERSON, None),
        ("何でもよい", ANY, None),
        ("", NUMBER, None),
    ],
)
def test_find_answer_marks_the_words_as_they_stand(text, wants, words):
    found = find_answer(text, wants)
    assert (None if found is None else text[slice(*found)]) == words


TEXTS = st.text(alphabet="0１年月日時人約令和,.㈱㎡①⾧さん市長 　\nあア万円件:Rﾞｶ", max_size=40)


@given(TEXTS, st.sampled_from(AnswerType))
def test_found_answer_is_a_stretch_without_white_space_at_its_ends(text, wants):
    found = find_answer(text, wants)
    if found is not None:
        start, end = found
        assert 0 <= start < end <= len(text)
        assert text[start:end] == text[start:end].strip()


@given(st.text(alphabet="㈱㎡①⾧ｶﾞあ", max_size=10), st.integers(1000, 9999))
def test_offsets_are_those_of_the_text_before_normalisation(before, number):
    wide = "".join(chr(ord(digit) + 0xFEE0) for digit in str(number))
    text = f"{before}、{wide}名"
    assert find_answer(text, NUMBER) == (len(before) + 1, len(before) + 6)


def test_question_holds_each_word_once_in_order():
    question = Question.from_text("　窓口の相談、相談の窓口は何件？\n", default_tokenizer())
    assert question.text == "窓口の相談、相談の窓口は何件？"
    assert question.terms[:2] == ("窓口", "相談")
    assert question.grams[:4] == ("窓口", "口の", "の相", "相談")
    assert len(set(question.terms)) == len(question.terms)
    assert len(set(question.grams)) == len(question.grams)
    assert question.wants is NUMBER


@pytest.mark.parametrize("text", ["", " 　\n", "？！"])
def test_question_without_words_has_no_terms(text):
    question = Question.from_text(text, default_tokenizer())
    assert (question.terms, question.grams, question.wants) == ((), (), ANY)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("How many days before can I reserve a room?", True),
        ("회의실 예약은 며칠 전까지 합니까", True),
        ("会议室最早可以提前几天预约", False),  # Chinese characters may stand in the documents
        ("CLAIR", False),
        ("JET Programme", False),
        ("Wi-Fi の パスワード は", False),
    ],
)
def test_is_foreign_is_a_sentence_without_any_japanese(text: str, expected: bool) -> None:
    assert is_foreign(text) is expected


@pytest.mark.parametrize(
    ("question", "text", "found"),
    [
        ("申込書を郵送する先の住所は？", "〒999-0001 潮見市浜町二丁目4-3", "〒999-0001"),
        ("図書館の電話番号は何番ですか。", "電話 0900-12-3456（内線21）", "0900-12-3456"),
        ("問い合わせのメールアドレスを教えてください。", "宛先：koen@city.shiomi.example まで", "koen@city.shiomi.example"),
        ("公園は何年間借りられますか。", "期間は、三十年とする。", "三十年"),
        ("手数料は何割までですか。", "額の百分の三十以下であること", "百分の三十以下"),
    ],
)  # fmt: skip
def test_contacts_and_numbers_in_kanji_are_found(question: str, text: str, found: str) -> None:
    [place, *_] = [place for kind in answer_types(question) for place in find_answers(text, kind)]
    assert text[slice(*place)] == found
