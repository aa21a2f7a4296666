"""The page that describes the endpoints: plain HTML from their schema, without scripts, nothing fetched."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from html import escape
from typing import Any

PAGE = """<!doctype html>
<html lang="ja"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>API – しるべ</title><link rel="icon" href="data:,">
<style>
:root {{ color-scheme: light dark }}
body {{ font: 1rem/1.6 system-ui, sans-serif; max-width: 56rem; margin: 0 auto; padding: 1rem }}
pre {{ overflow-x: auto; border: 1px solid #808080; border-radius: .4rem; padding: .6rem }}
table {{ border-collapse: collapse }}
th, td {{ text-align: left; vertical-align: top; padding: .2rem .8rem .2rem 0 }}
</style></head><body><main>
<h1>しるべの API</h1>
<p>スクリプトからは <code>Authorization: Bearer トークン</code> を付けて呼びます
（トークンは <code>shirube user token 利用者名</code>）。
誤りは <code>{{"error": …, "hint": …}}</code> で返します。
機械で読む形は <a href="{root}/api/openapi.json">openapi.json</a>、
MCP のエンドポイントは <code>{root}/mcp</code>（ツールは ask、search、read_section）です。</p>
{operations}
</main></body></html>
"""


def render_api_page(schema: Mapping[str, Any], *, root_path: str = "") -> str:
    """The page for an OpenAPI schema."""
    models = schema.get("components", {}).get("schemas", {})
    parts = [
        part
        for path, operations in schema["paths"].items()
        for method, operation in operations.items()
        for part in _operation(f"{method.upper()} {root_path}{path}", operation, models)
    ]
    return PAGE.format(root=escape(root_path), operations="\n".join(parts))


def _operation(title: str, operation: Mapping[str, Any], models: Mapping[str, Any]) -> Iterator[str]:
    yield f"<section><h2><code>{escape(title)}</code></h2><p>{escape(operation.get('summary', ''))}。"
    yield f"{escape(operation.get('description', ''))}</p>"
    body = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
    if body:
        model = _resolved(body, models)
        yield "<table><thead><tr><th>名前</th><th>必須</th><th>内容</th></tr></thead><tbody>"
        for name, field in model.get("properties", {}).items():
            needed = "はい" if name in model.get("required", []) else ""
            told = field.get("description", "")
            yield f"<tr><td><code>{escape(name)}</code></td><td>{needed}</td><td>{escape(told)}</td></tr>"
        example = json.dumps(_example(body, models), ensure_ascii=False, indent=2)
        yield f"</tbody></table><p>例:</p><pre>{escape(example)}</pre>"
    yield "</section>"


def _resolved(schema: Mapping[str, Any], models: Mapping[str, Any]) -> Mapping[str, Any]:
    if "$ref" in schema:
        found: Mapping[str, Any] = models[schema["$ref"].rpartition("/")[2]]
        return found
    return schema


def _example(schema: Mapping[str, Any], models: Mapping[str, Any]) -> Any:
    """A value of this form, as short as it may be."""
    schema = _resolved(schema, models)
    if "default" in schema and not isinstance(schema["default"], dict):
        return schema["default"]
    if "anyOf" in schema:
        return _example(schema["anyOf"][0], models)
    match schema.get("type"):
        case "object":
            return {name: _example(field, models) for name, field in schema.get("properties", {}).items()}
        case "array":
            return [_example(schema["items"], models)]
        case "integer":
            return schema.get("minimum", 0)
        case "boolean":
            return False
    return schema.get("description", "…")
