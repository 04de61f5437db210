//! A target's table as a target.

use std::collections::BTreeMap;
use std::time::Duration;

use url::{Host, Url};

use super::inbox::{complete, place};
use crate::config::inbox::Inbox;
use crate::config::node::Table;
use crate::config::origin::Located;
use crate::config::problem::{ConfigProblem, nearest};
use crate::config::section::value;
use crate::config::target::{
    AwsTable, Budget, EmbeddedTable, EndpointTable, FixedPool, InboxName, Logs, Target, TargetKind,
    TargetWord,
};
use crate::model::Permissions;

/// The region of an endpoint's ids where none is said; that of `reverify emulate`.
const REGION: &str = "us-east-1";
/// For how long no mail has to come where nothing is said: mails mostly come sooner, and a run of many
/// such steps still ends.
const SILENCE: Duration = Duration::from_secs(20);

/// The target of a table, if nothing is wrong with it.
pub(in crate::config) fn target(
    name: &str,
    table: &Table,
    inboxes: &BTreeMap<String, Option<Inbox>>,
    problems: &mut Vec<ConfigProblem>,
) -> Option<Target> {
    let before = problems.len();
    let Some(word) = value(table, "kind", problems) else {
        if problems.len() == before {
            let problem = ConfigProblem::at(&table.origin, "this target has no `kind`");
            let label = "it has to be one of \"embedded\", \"endpoint\", \"aws\"";
            problems.push(problem.label(label));
        }
        return None;
    };
    let target = Target {
        name: name.to_owned(),
        declared: table.origin.clone(),
        kind: TargetKind::Embedded { seed: None },
        inbox: None,
        logs: Logs::default(),
        control_mail: None,
        silence: Duration::ZERO,
        allow: Permissions::ALL,
        budget: Budget::default(),
    };
    match word {
        TargetWord::Embedded => complete::<EmbeddedTable>(table, problems).map(|read| Target {
            kind: TargetKind::Embedded { seed: read.seed },
            ..target
        }),
        TargetWord::Endpoint => {
            let read = complete(table, problems)?;
            endpoint(read, table, target, inboxes, problems)
        }
        TargetWord::Aws => aws(complete(table, problems)?, target, inboxes, problems),
    }
}

fn endpoint(
    read: EndpointTable,
    table: &Table,
    target: Target,
    inboxes: &BTreeMap<String, Option<Inbox>>,
    problems: &mut Vec<ConfigProblem>,
) -> Option<Target> {
    let inbox = inbox(&read.inbox?, inboxes, problems);
    let pool = match (read.user_pool_id, read.client_id, read.client_secret) {
        (Some(id), Some(client_id), client_secret) => Some(FixedPool {
            id,
            client_id,
            client_secret,
        }),
        (None, None, None) => None,
        (pool, client, _) => {
            let has = match (&pool, &client) {
                (Some(_), _) => "user-pool-id",
                (_, Some(_)) => "client-id",
                _ => "client-secret",
            };
            let problem = ConfigProblem::at(&place(table, has), "this names a pool by half");
            problems.push(problem.label("`user-pool-id` and `client-id` come together"));
            return None;
        }
    };
    let url = read.url?;
    // What is on this machine is an emulator; anything else may be somebody's pool.
    let unsaid = if is_loopback(&url) {
        Permissions::ALL
    } else {
        Vec::new().into()
    };
    Some(Target {
        kind: TargetKind::Endpoint {
            url,
            region: read.region.unwrap_or_else(|| REGION.to_owned()),
            pool,
        },
        inbox: Some(inbox?),
        logs: read.logs.map(Into::into).unwrap_or_default(),
        control_mail: read.control_mail,
        silence: read.silence.unwrap_or(SILENCE),
        allow: read.allow.map_or(unsaid, Into::into),
        budget: read.budget.map(Into::into).unwrap_or_default(),
        ..target
    })
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

fn aws(
    read: AwsTable,
    target: Target,
    inboxes: &BTreeMap<String, Option<Inbox>>,
    problems: &mut Vec<ConfigProblem>,
) -> Option<Target> {
    let inbox = inbox(&read.inbox?, inboxes, problems);
    Some(Target {
        kind: TargetKind::Aws {
            pool: FixedPool {
                id: read.user_pool_id?,
                client_id: read.client_id?,
                client_secret: read.client_secret,
            },
            aws_profile: read.aws_profile,
        },
        inbox: Some(inbox?),
        logs: read.logs.map(Into::into).unwrap_or_default(),
        control_mail: read.control_mail,
        silence: read.silence.unwrap_or(SILENCE),
        allow: read.allow.unwrap_or_default().into(),
        budget: read.budget.map(Into::into).unwrap_or_default(),
        ..target
    })
}

/// The inbox of that name; none, without a word, where the inbox itself is not right.
fn inbox(
    name: &Located<InboxName>,
    inboxes: &BTreeMap<String, Option<Inbox>>,
    problems: &mut Vec<ConfigProblem>,
) -> Option<Inbox> {
    let InboxName(wanted) = &name.value;
    if let Some(inbox) = inboxes.get(wanted) {
        return inbox.clone();
    }
    let known = inboxes.keys().map(String::as_str);
    problems.push(unknown_name("inbox", &name.origin, wanted, known));
    None
}

/// A name that refers to nothing.
pub(in crate::config) fn unknown_name<'a>(
    what: &str,
    origin: &crate::config::origin::Origin,
    wanted: &str,
    known: impl Iterator<Item = &'a str> + Clone,
) -> ConfigProblem {
    let problem = ConfigProblem::at(origin, format!("there is no {what} `{wanted}`"));
    let problem = match nearest(wanted, known.clone()) {
        Some(near) => problem.label(format!("did you mean \"{near}\"?")),
        None => problem.label(format!("no [{what}.{wanted}] is written anywhere")),
    };
    let known: Vec<_> = known.collect();
    if known.is_empty() {
        problem.help(format!("write [{what}.{wanted}]"))
    } else {
        problem.help(format!("there are {}", known.join(", ")))
    }
}
