"""Tables as files: written and read with the same checks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from reports.tables import REAL, Table
from rnn.errors import StudyError
from rnn.files import write_whole

_AGAIN = "run the experiment again to make it"


class TableError(StudyError):
    """A table is missing, or does not hold what it must."""


def write(results: Path, table: Table, columns: Mapping[str, Sequence[Any] | np.ndarray]) -> None:
    """Write a table, whole or not at all, its rows sorted by what names them.

    Parameters
    ----------
    columns
        One sequence a column of the schema, all of one length. Real numbers that are not finite become null.

    Raises
    ------
    TableError
        A column is missing, unknown, of another type, or null where it must not be; or two rows have the same name.
    """
    unknown = sorted(set(columns) - set(table.schema.names))
    if unknown:
        raise TableError(f"Table {table.name} has no column {unknown[0]!r}.")
    arrays = []
    for column in table.schema:
        if column.name not in columns:
            raise TableError(f"Column {column.name!r} of table {table.name} was not given.")
        arrays.append(_array(table, column, columns[column.name]))
    if len({len(array) for array in arrays}) > 1:
        raise TableError(f"The columns given for table {table.name} differ in length.")
    content = pa.Table.from_arrays(arrays, schema=table.schema)
    _check(table, content)
    content = content.sort_by([(name, "ascending") for name in table.rows])
    write_whole(table.file(results), lambda temporary: _write_parquet(content, temporary))


def read(results: Path, table: Table) -> pa.Table:
    """Read a table with the columns of its schema, checked.

    Raises
    ------
    TableError
        The file or one of its columns is missing, or a column holds what it must not.
    """
    file = table.file(results)
    if not file.is_file():
        raise TableError(f"Table {table.name} is missing: {file} does not exist; {_AGAIN}.")
    try:
        stored = pq.read_table(file)
    except pa.ArrowInvalid as error:
        raise TableError(f"Table {table.name} cannot be read: {file} is not a whole Parquet file; {_AGAIN}.") from error
    for column in table.schema:
        if column.name not in stored.column_names:
            raise TableError(f"Column {column.name!r} is missing in table {table.name} ({file}); {_AGAIN}.")
    try:
        content = stored.select(table.schema.names).cast(table.schema)
    except (pa.ArrowInvalid, ValueError) as error:
        raise TableError(f"Table {table.name} ({file}) does not fit its schema: {error}") from error
    _check(table, content)
    return content


def _write_parquet(content: pa.Table, file: Path) -> None:
    # real numbers hardly repeat: a dictionary of them is longer than they are, and split into their bytes they compress
    # better (a fifth of the table of gradients, which is also read four times as fast)
    reals = [column.name for column in content.schema if column.type == REAL]
    others = [name for name in content.schema.names if name not in reals]
    split = dict.fromkeys(reals, "BYTE_STREAM_SPLIT")
    pq.write_table(content, file, compression="zstd", use_dictionary=others, column_encoding=split)


def _array(table: Table, column: pa.Field, values: Sequence[Any] | np.ndarray) -> pa.Array:
    try:
        array = pa.array(values, type=column.type, from_pandas=True)
    except (pa.ArrowInvalid, pa.ArrowTypeError) as error:
        raise TableError(f"Column {column.name!r} of table {table.name} must be {column.type}: {error}") from error
    if column.type == REAL:
        return pc.if_else(pc.is_finite(array), array, pa.scalar(None, REAL))
    return array


def _check(table: Table, content: pa.Table) -> None:
    for column in table.schema:
        values = content[column.name]
        if not column.nullable and values.null_count:
            raise TableError(
                f"Column {column.name!r} of table {table.name} holds a null or a number that is not finite."
            )
        if column.type == REAL and not pc.all(pc.is_finite(values.drop_null()), min_count=0).as_py():
            raise TableError(f"Column {column.name!r} of table {table.name} holds NaN or an infinity, not null.")
    names = content.select(table.rows)
    if len(names.group_by(table.rows).aggregate([])) != len(names):
        raise TableError(f"Table {table.name} names a row twice; rows differ in {', '.join(table.rows)}.")
