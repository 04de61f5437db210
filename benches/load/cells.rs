//! The loads, one after the other.

use std::cell::Cell as Counter;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use futures::future::join_all;

use super::api::{Api, Failure, Received};
use super::args::Codes;
use super::connection::Connection;
use super::measured::{Cell, Load, Sample};
use super::server::Server;

/// Requests under way while users are made or removed between two measurements.
const PREPARING_AT_ONCE: usize = 32;
/// Most sign-ups that are made to be confirmed.
const TO_CONFIRM_MAX: usize = 20_000;

/// How everything is measured.
pub(crate) struct Plan {
    pub(crate) codes: Codes,
    pub(crate) seconds: Duration,
    pub(crate) fill_seconds: Duration,
    pub(crate) at_once: Vec<usize>,
}

/// When a load ends.
#[derive(Clone, Copy)]
struct Limit {
    count: usize,
    time: Duration,
}

/// Signs up to `most` users without any mail, and tells how many there are.
///
/// The others send none anyway, and not all of them take a pool that verifies nothing.
pub(crate) async fn fill_without_mail(address: SocketAddr, most: usize, plan: &Plan) -> usize {
    let api = Api::create(address, plan.codes, plan.codes != Codes::Control).await;
    fill(&api, most, plan).await
}

/// Measures every load in a pool of `wanted` users.
pub(crate) async fn measure(
    address: SocketAddr,
    server: Option<&Server>,
    wanted: usize,
    plan: &Plan,
) -> Vec<Cell> {
    let api = Api::create(address, plan.codes, true).await;
    let stored = fill(&api, wanted, plan).await;
    let mut cells = Vec::new();
    for at_once in plan.at_once.iter().copied() {
        let limit = Limit {
            count: usize::MAX,
            time: plan.seconds,
        };
        for load in [
            Load::AdminGetUser,
            Load::ConfirmSignUp,
            Load::SignUp,
            Load::Cycle,
        ] {
            let name = |index: usize| format!("{load:?}.{at_once}.{index}@mail.test");
            let sample = match load {
                Load::AdminGetUser => {
                    run(&api, server, at_once, limit, async |connection, index| {
                        // A prime step, so that neighbours in time are none in memory.
                        let user = stored_user(index * 7_919 % stored);
                        api.admin_get_user(connection, &user).await
                    })
                    .await
                }
                Load::ConfirmSignUp => confirm(&api, server, at_once, limit, &name).await,
                Load::SignUp => {
                    run(&api, server, at_once, limit, async |connection, index| {
                        api.sign_up(connection, &name(index)).await
                    })
                    .await
                }
                Load::Cycle => {
                    run(&api, server, at_once, limit, async |connection, index| {
                        cycle(&api, connection, &name(index)).await
                    })
                    .await
                }
            };
            // The next load finds as many users as this one did.
            if load != Load::AdminGetUser {
                let made = Limit {
                    count: sample.times.len() + sample.failures.len(),
                    time: Duration::MAX,
                };
                run(
                    &api,
                    None,
                    PREPARING_AT_ONCE,
                    made,
                    async |connection, index| api.admin_delete_user(connection, &name(index)).await,
                )
                .await;
            }
            cells.push(Cell {
                load,
                at_once,
                stored: (wanted, stored),
                sample,
            });
        }
    }
    cells
}

/// Sign up, receive, confirm, delete, sign up, receive another mail, confirm.
async fn cycle(api: &Api, connection: &mut Connection, user: &str) -> Result<(), Failure> {
    api.sign_up(connection, user).await?;
    let first = api.received(connection, user).await?;
    api.confirm_sign_up(connection, user, &first).await?;
    api.admin_delete_user(connection, user).await?;
    api.sign_up(connection, user).await?;
    let second = api.received(connection, user).await?;
    if second.same_mail(&first) {
        return Err(format!("{user} got no second mail"));
    }
    api.confirm_sign_up(connection, user, &second).await
}

/// Signs up users and fetches their codes, then measures their confirmation alone.
async fn confirm(
    api: &Api,
    server: Option<&Server>,
    at_once: usize,
    limit: Limit,
    name: &impl Fn(usize) -> String,
) -> Sample {
    let preparing = Limit {
        count: TO_CONFIRM_MAX,
        ..limit
    };
    let made = run(
        api,
        None,
        PREPARING_AT_ONCE,
        preparing,
        async |connection, index| api.sign_up(connection, &name(index)).await,
    )
    .await;
    let mut connection = api.connection();
    let mut codes: Vec<Option<Received>> = Vec::new();
    for index in 0..made.times.len() + made.failures.len() {
        codes.push(api.received(&mut connection, &name(index)).await.ok());
    }
    let all = Limit {
        count: codes.len(),
        ..limit
    };
    let sample = run(api, server, at_once, all, async |connection, index| {
        let code = codes[index].as_ref().ok_or("there was no code")?;
        api.confirm_sign_up(connection, &name(index), code).await
    })
    .await;
    // Those that the time did not suffice for go as well.
    let left = sample.times.len() + sample.failures.len()..codes.len();
    for index in left {
        // A user that is gone already is as good.
        let _ = api.admin_delete_user(&mut connection, &name(index)).await;
    }
    sample
}

/// Makes the users that are there all the time; tells how many.
async fn fill(api: &Api, wanted: usize, plan: &Plan) -> usize {
    let limit = Limit {
        count: wanted,
        time: plan.fill_seconds,
    };
    let filled = run(
        api,
        None,
        PREPARING_AT_ONCE,
        limit,
        async |connection, index| api.sign_up(connection, &stored_user(index)).await,
    );
    let filled = filled.await;
    let failure = filled.failures.first();
    assert!(!filled.times.is_empty(), "nobody can sign up: {failure:?}");
    filled.times.len()
}

fn stored_user(index: usize) -> String {
    format!("stored.{index}@mail.test")
}

/// Does the same again and again, `at_once` at a time, and notes how long each took.
async fn run(
    api: &Api,
    server: Option<&Server>,
    at_once: usize,
    limit: Limit,
    each: impl AsyncFn(&mut Connection, usize) -> Result<(), Failure>,
) -> Sample {
    let next = Counter::new(0);
    let cpu_before = server.and_then(Server::cpu);
    let began = Instant::now();
    let workers = (0..at_once).map(|_| async {
        let mut connection = api.connection();
        let (mut times, mut failures) = (Vec::new(), Vec::new());
        while next.get() < limit.count && began.elapsed() < limit.time {
            let index = next.replace(next.get() + 1);
            let started = Instant::now();
            match each(&mut connection, index).await {
                Ok(()) => times.push(started.elapsed()),
                Err(failure) => failures.push(failure),
            }
        }
        (times, failures)
    });
    let done = join_all(workers).await;
    let wall = began.elapsed();
    let cpu = server.and_then(Server::cpu).zip(cpu_before);
    let (times, failures): (Vec<_>, Vec<_>) = done.into_iter().unzip();
    let mut times = times.concat();
    times.sort();
    Sample {
        times,
        wall,
        cpu: cpu.map(|(after, before)| after.saturating_sub(before)),
        failures: failures.concat(),
    }
}
