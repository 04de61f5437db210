//! Any bytes as a mail: reading them neither fails nor takes long.
#![no_main]

use libfuzzer_sys::fuzz_target;
use reverify::mail::{Delivery, Message, Template, extract};

fuzz_target!(|bytes: &[u8]| {
    let message = Message::parse(bytes);
    let _ = extract(&message, &Template::of_cognito());
    let _ = Delivery::parse(bytes);
    let _ = message.readable_text();
});
