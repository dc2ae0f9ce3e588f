"""A client of OData that knows nothing of Courtier reflects the feed, and queries every set."""

import datetime
import decimal
import os
import sys

import requests
from odata import ODataService

import expected

URL = os.environ["FEED_URL"]
KEY = os.environ["API_KEY"]
# What Power Query sends.
HEADERS = {"OData-MaxVersion": "4.0", "Accept": "application/json;odata.metadata=minimal;q=1.0"}


def session(size):
    """Carries the key as Power BI does with `Basic`."""
    made = requests.Session()
    made.trust_env = False
    made.auth = ("anybody", KEY)
    made.headers.update(HEADERS, Prefer=f"odata.maxpagesize={size}")
    return made


def plain(value):
    """A value as the feed writes it."""
    if isinstance(value, datetime.datetime):
        text = value.astimezone(datetime.timezone.utc).isoformat().replace("+00:00", "Z")
        return text
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, decimal.Decimal):
        return float(value)
    return value


def every_row(name, names, wanted):
    """Page by page, over raw HTTP, the way a refresh reads."""
    http, url, found = session(700), f"{URL}/{name}", []
    while url:
        answer = http.get(url)
        assert answer.status_code == 200, f"{name}: {answer.text}"
        page = answer.json()
        assert len(page["value"]) <= 700
        found += page["value"]
        url = page.get("@odata.nextLink")
    wanted = [{column: plain(row[column]) for column in names} for row in wanted]
    order = lambda row: sorted((column, repr(value)) for column, value in row.items())
    assert sorted(map(order, found)) == sorted(map(order, wanted)), f"{name} differs"


def by_client(service, name, wanted):
    """Through the classes that the client makes of $metadata."""
    assert name in service.entities, f"{name} was not reflected: {sorted(service.entities)}"
    entity = service.entities[name]
    rows = list(service.query(entity).limit(10))
    assert len(rows) == min(10, len(wanted)), name
    for row in rows:
        values = row.__odata__.data
        assert set(values) >= set(wanted[0]), f"{name}: {values}"


def filters(service, wanted):
    """Conditions that the client writes in its own way."""
    tickets = service.entities["fact_ticket"]
    closed = [row for row in wanted["fact_ticket"] if row["is_closed"] and row["estimated_hours"] is not None
              and row["estimated_hours"] > 2]
    query = service.query(tickets)
    query = query.filter((tickets.is_closed == True) & (tickets.estimated_hours > 2))  # noqa: E712
    found = list(query.order_by(tickets.ticket_id.asc()))
    assert len(found) == len(closed) > 0, (len(found), len(closed))
    assert [row.ticket_id for row in found] == sorted(row["ticket_id"] for row in closed)
    text = service.query(tickets).filter(tickets.summary.contains("1+1"))
    assert len(list(text)) == sum("1+1" in (row["summary"] or "") for row in wanted["fact_ticket"])


def folding(wanted):
    """The filter of an incremental refresh, as Power Query writes it."""
    http = session(5_000)
    for name, day in (("fact_ticket", "created_date"), ("fact_time_entry", "work_date"),
                      ("fact_kpi_daily", "kpi_date")):
        filtered = f"{day} ge 2026-07-01 and {day} lt 2026-08-01"
        answer = http.get(f"{URL}/{name}", params={"$filter": filtered, "$count": "true"}).json()
        month = [row for row in wanted[name] if row[day].isoformat()[:7] == "2026-07"]
        assert answer["@odata.count"] == len(month) > 0, f"{name}: {answer['@odata.count']}"


def main():
    connection = expected.connect()
    service = ODataService(URL, reflect_entities=True, session=session(5_000), quiet_progress=True)
    wanted = {}
    for name, table in expected.tables().items():
        names, wanted[name] = expected.rows(connection, table)
        every_row(name, names, wanted[name])
        by_client(service, name, wanted[name])
    filters(service, wanted)
    folding(wanted)
    print(f"{sum(map(len, wanted.values()))} rows of {len(wanted)} sets agree")


if __name__ == "__main__":
    sys.exit(main())
