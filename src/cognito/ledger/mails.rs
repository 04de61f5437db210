//! Mails: each is set down before the request that causes it, if the budget has room for it.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension as _, params};

use super::store::exclusive;
use super::{Ledger, LedgerError};
use crate::model::{Budget, EmailAddress, RunId, Share, mail_day_start};

const MILLISECONDS_PER_HOUR: i64 = 60 * 60 * 1_000;

/// A mail that is about to be caused.
#[derive(Debug, Clone, Copy)]
pub struct MailRequest<'a> {
    /// By which run.
    pub run: &'a RunId,
    /// What it is counted for: the pool that sends it, or the target's name where scenarios make pools.
    pub target: &'a str,
    /// Whom it is for.
    pub address: &'a EmailAddress,
}

/// A mail that is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MailReservation(i64);

/// What says how many mails a run may cause.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MailBound {
    /// The bound of a run, or the run's share of it.
    Run,
    /// What was left of the day when the run began.
    Day,
}

/// Why a run may not begin, or a mail not be caused.
#[derive(Debug, thiserror::Error)]
pub enum BudgetError {
    /// The run as a whole is too large.
    #[error("{} needs {}, and its target allows {}", whose(*.share), mails(*.needed), allowed(*.left, *.limit, *.share))]
    Run {
        /// The mails that it needs.
        needed: u32,
        /// What it may cause: its share of the limit.
        left: u32,
        /// The limit of a whole run.
        limit: u32,
        /// The part that it does.
        share: Share,
    },
    /// Too few mails are left for it until the next 09:00 UTC.
    #[error("{} needs {}, {} {} left{} today ({used} of {limit} used since 09:00 UTC{})",
        whose(*.share), mails(*.needed), .left, are(*.left), for_part(*.share), set_aside(*.promised))]
    Day {
        /// The mails that it needs.
        needed: u32,
        /// What it may cause.
        left: u32,
        /// What was caused today.
        used: u32,
        /// What is set aside for other runs that are alive.
        promised: u32,
        /// The limit of a day.
        limit: u32,
        /// The part that it does.
        share: Share,
    },
    /// The run caused all the mails that it may.
    #[error("the run has caused the {}", may(*.limit, *.bound))]
    RunUsedUp {
        /// How many it might.
        limit: u32,
        /// Which bound says so.
        bound: MailBound,
    },
    /// The day's mails are used up.
    #[error("no mail is left today: {used} of {limit} are used since 09:00 UTC{}", set_aside(*.promised))]
    DayUsedUp {
        /// What was caused today.
        used: u32,
        /// What is set aside for other runs that are alive.
        promised: u32,
        /// The limit of a day.
        limit: u32,
    },
    /// One address got all that it may within an hour.
    #[error("{address} got {} within the hour, which is what one address may get", mails(*.limit))]
    AddressUsedUp {
        /// The address.
        address: EmailAddress,
        /// The limit of an address in an hour.
        limit: u32,
    },
    /// The ledger.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
}

impl BudgetError {
    /// What a person can do.
    pub fn help(&self) -> &'static str {
        match self {
            Self::Run { .. } => "choose fewer with --tags, or raise mails-per-run",
            Self::Day { .. } => "choose fewer with --tags, or raise mails-per-day",
            Self::RunUsedUp { bound, .. } => match bound {
                MailBound::Run => "run fewer scenarios or retries, or raise mails-per-run",
                MailBound::Day => {
                    "run fewer scenarios or retries, wait until 09:00 UTC, or raise mails-per-day"
                }
            },
            Self::DayUsedUp { .. } => "wait until 09:00 UTC, or raise mails-per-day",
            Self::AddressUsedUp { .. } => "wait an hour, or raise mails-per-address-and-hour",
            Self::Ledger(_) => {
                "nothing was sent: what is not counted cannot be kept within a budget"
            }
        }
    }
}

fn may(limit: u32, bound: MailBound) -> String {
    match bound {
        MailBound::Run => format!("{} that it may", mails(limit)),
        MailBound::Day => format!("{} that were left for it today when it began", mails(limit)),
    }
}

fn whose(share: Share) -> String {
    if share.of() == 1 {
        "this run".to_owned()
    } else {
        format!("this part of the run, {share},")
    }
}

fn mails(count: u32) -> String {
    match count {
        1 => "1 mail".to_owned(),
        count => format!("{count} mails"),
    }
}

fn are(count: u32) -> &'static str {
    if count == 1 { "is" } else { "are" }
}

fn allowed(left: u32, limit: u32, share: Share) -> String {
    if share.of() == 1 {
        format!("{limit} a run")
    } else {
        format!("it {left} of {limit} a run")
    }
}

fn for_part(share: Share) -> &'static str {
    if share.of() == 1 { "" } else { " for it" }
}

