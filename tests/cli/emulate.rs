//! The emulator as a server: it says where it is, and ends cleanly.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};

use nix::sys::signal::Signal;

use super::command::{Place, json};

const FREE: [&str; 5] = [
    "emulate",
    "--listen",
    "127.0.0.1:0",
    "--smtp",
    "127.0.0.1:0",
];

fn get(address: &str, path: &str) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    write!(stream, "GET {path} HTTP/1.0\r\nHost: {address}\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

#[test]
fn the_port_file_says_where_it_is_and_goes_with_it() {
    let place = Place::new();
    let ids = [
        "--user-pool-id",
        "eu-west-1_AbCdEfGhI",
        "--client-id",
        "1example23456789",
    ];
    let arguments: Vec<_> = FREE
        .into_iter()
        .chain(["--port-file", "ports.json", "--quotas", "aws"])
        .chain(ids)
        .collect();
    let mut started = place.start(&arguments);
    let said = started.until("app client");
    let ports = json(&place.path("ports.json"));
    let text = |key: &str| ports[key].as_str().unwrap().to_owned();
    assert_eq!(text("user_pool_id"), "eu-west-1_AbCdEfGhI");
    assert_eq!(text("client_id"), "1example23456789");
    assert_eq!(
        text("control"),
        format!("{}/_reverify/v1/", text("endpoint"))
    );
    assert!(
        said.contains(&text("endpoint")) && said.contains(&text("smtp")),
        "{said}"
    );
    let address = text("endpoint").replace("http://", "");
    let mails = get(&address, "/_reverify/v1/mails?to=ada@example.com&latest=1");
    assert!(
        mails.starts_with("HTTP/1.0 200") && mails.ends_with("\r\n\r\n[]"),
        "{mails}"
    );
    let quotas = get(&address, "/_reverify/v1/quotas");
    assert!(
        quotas.contains("\"default_sender_mails_per_day\":50"),
        "{quotas}"
    );
    let nobody = get(&address, "/_reverify/v1/mails?to=ada");
    assert!(
        nobody.starts_with("HTTP/1.0 400") && nobody.contains("no `@`"),
        "{nobody}"
    );
    started.signal(Signal::SIGINT);
    started.end().assert(0, &[]);
    assert_eq!(place.contents(), Vec::<String>::new());
}

#[test]
fn what_is_wrong_is_told_and_nothing_is_left_behind() {
    let place = Place::new().with("seed.toml", "[[user_pool]]\nPoolNam = \"x\"\n");
    let cases: [(&[&str], i32, &[&str]); 9] = [
        (
            &["emulate", "--forward", "192.0.2.1:25"],
            2,
            &["192.0.2.1:25 is on another machine", "--allow-remote"],
        ),
        (
            &["emulate", "--forward", "127.0.0.1:1025"],
            2,
            &["forwarded in a circle", "--smtp"],
        ),
        (
            &["emulate", "--listen", "0.0.0.0:0"],
            2,
            &["other machines", "--allow-remote"],
        ),
        (&["emulate", "--listen", "nowhere"], 2, &["--listen"]),
        (
            &["emulate", "--user-pool-id", "a b"],
            2,
            &["us-east-1_AbCdEfGhI"],
        ),
        (
            &["emulate", "--seed", "seed.toml"],
            96,
            &["`seed.toml`", "unknown key `PoolNam`"],
        ),
        (
            &["emulate", "--seed", "none.toml"],
            96,
            &["`none.toml` cannot be read"],
        ),
        (
            &["emulate", "--seed", "/dev/zero"],
            96,
            &["`/dev/zero` cannot be read: it is larger than 16777216 bytes"],
        ),
        (
            &[
                "emulate",
                "--listen",
                "127.0.0.1:0",
                "--smtp",
                "127.0.0.1:0",
                "--port-file",
                "no/p.json",
            ],
            110,
            &["the port file `no/p.json` cannot be written"],
        ),
    ];
    for (arguments, code, said) in cases {
        place.run(arguments).assert(code, said);
        assert_eq!(place.contents(), ["seed.toml"], "{arguments:?}");
    }
}

#[test]
fn a_taken_port_is_told() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let place = Place::new();
    for flag in ["--listen", "--smtp"] {
        let other = if flag == "--listen" {
            "--smtp"
        } else {
            "--listen"
        };
        let ended = place.run(&["emulate", flag, &address, other, "127.0.0.1:0"]);
        ended.assert(
            105,
            &[&address, "cannot be listened on", "port 0 for a free one"],
        );
    }
}
