//! From a mail's bytes to the code or the link in it; pure functions throughout.
//!
//! [`Message::parse`] keeps what it can of any bytes. [`Template`] is the pool's own message
//! template turned around: where it matches, its answer is exact. [`extract`] tries the templates
//! first and then weighs what the text says, and it answers "none" or "ambiguous" rather than
//! guess.

mod authentication;
mod candidates;
mod charsets;
mod cues;
mod delivery;
mod encoded_words;
mod extract;
mod header;
mod html;
mod invitation;
mod lines;
mod link;
mod message;
mod part;
mod pattern;
mod score;
mod template;
mod text;
mod timeline;

pub use authentication::{AuthenticationResult, AuthenticationResults, Method, Verdict};
pub use delivery::{Delivery, ReceivedHop, SpamSign};
pub use extract::{Extraction, How, extract, extract_by_pattern};
pub use header::Mailbox;
pub use html::{HTML_BYTES_MAX, HTML_DEPTH_MAX, Link};
pub use invitation::temporary_password;
pub use link::ConfirmLink;
pub use message::{
    HEADERS_MAX, MESSAGE_BYTES_MAX, Message, MessageProblem, NESTED_MESSAGES_DEPTH_MAX,
};
pub use part::TEXT_BYTES_MAX;
pub use pattern::{CodePattern, InvalidPattern};
pub use template::{InvalidTemplate, Place, Template, TemplateMatch, TemplateMismatch};
pub use timeline::{Moment, Timeline};
