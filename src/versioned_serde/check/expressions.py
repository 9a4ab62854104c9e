"""What names in a project's source stand for: live objects where they are at the top of a module, else guesses.

Nothing is run for that, and what is not certain is not told: rules find too little rather than too much.
"""

from __future__ import annotations

import ast
import builtins
import inspect
from collections.abc import Iterator, Mapping
from types import ModuleType
from typing import Any

from versioned_serde.check.sources import Module
from versioned_serde.schema import Schema

Function = ast.FunctionDef | ast.AsyncFunctionDef
_READ = ("loads", "unpack")
_MADE = ("model_validate", "model_validate_json", "model_construct", "model_copy")


class Scope:
    """A function, or the top of a module, and what its names stand for.

    Args:
        module: that has it.
        node: the function or module.
        around: the class that has it as a method, if there is one.
    """

    def __init__(self, module: Module, node: Function | ast.Module, around: type | None = None) -> None:
        self.module = module
        self.node = node
        self._classes: dict[str, type] = {}
        if isinstance(node, ast.Module):
            return
        arguments = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
        for argument in arguments:
            self._note(argument.arg, self._annotated(argument.annotation))
        if around is not None and arguments and not _static(node):
            self._classes.setdefault(arguments[0].arg, around)

    def parts(self) -> Iterator[ast.AST]:
        """Every part of it in the order of the source, without those of functions and classes within it.

        Names that were assigned before are known when a part is given.
        """
        waiting: list[ast.AST] = [*reversed(self.node.body)]
        while waiting:
            node: Any = waiting.pop()
            yield node
            match node:
                case ast.Assign(targets=[ast.Name(id=name)], value=value):
                    self._note(name, self.instance(value))
                case ast.AnnAssign(target=ast.Name(id=name), annotation=annotation):
                    self._note(name, self._annotated(annotation))
            if not isinstance(node, Function | ast.ClassDef):
                waiting += [*ast.iter_child_nodes(node)][::-1]

    def live(self, node: ast.expr | None) -> Any:
        """The object that an expression stands for, or None where that is not certain."""
        match node:
            case ast.Name(id=name):
                return self.module.namespace.get(name, getattr(builtins, name, None))
            case ast.Attribute(value=value, attr=name):
                owner = self.live(value)
                if isinstance(owner, ModuleType | type):
                    found = inspect.getattr_static(owner, name, None)
                    return found.__func__ if isinstance(found, staticmethod | classmethod) else found
        return None

    def instance(self, node: ast.expr) -> type | None:
        """The class that the value of an expression is an instance of, where that is certain."""
        match node:
            case ast.Name(id=name):
                return self._classes.get(name)
            case ast.Call(func=ast.Attribute(value=owner, attr=verb)) if isinstance(schema := self.live(owner), Schema):
                return schema.model if verb in _READ and isinstance(schema.model, type) else None
            case ast.Call(func=ast.Attribute(value=owner, attr=verb)) if verb in _MADE:
                cls = self.live(owner)
                return cls if isinstance(cls, type) else self.instance(owner)
            case ast.Call(func=function):
                cls = self.live(function)
                return cls if isinstance(cls, type) else None
            case ast.Await(value=value) | ast.NamedExpr(value=value):
                return self.instance(value)
        return None

    def among(self, node: ast.AST, models: Mapping[type, str]) -> str | None:
        """The schema of a stored model of which an expression, or a part of it, is an instance; None if none is."""
        for part in ast.walk(node):
            cls = self.instance(part) if isinstance(part, ast.expr) else None
            if cls is not None and cls in models:
                return models[cls]
        return None

    def _note(self, name: str, cls: type | None) -> None:
        if cls is None:
            self._classes.pop(name, None)
        else:
            self._classes[name] = cls

    def _annotated(self, annotation: ast.expr | None) -> type | None:
        if isinstance(annotation, ast.Constant) and isinstance(annotation.value, str):
            try:
                annotation = ast.parse(annotation.value, mode="eval").body
            except SyntaxError:
                return None
        if isinstance(annotation, ast.BinOp):  # `Order | None`
            return self._annotated(annotation.left) or self._annotated(annotation.right)
        found = self.live(annotation)
        return found if isinstance(found, type) else None


def scopes(module: Module) -> Iterator[Scope]:
    """Every function of a module, those in classes and functions too, and its top."""
    yield Scope(module, module.tree)
    yield from _functions(module, module.tree, None)


def _functions(module: Module, node: ast.AST, around: type | None) -> Iterator[Scope]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, Function):
            yield Scope(module, child, around)
            yield from _functions(module, child, None)
        elif isinstance(child, ast.ClassDef):
            cls = module.namespace.get(child.name)
            yield from _functions(module, child, cls if isinstance(cls, type) else None)
        else:
            yield from _functions(module, child, around)


def _static(node: Function) -> bool:
    names = {each.id for each in node.decorator_list if isinstance(each, ast.Name)}
    return bool(names & {"staticmethod", "classmethod"})
