"""`shirube model check`: whether the chat model of the settings can write answers."""

from __future__ import annotations

import argparse

from assistant.model_check import check_model
from assistant.model_stream import TimeLimits
from ingest.errors import SettingsError
from ui.settings import Settings
from ui.terminal import print_json, print_lines
from ui.wiring import build_model


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Print each step as it is done; 1 if one failed.

    Raises:
        SettingsError: If no model is named.
        ModelError: If it cannot be loaded.
    """
    if not settings.model:
        raise SettingsError("モデルが決まっていません。--model 名前 か、設定 model で指定してください。")
    limits = TimeLimits(settings.model_first_s, settings.model_total_s)
    code = 0
    for finding in check_model(
        build_model(settings), limits=limits, evidence_tokens=settings.evidence_tokens
    ):
        code = code if finding.is_good else 1
        if args.json:
            print_json({"step": finding.name, "ok": finding.is_good, "told": finding.told})
        else:
            print_lines([f"{'○' if finding.is_good else '×'} {finding.name}: {finding.told}"])
    return code
