//! Cognito agreed, but did not hand the mail over.

mod rules;

pub(super) use rules::CAUSES;
