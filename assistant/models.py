"""Chat models by name: `openai:…`, `ollama:…` and whatever else LangChain's `init_chat_model` knows."""

from __future__ import annotations

from typing import Any

from langchain_core.language_models import BaseChatModel

from ingest.errors import ShirubeError

ChatModel = BaseChatModel

DEFAULT_PROVIDER = "openai"
EXTRAS = {"openai": "openai", "ollama": "ollama"}  # by the provider; others need their own package
PACKAGES = {"azure_openai": "langchain-openai", "anthropic": "langchain-anthropic"}


class ModelError(ShirubeError):
    """A chat model cannot be used."""

    hint = "設定 model と model_url、環境変数の鍵を確かめてください（shirube model check で試せます）。"


def load_model(
    name: str, *, url: str = "", timeout_s: float = 120.0, max_tokens: int = 400, needs_key: bool = True
) -> BaseChatModel:
    """The chat model with this name; nothing is asked of it yet.

    Args:
        name: `provider:model`; without a provider it is an OpenAI-compatible one.
        url: Where it listens; the provider's own address if empty.
        timeout_s: After which its package gives up a request.
        max_tokens: Of an answer.
        needs_key: Whether its key must be in the environment; a server on this machine needs none.

    Raises:
        ModelError: If the package of the provider is not installed,
        or it refuses the name or the lack of a key.
    """
    from langchain.chat_models import init_chat_model

    provider, separator, own = name.partition(":")
    if not separator:
        provider, own = DEFAULT_PROVIDER, name
    options: dict[str, Any] = {"temperature": 0}
    if url:
        options["base_url"] = url
    if provider == "ollama":
        options |= {"num_predict": max_tokens, "client_kwargs": {"timeout": timeout_s}}
    else:
        options |= {"max_tokens": max_tokens, "timeout": timeout_s, "max_retries": 0}
    if provider == "openai":
        # Its package has a limit of two minutes between two pieces of its own, whatever the settings say.
        options |= {"stream_usage": True, "stream_chunk_timeout": timeout_s}
        if not needs_key:
            options |= {"api_key": "none"}
    try:
        model: BaseChatModel = init_chat_model(own, model_provider=provider, **options)
    except ImportError as error:
        extra = EXTRAS.get(provider)
        wanted = f"shirube[{extra}]" if extra else PACKAGES.get(provider, f"langchain-{provider}")
        raise ModelError(
            f"モデル {name} には、パッケージが足りません。pip install '{wanted}' で入れてください。"
        ) from error
    except Exception as error:  # a partner package may raise anything; its text may hold a key
        raise ModelError(f"モデル {name} を使えません（{type(error).__name__}）。") from error
    return model
