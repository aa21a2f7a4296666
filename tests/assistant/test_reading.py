"""A passage read apart from any question: its units, what may be said of it, and the words in it."""

from __future__ import annotations

from assistant.question import Question
from assistant.reading import LONGEST_LIST, MOST_UNITS, PassageReader, Words
from ingest.tokenizer import default_tokenizer
from tests.fakes import passage_of

TOKENIZER = default_tokenizer()
LONG = "相談窓口は令和5年4月に市役所の二階へ移転し、会費は2,000円（税込、送料別）とすることになった。"


def test_stretch_is_of_one_sentence_or_of_whole_ones() -> None:
    passage = passage_of(LONG + "短い文。")
    reading = PassageReader(TOKENIZER).read(passage)
    starts, ends = {s for s, _ in passage.sentences}, {e for _, e in passage.sentences}
    assert {(s.start, s.end) for s in reading.stretches if s.is_sentence} == set(passage.sentences)
    for stretch in reading.stretches:
        units = reading.units[stretch.first : stretch.stop]
        assert units[0].sentence == units[-1].sentence or (stretch.start in starts and stretch.end in ends)
        assert (stretch.begins, stretch.ends) == (stretch.start in starts, stretch.end in ends)


def test_neighbouring_sentences_are_one_stretch_only_up_to_the_longest() -> None:
    passage = passage_of("会費は無料です。窓口は二階です。")
    both = (0, len(passage.text))
    for longest, found in ((16, True), (15, False)):
        reading = PassageReader(TOKENIZER, longest=longest).read(passage)
        assert (both in {(s.start, s.end) for s in reading.stretches}) is found


def test_list_is_one_stretch_up_to_its_longest_and_no_item_is_cut() -> None:
    items = "\n".join(f"・第{n}事業" for n in range(1, 100))
    passage = passage_of(f"次のとおり定める。\n{items}\n以上で終わる。")
    reading = PassageReader(TOKENIZER, longest=0).read(passage)
    found = next(s for s in reading.stretches if s.is_list)
    assert passage.text[found.start : found.end].startswith("・第1事業\n・第2事業")
    assert found.end - found.start <= LONGEST_LIST
    assert passage.text[found.end] == "\n"


def test_passage_of_many_units_is_read_whole_but_said_up_to_a_limit() -> None:
    reading = PassageReader(TOKENIZER).read(passage_of("会費は無料。" * (MOST_UNITS + 5)))
    assert len(reading.units) == MOST_UNITS + 5
    assert max(stretch.stop for stretch in reading.stretches) == MOST_UNITS


def test_pairs_of_characters_do_not_cross_what_is_no_letter() -> None:
    question = Question(
        "", ("会費",), ("会費", "費は", "は無"), wants=Question.from_text("", TOKENIZER).wants
    )
    assert Words.of("会費は、無料", TOKENIZER).held(question) == {"会費", "費は"}


def test_what_was_read_before_is_kept() -> None:
    reader = PassageReader(TOKENIZER)
    passage = passage_of(LONG)
    assert reader.read(passage) is reader.read(passage)


def test_short_line_is_cited_with_the_heading_right_above_it() -> None:
    text = "前の文である。\n◆次回の公表\n令和6年9月12日（木）\n予定は変わることがあります。"
    reading = PassageReader(default_tokenizer()).read(passage_of(text))
    cited = [text[slice(*around)] for s in reading.stretches if (around := reading.around(s))]
    assert "◆次回の公表\n令和6年9月12日（木）" in cited
    assert "令和6年9月12日（木）" not in cited
