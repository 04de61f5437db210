//! Steps with a table or a text below their line.

use super::super::{HasSession, blocks};
use super::reach::Reach;
use super::table::{Block, Definition, step};
use super::topic::Topic;

#[rustfmt::skip]
pub(super) fn blocks<W: HasSession>() -> Vec<Definition<W>> {
    vec![
        step!(Given "these new users:" => blocks::new_users,
            "these new users:",
            "People who have not signed up yet, one a row; without an address a person gets a fresh one.",
            block: Block::Table {
                example: "| name  | address           |\n| Ada   |                   |\n| Grace | grace@example.com |",
                check: blocks::check_persons,
            }),
        step!(Given "the pool's verification mail says:" => blocks::mail_says,
            "the pool's verification mail says:",
            "The pool's own text for verification mails; the code stands where {####} does.",
            block: Block::DocString {
                example: "Welcome!\nYour code is {####}.",
                check: blocks::check_mail_text,
            },
            reach: Some(Reach::Checked), topic: Some(Topic::Messages)),
    ]
}
