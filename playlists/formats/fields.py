"""JSON from anywhere: values as they should be, or a sentence that says which is not."""

import json
from typing import Any, TypeVar

T = TypeVar("T")
KINDS = {
    bool: "true or false", int: "a number", float: "a number", str: "a text", list: "a list",
    dict: "an object",
}  # fmt: skip
"""What people call the values of JSON."""


def decoded(raw: bytes) -> Any:
    """Return the value in a file of JSON.

    Raises
    ------
    ValueError
        If there is none; says where.
    """
    try:
        return json.loads(raw)
    except json.JSONDecodeError as error:
        raise ValueError(f"no JSON from line {error.lineno}, column {error.colno} on") from error


def expected(value: Any, kind: type[T], name: str) -> T:
    """Return a value of the kind that it should be.

    Raises
    ------
    ValueError
        If it is of another, or None.
    """
    if isinstance(value, kind):
        return value
    said = "is missing" if value is None else f"is {KINDS[type(value)]}, not {KINDS[kind]}"
    raise ValueError(f"{name} {said}")
