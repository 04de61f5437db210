//! Mails, links and text messages (COGNITO.md 2.6, 5 and 3.2).

use mailparse::MailHeaderMap;
use reverify::emulator::MailView;
use serde_json::{Value, json};

use crate::wire::{Reply, send};
use crate::world::{World, other_code};

const ADA: &str = "ada@example.com";
const PHONE: &str = "+4915112345678";
const LINKS: &str = "Domain = \"shop\"\nAutoVerifiedAttributes = [\"email\"]\n\
                     VerificationMessageTemplate = { DefaultEmailOption = \"CONFIRM_WITH_LINK\", \
                     EmailMessage = \"Code {####}\", \
                     EmailMessageByLink = \"<p>{##Bestätigen##}</p>\", EmailSubjectByLink = \"Link\" }";

fn sign_up(world: &World, username: &str, attributes: &[(&str, &str)]) -> Reply {
    let attribute = |(name, value): &(&str, &str)| json!({"Name": name, "Value": value});
    let attributes: Value = attributes.iter().map(attribute).collect();
    let body = json!({
        "ClientId": "CLIENT", "Username": username, "Password": "Passw0rd!",
        "UserAttributes": attributes,
    });
    world.call("SignUp", &body)
}

fn newest(world: &World) -> (String, String) {
    let mail = world.smtp.mails(None, true).remove(0);
    (mail.subject, mail.html.unwrap().trim_end().to_owned())
}

/// The path and query of the link in a mail, which leads to the emulator.
fn link(world: &World, html: &str) -> String {
    let href = html.split('"').nth(1).unwrap().replace("&amp;", "&");
    let path = href.strip_prefix(&world.emulator.endpoint()).unwrap();
    assert!(path.starts_with("/confirmUser/?client_id="), "{path}");
    path.to_owned()
}

fn open(world: &World, method: &str, path: &str) -> Reply {
    send(&world.emulator.endpoint(), method, path, "", b"")
}

fn status(world: &World, username: &str) -> Value {
    world.admin_get_user(username).json()["UserStatus"].clone()
}

/// COGNITO.md 5.3 \[D\]: the one public report of a second mail that never came.
#[test]
fn a_link_needs_a_domain_and_the_user_is_left_behind() {
    let world = World::with_pool(&LINKS.replace("Domain = \"shop\"\n", ""));
    let refused = sign_up(&world, "ada", &[("email", ADA)]).error();
    let text = "Cannot perform specific action because there does not exist a valid use pool domain \
                associated with the user pool";
    assert_eq!(
        refused,
        ("InvalidParameterException".to_owned(), text.to_owned())
    );
    assert_eq!(status(&world, "ada"), "UNCONFIRMED");
    assert!(world.smtp.mails(None, false).is_empty());
    let again = sign_up(&world, "ada", &[("email", ADA)]).error();
    assert_eq!(again.0, "UsernameExistsException");
}

/// COGNITO.md 5.3 \[D\]; what the pages say is not recorded.
#[test]
fn an_opened_link_confirms_once() {
    let world = World::with_pool(LINKS);
    sign_up(&world, "ada+tag&co", &[("email", ADA)]);
    let (subject, html) = newest(&world);
    assert_eq!(subject, "Link");
    assert!(html.contains("\">Bestätigen</a></p>"), "{html}");
    let path = link(&world, &html);
    let (rest, code) = path.rsplit_once('=').unwrap();
    let wrong = open(&world, "GET", &format!("{rest}={}", other_code(code)));
    assert_eq!(wrong.status, 400);
    assert!(
        wrong.body.contains("Invalid verification code provided"),
        "{}",
        wrong.body
    );
    assert_eq!(open(&world, "HEAD", &path).status, 200);
    assert_eq!(
        status(&world, "ada+tag&co"),
        "UNCONFIRMED",
        "a look does not confirm"
    );
    let done = open(&world, "GET", &path);
    assert_eq!(
        (done.status, done.header("content-type")),
        (200, Some("text/html; charset=utf-8"))
    );
    assert!(done.body.contains("confirmed"), "{}", done.body);
    assert_eq!(status(&world, "ada+tag&co"), "CONFIRMED");
    let verified = world.attribute("ada+tag&co", "email_verified");
    assert_eq!(verified.as_deref(), Some("true"));
    let again = open(&world, "GET", &path);
    assert_eq!(again.status, 400);
    assert!(
        again.body.contains("Current status is CONFIRMED"),
        "{}",
        again.body
    );
}

