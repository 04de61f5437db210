//! The Gherkin vocabulary: what scenarios can say, and the [`Session`] in which it happens.
//!
//! Steps are plain functions over a [`Session`]. [`register`] adds all of them to a
//! [`cucumber::step::Collection`] of any World that [has a session](HasSession), so that a World of
//! the user's own, with steps of its own, can use them too. The attribute macros of cucumber would
//! name one World and may be dropped by the linker when they stand in a library.
//!
//! [`catalogue`] lists the steps for people.

mod account;
mod adapter;
mod aliases;
mod args;
mod between_steps;
mod blocks;
mod calls;
mod cautions;
mod codes;
mod complaint;
mod confirm;
mod control_experiment;
mod delete;
mod destination;
mod diagnose;
mod disturbances;
mod existing_pool;
mod found;
mod function_calls;
mod function_rules;
mod functions;
mod ground;
mod invitations;
mod invited_users;
mod late;
mod limits;
mod links;
mod look_up;
mod lost_answers;
mod mail_checks;
mod mail_facts;
mod mail_faults;
mod mails;
mod own_request;
mod own_ses;
mod passwords;
mod people;
mod phrases;
mod pools;
mod premises;
mod reason;
mod rounds;
mod second_factor;
mod session;
mod settings;
mod sign_in;
mod sign_up;
mod state;
mod target;
mod tokens;
mod unusual_sign_ups;
mod user_attributes;
mod user_management;
mod vocabulary;
mod why;

pub use crate::model::Permissions;
pub use adapter::StepFailure;
pub use args::{BadArgument, check_arguments};
pub use found::look_back;
pub use ground::Ground;
pub use late::LateMails;
pub use limits::Limits;
pub use own_request::ReadMail;
pub use session::{HasSession, Session, Setting};
pub use target::{
    Accounts, AddressTemplate, FixedPool, InvalidTemplate, NoAccount, OwnAccount, Surroundings,
    Target,
};
pub use vocabulary::{
    Block, BlockCheck, Reach, Receives, StepEntry, Topic, catalogue, entry_at, is_ours, register,
};
