//! Where a code goes, as far as the answer to the latest request says so.

use crate::cognito::CodeDelivery;

/// What is known of it.
#[derive(Debug, Default)]
pub(super) enum Destination {
    /// The request was not accepted, or its answer never names one.
    #[default]
    Unsaid,
    /// The answer was lost: that the request went through was found out otherwise.
    Lost,
    /// The answer names none: no code is sent.
    Nowhere,
    /// The answer names this one.
    Named(CodeDelivery),
}

impl Destination {
    /// What an answer says that was received, of a request that names where its code goes.
    pub(super) fn of(delivery: Option<CodeDelivery>) -> Self {
        delivery.map_or(Self::Nowhere, Self::Named)
    }

    /// The fact beside a mail that did not come after this request.
    pub(super) fn beside_missing(&self, request: &str) -> String {
        match self {
            Self::Named(delivery) => format!(
                "{request} said that the code goes by {} to {}",
                delivery.medium, delivery.destination
            ),
            Self::Nowhere => {
                format!("{request} named no destination: the service says that it sends nothing")
            }
            Self::Lost => {
                format!("the answer to {request} was lost, and with it where the code goes")
            }
            Self::Unsaid => format!("it was awaited since {request}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_sent_only_where_an_answer_says_so() {
        let named = CodeDelivery {
            attribute: "email".into(),
            medium: "EMAIL".into(),
            destination: "a***@e***".into(),
        };
        let cases = [
            (Destination::of(Some(named)), "by EMAIL to a***@e***"),
            (Destination::of(None), "says that it sends nothing"),
            (Destination::Lost, "the answer to SignUp was lost"),
            (Destination::Unsaid, "it was awaited since SignUp"),
        ];
        for (destination, said) in cases {
            let fact = destination.beside_missing("SignUp");
            assert!(fact.contains(said), "{fact}");
        }
    }
}