/// COGNITO.md 5.3 \[R, I\]: a fresh link replaces the one before; its code also serves
/// `ConfirmSignUp`.
#[test]
fn a_resent_link_replaces_the_one_before() {
    let world = World::with_pool(LINKS);
    sign_up(&world, "ada", &[("email", ADA)]);
    let first = link(&world, &newest(&world).1);
    let body = json!({"ClientId": "CLIENT", "Username": "ada"});
    assert_eq!(world.call("ResendConfirmationCode", &body).status, 200);
    let second = link(&world, &newest(&world).1);
    if first != second {
        assert_eq!(open(&world, "GET", &first).status, 400);
    }
    let code = second.rsplit_once('=').unwrap().1;
    assert_eq!(world.confirm("ada", code).status, 200);
    // Links are for sign-ups only [D].
    world.call("ForgotPassword", &body);
    let (_, html) = newest(&world);
    assert_eq!(html, format!("Code {}", world.code(ADA)));
}

/// COGNITO.md 5.3 \[R\]: a link that leads nowhere tells nothing and does no harm.
#[test]
fn a_broken_link_is_an_invalid_request() {
    let world = World::with_pool(LINKS);
    let client = world.client.clone();
    for query in [
        String::new(),
        "?client_id=x".to_owned(),
        "?client_id=x&user_name=ada&confirmation_code=123456".to_owned(),
        format!("?client_id={client}&user_name=%3Cb%3E&confirmation_code=123456"),
    ] {
        for path in ["/confirmUser", "/confirmUser/"] {
            let reply = open(&world, "GET", &format!("{path}{query}"));
            assert_eq!(reply.status, 400, "{query}");
            assert!(reply.body.contains("invalid_request"), "{}", reply.body);
        }
    }
    assert_eq!(open(&world, "POST", "/confirmUser").status, 400);
}

/// COGNITO.md 2.6 \[D, R\]: with both verified the text message wins, and the address stays
/// unverified.
#[test]
fn a_phone_is_verified_first() {
    let pool = "AutoVerifiedAttributes = [\"email\", \"phone_number\"]\n\
                SmsVerificationMessage = \"Dein Code: {####}\"";
    let world = World::with_pool(pool);
    let answer = sign_up(&world, "ada", &[("email", ADA), ("phone_number", PHONE)]);
    let details = json!({
        "AttributeName": "phone_number", "DeliveryMedium": "SMS", "Destination": "+*********5678",
    });
    assert_eq!(answer.json()["CodeDeliveryDetails"], details);
    assert_eq!(world.smtp.mails_count(), 0);
    let sms = world.sms(PHONE).remove(0);
    let code = sms["code"].as_str().unwrap();
    assert_eq!(sms["text"], format!("Dein Code: {code}"));
    assert_eq!((&sms["id"], &sms["to"]), (&json!("0"), &json!(PHONE)));
    assert!(sms["sent_at"].is_string(), "{sms}");
    assert_eq!(world.confirm("ada", code).status, 200);
    for (name, verified) in [
        ("phone_number_verified", "true"),
        ("email_verified", "false"),
    ] {
        assert_eq!(
            world.attribute("ada", name).as_deref(),
            Some(verified),
            "{name}"
        );
    }
    let answer = sign_up(&world, "bob", &[("email", "bob@example.com")]);
    let medium = &answer.json()["CodeDeliveryDetails"]["DeliveryMedium"];
    assert_eq!(medium, "EMAIL", "one address is enough");

    let latest = open(&world, "GET", "/_reverify/v1/sms?latest=1");
    assert_eq!(latest.json().as_array().unwrap().len(), 1);
    assert_eq!(open(&world, "GET", "/_reverify/v1/sms?to=foo").status, 400);
    assert_eq!(open(&world, "POST", "/_reverify/v1/reset").status, 200);
    assert!(world.sms(PHONE).is_empty());
}

