//! Stands between a mailbox and its reader, and does harm at a chosen moment.

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use super::server::loopback;

/// What happens to a connection.
#[derive(Debug, Clone)]
pub(super) enum Harm {
    /// It is cut when the client has said this.
    CutAfterClient(&'static str),
    /// It is cut when the server has said this.
    CutAfterServer(&'static str),
    /// After the server has said this, no more of its bytes are passed on, and nothing is closed.
    SilenceAfterServer(&'static str),
    /// The first becomes the second in what the server says.
    Replace(&'static str, &'static str),
}

/// A proxy that harms its first connection for each harm it was given, and no later one.
pub(super) struct Proxy {
    pub(super) port: u16,
    harms: Arc<Mutex<Harms>>,
}

#[derive(Debug, Default)]
struct Harms {
    planned: Vec<Harm>,
    done: usize,
    connections: usize,
}

impl Proxy {
    /// Passes on to `upstream`, one planned harm for each connection, in order.
    pub(super) fn start(upstream: u16, planned: Vec<Harm>) -> Self {
        Self::far(upstream, planned, Duration::ZERO)
    }

    /// The same for a server that is far away: it takes `delay` more to answer.
    pub(super) fn far(upstream: u16, planned: Vec<Harm>, delay: Duration) -> Self {
        let listener = TcpListener::bind(loopback(0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let harms = Arc::new(Mutex::new(Harms {
            planned,
            ..Harms::default()
        }));
        let shared = Arc::clone(&harms);
        // Ends with the process: a listener has no other way to be woken without a connection.
        thread::spawn(move || {
            for client in listener.incoming().map_while(Result::ok) {
                let harm = {
                    let mut harms = shared.lock().unwrap();
                    harms.connections += 1;
                    let next = !harms.planned.is_empty();
                    next.then(|| harms.planned.remove(0))
                };
                // While the server restarts there is nobody to pass on to.
                let Ok(server) = TcpStream::connect(loopback(upstream)) else {
                    continue;
                };
                pass_on(client, server, harm, delay, &shared);
            }
        });
        Self { port, harms }
    }

    /// How many harms were done.
    pub(super) fn done(&self) -> usize {
        self.harms.lock().unwrap().done
    }

    /// How many connections came.
    pub(super) fn connections(&self) -> usize {
        self.harms.lock().unwrap().connections
    }
}

fn pass_on(
    client: TcpStream,
    server: TcpStream,
    harm: Option<Harm>,
    delay: Duration,
    harms: &Arc<Mutex<Harms>>,
) {
    for stream in [&client, &server] {
        stream.set_nodelay(true).unwrap();
    }
    let (client_again, server_again) = (client.try_clone().unwrap(), server.try_clone().unwrap());
    let of_client = harm
        .clone()
        .filter(|harm| matches!(harm, Harm::CutAfterClient(_)));
    let of_server = harm.filter(|harm| !matches!(harm, Harm::CutAfterClient(_)));
    let (one, other) = (Arc::clone(harms), Arc::clone(harms));
    thread::spawn(move || pump(client, server, of_client, Duration::ZERO, &one));
    thread::spawn(move || pump(server_again, client_again, of_server, delay, &other));
}

/// Copies until an end, or until the harm is done.
fn pump(
    mut from: TcpStream,
    mut to: TcpStream,
    mut harm: Option<Harm>,
    delay: Duration,
    harms: &Mutex<Harms>,
) {
    let mut said = Vec::new();
    let mut bytes = vec![0; 64 * 1024];
    let mut silent = false;
    while let Ok(count) = from.read(&mut bytes) {
        if count == 0 {
            break;
        }
        thread::sleep(delay);
        let mut some = bytes[..count].to_vec();
        if harm.is_some() {
            said.extend_from_slice(&some);
        }
        let text = String::from_utf8_lossy(&said).into_owned();
        match &harm {
            Some(Harm::CutAfterClient(what) | Harm::CutAfterServer(what)) => {
                if let Some(at) = text.find(what) {
                    // Up to the words, and not a byte more.
                    let left = (at + what.len()).saturating_sub(said.len() - count);
                    let _ = to.write_all(&some[..left.min(count)]);
                    harms.lock().unwrap().done += 1;
                    break;
                }
            }
            Some(Harm::SilenceAfterServer(what)) => {
                if let Some(at) = text.find(what) {
                    let left = (at + what.len()).saturating_sub(said.len() - count);
                    some.truncate(left.min(count));
                    harms.lock().unwrap().done += 1;
                    (silent, harm) = (true, None);
                    let _ = to.write_all(&some);
                }
            }
            Some(Harm::Replace(old, new)) => {
                let text = String::from_utf8_lossy(&some).into_owned();
                if text.contains(old) {
                    some = text.replacen(old, new, 1).into_bytes();
                    harms.lock().unwrap().done += 1;
                    harm = None;
                }
            }
            None => {}
        }
        if !silent && to.write_all(&some).is_err() {
            break;
        }
    }
    // Either end may be gone already.
    let _ = from.shutdown(Shutdown::Both);
    let _ = to.shutdown(Shutdown::Both);
}
