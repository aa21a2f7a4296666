"""At most k hits, best first, none twice; ties by order of ingestion."""

from __future__ import annotations

import string
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index import retrieve as retrieve_module
from index.build import IngestOptions, ingest
from index.engine import Engine
from index.engine_local import LOCAL_ENGINE
from index.filters import Filters
from index.fusion import Fusion, FusionMethod
from index.pipeline import Pipeline, no_progress
from index.retrieve import (
    HybridRetriever,
    embed_texts,
    is_in_another_language,
    lexical_fields,
    retrieve_all,
)
from index.store import Store
from index.timing import collected
from ingest.tokenizer import Tokenizer, default_tokenizer
from tests.fakes import TermEmbedder, passage_of
from tests.index.milvus_lite_engine import lite_engine
from tests.index.small_pipeline import chunk, find, read, write_files

TEXTS = {
    "1会費.txt": "会費は年に2,000円である。\n団体の会費は5,000円である。\n入会は窓口で扱う。\n",
    "2窓口.txt": "相談窓口は駅前にある。\n窓口は月曜日に休む。\n㈱潮見が受付を担う。\n",
    "3同じ.txt": "食堂は地下にある。\n食堂は地下にある。\n",
}


@pytest.fixture(scope="module", params=["local", "milvus"])
def engine(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    if request.param == "local":
        yield LOCAL_ENGINE
        return
    with lite_engine(tmp_path_factory.mktemp("milvus")) as opened:
        yield opened


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory, engine: Engine) -> Iterator[Store]:
    folder = tmp_path_factory.mktemp("retrieve")
    tokenizer = default_tokenizer()
    pipeline = Pipeline(
        signature="lines/1",
        analyser=Tokenizer.signature,
        find=find,
        read=read,
        chunk=chunk,
        embed_texts=embed_texts,
        lexical_fields=lambda passage: lexical_fields(passage, tokenizer),
        engine=engine,
    )
    ingest(
        [write_files(folder / "文書", TEXTS)],
        index_dir=folder / "index",
        embedder=TermEmbedder(),
        pipeline=pipeline,
        options=IngestOptions(),
        on_progress=no_progress,
    )
    with Store.open(
        folder / "index",
        embedder_signature=TermEmbedder.signature,
        analyser_signature=Tokenizer.signature,
        engine=engine,
    ) as opened:
        yield opened


def retriever(store: Store, fusion: Fusion | None = None) -> HybridRetriever:
    return HybridRetriever(store, TermEmbedder(), default_tokenizer(), fusion=fusion)


FUSIONS = [Fusion(), Fusion(method=FusionMethod.RECIPROCAL_RANK), Fusion(neighbours=0, depth=3)]


@pytest.mark.parametrize("fusion", FUSIONS)
@pytest.mark.parametrize(
    ("query", "best"),
    [
        ("団体の会費", "団体の会費は5,000円である。"),
        ("月曜日は休みですか", "窓口は月曜日に休む。"),
        ("(株)潮見の受付", "㈱潮見が受付を担う。"),
        ("ﾚｽﾄﾗﾝではなく食堂", "食堂は地下にある。"),
    ],
)
def test_passage_that_says_it_comes_first(store: Store, query: str, best: str, fusion: Fusion) -> None:
    assert retriever(store, fusion).retrieve(query, k=3)[0].passage.text == best


@given(
    st.text(alphabet="会費窓口食堂は円、。？ 2" + string.ascii_letters, max_size=20),
    st.integers(0, 12),
    st.sampled_from(FUSIONS),
)
def test_hits_are_at_most_k_best_first_and_none_twice(
    store: Store, query: str, k: int, fusion: Fusion
) -> None:
    hits = retriever(store, fusion).retrieve(query, k=k)
    names = [hit.passage.id for hit in hits]
    assert len(hits) <= k
    assert len(set(names)) == len(names)
    scores = [hit.score for hit in hits]
    assert scores == sorted(scores, reverse=True)
    ids = store.passage_ids(names)
    assert [(-hit.score, ids[hit.passage.id]) for hit in hits] == sorted(
        (-hit.score, ids[hit.passage.id]) for hit in hits
    )
    assert all(hit.legs.keys() <= {"terms", "grams", "dense"} and hit.legs for hit in hits)
    assert hits == retriever(store, fusion).retrieve(query, k=12)[:k]


