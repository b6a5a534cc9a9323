"""What a process keeps from one request to the next is no row: it would be yesterday's."""

import ast
from collections.abc import Iterator
from pathlib import Path

from django.apps import apps

from tests.product import PRODUCT

ROOT = Path(__file__).resolve().parent.parent
KEEPERS = {"cache", "lru_cache"}


def kept_rows(source: str, models: set[str]) -> Iterator[str]:
    """Functions whose answers are kept for the life of the process, and that take or give rows."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef) and any(map(_keeps, node.decorator_list)):
            arguments = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
            said = [node.returns, *(argument.annotation for argument in arguments)]
            if models & {name for annotation in said if annotation for name in _names(annotation)}:
                yield node.name


def _keeps(decorator: ast.expr) -> bool:
    bare = decorator.func if isinstance(decorator, ast.Call) else decorator
    return (bare.attr if isinstance(bare, ast.Attribute) else getattr(bare, "id", "")) in KEEPERS


def _names(annotation: ast.expr) -> Iterator[str]:
    """Those in it, written out or as text."""
    for node in ast.walk(annotation):
        if isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.Attribute):
            yield node.attr
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield from _names(ast.parse(node.value, mode="eval").body)


def test_no_function_keeps_rows() -> None:
    models = {model.__name__ for model in apps.get_models()}
    files = [file for top in PRODUCT for file in (ROOT / top).rglob("*.py")]
    kept = {
        str(file.relative_to(ROOT)): found
        for file in files
        if (found := list(kept_rows(file.read_text(), models)))
    }
    assert len(files) > 100
    assert kept == {}


def test_one_that_did_is_found() -> None:
    """As tills' devices once were kept, and in other spellings."""
    source = """
@lru_cache(maxsize=1024)
def device(values: tuple[Any, ...]) -> Device: ...

@functools.cache
def stores(brand: "Brand | None") -> list[str]: ...

class Tills:
    @cache
    def first(self, *, of: int) -> models.Store: ...

@cache
def zones() -> tuple[str, ...]: ...

def fresh() -> Device: ...
"""
    assert list(kept_rows(source, {"Device", "Brand", "Store"})) == ["device", "stores", "first"]
