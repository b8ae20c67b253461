"""What a compiled expression is: a function of the scope, which holds given values by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

from rules.feel.syntax import Node
from rules.feel.values import Value

Scope: TypeAlias = Mapping[str, object]
Run: TypeAlias = Callable[[Scope], Value]
RunTest: TypeAlias = Callable[[Value, Scope], "bool | None"]
Compile: TypeAlias = Callable[[Node], Run]
"""Compiles what stands below a node; handed down, so that each kind of node may live in a module of
its own."""