def test_equal_passages_come_in_the_order_of_ingestion(store: Store) -> None:
    first, second = retriever(store).retrieve("食堂", k=2)
    assert (first.passage.order, second.passage.order) == (0, 1)
    assert first.score == second.score


def test_hit_tells_what_each_leg_thought_before_fusion(store: Store) -> None:
    hit = retriever(store).retrieve("団体の会費", k=1)[0]
    tokenizer = default_tokenizer()
    [number] = store.passage_ids([hit.passage.id]).values()
    found = dict(store.lexical.search({"body": tokenizer.terms("団体の会費")}, boosts={}, k=9))
    assert hit.legs["terms"] == found[number]
    assert hit.legs["grams"] > 0
    assert -1 <= hit.legs["dense"] <= 1


def test_leg_without_weight_does_not_count(store: Store) -> None:
    words_only = Fusion(grams=0, dense=0, neighbours=0)
    hits = retriever(store, words_only).retrieve("会費", k=9)
    assert {hit.passage.text for hit in hits if hit.score > 0} == {
        "会費は年に2,000円である。",
        "団体の会費は5,000円である。",
        "入会は窓口で扱う。",  # its document is titled 会費
    }


def test_neighbours_raise_a_passage(store: Store) -> None:
    def score(fusion: Fusion) -> float:
        hits = retriever(store, fusion).retrieve("会費", k=9)
        return next(hit.score for hit in hits if hit.passage.text.startswith("団体"))

    assert score(Fusion(neighbours=0.5)) > score(Fusion(neighbours=0))


@pytest.mark.parametrize("query", ["", " ", "　\n"])
def test_empty_query_finds_nothing_and_embeds_nothing(store: Store, query: str) -> None:
    with collected() as stages:
        assert retriever(store).retrieve(query, k=5) == []
    assert stages == {}


def test_negative_k_is_refused(store: Store) -> None:
    with pytest.raises(ValueError, match="-1"):
        retriever(store).retrieve("会費", k=-1)


def test_nothing_is_found_where_nothing_is_indexed(tmp_path: Path) -> None:
    pipeline = Pipeline("0", Tokenizer.signature, find, read, chunk, embed_texts, lambda _: {})
    (tmp_path / "空").mkdir()
    write_files(tmp_path / "空", {"無.txt": " \n"})
    ingest(
        [tmp_path / "空"],
        index_dir=tmp_path / "index",
        embedder=TermEmbedder(),
        pipeline=pipeline,
        options=IngestOptions(),
        on_progress=no_progress,
    )
    with Store.open(
        tmp_path / "index",
        embedder_signature=TermEmbedder.signature,
        analyser_signature=Tokenizer.signature,
    ) as empty:
        assert retriever(empty).retrieve("会費", k=5) == []


def ids(store: Store, *sources: str) -> frozenset[str]:
    return frozenset(record.id for record in store.documents() if record.source in sources)


@given(
    st.text(alphabet="会費窓口食堂は円、。？ 2" + string.ascii_letters, max_size=20),
    st.sets(st.sampled_from(sorted(TEXTS)), min_size=1),
    st.sampled_from(FUSIONS),
)
def test_filtered_hits_are_of_matching_documents_only(
    store: Store, query: str, sources: set[str], fusion: Fusion
) -> None:
    wanted = ids(store, *sources)
    hits = retriever(store, fusion).retrieve(query, k=12, filters=Filters(documents=wanted))
    assert {hit.passage.document_id for hit in hits} <= wanted
    if query.strip() and fusion.depth > 12:  # the vectors reach every passage that may be found
        assert len(hits) == sum(len(store.passages_of(document)) for document in wanted)


def test_filter_finds_what_other_documents_outrank(store: Store) -> None:
    fusion = Fusion(depth=1, neighbours=0)
    assert "窓口" in retriever(store, fusion).retrieve("窓口は休む", k=1)[0].passage.text
    [hit] = retriever(store, fusion).retrieve(
        "窓口は休む", k=1, filters=Filters(documents=ids(store, "1会費.txt"))
    )
    assert hit.passage.text == "入会は窓口で扱う。"
    assert hit.legs.keys() == {"terms", "grams", "dense"}


