"""Whether a part of a document fits a struct: all that does not, by its keys and in the words of TOML."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import inspect

from svclint.config.problems import Problem, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterator

Keys = tuple[str | int, ...]

_NAMES: dict[type, str] = {
    str: "a string",
    bool: "true or false",
    int: "an integer",
    float: "a number",
    dict: "a table",
    list: "an array",
}
_WANTED: dict[type, type] = {
    inspect.StrType: str,
    inspect.BoolType: bool,
    inspect.IntType: int,
    inspect.FloatType: float,
}


def mismatches(value: object, kind: type, keys: Keys) -> Iterator[Problem]:
    """
    Yield what keeps `value`, which stands at `keys`, from being the struct `kind`.

    Only strings, numbers, booleans, words of a `Literal`, structs, and tuples of one kind can be asked for. Messages
    name the place below `keys` only.
    """
    return _mismatches(value, inspect.type_info(kind), keys, "")


def _mismatches(value: object, kind: inspect.Type, keys: Keys, path: str) -> Iterator[Problem]:
    options = kind.types if isinstance(kind, inspect.UnionType) else (kind,)
    for option in options:
        match option:
            case inspect.StructType():
                yield from _in_table(value, option, keys, path)
                return
            case inspect.VarTupleType(item_type=item):
                yield from _in_array(value, item, keys, path)
                return
    wanted = tuple(_WANTED[type(option)] for option in options if type(option) in _WANTED)
    words = [str(word) for option in options if isinstance(option, inspect.LiteralType) for word in option.values]
    yield from _in_scalar(value, wanted, words, keys, path)


def _in_table(value: object, kind: inspect.StructType, keys: Keys, path: str) -> Iterator[Problem]:
    if not isinstance(value, dict):
        yield Problem(keys=keys, message=f"{_called(path)} must be a table, not {named(value)}")
        return
    fields = {field.encode_name: field for field in kind.fields}
    inside = f' in "{path}"' if path else ""
    for key, inner in value.items():
        if key in fields:
            yield from _mismatches(inner, fields[key].type, (*keys, key), f"{path}.{key}" if path else key)
        else:
            yield Problem(keys=(*keys, key), message=f'unknown field "{key}"{inside}{did_you_mean(key, fields)}')
    for key, field in fields.items():
        if field.required and key not in value:
            yield Problem(keys=keys, message=f'"{key}" is missing{inside}')


def _in_array(value: object, item: inspect.Type, keys: Keys, path: str) -> Iterator[Problem]:
    if not isinstance(value, list):
        yield Problem(keys=keys, message=f"{_called(path)} must be an array, not {named(value)}")
        return
    for position, each in enumerate(value):
        if isinstance(item, inspect.StructType):
            yield from _mismatches(each, item, (*keys, position), path)
            continue
        for problem in _mismatches(each, item, keys, path):
            message = problem.message.replace(f'"{path}"', f'item {position + 1} of "{path}"', 1)
            yield Problem(keys=keys, message=message, value=each if isinstance(each, str) else "")


def _in_scalar(value: object, wanted: tuple[type, ...], words: list[str], keys: Keys, path: str) -> Iterator[Problem]:
    shown = [word for word in words if word]  # the empty word stands for the default: nobody needs to write it
    if isinstance(value, str):
        if str in wanted or value in words:
            return
        if shown:
            kinds = "".join(f"{_NAMES[kind]}, or " for kind in wanted)
            message = f'must be {kinds}one of {", ".join(shown)}, not "{value}"{did_you_mean(value, shown)}'
            yield Problem(keys=keys, message=f"{_called(path)} {message}")
            return
    elif type(value) in wanted or (type(value) is int and float in wanted):
        return
    kinds = [_NAMES[kind] for kind in wanted]
    expected = ", or ".join([*kinds, f"one of {', '.join(shown)}"] if shown else kinds)
    yield Problem(keys=keys, message=f"{_called(path)} must be {expected}, not {named(value)}")


def named(value: object) -> str:
    """Return what TOML calls the type of a value."""
    return _NAMES.get(type(value), "a date or time")


def _called(path: str) -> str:
    return f'"{path}"' if path else "this"
