//! The mailbox simulator: addresses of AWS at which a mail has a known end.
//!
//! <https://docs.aws.amazon.com/ses/latest/dg/send-an-email-from-console.html#send-email-simulator>.
//! Nothing is handed to the SMTP server for them, as nobody can read those mailboxes on AWS. They
//! need no verification in the sandbox, do not count against the daily quota, count against the
//! rate, may carry a label after a plus sign, and are never put on the suppression list.

use lettre::Address;

const DOMAIN: &str = "simulator.amazonses.com";

/// What becomes of a mail to the simulator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Simulated {
    /// It is delivered.
    Success,
    /// It is refused with 550 5.1.1.
    Bounce,
    /// It is delivered, and answered by a machine. The answer counts as a bounce; it is not mailed.
    OutOfOffice,
    /// It is delivered, and marked as spam.
    Complaint,
    /// The address is on AWS's own suppression list.
    SuppressionList,
}

/// What the simulator does with a mail to this address; none if it is somebody else's.
///
/// That another name at the simulator's domain bounces is a guess.
pub(super) fn simulated(address: &Address) -> Option<Simulated> {
    if !address.domain().eq_ignore_ascii_case(DOMAIN) {
        return None;
    }
    let user = address.user().to_ascii_lowercase();
    let name = user.split_once('+').map_or(&*user, |(name, _)| name);
    Some(match name {
        "success" => Simulated::Success,
        "ooto" => Simulated::OutOfOffice,
        "complaint" => Simulated::Complaint,
        "suppressionlist" => Simulated::SuppressionList,
        _ => Simulated::Bounce,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_and_capitals_do_not_matter() {
        let cases = [
            ("success@simulator.amazonses.com", Some(Simulated::Success)),
            (
                "Success+run7+a@Simulator.AmazonSES.com",
                Some(Simulated::Success),
            ),
            ("bounce+1@simulator.amazonses.com", Some(Simulated::Bounce)),
            ("ooto@simulator.amazonses.com", Some(Simulated::OutOfOffice)),
            (
                "complaint+x@simulator.amazonses.com",
                Some(Simulated::Complaint),
            ),
            (
                "suppressionlist@simulator.amazonses.com",
                Some(Simulated::SuppressionList),
            ),
            ("else@simulator.amazonses.com", Some(Simulated::Bounce)),
            ("success@amazonses.com", None),
            ("success@x.simulator.amazonses.com", None),
        ];
        for (address, expected) in cases {
            assert_eq!(simulated(&address.parse().unwrap()), expected, "{address}");
        }
    }
}
