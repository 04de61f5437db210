#!/usr/bin/env bash
# Signs in with the AWS CLI: as an app and as an administrator, with a refresh, and out again.
# Endpoint, region and credentials come from the environment, as the CLI reads them.
set -euo pipefail

: "${REVERIFY_AWS_CLI:?path of the aws program}" "${REVERIFY_USER_POOL_ID:?}" "${REVERIFY_USERNAME:?}"
pool=(--user-pool-id "$REVERIFY_USER_POOL_ID")
password='your-strong-password1!'

fail() {
    echo "sign_in.sh: $*" >&2
    exit 1
}

cognito() {
    "$REVERIFY_AWS_CLI" cognito-idp "$@" --output text
}

app=$(cognito create-user-pool-client "${pool[@]}" --client-name cli --query UserPoolClient.ClientId \
    --explicit-auth-flows ALLOW_USER_PASSWORD_AUTH ALLOW_ADMIN_USER_PASSWORD_AUTH \
    ALLOW_REFRESH_TOKEN_AUTH)
sub=$(cognito sign-up --client-id "$app" --username "$REVERIFY_USERNAME" --password "$password" \
    --user-attributes "Name=email,Value=$REVERIFY_USERNAME" --query UserSub)
by_password=(--client-id "$app"
    --auth-parameters "USERNAME=$REVERIFY_USERNAME,PASSWORD=$password")

if refusal=$(cognito initiate-auth --auth-flow USER_PASSWORD_AUTH "${by_password[@]}" 2>&1); then
    fail "signed in before the confirmation"
fi
[[ $refusal == *"(UserNotConfirmedException)"*"User is not confirmed." ]] || fail "$refusal"
cognito admin-confirm-sign-up "${pool[@]}" --username "$REVERIFY_USERNAME"

tokens=$(cognito initiate-auth --auth-flow USER_PASSWORD_AUTH "${by_password[@]}" \
    --query 'AuthenticationResult.[AccessToken,RefreshToken]')
read -r access refresh <<<"$tokens"
attributes=$(cognito get-user --access-token "$access" --query 'UserAttributes[].[Name,Value]')
grep -qx "sub"$'\t'"$sub" <<<"$attributes" || fail "another user's token: $attributes"
cognito admin-initiate-auth "${pool[@]}" --auth-flow ADMIN_USER_PASSWORD_AUTH "${by_password[@]}" \
    --query AuthenticationResult.TokenType | grep -qx Bearer || fail "not as administrator"
cognito initiate-auth --auth-flow REFRESH_TOKEN_AUTH --client-id "$app" \
    --auth-parameters "REFRESH_TOKEN=$refresh" --query AuthenticationResult.IdToken |
    grep -q '^eyJ' || fail "no refresh"

cognito global-sign-out --access-token "$access"
if refusal=$(cognito get-user --access-token "$access" 2>&1); then
    fail "the token outlived the sign-out"
fi
[[ $refusal == *"(NotAuthorizedException)"*"Access Token has been revoked" ]] || fail "$refusal"
