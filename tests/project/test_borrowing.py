"""Nothing of libraries' private ground is used or overridden without being named on the page of the architecture."""

from __future__ import annotations

import ast
import importlib
import inspect
from types import ModuleType
from typing import Any

import pytest
from gunicorn.workers.base_async import AsyncWorker

from tests.support.borrowed import on_the_page
from visionai import ROOT

PACKAGE = ROOT / "visionai"


def private_accesses(code: str) -> set[str]:
    """Underscored attributes that a file reads, sets or asks for, and that no class or function of it defines."""
    tree = ast.parse(code)
    nodes = list(ast.walk(tree))
    own = {node.name for node in nodes if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)}
    own |= {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    own |= {node.attr for node in nodes if isinstance(node, ast.Attribute) and _is_set_on_self(node)}
    return {
        node.attr
        for node in nodes
        if isinstance(node, ast.Attribute) and _is_private(node.attr) and (node.attr not in own or _is_foreign(node))
    } | {
        node.args[1].value
        for node in nodes
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in ("getattr", "setattr", "hasattr", "delattr")
        and isinstance(node.args[1], ast.Constant)
        and _is_private(str(node.args[1].value))
    }


def private_modules(code: str) -> set[str]:
    """Modules with an underscore that a file imports from."""
    nodes = [node for node in ast.walk(ast.parse(code)) if isinstance(node, ast.ImportFrom | ast.Import)]
    modules = [node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)]
    modules += [alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names]
    return {module for module in modules if any(_is_private(step) for step in module.split("."))}


def _is_private(name: str) -> bool:
    return name.startswith("_") and not name.startswith("__")


def _is_self(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and node.id in ("self", "cls")


def _is_set_on_self(node: ast.Attribute) -> bool:
    return isinstance(node.ctx, ast.Store) and _is_self(node.value)


def _is_foreign(node: ast.Attribute) -> bool:
    """Whether a name is certainly another's: asked of `super()`, or set on something else than `self`."""
    call = node.value if isinstance(node.value, ast.Call) else None
    of_super = call is not None and isinstance(call.func, ast.Name) and call.func.id == "super"
    return of_super or (isinstance(node.ctx, ast.Store) and not _is_self(node.value))


def sources() -> list[str]:
    return [path.relative_to(PACKAGE).as_posix() for path in sorted(PACKAGE.rglob("*.py"))]


@pytest.mark.parametrize("file", sources())
def test_every_private_name_of_others_is_on_the_page(file: str) -> None:
    code = (PACKAGE / file).read_text()
    known = [name for name, files in on_the_page().items() if file in files]
    last = {name.rpartition(".")[2] for name in known}
    assert private_accesses(code) - last == set()
    assert [
        module for module in private_modules(code) if not any(name.startswith(f"{module}.") for name in known)
    ] == []


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("row._asdict()", {"_asdict"}),
        ("logging._lock = 1\n_lock = 2", {"_lock"}),
        ("getattr(route, '_apidoc', {})", {"_apidoc"}),
        ("class A:\n    def _run(self):\n        return super()._run()", {"_run"}),
        ("class A:\n    def go(self):\n        return self._inherited", {"_inherited"}),
        ("class A:\n    def __init__(self, other):\n        self._own = other._own", set()),
        ("class A:\n    def _own(self): ...\n\ndef go(a):\n    a._own()", set()),
    ],
)
def test_a_private_name_of_others_is_told_from_our_own(code: str, expected: set[str]) -> None:
    assert private_accesses(code) == expected


def test_a_private_module_is_seen() -> None:
    assert private_modules("from __future__ import annotations\nfrom _queue import Empty\nimport a._b") == {
        "_queue",
        "a._b",
    }


