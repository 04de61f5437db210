//! The tables of the services around user pools: CloudWatch Logs with Logs Insights, SES, CloudTrail
//! and KMS.
//!
//! Each case of `cases/*.toml` names its source: a page of AWS, or a section of COGNITO.md or CAUSES.md.
//! It runs in an emulator of its own, through AWS's SDK; `docs/emulator.md` has it as a row.

mod call;
mod case;
mod compare;
mod document;
mod insights;
mod run;
mod table;
mod values;

pub(super) use document::document;
