"""Results as columns of bytes: what the history file holds in its BLOBs."""

from __future__ import annotations

import json
import sys
import zlib
from array import array
from collections.abc import Iterable, Sequence

from pytest_pyramid.core.history import Column, FileMemory
from pytest_pyramid.core.past_runs import PastResult

_SEPARATOR = "\0"
_NUMBERS = 4
"""Columns of numbers per result: setup, call, teardown, start."""


def pack_texts(texts: Sequence[str]) -> bytes:
    """The texts as bytes; a surrogate that a node id may hold survives."""
    return _SEPARATOR.join(texts).encode("utf-8", "surrogatepass")


def unpack_texts(data: bytes) -> tuple[str, ...]:
    """The texts again. Raises ValueError."""
    return tuple(data.decode("utf-8", "surrogatepass").split(_SEPARATOR)) if data else ()


def pack_columns(columns: Sequence[Column]) -> bytes:
    """The columns of one file: codes, which are whole, seconds."""
    seconds = array("f")
    for column in columns:
        seconds.extend(column.seconds)
    codes = array("q", [column.code for column in columns])
    return bytes([len(columns)]) + _little(codes) + bytes(column.whole for column in columns) + _little(seconds)


def unpack_memory(nodeids: bytes, columns: bytes, setups: bytes) -> FileMemory:
    """What is remembered of one file. Raises ValueError when the parts do not fit together."""
    names = unpack_texts(nodeids)
    count = columns[0]
    codes = _array("q", columns[1 : 1 + 8 * count])
    whole = columns[1 + 8 * count : 1 + 9 * count]
    seconds = _array("f", columns[1 + 9 * count :])
    width = len(names)
    if len(seconds) != width * count or len(whole) != count:
        raise ValueError("columns of another length than the list of tests")
    found = tuple(Column(int(codes[i]), bool(whole[i]), seconds[i * width : (i + 1) * width]) for i in range(count))
    return FileMemory(names, found, tuple(_array("f", setups)))


def pack_numbers(numbers: Iterable[float]) -> bytes:
    """Numbers with about seven digits each."""
    return _little(array("f", numbers))


def pack_results(results: Sequence[PastResult]) -> bytes:
    """All results of a run without their node ids, compressed: 12 to 16 bytes each."""
    tables = [sorted({getattr(result, name) for result in results}) for name in ("tier", "result", "worker")]
    tiers, kinds, workers = ({text: place for place, text in enumerate(table)} for table in tables)
    head = json.dumps({"tests": len(results), "tier": tables[0], "result": tables[1], "worker": tables[2]}).encode()
    body = array("H", [tiers[result.tier] for result in results])
    body.extend([kinds[result.result] for result in results])
    body.extend([workers[result.worker] for result in results])
    numbers = array("f", [result.setup for result in results])
    numbers.extend([result.call for result in results])
    numbers.extend([result.teardown for result in results])
    numbers.extend([result.start for result in results])
    return zlib.compress(head + b"\n" + _little(body) + _little(numbers), 1)


def unpack_results(nodeids: Sequence[str], data: bytes) -> list[PastResult]:
    """The results again. Raises ValueError when they are not those of so many node ids, or no results at all."""
    try:
        head, _, body = zlib.decompress(data).partition(b"\n")
    except zlib.error as error:
        raise ValueError(str(error)) from error
    facts = json.loads(head)
    count = facts["tests"]
    places, numbers = _array("H", body[: 6 * count]), _array("f", body[6 * count :])
    if count != len(nodeids) or len(numbers) != _NUMBERS * count:
        raise ValueError("results of another length than the list of tests")
    texts = [
        [facts[name][place] for place in places[column * count : (column + 1) * count]]
        for column, name in enumerate(("tier", "result", "worker"))
    ]
    setup, call, teardown, start = (numbers[column * count : (column + 1) * count] for column in range(_NUMBERS))
    rows = zip(nodeids, texts[0], texts[1], setup, call, teardown, start, texts[2], strict=True)
    return [PastResult(*row) for row in rows]


def _little(numbers: array[int] | array[float]) -> bytes:
    """The numbers as bytes, the low byte first on every machine."""
    if sys.byteorder == "big":
        numbers = array(numbers.typecode, numbers)
        numbers.byteswap()
    return numbers.tobytes()


def _array(typecode: str, data: bytes) -> array[int] | array[float]:
    numbers: array[int] | array[float] = array(typecode)
    numbers.frombytes(data)
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers
