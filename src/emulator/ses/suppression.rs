//! The account's suppression list.
//!
//! <https://docs.aws.amazon.com/ses/latest/dg/sending-email-suppression-list.html>. That the list is
//! managed by the exact text, and asked at a send without regard to capitals, is reported by another
//! emulator's authors (KensioSoftware/yulin#886); AWS documents neither.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::error::SesException;
use super::pages::{PageRequest, page};
use super::service::Ses;
use super::wire::{Empty, Unsupported, epoch_seconds, required, typed, unsupported};
pub(super) use crate::control::SuppressionReason as Reason;
use crate::model::EmailAddress;

/// Addresses on the list, at most; AWS names no bound, and this is a bound on memory.
const SUPPRESSED_MAX: usize = 100_000;

/// The list. A key is the address in small letters and, behind a NUL, as it was written: one range
/// has all spellings of a mailbox.
#[derive(Debug, Default)]
pub(super) struct SuppressionList(BTreeMap<String, Suppressed>);

/// Why and since when an address gets no mail.
#[derive(Debug, Clone)]
struct Suppressed {
    address: String,
    reason: Reason,
    updated: Timestamp,
    /// What it was put there by; none if somebody did it by hand.
    feedback: Option<Feedback>,
}

/// The bounce or complaint that put an address on the list.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Feedback {
    pub(super) message_id: String,
    pub(super) feedback_id: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct PutRequest {
    email_address: Option<String>,
    reason: Option<Reason>,
    tenant_name: Option<Unsupported>,
}

/// What the query of `ListSuppressedDestinations` says.
#[derive(Debug, Default)]
pub(super) struct ListFilter {
    pub(super) reasons: Vec<String>,
    pub(super) start: Option<String>,
    pub(super) end: Option<String>,
    pub(super) page: PageRequest,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct GetResponse {
    suppressed_destination: Destination,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Destination {
    #[serde(flatten)]
    summary: Summary,
    #[serde(skip_serializing_if = "Option::is_none")]
    attributes: Option<Feedback>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ListResponse {
    suppressed_destination_summaries: Vec<Summary>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Summary {
    email_address: String,
    reason: Reason,
    #[serde(serialize_with = "epoch_seconds")]
    last_update_time: Timestamp,
}

impl Summary {
    fn new(suppressed: &Suppressed) -> Self {
        Self {
            email_address: suppressed.address.clone(),
            reason: suppressed.reason,
            last_update_time: suppressed.updated,
        }
    }
}

impl SuppressionList {
    /// Puts an address on the list, or changes why it is there.
    ///
    /// # Errors
    /// `LimitExceededException` if the list is full.
    pub(super) fn put(
        &mut self,
        address: &str,
        reason: Reason,
        updated: Timestamp,
        feedback: Option<Feedback>,
    ) -> Result<(), SesException> {
        let key = key(address);
        if self.0.len() >= SUPPRESSED_MAX && !self.0.contains_key(&key) {
            return Err(SesException::LimitExceeded {
                things: "suppressed addresses",
                max: SUPPRESSED_MAX,
            });
        }
        let suppressed = Suppressed {
            address: address.to_owned(),
            reason,
            updated,
            feedback,
        };
        self.0.insert(key, suppressed);
        Ok(())
    }

    /// Why this address gets no mail while these reasons count; none if it does.
    pub(super) fn reason(&self, address: &str, active: &[Reason]) -> Option<Reason> {
        let mailbox = mailbox(address);
        let spellings = self.0.range(mailbox.clone()..);
        let mut spellings = spellings.take_while(|(key, _)| key.starts_with(&mailbox));
        let (_, suppressed) = spellings.find(|(_, listed)| active.contains(&listed.reason))?;
        Some(suppressed.reason)
    }
}

/// Where all spellings of an address begin.
fn mailbox(address: &str) -> String {
    let mut mailbox = address.to_lowercase();
    mailbox.push('\0');
    mailbox
}

fn key(address: &str) -> String {
    mailbox(address) + address
}

/// `PutSuppressedDestination`.
///
/// # Errors
/// `BadRequestException`, also in the sandbox, where the calls that manage the list are disabled
/// (<https://docs.aws.amazon.com/ses/latest/dg/request-production-access.html>); the texts are guesses.
pub(super) fn put_suppressed_destination(ses: &Ses, body: &[u8]) -> Result<Empty, SesException> {
    let request: PutRequest = typed(body)?;
    unsupported(&[("TenantName", request.tenant_name)])?;
    let address = required(request.email_address, "emailAddress")?;
    let reason = required(request.reason, "reason")?;
    check_address(&address)?;
    let now = ses.now();
    let mut state = ses.state();
    check_access(state.account.is_in_sandbox())?;
    state.suppressed.put(&address, reason, now, None)?;
    Ok(Empty {})
}

/// `GetSuppressedDestination`.
///
/// # Errors
/// `NotFoundException`.
pub(super) fn get_suppressed_destination(
    ses: &Ses,
    address: &str,
) -> Result<GetResponse, SesException> {
    let state = ses.state();
    let suppressed = state.suppressed.0.get(&key(address));
    let suppressed = suppressed.ok_or_else(|| SesException::not_suppressed(address))?;
    Ok(GetResponse {
        suppressed_destination: Destination {
            summary: Summary::new(suppressed),
            attributes: suppressed.feedback.clone(),
        },
    })
}

/// `DeleteSuppressedDestination`.
///
/// # Errors
/// `NotFoundException`, `BadRequestException` in the sandbox.
pub(super) fn delete_suppressed_destination(
    ses: &Ses,
    address: &str,
) -> Result<Empty, SesException> {
    let mut state = ses.state();
    check_access(state.account.is_in_sandbox())?;
    let removed = state.suppressed.0.remove(&key(address));
    removed
        .map(|_| Empty {})
        .ok_or_else(|| SesException::not_suppressed(address))
}

/// `ListSuppressedDestinations`, by address; the order is a guess, and so is that both dates count
/// as within.
///
/// # Errors
/// `InvalidNextTokenException`, `BadRequestException`.
pub(super) fn list_suppressed_destinations(
    ses: &Ses,
    filter: &ListFilter,
) -> Result<ListResponse, SesException> {
    let date = |text: Option<&str>, name| text.map(|text| date(text, name)).transpose();
    let start = date(filter.start.as_deref(), "StartDate")?;
    let end = date(filter.end.as_deref(), "EndDate")?;
    let reasons = filter.reasons.iter().map(|text| reason(text));
    let reasons = reasons.collect::<Result<Vec<_>, _>>()?;
    let state = ses.state();
    let wanted = state.suppressed.0.iter().filter(|(_, suppressed)| {
        (reasons.is_empty() || reasons.contains(&suppressed.reason))
            && start.is_none_or(|start| suppressed.updated >= start)
            && end.is_none_or(|end| suppressed.updated <= end)
    });
    let listed = page(wanted, |(key, _)| key, &filter.page)?;
    let summaries = listed.items.into_iter();
    Ok(ListResponse {
        suppressed_destination_summaries: summaries
            .map(|(_, suppressed)| Summary::new(suppressed))
            .collect(),
        next_token: listed.next_token,
    })
}

/// Reads a date of a query: RFC 3339, as REST JSON has it.
fn date(text: &str, name: &str) -> Result<Timestamp, SesException> {
    text.parse().map_err(|_| {
        SesException::bad_request(format!("{name} is not a date and time of RFC 3339: {text}"))
    })
}

fn reason(text: &str) -> Result<Reason, SesException> {
    match text {
        "BOUNCE" => Ok(Reason::Bounce),
        "COMPLAINT" => Ok(Reason::Complaint),
        _ => Err(SesException::bad_request(format!(
            "1 validation error detected: Value '{text}' at 'reasons' failed to satisfy \
             constraint: Member must satisfy enum value set: [BOUNCE, COMPLAINT]"
        ))),
    }
}

fn check_address(address: &str) -> Result<(), SesException> {
    let valid = address.parse::<EmailAddress>();
    valid
        .map(drop)
        .map_err(|error| SesException::bad_request(error.to_string()))
}

fn check_access(is_in_sandbox: bool) -> Result<(), SesException> {
    if is_in_sandbox {
        return Err(SesException::bad_request(
            "Your account is in the sandbox. Request production access to manage the suppression \
             list.",
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_send_asks_without_regard_to_capitals() {
        let mut list = SuppressionList::default();
        let both = [Reason::Bounce, Reason::Complaint];
        let now = Timestamp::UNIX_EPOCH;
        list.put("Ada@example.com", Reason::Bounce, now, None)
            .unwrap();
        let cases = [
            ("Ada@example.com", &both[..], Some(Reason::Bounce)),
            ("ada@EXAMPLE.com", &both[..], Some(Reason::Bounce)),
            ("ada@example.com", &both[1..], None),
            ("ada@example.com", &[], None),
            ("ada+tag@example.com", &both[..], None),
        ];
        for (address, active, expected) in cases {
            assert_eq!(list.reason(address, active), expected, "{address}");
        }
    }
}
