//! Runs of the built command: an emulator in a process of its own mails into an inbox that a
//! configuration names, from sign-up to verdict.

mod filed;
mod imap;
mod scene;
mod sink;
mod unreadable;
