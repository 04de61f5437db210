//! The services of the endpoint, by the names that IAM, CloudTrail and faults have for them.

/// A service of AWS that answers here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Service {
    /// Amazon Cognito user pools.
    UserPools,
    /// Amazon SES.
    Ses,
    /// CloudWatch Logs.
    Logs,
    CloudTrail,
    /// AWS Key Management Service.
    Kms,
    Lambda,
}

impl Service {
    /// What stands before the operation in an action of IAM: `ses` in `ses:GetAccount`.
    pub(crate) fn prefix(self) -> &'static str {
        match self {
            Self::UserPools => "cognito-idp",
            Self::Ses => "ses",
            Self::Logs => "logs",
            Self::CloudTrail => "cloudtrail",
            Self::Kms => "kms",
            Self::Lambda => "lambda",
        }
    }

    /// `eventSource` of CloudTrail's events.
    pub(crate) fn event_source(self) -> &'static str {
        match self {
            Self::UserPools => "cognito-idp.amazonaws.com",
            Self::Ses => "ses.amazonaws.com",
            Self::Logs => "logs.amazonaws.com",
            Self::CloudTrail => "cloudtrail.amazonaws.com",
            Self::Kms => "kms.amazonaws.com",
            Self::Lambda => "lambda.amazonaws.com",
        }
    }
}
