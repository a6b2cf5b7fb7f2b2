"""The house as CONTRIBUTING.md shows it is the house as it stands."""

import ast
import re
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[1]
PACKAGES = ("gazetteer", "incidents")


def the_tree() -> dict[str, str]:
    """Read the tree block: path -> the sentence beside it."""
    text = (PROJECT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    (block,) = re.findall(r"^## The house$.*?^```\n(.*?)^```$", text, flags=re.MULTILINE | re.DOTALL)
    tree: dict[str, str] = {}
    folders: list[str] = []
    for line in block.splitlines():
        entry = re.fullmatch(r"(?P<indent>(?:  )*)(?P<name>\S+)(?:  +(?P<sentence>\S.*))?", line)
        assert entry, f"not a line of the tree: {line!r}"
        del folders[len(entry["indent"]) // 2 :]
        tree["".join(folders) + entry["name"]] = entry["sentence"] or ""
        folders.append(entry["name"])
    return tree


def modules() -> list[Path]:
    """Every module, and every package by its `__init__.py`."""
    found = [path for package in PACKAGES for path in (PROJECT / package).rglob("*.py")]
    return [PROJECT / "dashboard.py", *sorted(path for path in found if path.parent.name != "data")]


def as_listed(module: Path) -> str:
    path = module.relative_to(PROJECT)
    return f"{path.parent.as_posix()}/" if path.name == "__init__.py" else path.as_posix()


@pytest.mark.parametrize("module", modules(), ids=as_listed)
def test_a_module_is_listed_with_the_first_line_of_its_docstring(module):
    docstring = ast.get_docstring(ast.parse(module.read_text(encoding="utf-8"))) or ""
    assert the_tree().get(as_listed(module)) == docstring.partition("\n")[0]


@pytest.mark.parametrize("module", modules(), ids=as_listed)
def test_the_first_line_of_a_module_is_one_sentence(module):
    docstring = ast.get_docstring(ast.parse(module.read_text(encoding="utf-8"))) or ""
    assert docstring.partition("\n")[0].endswith(".")


@pytest.mark.parametrize("module", modules(), ids=as_listed)
def test_no_module_is_longer_than_500_lines(module):
    assert len(module.read_text(encoding="utf-8").splitlines()) <= 500


def test_everything_in_the_tree_exists():
    assert [path for path in the_tree() if not (PROJECT / path).exists()] == []
