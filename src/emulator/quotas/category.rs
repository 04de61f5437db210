//! The categories in which AWS counts calls.

use crate::control::RequestRates;

/// A category of operations, counted together for the account and region.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Category {
    UserAuthentication,
    /// The answers to challenges, which have three times the quota of `UserAuthentication`. That
    /// what exceeds it counts against that category is left out.
    ChallengeResponses,
    UserCreation,
    UserAccountRecovery,
    UserRead,
    UserUpdate,
    UserToken,
    UserResourceRead,
    UserResourceUpdate,
    UserList,
    UserPoolRead,
    UserPoolUpdate,
    UserPoolResourceRead,
    UserPoolResourceUpdate,
    UserPoolClientRead,
    UserPoolClientUpdate,
    /// `LookupEvents` of CloudTrail, which is no category of user pools.
    EventLookup,
}

/// How many categories there are.
pub(super) const CATEGORIES: usize = 17;

impl Category {
    /// The category of an operation.
    ///
    /// AWS's page names the operations of `UserAuthentication` and `UserCreation` and describes the
    /// other categories; where an operation was put by its description, that is a guess:
    /// <https://docs.aws.amazon.com/cognito/latest/developerguide/quotas.html>.
    pub(super) fn of(operation: &str) -> Self {
        match operation {
            "InitiateAuth" | "AdminInitiateAuth" => Self::UserAuthentication,
            "RespondToAuthChallenge" | "AdminRespondToAuthChallenge" => Self::ChallengeResponses,
            "SignUp" | "ConfirmSignUp" | "AdminCreateUser" | "AdminConfirmSignUp" => {
                Self::UserCreation
            }
            "ForgotPassword"
            | "ConfirmForgotPassword"
            | "ChangePassword"
            | "AdminResetUserPassword"
            | "AdminSetUserPassword" => Self::UserAccountRecovery,
            "GetUser" | "AdminGetUser" => Self::UserRead,
            "GetTokensFromRefreshToken" | "RevokeToken" => Self::UserToken,
            "ListUsers" | "ListUsersInGroup" => Self::UserList,
            "ResendConfirmationCode"
            | "GetUserAttributeVerificationCode"
            | "AdminListGroupsForUser"
            | "GetUserAuthFactors" => Self::UserResourceRead,
            "SetUserMFAPreference"
            | "AdminSetUserMFAPreference"
            | "AssociateSoftwareToken"
            | "VerifySoftwareToken" => Self::UserResourceUpdate,
            "DescribeUserPool" | "ListUserPools" => Self::UserPoolRead,
            "CreateUserPool" | "UpdateUserPool" | "DeleteUserPool" => Self::UserPoolUpdate,
            "DescribeUserPoolClient" | "ListUserPoolClients" | "ListUserPoolClientSecrets" => {
                Self::UserPoolClientRead
            }
            "CreateUserPoolClient"
            | "UpdateUserPoolClient"
            | "DeleteUserPoolClient"
            | "AddUserPoolClientSecret"
            | "DeleteUserPoolClientSecret" => Self::UserPoolClientUpdate,
            "LookupEvents" => Self::EventLookup,
            other if is_of_a_user(other) => Self::UserUpdate,
            other
                if ["Get", "List", "Describe"]
                    .iter()
                    .any(|verb| other.starts_with(verb)) =>
            {
                Self::UserPoolResourceRead
            }
            _ => Self::UserPoolResourceUpdate,
        }
    }

    /// How many of its calls a second may have; none for no limit (COGNITO.md 9 \[D\]).
    pub(super) fn per_second(self, rates: RequestRates) -> Option<u32> {
        match rates {
            RequestRates::Unlimited => None,
            RequestRates::PerSecond(calls) => Some(calls),
            RequestRates::Aws => Some(match self {
                Self::UserAuthentication | Self::UserRead | Self::UserToken => 120,
                Self::ChallengeResponses => 360,
                Self::UserCreation | Self::UserResourceRead => 50,
                Self::UserAccountRecovery | Self::UserList => 30,
                Self::UserUpdate | Self::UserResourceUpdate => 25,
                Self::UserPoolResourceRead => 20,
                Self::UserPoolRead
                | Self::UserPoolUpdate
                | Self::UserPoolResourceUpdate
                | Self::UserPoolClientRead
                | Self::UserPoolClientUpdate => 15,
                // <https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_LookupEvents.html>.
                Self::EventLookup => 2,
            }),
        }
    }
}

/// The remaining operations on a single user, which all change it.
fn is_of_a_user(operation: &str) -> bool {
    matches!(
        operation,
        "DeleteUser"
            | "DeleteUserAttributes"
            | "UpdateUserAttributes"
            | "VerifyUserAttribute"
            | "GlobalSignOut"
    ) || operation.starts_with("Admin")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn operations_have_their_categories_and_quotas() {
        let cases = [
            ("SignUp", Category::UserCreation, 50),
            ("ConfirmSignUp", Category::UserCreation, 50),
            ("InitiateAuth", Category::UserAuthentication, 120),
            ("RespondToAuthChallenge", Category::ChallengeResponses, 360),
            ("AdminDeleteUser", Category::UserUpdate, 25),
            ("DeleteUser", Category::UserUpdate, 25),
            ("ResendConfirmationCode", Category::UserResourceRead, 50),
            ("GetGroup", Category::UserPoolResourceRead, 20),
            ("CreateGroup", Category::UserPoolResourceUpdate, 15),
            ("UpdateUserPool", Category::UserPoolUpdate, 15),
            ("LookupEvents", Category::EventLookup, 2),
        ];
        for (operation, category, calls) in cases {
            assert_eq!(Category::of(operation), category, "{operation}");
            assert_eq!(category.per_second(RequestRates::Aws), Some(calls));
            assert_eq!(category.per_second(RequestRates::PerSecond(2)), Some(2));
            assert_eq!(category.per_second(RequestRates::Unlimited), None);
        }
        assert!((Category::EventLookup as usize) < CATEGORIES);
    }
}