def test_filters_without_a_restriction_change_nothing(store: Store) -> None:
    one = retriever(store)
    everything = Filters(documents=ids(store, *TEXTS))
    for filters in (Filters(), everything):
        assert one.retrieve("会費", k=9, filters=filters) == one.retrieve("会費", k=9)


@pytest.mark.parametrize(
    "filters", [Filters(documents=frozenset({"無い"})), Filters(publishers=frozenset({"無い"}))]
)
def test_filters_that_match_no_document_find_nothing_and_embed_nothing(
    store: Store, filters: Filters
) -> None:
    with collected() as stages:
        assert retriever(store).retrieve("会費", k=5, filters=filters) == []
    assert stages == {}


@pytest.mark.parametrize("query", ["会費", "窓口", "食堂は地下", "は", "zebra"])
@pytest.mark.parametrize("depth", [1, 2, 100])
def test_wide_and_narrow_filters_find_the_same(
    store: Store, query: str, depth: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    filters = Filters(documents=ids(store, "1会費.txt", "3同じ.txt"))
    fusion = Fusion(depth=depth)
    found = {}
    for wide in (0.0, 1.0):  # afterwards always, never
        monkeypatch.setattr(retrieve_module, "WIDE", wide)
        found[wide] = retriever(store, fusion).retrieve(query, k=9, filters=filters)
    assert found[0.0] == found[1.0]


def test_hits_of_several_queries_are_taken_in_turn(store: Store) -> None:
    one = retriever(store)
    fees, desks = (one.retrieve(query, k=9) for query in ("団体の会費", "月曜日の窓口"))
    hits = retrieve_all(one, ["団体の会費", "月曜日の窓口"], k=5)
    assert hits[:2] == [fees[0], desks[0]]
    assert len({hit.passage.id for hit in hits}) == len(hits) == 5
    assert retrieve_all(one, ["団体の会費"], k=4) == fees[:4]
    assert retrieve_all(one, [], k=4) == retrieve_all(one, ["", " "], k=4) == []


def test_what_only_asks_finds_nothing(store: Store) -> None:
    found = retriever(store).measure("駅前にあるのはどちらですか。")
    assert found is not None
    for leg in ("terms", "grams"):
        ids = [i for i, _score in found.rankings[leg]]
        assert [passage.text for passage in store.passages(ids)] == ["相談窓口は駅前にある。"]


def test_words_that_no_document_knows_take_weight_from_those_found_by_chance(store: Store) -> None:
    def best(query: str) -> float:
        found = retriever(store).measure(query)
        assert found is not None
        return max(found.measures["terms"].values())

    assert best("会費") == 1.0
    assert 0 < best("会費 what are the membership dues") < 0.5


@pytest.mark.parametrize(
    ("query", "known", "other"),
    [
        ("When is the desk closed?", 0.1, True),
        ("会費在哪里支付？", 0.3, True),
        ("창구는 언제 쉽니까?", 1.0, True),
        ("JET ALT CIR", 0.9, False),
        ("会費 団体", 1.0, False),
        ("ＶＬＲって何？", 0.1, False),
        ("ﾏﾄﾞｸﾞﾁ", 0.0, False),
    ],
)
def test_question_in_another_language_is_told_by_kana_hangul_and_unknown_words(
    query: str, known: float, other: bool
) -> None:
    assert is_in_another_language(query, known) is other


def test_threads_share_one_retriever(store: Store) -> None:
    one = retriever(store)
    queries = ["会費", "窓口", "食堂", "受付"] * 5
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda query: one.retrieve(query, k=4), queries))
    assert found == [one.retrieve(query, k=4) for query in queries]


def test_context_is_searched_but_the_passage_keeps_its_text() -> None:
    passage = passage_of("862件", context="言語別相談件数 ベトナム語")
    fields = lexical_fields(passage, default_tokenizer())
    assert {"ベトナム", "件"} <= set(fields["body"])
    assert "ベト" in fields["grams"]
    assert embed_texts(passage) == ["言語別相談件数 ベトナム語\n862件"]
