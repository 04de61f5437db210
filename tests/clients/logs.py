"""Writes, searches and queries log events with boto3.

Endpoint, region and credentials come from the environment, as boto3 reads them.
"""

import time

import boto3

QUERY_DEADLINE_SECONDS = 20
GROUP, STREAM = "/reverify/boto3", "one"

logs = boto3.client("logs")


def query(text):
    """Runs a query over the last hour to its end and gives its rows."""
    now = int(time.time())
    started = logs.start_query(
        logGroupName=GROUP, startTime=now - 3600, endTime=now + 60, queryString=text
    )
    deadline = time.monotonic() + QUERY_DEADLINE_SECONDS
    while time.monotonic() < deadline:
        results = logs.get_query_results(queryId=started["queryId"])
        if results["status"] not in ("Scheduled", "Running"):
            assert results["status"] == "Complete", results
            rows = results["results"]
            return [{cell["field"]: cell["value"] for cell in row} for row in rows]
        time.sleep(0.05)
    raise AssertionError(f"not done in {QUERY_DEADLINE_SECONDS} s: {text}")


logs.create_log_group(logGroupName=GROUP, tags={"team": "mail"})
logs.create_log_stream(logGroupName=GROUP, logStreamName=STREAM)
now = int(time.time() * 1000)
events = [
    {"timestamp": now - 500 + number, "message": f'{{"n": {number}, "text": "größer"}}'}
    for number in range(500)
]
answer = logs.put_log_events(logGroupName=GROUP, logStreamName=STREAM, logEvents=events)
assert "rejectedLogEventsInfo" not in answer, answer

pages = logs.get_paginator("filter_log_events").paginate(
    logGroupName=GROUP,
    filterPattern="{ $.n >= 490 && $.text = größer }",
    PaginationConfig={"PageSize": 3},
)
found = [event["message"] for page in pages for event in page["events"]]
assert len(found) == 10, found

rows = query('fields n | filter text like "größer" and n % 100 = 0 | sort n desc')
assert [row["n"] for row in rows] == ["400", "300", "200", "100", "0"], rows
assert all("@ptr" in row for row in rows), rows
rows = query("stats sum(n) as total, pct(n, 90) as p90, count(*) as c")
assert rows == [{"total": "124750", "p90": "449", "c": "500"}], rows

try:
    query("fields @timestamp | sort")
except logs.exceptions.MalformedQueryException as error:
    location = error.response["queryCompileError"]["location"]
    assert location == {"startCharOffset": 24, "endCharOffset": 24}, location
else:
    raise AssertionError("a query without its end ran")
try:
    logs.create_log_group(logGroupName=GROUP)
except logs.exceptions.ResourceAlreadyExistsException:
    pass
else:
    raise AssertionError("a group was made twice")
logs.delete_log_group(logGroupName=GROUP)
print("wrote, searched and queried")
