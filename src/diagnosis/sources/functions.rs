//! The logs of the functions that decide about mails.

use futures::future::join_all;

use super::insights::{Line, Query};
use super::invocations::invocations;
use super::log::{LogReader, LogReading, Parsed};
use super::miss::Miss;
use super::person::Person;
use super::query_text::all_lines;
use super::values::unread;
use crate::diagnosis::{FunctionLog, Invocation, PoolSettings, Source, SourceName};

/// The trigger that mails itself; without its log nothing is known of a mail.
const SENDER: &str = "CustomEmailSender";
/// The triggers that can keep a mail away, or hide that it came.
const TRIGGERS: [&str; 5] = [
    SENDER,
    "CustomMessage",
    "PostConfirmation",
    "PreSignUp",
    "UserMigration",
];

/// One function's log as it was read.
struct ReadLog {
    trigger: &'static str,
    group: String,
    reading: LogReading<Invocation>,
}

/// Reads the logs of the pool's functions, each with a query of its own.
pub(super) async fn read(
    reader: &LogReader<'_>,
    settings: &PoolSettings,
    person: &Person,
) -> LogReading<FunctionLog> {
    let triggers = TRIGGERS.iter().filter_map(|trigger| {
        let arn = settings.triggers.get(*trigger)?;
        Some((*trigger, log_group(arn)))
    });
    let logs = join_all(triggers.map(|(trigger, group)| async move {
        let query = Query {
            group,
            text: all_lines(),
            from: reader.case.since,
            until: reader.until(),
        };
        let since = reader.case.since;
        let parse = |lines: &[Line]| Parsed {
            found: invocations(lines, since, person),
            unread: 0,
        };
        let reading = match reader.read(&query, parse).await {
            Ok(read) => read,
            Err(Miss::Absent(_)) => without_group(reader, &query.group),
            Err(miss) => LogReading::from(miss.outcome()),
        };
        ReadLog {
            trigger,
            reading,
            group: query.group,
        }
    }))
    .await;
    together(logs)
}

/// The group of a function, by its ARN: `/aws/lambda/NAME`, unless the function names another one,
/// which only Lambda's own API tells.
fn log_group(arn: &str) -> String {
    let name = arn.split_once(":function:").map_or(arn, |(_, name)| name);
    let name = name.split(':').next().unwrap_or(name);
    format!("/aws/lambda/{name}")
}

/// A function's group comes to be when the function first writes.
fn without_group(reader: &LogReader<'_>, group: &str) -> LogReading<Invocation> {
    let remark = format!(
        "the log group {group} does not exist: the function has not run yet, or it writes elsewhere"
    );
    LogReading {
        source: reader.outcome(Vec::new()),
        remarks: vec![remark],
    }
}

/// All logs as one source.
///
/// Without the sender's log nothing is said, since an absent invocation would look like one that
/// never was. The others only add to what Cognito itself answered, so that theirs may be missing.
fn together(logs: Vec<ReadLog>) -> LogReading<FunctionLog> {
    let mut found = Vec::new();
    let mut remarks = Vec::new();
    let mut closed: Option<Source<Vec<FunctionLog>>> = None;
    let mut behind = None;
    for log in logs {
        let ReadLog {
            trigger,
            group,
            reading,
        } = log;
        let LogReading {
            source,
            remarks: own,
        } = reading;
        remarks.extend(own);
        if let Source::Lagging { behind_seconds, .. } = source {
            behind = Some(behind_seconds);
        }
        match source {
            Source::Read { found: invocations }
            | Source::Lagging {
                found: invocations, ..
            } => {
                found.push(FunctionLog {
                    trigger: trigger.to_owned(),
                    log_group: group,
                    invocations,
                });
            }
            other => {
                let other = unread(&other.outcome());
                if trigger == SENDER {
                    return LogReading::from(other);
                }
                remarks.push(why_unread(trigger, &other));
                closed = closed.or(Some(other));
            }
        }
    }
    let source = match (closed, behind) {
        (Some(closed), _) if found.is_empty() => closed,
        (_, Some(behind_seconds)) => Source::Lagging {
            found,
            behind_seconds,
        },
        (_, None) => Source::from(found),
    };
    LogReading { source, remarks }
}

fn why_unread(trigger: &str, outcome: &Source<Vec<FunctionLog>>) -> String {
    let gap = outcome.need(SourceName::FunctionLogs).err();
    let why = gap.map_or_else(String::new, |gap| match gap.remedy {
        Some(remedy) => format!("{}; {remedy}", gap.why),
        None => gap.why,
    });
    format!("the log of the {trigger} function could not be read: {why}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn log(trigger: &'static str, source: Source<Vec<Invocation>>) -> ReadLog {
        ReadLog {
            trigger,
            group: format!("/aws/lambda/{trigger}"),
            reading: LogReading::from(source),
        }
    }

    fn empty() -> Source<Vec<Invocation>> {
        Source::from(Vec::new())
    }

    fn denied() -> Source<Vec<Invocation>> {
        Source::Denied {
            permission: "logs:StartQuery".to_owned(),
        }
    }

    #[test]
    fn groups_are_named_after_their_functions() {
        let arn = "arn:aws:lambda:eu-west-1:123456789012:function:sender";
        for arn in [arn, &format!("{arn}:live"), "sender"] {
            assert_eq!(log_group(arn), "/aws/lambda/sender", "{arn}");
        }
    }

    #[test]
    fn the_senders_log_decides_and_others_add() {
        let lagging = || Source::Lagging {
            found: Vec::new(),
            behind_seconds: 360,
        };
        // Logs, triggers that were read (nothing: closed), whether it lags, remarks.
        let cases = [
            (vec![], Some(vec![]), false, 0),
            (vec![log(SENDER, empty())], Some(vec![SENDER]), false, 0),
            (
                vec![log(SENDER, denied()), log("PreSignUp", empty())],
                None,
                false,
                0,
            ),
            (
                vec![log(SENDER, lagging()), log("PreSignUp", denied())],
                Some(vec![SENDER]),
                true,
                1,
            ),
            (vec![log("PreSignUp", denied())], None, false, 1),
        ];
        for (logs, expected, lags, remarks) in cases {
            let read = together(logs);
            let triggers = read.source.read().map(|logs| {
                let triggers = logs.iter().map(|log| log.trigger.as_str());
                triggers.collect::<Vec<_>>()
            });
            assert_eq!(triggers, expected);
            assert_eq!(read.source.is_lagging(), lags);
            assert_eq!(read.remarks.len(), remarks, "{:?}", read.remarks);
        }
    }
}
