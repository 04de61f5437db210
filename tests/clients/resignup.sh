#!/usr/bin/env bash
# Signs a user up, deletes it and signs it up again with the AWS CLI; confirms with the second mail's
# code. Endpoint, region and credentials come from the environment, as the CLI reads them.
set -euo pipefail

MAIL_DEADLINE_SECONDS=10

: "${REVERIFY_AWS_CLI:?path of the aws program}" "${REVERIFY_USER_POOL_ID:?}"
: "${REVERIFY_CLIENT_ID:?}" "${REVERIFY_USERNAME:?}" "${REVERIFY_CONTROL:?}"
user_pool_id=$REVERIFY_USER_POOL_ID client_id=$REVERIFY_CLIENT_ID username=$REVERIFY_USERNAME

fail() {
    echo "resignup.sh: $*" >&2
    exit 1
}

cognito() {
    "$REVERIFY_AWS_CLI" cognito-idp "$@" --output text
}

sign_up() {
    cognito sign-up --client-id "$client_id" --username "$username" \
        --password 'your-strong-password1!' \
        --user-attributes "Name=email,Value=$username" --query UserSub
}

# The code of mail number $1 to the user, counted from 1, once that mail is there.
code_of_mail() {
    local deadline=$((SECONDS + MAIL_DEADLINE_SECONDS)) answer codes
    while ((SECONDS < deadline)); do
        answer=$(curl -fsS --get --data-urlencode "to=$username" "${REVERIFY_CONTROL}mails")
        mapfile -t codes < <(grep -oE '"code": ?"[0-9]{6}"' <<<"$answer" | grep -oE '[0-9]{6}')
        if ((${#codes[@]} >= $1)); then
            echo "${codes[$1 - 1]}"
            return
        fi
        sleep 0.05
    done
    fail "mail $1 did not come within $MAIL_DEADLINE_SECONDS s; last answer: $answer"
}

first_sub=$(sign_up)
first_code=$(code_of_mail 1)

cognito admin-delete-user --user-pool-id "$user_pool_id" --username "$username"
listed=$(cognito list-users --user-pool-id "$user_pool_id" --filter "email = \"$username\"" \
    --query 'length(Users)')
[[ $listed == 0 ]] || fail "$listed users listed after the delete"

second_sub=$(sign_up)
[[ $second_sub != "$first_sub" ]] || fail "the second account has the first one's sub"
second_code=$(code_of_mail 2)
[[ $second_code != "$first_code" ]] || fail "both mails carry the same code"
listed=$(cognito list-users --user-pool-id "$user_pool_id" --filter "email = \"$username\"" \
    --query 'Users[].UserStatus')
[[ $listed == UNCONFIRMED ]] || fail "listed after the second sign-up: $listed"

if refusal=$(cognito confirm-sign-up --client-id "$client_id" --username "$username" \
    --confirmation-code "$first_code" 2>&1); then
    fail "the first mail's code confirmed the second account"
fi
[[ $refusal == *CodeMismatchException* ]] || fail "the first mail's code: $refusal"

cognito confirm-sign-up --client-id "$client_id" --username "$username" \
    --confirmation-code "$second_code"
status=$(cognito admin-get-user --user-pool-id "$user_pool_id" --username "$username" \
    --query UserStatus)
[[ $status == CONFIRMED ]] || fail "status after the confirmation: $status"
echo "confirmed with the code of the second mail"
