#!/usr/bin/env bash
# Writes, searches and queries log events with the AWS CLI. Endpoint, region and credentials come
# from the environment, as the CLI reads them.
set -euo pipefail

QUERY_DEADLINE_SECONDS=20

: "${REVERIFY_AWS_CLI:?path of the aws program}"
group=/reverify/cli stream=one

fail() {
    echo "logs.sh: $*" >&2
    exit 1
}

logs() {
    "$REVERIFY_AWS_CLI" logs "$@" --output text
}

# Runs a query over the last hour to its end, and prints the values of column $2.
query() {
    local now id status deadline=$((SECONDS + QUERY_DEADLINE_SECONDS))
    now=$(date +%s)
    id=$(logs start-query --log-group-name "$group" --start-time $((now - 3600)) \
        --end-time $((now + 60)) --query-string "$1" --query queryId)
    while ((SECONDS < deadline)); do
        status=$(logs get-query-results --query-id "$id" --query status)
        case $status in
        Scheduled | Running) sleep 0.05 ;;
        Complete)
            logs get-query-results --query-id "$id" --query "results[] | [?field=='$2'].value"
            return
            ;;
        *) fail "the query ended as $status: $1" ;;
        esac
    done
    fail "the query did not end within $QUERY_DEADLINE_SECONDS s: $1"
}

logs create-log-group --log-group-name "$group"
logs create-log-stream --log-group-name "$group" --log-stream-name "$stream"
now=$(($(date +%s) * 1000))
cat >events.json <<EVENTS
[{"timestamp": $((now - 2)), "message": "{\"eventName\":\"SignUp\",\"additionalEventData\":{\"sub\":\"SUB-1\"}}"},
 {"timestamp": $((now - 1)), "message": "ERROR könnte nicht \"zugestellt\" werden"},
 {"timestamp": $now, "message": "{\"eventName\":\"AdminDeleteUser\",\"additionalEventData\":{\"sub\":\"SUB-1\"}}"}]
EVENTS
logs put-log-events --log-group-name "$group" --log-stream-name "$stream" \
    --log-events file://events.json >/dev/null

found=$(logs filter-log-events --log-group-name "$group" --filter-pattern ERROR \
    --query 'events[].message')
[[ $found == 'ERROR könnte nicht "zugestellt" werden' ]] || fail "filter-log-events: $found"
found=$(logs filter-log-events --log-group-name "$group" \
    --filter-pattern '{ $.additionalEventData.sub = "SUB-*" }' --query 'length(events)')
[[ $found == 2 ]] || fail "filter-log-events with a JSON pattern: $found"
found=$(logs get-log-events --log-group-name "$group" --log-stream-name "$stream" \
    --start-from-head --limit 1 --query 'length(events)')
[[ $found == 1 ]] || fail "get-log-events: $found"

names=$(query 'fields eventName | filter additionalEventData.sub in ["SUB-1"] | sort @timestamp asc' \
    eventName)
[[ $names == $'SignUp\tAdminDeleteUser' ]] || fail "the query's rows: $names"
count=$(query 'stats count(*) as n by bin(1d) | stats sum(n) as n' n)
[[ $count == 3 ]] || fail "the query's count: $count"

if refusal=$(query 'fields @timestamp | filter' x 2>&1); then
    fail "a query without its end ran"
fi
[[ $refusal == *MalformedQueryException* ]] || fail "a query without its end: $refusal"
if refusal=$(logs get-log-events --log-group-name /none --log-stream-name x 2>&1); then
    fail "a group that does not exist was read"
fi
[[ $refusal == *ResourceNotFoundException*"The specified log group does not exist."* ]] ||
    fail "a group that does not exist: $refusal"
echo "wrote, searched and queried"