/// COGNITO.md 5.4 \[M\]: the pool's sender and its address for answers; the envelope is one mail's.
#[test]
fn a_mail_names_the_pools_sender() {
    let pool = "AutoVerifiedAttributes = [\"email\"]\n[user_pool.EmailConfiguration]\n\
                EmailSendingAccount = \"DEVELOPER\"\nFrom = \"Läden <shop@example.com>\"\n\
                ReplyToEmailAddress = \"help@example.com\"\n\
                [ses]\nProductionAccessEnabled = true\n\
                [[ses_identity]]\nEmailIdentity = \"example.com\"";
    let world = World::with_pool(pool);
    sign_up(&world, "ada", &[("email", ADA)]);
    let raw = world.smtp.raw("0").unwrap();
    let mail = mailparse::parse_mail(&raw).unwrap();
    let header = |name: &str| mail.headers.get_first_value(name).unwrap();
    assert_eq!(header("From"), "Läden <shop@example.com>");
    assert_eq!(header("Reply-To"), "help@example.com");
    assert!(header("Message-ID").ends_with("@email.amazonses.com>"));
    assert_eq!(mail.ctype.mimetype, "text/html");
}

/// RFC 5322 2.1.1, RFC 2047 and RFC 2045: whatever the template, what goes out is mail.
#[test]
fn any_template_makes_a_mail_that_servers_take() {
    let long = "x".repeat(19_000);
    let umlauts = "ä".repeat(19_000);
    let subject = "Prüfcode für alle, die ihn brauchen ".repeat(3);
    // Subject, body before the code.
    let cases = [
        ("Code", long.as_str()),
        ("Code", umlauts.as_str()),
        (subject.trim_end(), "line one\n.\nline three\r\nfrom here "),
        ("Code\r\nBcc: eve@example.com", ".starts with a dot\n"),
        ("验证码 😀", "您的验证码是 "),
    ];
    for (subject, body) in cases {
        let world = World::with_pool("");
        let pool = json!({
            "PoolName": "p", "AutoVerifiedAttributes": ["email"],
            "EmailVerificationSubject": subject, "EmailVerificationMessage": format!("{body}{{####}}"),
        });
        let pool = world.call("CreateUserPool", &pool).json();
        let id = &pool["UserPool"]["Id"];
        let client = json!({"UserPoolId": id, "ClientName": "c"});
        let client = world.call("CreateUserPoolClient", &client).json();
        let request = json!({
            "ClientId": client["UserPoolClient"]["ClientId"], "Username": "ada",
            "Password": "Passw0rd!", "UserAttributes": [{"Name": "email", "Value": ADA}],
        });
        assert_eq!(world.call("SignUp", &request).status, 200);
        let raw = world.smtp.raw("0").unwrap();
        assert!(raw.is_ascii(), "{subject}");
        for line in raw.split(|byte| *byte == b'\n') {
            assert!(line.len() <= 999, "{} octets in {subject}", line.len());
            let bare = line.strip_suffix(b"\r").unwrap_or(line);
            assert!(!bare.contains(&b'\r'), "{subject}");
        }
        let mail = mailparse::parse_mail(&raw).unwrap();
        let seen = mail.headers.get_first_value("Subject").unwrap();
        assert_eq!(seen, subject.replace("\r\n", "  "));
        assert_eq!(mail.headers.get_first_value("Bcc"), None);
        let text = mail.get_body().unwrap().replace("\r\n", "\n");
        let expected = body.replace("\r\n", "\n");
        let code = text.trim_end().strip_prefix(&expected);
        assert_eq!(code.map(str::len), Some(6), "{subject}: {text:.200}");
    }
}

/// COGNITO.md 2.3 \[D\] and 2.6: a phone number as username gets its code by SMS, and signs in.
#[test]
fn a_phone_number_may_be_the_username() {
    let pool =
        "UsernameAttributes = [\"phone_number\"]\nAutoVerifiedAttributes = [\"phone_number\"]";
    let world = World::with_pool(pool);
    let answer = sign_up(&world, PHONE, &[]);
    let destination = &answer.json()["CodeDeliveryDetails"]["Destination"];
    assert_eq!(destination, "+*********5678");
    let sms = world.sms(PHONE).remove(0);
    let code = sms["code"].as_str().unwrap();
    assert_eq!(sms["text"], format!("Your confirmation code is {code}"));
    assert_eq!(world.confirm(PHONE, code).status, 200);
    assert_eq!(world.sign_in(PHONE, "Passw0rd!").status, 200);
    let taken = sign_up(&world, PHONE, &[]).error();
    let message = "An account with the given phone_number already exists.";
    assert_eq!(
        taken,
        ("UsernameExistsException".to_owned(), message.to_owned())
    );
}
