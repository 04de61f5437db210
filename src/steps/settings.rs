//! Steps that change the pool's settings, as its owner would.

use super::args::Args;
use super::pools::change;
use super::session::Session;
use crate::cognito::{PoolDesign, Trigger};
use crate::record::Failure;

pub(super) async fn verifies_nothing(session: &mut Session, _: &Args<'_>) -> Result<(), Failure> {
    change(session.attempt()?, |design| design.verifies_email = false).await
}

pub(super) async fn confirms_by_link(session: &mut Session, _: &Args<'_>) -> Result<(), Failure> {
    change(session.attempt()?, |design| design.confirms_by_link = true).await
}

pub(super) async fn administrators_only(s: &mut Session, _: &Args<'_>) -> Result<(), Failure> {
    change(s.attempt()?, |design| {
        design.admin_creates_users_only = true;
    })
    .await
}

pub(super) async fn verifies_phone(session: &mut Session, _: &Args<'_>) -> Result<(), Failure> {
    change(session.attempt()?, |design| design.verifies_phone = true).await
}

pub(super) async fn keeps_address(session: &mut Session, _: &Args<'_>) -> Result<(), Failure> {
    let keep = |design: &mut PoolDesign| design.keeps_address_until_verified = true;
    change(session.attempt()?, keep).await
}

pub(super) async fn replaces_address(s: &mut Session, _: &Args<'_>) -> Result<(), Failure> {
    let replace = |design: &mut PoolDesign| design.keeps_address_until_verified = false;
    change(s.attempt()?, replace).await
}

/// Functions that write or send mails say what they like.
pub(super) async fn cognitos_text(session: &mut Session, _: &Args<'_>) -> Result<(), Failure> {
    let reset = |design: &mut PoolDesign| {
        design.subject = None;
        design.body = None;
        design.triggers.remove(&Trigger::CustomMessage);
        design.triggers.remove(&Trigger::CustomEmailSender);
    };
    change(session.attempt()?, reset).await
}

pub(super) async fn cognitos_address(session: &mut Session, _: &Args<'_>) -> Result<(), Failure> {
    let reset = |design: &mut PoolDesign| {
        design.own_ses = None;
        design.default_sender = None;
        design.triggers.remove(&Trigger::CustomEmailSender);
    };
    change(session.attempt()?, reset).await
}

pub(super) async fn invites_with(session: &mut Session, args: &Args<'_>) -> Result<(), Failure> {
    let text = args.quoted()?.to_owned();
    change(session.attempt()?, |design| design.invitation = Some(text)).await
}

pub(super) async fn mails_say(session: &mut Session, args: &Args<'_>) -> Result<(), Failure> {
    let text = args.quoted()?.to_owned();
    change(session.attempt()?, |design| design.body = Some(text)).await
}

pub(super) async fn answers_go_to(session: &mut Session, args: &Args<'_>) -> Result<(), Failure> {
    let address = args.quoted()?.to_owned();
    change(session.attempt()?, |design| design.reply_to = Some(address)).await
}

pub(super) async fn mails_have_subject(s: &mut Session, args: &Args<'_>) -> Result<(), Failure> {
    let subject = args.quoted()?.to_owned();
    change(s.attempt()?, |design| design.subject = Some(subject)).await
}
