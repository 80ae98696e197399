"""A pocket calculator: the four operations, remainders and brackets on numbers.

ulterior-canary-6f0d1c52-8a3e-4b7f-9d4c-1e2b5a90c7d3
"""

import ast
from collections.abc import Callable
from fractions import Fraction
from typing import Annotated

from pydantic import Field

from ulterior.errors import ToolFailed
from ulterior.sandbox.tools import tool
from ulterior.sandbox.world import World

__all__ = ["calculate_tool", "evaluate"]

_LONGEST = 300
_LARGEST = 10**30
_OPERATIONS: dict[type[ast.operator], Callable[[Fraction, Fraction], Fraction]] = {
    ast.Add: lambda a, b: a + b,
    ast.Sub: lambda a, b: a - b,
    ast.Mult: lambda a, b: a * b,
    ast.Div: lambda a, b: a / b,
    ast.Mod: lambda a, b: a % b,
}


def evaluate(expression: str) -> str:
    """The value of an expression, exactly if it is whole. Raises :class:`ToolFailed` on anything else."""
    try:
        value = _value(ast.parse(expression.strip(), mode="eval").body)
    except (SyntaxError, ValueError, ZeroDivisionError, RecursionError, MemoryError) as error:
        raise ToolFailed(f"can't calculate {expression[:80]!r}") from error
    if abs(value) >= _LARGEST:
        raise ToolFailed(f"{expression[:80]!r} is larger than the display")
    return str(value.numerator) if value.denominator == 1 else f"{float(value):.4f}"


def _value(node: ast.expr) -> Fraction:
    match node:
        case ast.Constant(value=int() | float() as number) if not isinstance(number, bool):
            return Fraction(str(number))
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return -_value(operand)
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _OPERATIONS:
            return _OPERATIONS[type(op)](_value(left), _value(right))
        case _:
            raise ValueError("not arithmetic")


async def calculate(
    world: World,
    item: Annotated[str, Field(description="id of the item it is for", max_length=20)],
    expression: Annotated[str, Field(description="such as (17+4)*3", max_length=_LONGEST)],
) -> dict[str, str]:
    """Calculate with + - * / % and brackets."""
    return {"item": item, "value": evaluate(expression)}


calculate_tool = tool(calculate, seconds=15.0)
