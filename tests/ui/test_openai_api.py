from __future__ import annotations

from collections.abc import Iterator

import openai
import pytest

from tests.ui.served import QUESTION, ingest_into, listening, settings_of, with_users, write_documents
from ui.accounts import Scope
from ui.openai_api import Message, QuestionError, _question
from ui.present import NOT_FOUND
from ui.users import Users


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[openai.OpenAI]:
    """The real client, on a socket."""
    folder = tmp_path_factory.mktemp("openai")
    settings = settings_of(folder, users_file=with_users(folder, "tanaka"))
    ingest_into(settings, write_documents(folder / "documents"))
    token = Users(folder / "users.toml").issue_token("tanaka", [Scope.ASK], days=1)
    with (
        listening(settings) as address,
        openai.OpenAI(api_key=token, base_url=f"{address}/v1", max_retries=0) as client,
    ):
        yield client


def test_model_is_listed(client: openai.OpenAI) -> None:
    assert [model.id for model in client.models.list()] == ["shirube"]


def test_chat_answers_with_markers_and_citations(client: openai.OpenAI) -> None:
    answer = client.chat.completions.create(model="shirube", messages=[{"role": "user", "content": QUESTION}])
    extra = answer.model_extra or {}
    content = answer.choices[0].message.content or ""
    assert "利用日の七日前までに総務課へ申し込む。[1]" in content
    assert extra["status"] == "answered"
    assert extra["citations"][0]["source"] == "rooms.md"
    assert content.split("[1]")[0] in extra["citations"][0]["quote"]
    assert answer.choices[0].finish_reason == "stop"


def test_stream_says_the_same_sentence_by_sentence(client: openai.OpenAI) -> None:
    messages: list[openai.types.chat.ChatCompletionMessageParam] = [{"role": "user", "content": QUESTION}]
    whole = client.chat.completions.create(model="x", messages=messages)
    chunks = list(client.chat.completions.create(model="x", messages=messages, stream=True))
    pieces = [chunk.choices[0].delta.content or "" for chunk in chunks]
    assert "".join(pieces) == whole.choices[0].message.content
    assert len([piece for piece in pieces if piece]) == len((whole.model_extra or {})["citations"])
    assert (chunks[-1].model_extra or {})["citations"] == (whole.model_extra or {})["citations"]
    assert [chunk.choices[0].finish_reason for chunk in chunks] == [None] * (len(chunks) - 1) + ["stop"]


def test_question_without_an_answer_is_told(client: openai.OpenAI) -> None:
    answer = client.chat.completions.create(
        model="shirube", messages=[{"role": "user", "content": "富士山の高さは何メートルですか。"}]
    )
    assert (answer.choices[0].message.content or "").startswith(NOT_FOUND)
    assert answer.model_extra is not None
    assert answer.model_extra["citations"] == []


def test_errors_have_the_clients_form(client: openai.OpenAI) -> None:
    with pytest.raises(openai.BadRequestError, match="質問がありません"):
        client.chat.completions.create(model="x", messages=[{"role": "system", "content": "あ"}])
    with pytest.raises(openai.UnprocessableEntityError, match="messages"):
        client.chat.completions.create(model="x", messages=[])
    with pytest.raises(openai.AuthenticationError, match="ログイン"):
        client.with_options(api_key="wrong").models.list()


def test_last_message_is_the_question_and_the_ones_before_are_turns() -> None:
    said = [
        ("system", "丁寧に"), ("user", "一"), ("assistant", "壱"), ("user", "二"), ("user", "三"), ("assistant", "参"),
        ("assistant", ""), ("user", "四"),
    ]  # fmt: skip
    question, turns = _question(
        [Message.model_validate({"role": role, "content": text}) for role, text in said]
    )
    assert question == "四"
    assert [(turn.question, turn.answer) for turn in turns] == [("一", "壱"), ("二", ""), ("三", "参")]


def test_parts_of_a_message_are_joined_and_endless_questions_refused() -> None:
    parts = [{"type": "text", "text": "会議室は"}, {"type": "image_url"}, {"type": "text", "text": "どこ？"}]
    assert _question([Message.model_validate({"role": "user", "content": parts})])[0] == "会議室はどこ？"
    with pytest.raises(QuestionError, match="長すぎます"):
        _question([Message(role="user", content="長" * 2001)])
