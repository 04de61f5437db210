#!/usr/bin/env bash
# Manages a user with the AWS CLI: look-up, confirmation by hand, disabling, enabling, a password set
# by hand, a second factor, and a reset. Endpoint, region and credentials come from the environment.
set -euo pipefail

: "${REVERIFY_AWS_CLI:?path of the aws program}" "${REVERIFY_USER_POOL_ID:?}"
: "${REVERIFY_CLIENT_ID:?}" "${REVERIFY_USERNAME:?}"
user=(--user-pool-id "$REVERIFY_USER_POOL_ID" --username "$REVERIFY_USERNAME")

fail() {
    echo "accounts.sh: $*" >&2
    exit 1
}

cognito() {
    "$REVERIFY_AWS_CLI" cognito-idp "$@" --output text
}

# expect WHAT EXPECTED ANSWERED
expect() {
    [[ $3 == "$2" ]] || fail "$1: expected $2, answered $3"
}

status() {
    cognito admin-get-user "${user[@]}" --query '[UserStatus,Enabled]' | tr '\t' ' '
}

cognito sign-up --client-id "$REVERIFY_CLIENT_ID" --username "$REVERIFY_USERNAME" \
    --password 'your-strong-password1!' \
    --user-attributes "Name=email,Value=$REVERIFY_USERNAME" >/dev/null
expect "signed up" "UNCONFIRMED True" "$(status)"
listed=$(cognito list-users --user-pool-id "$REVERIFY_USER_POOL_ID" --attributes-to-get email \
    --filter 'cognito:user_status = "UNCONFIRMED"' --query 'Users[].Attributes[].Value')
expect "looked up" "$REVERIFY_USERNAME" "$listed"

cognito admin-confirm-sign-up "${user[@]}"
expect "confirmed by hand" "CONFIRMED True" "$(status)"
cognito admin-disable-user "${user[@]}"
expect "disabled" "CONFIRMED False" "$(status)"
cognito admin-enable-user "${user[@]}"
expect "enabled" "CONFIRMED True" "$(status)"
cognito admin-set-user-password "${user[@]}" --password 'temporary-1' --no-permanent
expect "password set" "FORCE_CHANGE_PASSWORD True" "$(status)"
cognito admin-set-user-password "${user[@]}" --password 'for-good-1' --permanent
expect "password set for good" "CONFIRMED True" "$(status)"

if refusal=$(cognito admin-reset-user-password "${user[@]}" 2>&1); then
    fail "reset without a verified address"
fi
[[ $refusal == *"no registered/verified email or phone_number"* ]] || fail "$refusal"
cognito admin-update-user-attributes "${user[@]}" --user-attributes Name=email_verified,Value=true
cognito admin-reset-user-password "${user[@]}"
expect "reset" "RESET_REQUIRED True" "$(status)"
