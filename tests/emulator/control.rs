//! The control interface below `/_reverify/v1/`.

use std::sync::Arc;

use reverify::emulator::{MailSummary, MailView, Starting};
use reverify::model::EmailAddress;
use serde_json::json;

use crate::wire::send;
use crate::world::World;

#[test]
fn mails_are_listed_filtered_and_given_raw() {
    let world = World::standard();
    for name in ["ada", "bob", "ada+tag"] {
        assert_eq!(
            world.sign_up(name, &format!("{name}@example.com")).status,
            200
        );
    }
    let endpoint = world.emulator.endpoint();
    let get = |path: &str| send(&endpoint, "GET", path, "", b"");
    let recipients = |path: &str| {
        let mails = get(path).json();
        let mails = mails.as_array().unwrap().clone();
        mails
            .into_iter()
            .map(|mail| mail["to"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    let all = ["ada@example.com", "bob@example.com", "ada+tag@example.com"];
    assert_eq!(recipients("/_reverify/v1/mails"), all);
    assert_eq!(recipients("/_reverify/v1//mails?latest=1"), all[2..]);
    assert_eq!(
        recipients("/_reverify/v1/mails?to=bob@example.com"),
        all[1..2]
    );
    assert_eq!(
        recipients("/_reverify/v1/mails?to=ada+tag@example.com&latest=1"),
        all[2..]
    );
    assert_eq!(
        recipients("/_reverify/v1/mails?to=eve@example.com"),
        [""; 0]
    );

    let mail = &get("/_reverify/v1/mails?latest=1").json()[0];
    let mut names: Vec<_> = mail.as_object().unwrap().keys().cloned().collect();
    names.sort();
    let expected = [
        "code",
        "from",
        "html",
        "id",
        "received_at",
        "subject",
        "text",
        "to",
    ];
    assert_eq!(names, expected);
    let raw = get(&format!(
        "/_reverify/v1/mails/{}/raw",
        mail["id"].as_str().unwrap()
    ));
    assert_eq!(raw.header("content-type"), Some("message/rfc822"));
    assert!(
        raw.body.contains(mail["code"].as_str().unwrap()),
        "{}",
        raw.body
    );

    for (path, status) in [
        ("/_reverify/v1/mails?to=foo", 400),
        ("/_reverify/v1/mails/77/raw", 404),
        ("/_reverify/v1/reset", 405),
        ("/_reverify/v1/nothing", 404),
    ] {
        let reply = get(path);
        assert_eq!(reply.status, status, "{path}");
        assert!(reply.json()["help"].is_string(), "{path}: {}", reply.body);
    }
}

#[test]
fn a_reset_brings_back_the_start_and_no_more() {
    let world = World::standard();
    let sub = world.sign_up("ada", "ada@example.com").json()["UserSub"].clone();
    let other = world
        .call("CreateUserPool", &json!({"PoolName": "other"}))
        .json();
    let other = json!({"UserPoolId": other["UserPool"]["Id"]});
    let reply = send(
        &world.emulator.endpoint(),
        "POST",
        "/_reverify/v1/reset",
        "",
        b"",
    );
    assert_eq!(reply.status, 200, "{reply:?}");
    assert_eq!(
        world.call("DescribeUserPool", &other).error().0,
        "ResourceNotFoundException"
    );
    assert_eq!(
        world.admin_get_user("ada").error().0,
        "UserNotFoundException"
    );
    let mails = send(
        &world.emulator.endpoint(),
        "GET",
        "/_reverify/v1/mails",
        "",
        b"",
    );
    assert_eq!(mails.json(), json!([]));
    let again = world.sign_up("ada", "ada@example.com");
    assert_eq!(again.status, 200, "the pool and the client have their ids");
    assert_ne!(again.json()["UserSub"], sub);
}

/// Mails as a reader shows them who finds no code in the words around it.
struct WithoutCodes(Arc<dyn MailView>);

impl MailView for WithoutCodes {
    fn mails(&self, to: Option<&EmailAddress>, latest: bool) -> Vec<MailSummary> {
        let mails = self.0.mails(to, latest).into_iter();
        mails
            .map(|mail| MailSummary { code: None, ..mail })
            .collect()
    }

    fn raw(&self, id: &str) -> Option<Arc<[u8]>> {
        self.0.raw(id)
    }

    fn forget(&self) {
        self.0.forget();
    }
}

/// The emulator knows what it sent, so that no words of a template hide it.
#[test]
fn the_list_has_the_code_whatever_the_words_are() {
    let pool = "[[user_pool]]\nPoolName = \"p\"\nAutoVerifiedAttributes = [\"email\"]\n\
                EmailVerificationMessage = \"Welcome to the shop: {####}\"\n\
                [[user_pool.client]]\nClientName = \"c\"\n";
    let world = World::with(Starting::from_toml(pool).unwrap(), |settings| {
        settings.mails = Arc::new(WithoutCodes(Arc::clone(&settings.mails)));
    });
    let list = || {
        send(
            &world.emulator.endpoint(),
            "GET",
            "/_reverify/v1/mails",
            "",
            b"",
        )
        .json()
    };
    world.sign_up("ada", "ada@example.com");
    let code = list()[0]["code"].as_str().unwrap().to_owned();
    assert_eq!(world.confirm("ada", &code).status, 200);
    // A temporary password is no code.
    let bob = json!({
        "UserPoolId": "POOL", "Username": "bob", "DesiredDeliveryMediums": ["EMAIL"],
        "UserAttributes": [{"Name": "email", "Value": "bob@example.com"}],
    });
    assert_eq!(world.call("AdminCreateUser", &bob).status, 200);
    assert_eq!(list()[1]["code"], json!(null));
}