DOCUMENTED = {
    "click.core.Group.get_command",
    "click.core.Group.list_commands",
    "_io._IOBase.fileno",
    "_io._IOBase.flush",
    "_io._IOBase.isatty",
    "_io._IOBase.readable",
    "_io._IOBase.writable",
    "_io._RawIOBase.readinto",
    "_io._TextIOBase.encoding",
    "_io._TextIOBase.write",
    "apispec.ext.marshmallow.MarshmallowPlugin.Converter",
    "apispec.ext.marshmallow.field_converter.FieldConverterMixin.field2property",
    "apispec.ext.marshmallow.openapi.OpenAPIConverter.schema2jsonschema",
    "apispec.plugin.BasePlugin.init_spec",
    "apispec.plugin.BasePlugin.operation_helper",
    "click.core.Group.invoke",
    "click.exceptions.ClickException.exit_code",
    "click.exceptions.ClickException.show",
    "opentelemetry.sdk.trace.SpanProcessor.on_end",
    "opentelemetry.sdk.trace.SpanProcessor.shutdown",
    "flask.wrappers.Request.max_form_memory_size",
    "flask_smorest.Api.init_app",
    "flask_smorest.arguments.ArgumentsMixin.ARGUMENTS_PARSER",
    "flask_smorest.error_handler.ErrorHandlerMixin.ERROR_SCHEMA",
    "flask_smorest.error_handler.ErrorHandlerMixin.handle_http_exception",
    "flask_smorest.spec.APISpecMixin.DEFAULT_ERROR_RESPONSE_NAME",
    "http.server.BaseHTTPRequestHandler.error_content_type",
    "logging.Formatter.converter",
    "logging.Formatter.format",
    "marshmallow.fields.Field.default_error_messages",
    "marshmallow.fields._TemporalField.default_error_messages",
    "marshmallow.fields.String.default_error_messages",
    "marshmallow.schema.Schema.Meta",
    "prometheus_client.registry.Collector.collect",
    "sqlalchemy.sql.cache_key.HasCacheKey.inherit_cache",
    "sqlalchemy.sql.elements.ColumnElement.type",
    "sqlalchemy.sql.type_api.ExternalType.cache_ok",
    "sqlalchemy.sql.type_api.TypeDecorator.load_dialect_impl",
    "sqlalchemy.sql.type_api.TypeDecorator.process_bind_param",
    "sqlalchemy.sql.type_api.TypeDecorator.process_result_value",
    "webargs.flaskparser.FlaskParser.handle_error",
    "werkzeug.wrappers.request.Request.close",
    "werkzeug.wrappers.request.Request.get_data",
    "werkzeug.wrappers.request.Request.stream",
}
"""What libraries document to be overridden, and we override."""

OURS_OR_PYTHONS = {"visionai", "builtins", "enum", "typing", "abc"}
NOT_IMPORTED = ("training/", "vision/keras_classifier.py", "cli/progress.py", "__main__.py")
"""TensorFlow and Keras, and what would start a server."""


def module_of(file: str) -> ModuleType:
    return importlib.import_module(
        ".".join(["visionai", *file.removesuffix(".py").split("/")]).removesuffix(".__init__")
    )


def overridden(module: ModuleType) -> set[str]:
    """What the classes of a module define that a class of a library defined, dunder methods aside."""
    found = set()
    for kind in vars(module).values():
        if not inspect.isclass(kind) or kind.__module__ != module.__name__:
            continue
        bases = [base for base in kind.__mro__[1:] if base.__module__.split(".")[0] not in OURS_OR_PYTHONS]
        for name in written_in(kind):
            definers = [base for base in bases if name in vars(base)]
            if definers and not name.startswith("__"):
                found.add(f"{definers[0].__module__}.{definers[0].__qualname__}.{name}")
    return found


def written_in(kind: type) -> set[str]:
    """The names that stand in the body of a class; a metaclass may have added others."""
    [body] = ast.parse(inspect.cleandoc(f"\n{inspect.getsource(kind)}")).body
    assert isinstance(body, ast.ClassDef)
    names = {node.name for node in body.body if isinstance(node, ast.FunctionDef | ast.ClassDef)}
    for node in body.body:
        targets = (
            node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
        )
        names |= {target.id for target in targets if isinstance(target, ast.Name)}
    return names


@pytest.mark.parametrize("file", [file for file in sources() if not file.startswith(NOT_IMPORTED)])
def test_every_override_is_on_the_page_or_documented(file: str) -> None:
    known = {name for name, files in on_the_page().items() if file in files}
    assert sorted(overridden(module_of(file)) - DOCUMENTED - known) == []


def test_every_documented_override_is_one_of_ours() -> None:
    ours = [overridden(module_of(file)) for file in sources() if not file.startswith(NOT_IMPORTED)]
    assert sorted(DOCUMENTED.difference(*ours)) == []


class Late(AsyncWorker):
    def handle_http2(self, *_: Any, **__: Any) -> None: ...


def test_an_override_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    module = ModuleType(__name__)
    monkeypatch.setattr(module, "Late", Late, raising=False)
    assert overridden(module) == {"gunicorn.workers.base_async.AsyncWorker.handle_http2"}
