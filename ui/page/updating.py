"""What handlers give back, in the one form that Gradio keeps once."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any, ParamSpec

import gradio as gr
from gradio.blocks import Block

P = ParamSpec("P")


def updating(handler: Callable[P, Any]) -> Callable[P, Any]:
    """The handler, or generator of several results, with every value as an update of its component.

    Gradio (6.x) answers an update, `gr.skip()` included, with a new component under the old id, and keeps the
    next plain value under the id of that new one: a page that mixes both would hold all that it ever showed.
    """
    if inspect.isgeneratorfunction(handler):

        @wraps(handler)
        def stream(*args: P.args, **kwargs: P.kwargs) -> Iterator[Any]:
            for result in handler(*args, **kwargs):
                yield _updates(result)

        return stream

    @wraps(handler)
    def call(*args: P.args, **kwargs: P.kwargs) -> Any:
        return _updates(handler(*args, **kwargs))

    return call


def _updates(result: Any) -> Any:
    return tuple(map(_update, result)) if isinstance(result, tuple) else _update(result)


def _update(value: Any) -> Any:
    is_one = isinstance(value, Block) or (isinstance(value, dict) and value.get("__type__") == "update")
    return value if is_one else gr.update(value=value)
