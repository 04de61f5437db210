//! The operations of the service model: their names, and which must be signed.
//!
//! Taken from the `cognito-idp` model of botocore 1.44.5, which has 141 operations.

/// Whether a request must carry a signature (COGNITO.md 1.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Access {
    /// Signed by an AWS credential.
    Signed,
    /// Open to everybody; a signature is ignored.
    Open,
}

/// How an operation is called, or nothing if the model has no such operation.
pub(crate) fn access(operation: &str) -> Option<Access> {
    if OPEN.binary_search(&operation).is_ok() {
        Some(Access::Open)
    } else if SIGNED.binary_search(&operation).is_ok() {
        Some(Access::Signed)
    } else {
        None
    }
}

#[rustfmt::skip]
const OPEN: [&str; 34] = [
    "AssociateSoftwareToken", "ChangePassword", "CompleteWebAuthnRegistration", "ConfirmDevice",
    "ConfirmForgotPassword", "ConfirmSignUp", "DeleteUser", "DeleteUserAttributes",
    "DeleteWebAuthnCredential", "ForgetDevice", "ForgotPassword", "GetDevice",
    "GetTokensFromRefreshToken", "GetUser", "GetUserAttributeVerificationCode",
    "GetUserAuthFactors", "GlobalSignOut", "InitiateAuth", "ListDevices", "ListUserSessions",
    "ListWebAuthnCredentials", "ResendConfirmationCode", "RespondToAuthChallenge", "RevokeToken",
    "RevokeUserSession", "SetUserMFAPreference", "SetUserSettings", "SignUp",
    "StartWebAuthnRegistration", "UpdateAuthEventFeedback", "UpdateDeviceStatus",
    "UpdateUserAttributes", "VerifySoftwareToken", "VerifyUserAttribute",
];

#[rustfmt::skip]
const SIGNED: [&str; 107] = [
    "AddCustomAttributes", "AddUserPoolClientSecret", "AdminAddUserToGroup", "AdminConfirmSignUp",
    "AdminCreateUser", "AdminDeleteSoftwareToken", "AdminDeleteUser", "AdminDeleteUserAttributes",
    "AdminDisableProviderForUser", "AdminDisableUser", "AdminEnableUser", "AdminForgetDevice",
    "AdminGetDevice", "AdminGetUser", "AdminGetUserAuthFactors", "AdminInitiateAuth",
    "AdminLinkProviderForUser", "AdminListDevices", "AdminListGroupsForUser",
    "AdminListUserAuthEvents", "AdminListUserSessions", "AdminRemoveUserFromGroup",
    "AdminResetUserPassword", "AdminRespondToAuthChallenge", "AdminRevokeUserSession",
    "AdminSetUserMFAPreference", "AdminSetUserPassword", "AdminSetUserSettings",
    "AdminUpdateAuthEventFeedback", "AdminUpdateDeviceStatus", "AdminUpdateUserAttributes",
    "AdminUserGlobalSignOut", "CreateGroup", "CreateIdentityProvider",
    "CreateManagedLoginBranding", "CreateResourceServer", "CreateTerms", "CreateUserImportJob",
    "CreateUserPool", "CreateUserPoolClient", "CreateUserPoolDomain", "CreateUserPoolReplica",
    "DeleteGroup", "DeleteIdentityProvider", "DeleteManagedLoginBranding", "DeleteResourceServer",
    "DeleteTerms", "DeleteUserPool", "DeleteUserPoolClient", "DeleteUserPoolClientSecret",
    "DeleteUserPoolDomain", "DeleteUserPoolReplica", "DescribeIdentityProvider",
    "DescribeManagedLoginBranding", "DescribeManagedLoginBrandingByClient",
    "DescribeResourceServer", "DescribeRiskConfiguration", "DescribeTerms",
    "DescribeTermsByClient", "DescribeUserImportJob", "DescribeUserPool",
    "DescribeUserPoolClient", "DescribeUserPoolDomain", "GetCSVHeader", "GetClientToken",
    "GetDerivedToken", "GetGroup", "GetIdentityProviderByIdentifier",
    "GetLogDeliveryConfiguration", "GetProvisionedLimit", "GetSigningCertificate",
    "GetUICustomization", "GetUserPoolClientSessionConfiguration", "GetUserPoolMfaConfig",
    "GetUserPoolSessionConfiguration", "ListGroups", "ListIdentityProviders",
    "ListResourceServers", "ListTagsForResource", "ListTerms", "ListUserImportJobs",
    "ListUserPoolClientSecrets", "ListUserPoolClients", "ListUserPoolReplicas", "ListUserPools",
    "ListUsers", "ListUsersInGroup", "SetLogDeliveryConfiguration", "SetRiskConfiguration",
    "SetUICustomization", "SetUserPoolClientSessionConfiguration", "SetUserPoolMfaConfig",
    "SetUserPoolSessionConfiguration", "StartUserImportJob", "StopUserImportJob", "TagResource",
    "UntagResource", "UpdateGroup", "UpdateIdentityProvider", "UpdateManagedLoginBranding",
    "UpdateProvisionedLimit", "UpdateResourceServer", "UpdateTerms", "UpdateUserPool",
    "UpdateUserPoolClient", "UpdateUserPoolDomain", "UpdateUserPoolReplica",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lists_are_sorted_for_the_search() {
        assert!(OPEN.is_sorted());
        assert!(SIGNED.is_sorted());
        assert_eq!(OPEN.len() + SIGNED.len(), 141);
        assert_eq!(access("SignUp"), Some(Access::Open));
        assert_eq!(access("AdminGetUser"), Some(Access::Signed));
        assert_eq!(access("signup"), None);
    }
}
