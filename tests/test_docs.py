"""What README.md and docs/ say is so: every verb and setting is named, and README's commands run."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from ui.arguments import VERBS, parse_arguments
from ui.settings import Settings

ROOT = Path(__file__).parent.parent
README = ROOT / "README.md"
CLI = ROOT / "docs" / "cli.md"
SERVER = ROOT / "docs" / "server.md"
MOST_README_LINES = 150
SET_UP = re.compile(r"^make\b|-m venv\b|-m pip\b")  # makes the environment that the tests run in


def read(*paths: Path) -> str:
    return "\n".join(path.read_text(encoding="utf-8") for path in paths)


def shell_commands(path: Path) -> list[str]:
    """The lines of the sh blocks of a Markdown file, without comments."""
    blocks = re.findall(r"^```sh\n(.*?)^```", read(path), re.M | re.S)
    lines = [line for block in blocks for line in block.splitlines()]
    return [line for line in lines if shlex.split(line, comments=True)]


def shirube_commands(path: Path) -> list[str]:
    return [line for line in shell_commands(path) if not SET_UP.search(line)]


@pytest.mark.parametrize("verb", VERBS)
def test_verb_is_documented(verb: str) -> None:
    assert f"shirube {verb}" in read(README, CLI)


@pytest.mark.parametrize("name", Settings.model_fields)
def test_setting_is_documented(name: str) -> None:
    assert f"`{name}`" in read(README, CLI, SERVER)


def test_described_defaults_are_the_defaults() -> None:
    rows = dict(re.findall(r"^\| `(\w+)` \| (.*?) \|", read(CLI), re.M))
    for name, value in Settings.model_validate({}).model_dump(mode="json").items():
        shown = "none" if value is None else f"`{str(value).lower()}`"
        assert rows.get(name, shown) == shown


@pytest.mark.parametrize("verb", VERBS)
def test_option_is_in_the_description_of_its_verb(verb: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        parse_arguments([verb, "-h"])
    options = set(re.findall(r"^  (--?[a-z][a-z-]*)", capsys.readouterr().out, re.M)) - {"-h"}
    section = re.search(rf"^## `shirube {verb}.*?(?=^## |\Z)", read(CLI), re.M | re.S)
    assert section, f"docs/cli.md has no section on shirube {verb}"
    everywhere = {"--json", "--index-dir"}
    assert everywhere <= options
    assert [option for option in options - everywhere if f"`{option}" not in section[0]] == []


def test_exit_codes_are_described() -> None:
    assert {"0", "1", "2", "130"} <= set(re.findall(r"^\| (\d+) \|", read(CLI), re.M))


def test_readme_is_short_and_has_shell_commands() -> None:
    assert len(read(README).splitlines()) <= MOST_README_LINES
    assert shirube_commands(README), "README.md has no ```sh block with a shirube command"


@pytest.mark.parametrize("path", [README, *sorted((ROOT / "docs").glob("*.md"))], ids=lambda path: path.name)
def test_linked_files_exist(path: Path) -> None:
    links = re.findall(r"\]\(([^)#\s:]+)(?:#[^)]*)?\)", read(path))
    assert [link for link in links if not (path.parent / link).exists()] == []


def test_commands_of_readme_and_docs_are_well_formed() -> None:
    """Each is understood by the parser of the command line."""
    shown = shirube_commands(README) + shirube_commands(CLI)
    for line in shown:
        for part in re.split(r"\s(?:\||&&|<|>)\s?", line):
            words = shlex.split(part, comments=True)
            if words and Path(words[0]).name == "shirube" and "-h" not in words and "--version" not in words:
                parse_arguments(words[1:])


@pytest.mark.slow
def test_commands_of_readme_run(tmp_path: Path) -> None:
    """In the order in which they stand, in a copy of what they need."""
    shutil.copytree(ROOT / "sample", tmp_path / "sample")
    (tmp_path / ".venv").symlink_to(sys.prefix, target_is_directory=True)
    env = os.environ | {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    commands = shirube_commands(README)
    assert commands
    for line in commands:
        done = subprocess.run(
            ["sh", "-c", line], cwd=tmp_path, env=env, capture_output=True, encoding="utf-8", check=False
        )
        assert done.returncode == 0, f"{line}\n{done.stderr}"
