#!/usr/bin/env bash
# Looks up with the AWS CLI who called what, in CloudTrail's event history. Endpoint, region and
# credentials come from the environment, as the CLI reads them.
set -euo pipefail

: "${REVERIFY_AWS_CLI:?path of the aws program}" "${REVERIFY_USER_POOL_ID:?}"
: "${REVERIFY_CLIENT_ID:?}" "${REVERIFY_USERNAME:?}"
user_pool_id=$REVERIFY_USER_POOL_ID client_id=$REVERIFY_CLIENT_ID username=$REVERIFY_USERNAME

fail() {
    echo "event_history.sh: $*" >&2
    exit 1
}

aws() {
    "$REVERIFY_AWS_CLI" "$@" --output text
}

began=$(date +%s)
sub=$(aws cognito-idp sign-up --client-id "$client_id" --username "$username" \
    --password 'Passw0rd!' --user-attributes "Name=email,Value=$username" --query UserSub)
aws cognito-idp admin-delete-user --user-pool-id "$user_pool_id" --username "$username"

for name in SignUp AdminDeleteUser; do
    event=$(aws cloudtrail lookup-events --start-time "$began" \
        --lookup-attributes "AttributeKey=EventName,AttributeValue=$name" \
        --query 'Events[].CloudTrailEvent')
    [[ $event == *"\"sub\":\"$sub\""* ]] || fail "$name is not about $sub: $event"
    [[ $event != *"$username"* ]] || fail "$name shows an address: $event"
done
names=$(aws cloudtrail lookup-events --max-items 2 --query 'Events[].EventName' \
    --lookup-attributes AttributeKey=EventSource,AttributeValue=cognito-idp.amazonaws.com)
[[ $names == AdminDeleteUser*SignUp* ]] || fail "not the newest first: $names"

if refused=$(aws cloudtrail lookup-events --lookup-attributes \
    AttributeKey=EventName,AttributeValue=a AttributeKey=EventName,AttributeValue=b 2>&1); then
    fail "two attributes are taken: $refused"
fi
[[ $refused == *InvalidLookupAttributesException* ]] || fail "refused otherwise: $refused"
