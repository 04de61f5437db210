//! Shows the sink's mails to the emulator's control interface.

use std::sync::{Arc, LazyLock};

use crate::emulator::{MailSummary, MailView};
use crate::inbox::sink::Mailstore;
use crate::inbox::{Arrival, ArrivalId};
use crate::mail::{Extraction, Message, Template, extract};
use crate::model::EmailAddress;

/// The mails that arrived in a sink.
pub(super) struct SinkMails(pub(super) Mailstore);

impl MailView for SinkMails {
    fn mails(&self, to: Option<&EmailAddress>, latest: bool) -> Vec<MailSummary> {
        let arrivals = match (to, latest) {
            (Some(to), true) => self.0.latest_to(to).into_iter().collect(),
            (Some(to), false) => self.0.to(to),
            (None, true) => self.0.all().into_iter().next_back().into_iter().collect(),
            (None, false) => self.0.all(),
        };
        arrivals.iter().map(summary).collect()
    }

    fn raw(&self, id: &str) -> Option<Arc<[u8]>> {
        self.0.raw(&ArrivalId::new(id))
    }

    fn forget(&self) {
        self.0.forget_all();
    }
}

/// The text of a pool that has no template of its own; it is exact, and spares the search for words.
static COGNITOS_TEMPLATES: LazyLock<Vec<Template>> = LazyLock::new(Template::of_cognito);

/// No pool's template is known here, so the code of another text is what any reader of the mail
/// would take for it.
fn summary(arrival: &Arrival) -> MailSummary {
    let message = Message::parse(&arrival.raw);
    let code = match extract(&message, &COGNITOS_TEMPLATES) {
        Extraction::Code { code, .. } => Some(code.expose().to_owned()),
        _ => None,
    };
    let from = message.from().first().map(|from| from.address.to_string());
    MailSummary {
        id: arrival.id.to_string(),
        to: arrival.envelope_to.to_string(),
        from: from.unwrap_or_default(),
        subject: message.subject().unwrap_or_default().to_owned(),
        text: Some(message.readable_text()).filter(|text| !text.is_empty()),
        html: message.html().map(str::to_owned),
        received_at: arrival.received_at,
        code,
    }
}
