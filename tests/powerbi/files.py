"""duckdb and pyarrow read every export, and find what PostgreSQL holds."""

import glob
import os
import sys

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

import expected

FOLDER = os.environ["EXPORTS"]
TYPES = {
    "text": pa.string(),
    "uuid": pa.string(),
    "integer": pa.int64(),
    "decimal": pa.decimal128(18, 4),
    "boolean": pa.bool_(),
    "date": pa.date32(),
    "timestamp": pa.timestamp("us", tz="UTC"),
}


def parquet_files(name):
    found = sorted(glob.glob(f"{FOLDER}/parquet/{name}/*.parquet"))
    assert found, f"{name} has no Parquet"
    return found


def compare(what, wanted, found):
    assert len(found) == len(wanted), f"{what}: {len(found)} rows instead of {len(wanted)}"
    for row, other in zip(wanted, found):
        for name, value in row.items():
            assert other[name] == value, f"{what}.{name}: {other[name]!r} instead of {value!r}"


def by_pyarrow(name, table, names, wanted):
    """Types and every value."""
    read = pa.concat_tables([pq.read_table(path, partitioning=None) for path in parquet_files(name)])
    assert read.schema.names == names, f"{name}: {read.schema.names}"
    for column, kind in table["columns"].items():
        assert read.schema.field(column).type == TYPES[kind], f"{name}.{column} is no {kind}"
    compare(f"{name} by pyarrow", wanted, read.to_pylist())
    for path in parquet_files(name):
        group = pq.ParquetFile(path).metadata
        if group.num_row_groups:
            assert group.row_group(0).column(0).compression == "ZSTD", path


def by_duckdb(name, table, names, wanted):
    """Every value of the Parquet, and the CSV against it without another look at the types."""
    db = duckdb.connect()
    db.execute("set timezone = 'UTC'")
    parquet = f"read_parquet('{FOLDER}/parquet/{name}/*.parquet')"
    order = "order by filename, file_row_number"
    listed = ", ".join(f'"{column}"' for column in names)
    relation = db.execute(f"select {listed} from read_parquet('{FOLDER}/parquet/{name}/*.parquet',"
                          f" filename = true, file_row_number = true) {order}")
    found = [dict(zip(names, row)) for row in relation.fetchall()]
    compare(f"{name} by duckdb", wanted, found)

    kinds = {"text": "varchar", "uuid": "varchar", "integer": "bigint", "decimal": "decimal(18,4)",
             "boolean": "boolean", "date": "date", "timestamp": "timestamptz"}
    typed = [(column, table["columns"][column]) for column in names]
    columns = ", ".join(f"'{c}': '{kinds[k]}'" for c, k in typed)
    # An empty cell is null, an empty text is quoted.
    read = (f"read_csv('{FOLDER}/{name}/*.csv', header = true, delim = ',', quote = '\"', escape = '\"',"
            f" nullstr = '', allow_quoted_nulls = false, strict_mode = true,"
            f" columns = {{{columns}}})")
    # One apostrophe in front of a formula comes off: docs/EXPORTS.md.
    plain = ", ".join(
        f"case when left(\"{c}\", 1) = '''' then substr(\"{c}\", 2) else \"{c}\" end as \"{c}\""
        if k == "text" else f'"{c}"' for c, k in typed)
    assert db.execute(f"select count(*) from {read}").fetchone() == (len(wanted),), name
    for left, right in ((f"select {plain} from {read}", f"select {listed} from {parquet}"),
                        (f"select {listed} from {parquet}", f"select {plain} from {read}")):
        odd = db.execute(f"({left}) except all ({right})").fetchall()
        assert not odd, f"{name}: CSV and Parquet differ in {odd[:2]}"


def main():
    connection = expected.connect()
    n_rows = 0
    for name, table in expected.tables().items():
        names, wanted = expected.rows(connection, table)
        by_pyarrow(name, table, names, wanted)
        by_duckdb(name, table, names, wanted)
        n_rows += len(wanted)
    assert n_rows > 5_000, n_rows
    print(f"{n_rows} rows of {len(expected.tables())} tables agree")


if __name__ == "__main__":
    sys.exit(main())
