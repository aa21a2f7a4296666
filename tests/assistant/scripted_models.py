"""Chat models that say what a test wrote down: real subclasses, as LangChain sees them."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from typing import Any

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage
from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, ChatResult

Script = Callable[[str], Sequence[str | float | Exception]]
KEY = re.compile(r"記号 ([A-Z]{4})（")


class StatusError(Exception):
    """What an endpoint refuses with."""

    def __init__(self, status_code: int) -> None:
        super().__init__(f"status {status_code}")
        self.status_code = status_code


class ScriptedModel(BaseChatModel):
    """Says each string of its script, waits for each number of seconds, raises each error.

    `{key}` in a string is the key of the first evidence, `{last}` that of the last.
    """

    script: Any  # a `Script`: what was asked in, what is said out
    asked: list[str] = []  # noqa: RUF012 - pydantic copies it
    n_started: int = 0
    n_cancelled: int = 0

    @property
    def _llm_type(self) -> str:
        return "scripted"

    def _generate(self, messages: list[BaseMessage], *_: Any, **__: Any) -> ChatResult:
        said = "".join(step for step in self._steps(messages) if isinstance(step, str))
        return ChatResult(generations=[ChatGeneration(message=AIMessage(said))])

    async def _astream(
        self, messages: list[BaseMessage], *_: Any, **__: Any
    ) -> AsyncIterator[ChatGenerationChunk]:
        self.n_started += 1
        try:
            for step in self._steps(messages):
                if isinstance(step, Exception):
                    raise step
                if isinstance(step, str):
                    yield ChatGenerationChunk(message=AIMessageChunk(step))
                await asyncio.sleep(step if isinstance(step, int | float) else 0)
        except (asyncio.CancelledError, GeneratorExit):
            self.n_cancelled += 1
            raise

    def _steps(self, messages: list[BaseMessage]) -> Iterator[str | float | Exception]:
        prompt = "\n".join(str(message.content) for message in messages)
        self.asked.append(prompt)
        keys = KEY.findall(prompt)
        for step in self.script(prompt):
            if isinstance(step, str):
                yield step.replace("{key}", keys[0]).replace("{last}", keys[-1])
            else:
                yield step


def saying(*steps: str | float | Exception) -> ScriptedModel:
    """A model that says these whatever it is asked."""
    return ScriptedModel(script=lambda _: steps)