fn set_aside(promised: u32) -> String {
    match promised {
        0 => String::new(),
        count => format!(", {count} set aside for runs under way"),
    }
}

impl Ledger {
    /// Counts a mail before the request that causes it; `None` where the budget bounds no mails.
    ///
    /// # Errors
    ///
    /// When the budget has no room for it, or the ledger cannot be written: then the request must not
    /// be sent.
    pub fn reserve_mail(
        &self,
        mail: &MailRequest<'_>,
        budget: &Budget,
        now: Timestamp,
    ) -> Result<Option<MailReservation>, BudgetError> {
        if !budget.bounds_mails() {
            return Ok(None);
        }
        let connection = self.connection();
        let transaction = exclusive(&connection).map_err(LedgerError::from)?;
        self.must_fit(&transaction, mail, budget, now)?;
        let written = transaction.execute(
            "INSERT INTO mails (run, target, address, at_ms) VALUES (?1, ?2, ?3, ?4)",
            params![
                mail.run.as_str(),
                mail.target,
                mail.address.mailbox_key(),
                now.as_millisecond(),
            ],
        );
        written.map_err(LedgerError::from)?;
        let id = transaction.last_insert_rowid();
        transaction.commit().map_err(LedgerError::from)?;
        Ok(Some(MailReservation(id)))
    }

    /// Takes a mail back that was certainly not sent, as when the request was refused.
    ///
    /// # Errors
    ///
    /// When the ledger cannot be written; the mail stays counted.
    pub fn release_mail(&self, reservation: MailReservation) -> Result<(), LedgerError> {
        self.connection()
            .execute("DELETE FROM mails WHERE id = ?1", [reservation.0])?;
        Ok(())
    }

    fn must_fit(
        &self,
        connection: &Connection,
        mail: &MailRequest<'_>,
        budget: &Budget,
        now: Timestamp,
    ) -> Result<(), BudgetError> {
        if let Some((limit, bound)) = mails_of_run(connection, mail, budget)? {
            return Err(BudgetError::RunUsedUp { limit, bound });
        }
        if let Some(limit) = budget.mails_per_day {
            let day = mail_day_start(now).as_millisecond();
            let used = sent_since(connection, mail.target, day)?;
            let promised = self.promised(connection, mail.target, mail.run)?;
            if used.saturating_add(promised) >= limit {
                return Err(BudgetError::DayUsedUp {
                    used,
                    promised,
                    limit,
                });
            }
        }
        if let Some(limit) = budget.mails_per_address_and_hour {
            let since = now.as_millisecond() - MILLISECONDS_PER_HOUR;
            let key = mail.address.mailbox_key();
            let got = connection.query_row(
                "SELECT COUNT(*) FROM mails WHERE target = ?1 AND at_ms > ?2 AND address = ?3",
                params![mail.target, since, key],
                |row| row.get::<_, u32>(0),
            );
            if got.map_err(LedgerError::from)? >= limit {
                return Err(BudgetError::AddressUsedUp {
                    address: mail.address.clone(),
                    limit,
                });
            }
        }
        Ok(())
    }
}

/// The run's limit and what says so, if it is reached.
fn mails_of_run(
    connection: &Connection,
    mail: &MailRequest<'_>,
    budget: &Budget,
) -> Result<Option<(u32, MailBound)>, LedgerError> {
    let run = mail.run.as_str();
    let granted = connection
        .query_row(
            "SELECT mails_max, part, parts FROM runs WHERE run = ?1",
            [run],
            |row| Ok((row.get(0)?, Share::new(row.get(1)?, row.get(2)?))),
        )
        .optional()?;
    // A run that was not begun in this ledger has the limit of a whole one.
    let (limit, share) = granted.unwrap_or((budget.mails_per_run, None));
    let Some(limit) = limit else {
        return Ok(None);
    };
    let share = share.unwrap_or(Share::WHOLE);
    let of_run = budget.mails_per_run.map(|whole| share.count(whole));
    let bound = if of_run == Some(limit) {
        MailBound::Run
    } else {
        MailBound::Day
    };
    let caused: u32 =
        connection.query_row("SELECT COUNT(*) FROM mails WHERE run = ?1", [run], |row| {
            row.get(0)
        })?;
    Ok((caused >= limit).then_some((limit, bound)))
}

/// Mails on a target since a moment, in milliseconds.
pub(super) fn sent_since(
    connection: &Connection,
    target: &str,
    since_ms: i64,
) -> Result<u32, LedgerError> {
    Ok(connection.query_row(
        "SELECT COUNT(*) FROM mails WHERE target = ?1 AND at_ms >= ?2",
        params![target, since_ms],
        |row| row.get(0),
    )?)
}
