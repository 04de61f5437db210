//! How many users a second an emulator signs up, shows, confirms and takes through the whole cycle:
//! `cargo bench --bench load`.
//!
//! It starts `reverify emulate` as a process of its own and sends requests over keep-alive
//! connections from one thread: one at a time, then 32 at once, with few users stored and with
//! many. One *cycle* is what this project is about: sign up, the mail arrives, confirm with its
//! code, delete, sign up again with the same address, another mail arrives, confirm.
//!
//! Where the codes come from: the emulator hands each mail to the SMTP server that runs beside it
//! before it answers the sign-up, and the control interface reads the code out of the bytes that
//! this server received. The client asks it over HTTP, as a test in any language would; those two
//! requests of each cycle are part of its time. The client also checks that the second mail is
//! another one than the first.
//!
//! `--peer NAME:CODES:COMMAND` measures another emulator in the same way and prints how the two
//! compare; `scripts/compare-peers.sh` does that for those that can be installed in a minute.
//!
//! The client and the server share the machine, so wall times depend on what else it does; the
//! server's CPU time (its SMTP server's included) hardly does. Figures are printed and nothing is
//! asserted, except that every answer is the expected one: others are counted as failed.
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a measurement talks to a person, and stops at what it did not expect"
)]

mod api;
mod args;
mod cells;
mod connection;
mod measured;
mod server;
mod table;

use std::time::Duration;

use clap::Parser as _;

use args::{Args, Codes, Peer};
use cells::Plan;
use measured::Measured;
use server::Server;

/// Starts of our own process whose median is told; others take longer and get fewer.
const STARTS: usize = 15;
const PEER_STARTS: usize = 3;

fn main() {
    let args = Args::parse();
    println!("load average before: {}", server::load_average());
    let ours = Peer {
        name: "reverify".to_owned(),
        codes: Codes::Control,
        command: args.command.clone().unwrap_or_else(|| {
            let program = env!("CARGO_BIN_EXE_reverify");
            format!("'{program}' emulate --listen 127.0.0.1:{{port}} --smtp 127.0.0.1:0")
        }),
    };
    let plan = |codes| Plan {
        codes,
        seconds: Duration::from_secs_f64(args.seconds),
        fill_seconds: Duration::from_secs_f64(args.fill_seconds),
        at_once: args.at_once.clone(),
    };
    let mut all = Vec::new();
    if let Some(endpoint) = args.endpoint {
        let mut measured = Measured::of("endpoint");
        for stored in &args.stored {
            measured.cells.extend(runtime().block_on(cells::measure(
                endpoint,
                None,
                *stored,
                &plan(args.codes),
            )));
        }
        table::print(&measured);
        all.push(measured);
    } else {
        for peer in args.peers.iter().chain([&ours]) {
            let measured = measure(peer, &args.stored, &plan(peer.codes));
            table::print(&measured);
            all.push(measured);
        }
    }
    if let Some((ours, peers)) = all.split_last()
        && !peers.is_empty()
    {
        table::compare(ours, peers);
    }
    println!("load average after: {}", server::load_average());
}

fn measure(peer: &Peer, stored: &[usize], plan: &Plan) -> Measured {
    let mut measured = Measured::of(&peer.name);
    let starts = if peer.codes == Codes::Control {
        STARTS
    } else {
        PEER_STARTS
    };
    let mut times: Vec<Duration> = (0..starts)
        .map(|_| Server::start(&peer.command).first_answer)
        .collect();
    times.sort();
    measured.first_answer = Some(times[times.len() / 2]);

    let runtime = runtime();
    let server = Server::start(&peer.command);
    measured.idle_bytes = server.resident_bytes();
    let most = stored.iter().copied().max().unwrap_or_default();
    let users = runtime.block_on(cells::fill_without_mail(server.address, most, plan));
    measured.user_bytes = server
        .resident_bytes()
        .zip(measured.idle_bytes)
        .map(|(after, before)| after.saturating_sub(before) / users.max(1));
    measured.users = users;
    drop(server);

    for stored in stored {
        let server = Server::start(&peer.command);
        let cells = cells::measure(server.address, Some(&server), *stored, plan);
        measured.cells.extend(runtime.block_on(cells));
        measured.after_bytes = server.resident_bytes();
    }
    measured
}

fn runtime() -> tokio::runtime::Runtime {
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    runtime.enable_all().build().unwrap()
}
