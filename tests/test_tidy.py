"""The law of docs/ARCHITECTURE.md as a test: layers, sizes, the public index."""

import ast
import importlib.util
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

REPO = Path(__file__).resolve().parents[1]
FILE_LINES_MAX = 600
FUNCTION_LINES_MAX = 60

# What each layer may import, by the layer's name. Everything may use its own.
BELOW = {
    "core": set(),
    "models": {"core"},
    "feature models": {"core", "models", "feature models"},
    "rules": {"core", "models", "feature models"},
    "crud": {"core", "models", "feature models", "root crud"},
    "root crud": {"core"},
    "adapters": {"core", "models", "feature models", "root crud", "adapters"},
    "routing": {
        *("core", "models", "feature models", "root crud", "crud", "adapters"),
    },
    "flows": {
        *("core", "models", "feature models", "root crud", "rules", "crud"),
        *("adapters", "flows"),
    },
    "services": {"flows", "rules", "feature models"},
    "doors": {
        *("core", "models", "feature models", "adapters", "routing", "services"),
    },
    "views_api": {"doors"},
    "root": {"root crud", "doors", "views_api"},
    "migrations": set(),
}
PURE_LAYERS = {"core", "rules", "feature models", "models"}
IMPURE = {
    *("lnbits", "fastapi", "starlette", "httpx", "asyncio", "sqlalchemy"),
    *("time", "random", "secrets", "os", "socket", "requests"),
}


def sources() -> list[Path]:
    roots = [REPO / name for name in ("core", "features", "flows", "adapters")]
    found = [path for root in roots for path in root.rglob("*.py")]
    return sorted([*found, *REPO.glob("*.py")])


def layer_of(parts: tuple[str, ...]) -> str:
    """The layer of a module, from its path inside the package."""
    if not parts:
        return "root"
    if parts[0] in ("core", "adapters", "flows"):
        return parts[0]
    if parts[0] == "features":
        name = parts[2] if len(parts) > 2 else "package"
        return {"models": "feature models", "views_api": "doors"}.get(name, name)
    return {
        "crud": "root crud",
        "views": "doors",
        "tasks": "doors",
        "__init__": "root",
    }.get(parts[0], parts[0])


def module_of(path: Path) -> tuple[str, ...]:
    parts = path.relative_to(REPO).with_suffix("").parts
    return parts[:-1] if parts[-1] == "__init__" and len(parts) > 1 else parts


def imports_of(path: Path) -> Iterator[tuple[tuple[str, ...] | None, str]]:
    """(module inside the package, "") for ours; (None, top name) for others."""
    here = module_of(path)
    if path.name != "__init__.py":
        here = here[:-1]
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield None, alias.name.split(".")[0]
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield None, (node.module or "").split(".")[0]
        elif isinstance(node, ast.ImportFrom):
            base = here if path.name != "__init__.py" or here != ("__init__",) else ()
            base = base[: len(base) - node.level + 1]
            target = (*base, *(node.module or "").split(".")) if node.module else base
            for alias in node.names:
                deeper = (*target, alias.name)
                is_module = (REPO / Path(*deeper)).with_suffix(".py").exists()
                is_package = (REPO / Path(*deeper)).is_dir()
                yield (deeper if is_module or is_package else target), ""


@pytest.mark.parametrize("path", sources(), ids=lambda p: str(p.relative_to(REPO)))
def test_imports_only_go_down_the_ladder(path):
    layer = layer_of(module_of(path))
    if layer == "package":
        return
    for target, other in imports_of(path):
        if target is None:
            if layer in PURE_LAYERS:
                assert other not in IMPURE, f"{layer} may not import {other}"
            continue
        found = layer_of(target)
        allowed = BELOW[layer] | {layer}
        assert found in allowed, f"{layer} may not import {'.'.join(target)}"


@pytest.mark.parametrize("path", sources(), ids=lambda p: str(p.relative_to(REPO)))
def test_rules_and_crud_of_a_feature_use_only_words_of_others(path):
    here = module_of(path)
    if here[:1] != ("features",) or len(here) < 3:
        return
    for target, _ in imports_of(path):
        is_foreign = target and target[0] == "features" and target[1:2] != here[1:2]
        if is_foreign:
            assert target[2:3] == ("models",), f"{here} imports {target}"


@pytest.mark.parametrize("path", sources(), ids=lambda p: str(p.relative_to(REPO)))
def test_files_and_functions_stay_readable(path):
    text = path.read_text("utf-8")
    if path.name == "migrations.py":  # as long as its tables, and LNbits wants one
        return
    assert len(text.splitlines()) <= FILE_LINES_MAX
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            lines = (node.end_lineno or 0) - node.lineno + 1
            assert lines <= FUNCTION_LINES_MAX, f"{node.name} has {lines} lines"


@pytest.mark.parametrize("path", sources(), ids=lambda p: str(p.relative_to(REPO)))
def test_every_module_says_what_it_owns(path):
    assert ast.get_docstring(ast.parse(path.read_text("utf-8")))


def test_services_exports_exactly_what_it_imports():
    tree = ast.parse((REPO / "services.py").read_text("utf-8"))
    imported = {
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    listed = next(
        ast.literal_eval(node.value)
        for node in tree.body
        if isinstance(node, ast.Assign) and node.targets[0].id == "__all__"
    )
    assert sorted(imported) == listed
    others = [n for n in tree.body if isinstance(n, (ast.FunctionDef, ast.ClassDef))]
    assert others == []


def test_migrations_are_numbered_without_gaps_and_import_nothing_of_ours():
    text = (REPO / "migrations.py").read_text("utf-8")
    numbers = [int(n) for n in re.findall(r"^async def m(\d{3})_", text, re.M)]
    assert numbers == list(range(1, len(numbers) + 1))
    assert not re.search(r"^\s*from \.", text, re.M)


def test_no_file_holds_a_float_where_money_is_meant():
    for path in sources():
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
                is_money = node.target.id.endswith(("_msat", "_minor"))
                if is_money and isinstance(node.annotation, ast.Name):
                    assert node.annotation.id != "float", f"{path}: {node.target.id}"


def test_states_document_is_generated_from_the_tables():
    spec = importlib.util.spec_from_file_location("states", REPO / "dev" / "states.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules["states"] = module
    spec.loader.exec_module(module)
    assert (REPO / "docs" / "STATES.md").read_text("utf-8") == module.document()


def test_the_version_is_said_once_and_the_same_everywhere():
    version = json.loads((REPO / "config.json").read_text("utf-8"))["version"]
    changelog = (REPO / "CHANGELOG.md").read_text("utf-8")
    assert f"## [{version}]" in changelog


def test_the_architecture_page_names_every_feature_flow_and_core_module():
    page = (REPO / "docs" / "ARCHITECTURE.md").read_text("utf-8")
    features = {path.parent.name for path in REPO.glob("features/*/__init__.py")}
    flows = {path.stem for path in REPO.glob("flows/*.py")} - {"__init__"}
    core = {path.stem for path in REPO.glob("core/*.py")} - {"__init__"}

    assert {name for name in features | flows if f"`{name}`" not in page} == set()
    assert {name for name in core if not re.search(rf"\b{name}\b", page)} == set()


def test_every_browser_test_belongs_to_guests_or_staff():
    """The layers of the browser pick their files by these names."""
    names = {path.name for path in (REPO / "tests/browser").glob("test_*.py")}
    assert {
        name for name in names if not name.startswith(("test_guest_", "test_staff_"))
    } == set()
