"""What PostgreSQL holds: the rows of every table of the export, by the SELECT that Courtier tells."""

import json
import os

import psycopg


def connect():
    connection = psycopg.connect(os.environ["DATABASE_URL"])
    connection.execute("select set_config('app.tenant_id', %s, false)", [os.environ["TENANT_ID"]])
    connection.execute("select set_config('timezone', timezone, false) from tenants")
    # Dimensions select from the names that the export collects.
    connection.execute(
        "create temp table export_names as select company, board, priority, owner,"
        " bool_or(high_priority) as is_high from raw_tickets group by 1, 2, 3, 4"
    )
    return connection


def tables():
    with open(os.environ["SELECTS"], encoding="utf-8") as file:
        return json.load(file)


def ascii_lower(text):
    return "".join(chr(ord(c) + 32) if "A" <= c <= "Z" else c for c in text)


def key(text):
    """A key is the name without blanks around it, its ASCII letters in lower case."""
    if text is None:
        return None
    return ascii_lower(text.strip(" ")) or None


def rows(connection, table):
    """Names of the columns, and the rows as dictionaries of plain values."""
    cursor = connection.execute(table["select"])
    names = [column.name for column in cursor.description]
    found = []
    for values in cursor.fetchall():
        row = dict(zip(names, values))
        for name in table["keys"]:
            row[name] = key(row[name])
        row["tenant_id"] = str(row["tenant_id"]) if "tenant_id" in row else None
        if row["tenant_id"] is None:
            del row["tenant_id"]
        found.append(row)
    return names, found
