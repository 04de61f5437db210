#!/usr/bin/env bash
# Sends mail with the AWS CLI's SES v2 commands: out of the sandbox, from a verified domain, to an
# address before and after it was suppressed.
set -euo pipefail

: "${REVERIFY_AWS_CLI:?path of the aws program}" "${REVERIFY_USERNAME:?}" "${REVERIFY_CONTROL:?}"
address=$REVERIFY_USERNAME

fail() {
    echo "ses.sh: $*" >&2
    exit 1
}

ses() {
    "$REVERIFY_AWS_CLI" sesv2 "$@" --output text
}

control() {
    curl -fsS -X "$1" --data "$3" "${REVERIFY_CONTROL}ses/$2" >/dev/null
}

send() {
    ses send-email --from-email-address shop@example.org --destination "ToAddresses=$address" \
        --content 'Simple={Subject={Data=Hello},Body={Text={Data="Your code is 123456"}}}' \
        --query MessageId
}

[[ $(ses get-account --query ProductionAccessEnabled) == False ]] || fail "not in the sandbox"
if refusal=$(send 2>&1); then
    fail "the sandbox sent to a stranger"
fi
[[ $refusal == *MessageRejected*"not verified"*"$address"* ]] || fail "refused with: $refusal"

control PUT account '{"ProductionAccessEnabled":true}'
control PUT identities/example.org '{"VerificationStatus":"SUCCESS"}'
[[ $(ses get-account --query ProductionAccessEnabled) == True ]] || fail "still in the sandbox"
verified=$(ses get-email-identity --email-identity example.org --query VerifiedForSendingStatus)
[[ $verified == True ]] || fail "example.org is not verified"
id=$(send)
[[ $id == 0100*-000000 ]] || fail "MessageId is $id"

ses put-suppressed-destination --email-address "$address" --reason BOUNCE
reason=$(ses get-suppressed-destination --email-address "$address" \
    --query SuppressedDestination.Reason)
[[ $reason == BOUNCE ]] || fail "suppressed for $reason"
listed=$(ses list-suppressed-destinations --reasons BOUNCE \
    --query 'SuppressedDestinationSummaries[].EmailAddress')
[[ $listed == "$address" ]] || fail "listed: $listed"
send >/dev/null
ses delete-suppressed-destination --email-address "$address"
if refusal=$(ses get-suppressed-destination --email-address "$address" 2>&1); then
    fail "still suppressed"
fi
[[ $refusal == *NotFoundException* ]] || fail "refused with: $refusal"
sent=$(ses get-account --query SendQuota.SentLast24Hours)
[[ $sent == 2.0 ]] || fail "$sent mails counted"
echo "sent $id"
