use super::*;

fn applied(template: &str, mail: &str) -> Result<String, TemplateMismatch> {
    let message = Message::parse(mail.as_bytes());
    let matched = Template::new(None, template).unwrap().apply(&message)?;
    let TemplateMatch::Code { code, .. } = matched else {
        panic!("{matched:?}")
    };
    Ok(code.expose().to_owned())
}

#[test]
fn finds_the_code_whatever_else_is_a_number() {
    let cases = [
        (
            "Your confirmation code is {####}",
            "Your confirmation code is 123456",
        ),
        ("{####}", "123456"),
        ("{####} is it", "On 2026-11-21: 123456 is\nit"),
        ("Code {####} {####}", "Code 123456 123456"),
        (
            "Order 777777 code {####} 2024",
            "Order 777777 code 123456 2024 more",
        ),
        ("Code {####}00", "Code 12345600"),
        (
            "Code <b>{####}</b>.<br>Bye",
            "[External]\nCode 123456. Bye -- footer 99999",
        ),
        ("a < b {####}", "a < b 123456"),
    ];
    for (template, body) in cases {
        let mail = format!("From: a@b.example\n\n{body}");
        assert_eq!(
            applied(template, &mail).as_deref(),
            Ok("123456"),
            "{template}"
        );
    }
}

#[test]
fn does_not_fit_what_it_did_not_make() {
    let cases = [
        ("Your code is {####}", "Your code was 123456"),
        ("Your code is {####}", "Your code is 123"),
        ("Your code is {####}", "Your code is 1234567890123"),
        ("Code {####} {####}", "Code 123456 654321"),
    ];
    for (template, body) in cases {
        let mail = format!("From: a@b.example\n\n{body}");
        assert_eq!(
            applied(template, &mail),
            Err(TemplateMismatch::TextDiffers),
            "{body}"
        );
    }
    let twice = applied("Code {####}", "From: a@b.example\n\nCode 1234, Code 5678").unwrap_err();
    assert!(matches!(twice, TemplateMismatch::Ambiguous { candidates } if candidates.len() == 2));
}

#[test]
fn reads_the_subject_too() {
    let template = Template::new(Some("{####} for you"), "See the subject").unwrap();
    let mail = Message::parse(b"Subject: 123456 for you\n\nSee the subject");
    let matched = template.apply(&mail).unwrap();
    assert!(matches!(
        matched,
        TemplateMatch::Code {
            place: Place::Subject,
            ..
        }
    ));

    let both = Template::new(Some("{####} for you"), "Code {####}").unwrap();
    let mail = Message::parse(b"Subject: 123456 for you\n\nCode 654321");
    assert!(matches!(
        both.apply(&mail),
        Err(TemplateMismatch::Ambiguous { .. })
    ));
}

#[test]
fn finds_the_link_by_its_text() {
    let template = Template::new(None, "Please {##Verify Email##} now").unwrap();
    let mail = "Content-Type: text/html\n\n<a href='https://d.example/confirmUser?client_id=c\
                &amp;user_name=u&amp;confirmation_code=123456'>Verify  Email</a>";
    let matched = template.apply(&Message::parse(mail.as_bytes())).unwrap();
    assert!(matches!(matched, TemplateMatch::Link(link) if link.user_name == "u"));
    let other = mail.replace("Verify  Email", "Unsubscribe");
    let mismatch = template
        .apply(&Message::parse(other.as_bytes()))
        .unwrap_err();
    assert_eq!(mismatch, TemplateMismatch::LinkMissing);
}

#[test]
fn a_template_needs_a_placeholder() {
    let new = |body: &str| Template::new(None, body).map(|_| ());
    assert_eq!(new("no code"), Err(InvalidTemplate::NoPlaceholder));
    assert_eq!(
        new(&"{####}".repeat(4_000)),
        Err(InvalidTemplate::BodyTooLong)
    );
    let subject = "s".repeat(141);
    assert!(Template::new(Some(&subject), "{####}").is_err());
}

#[test]
fn a_mail_may_be_changed_far_from_the_code() {
    let template = "Dear customer, thank you for your registration. Your personal code is {####}. \
                    It is valid for a day. Ada Ltd";
    let mail = "[Mail from outside] Dear customer, thank you for your [link removed] registration. \
                Your personal code is 123456. It is valid for a day. -- Scanned by Bob";
    assert_eq!(
        applied(template, &format!("From: a@b.example\n\n{mail}")).as_deref(),
        Ok("123456")
    );
    let other = mail.replace("personal", "secret");
    let other = format!("From: a@b.example\n\n{other}");
    assert_eq!(
        applied(template, &other),
        Err(TemplateMismatch::TextDiffers)
    );
}

#[test]
fn the_code_may_stand_in_a_link() {
    let template = "<a href='https://app.example/confirm?code={####}&amp;x=1'>Confirm</a>";
    for href in [
        "https://app.example/confirm?code=123456&amp;x=1",
        "https://click.example/?u=https%3A%2F%2Fapp.example%2Fconfirm%3Fcode%3D123456%26x%3D1",
    ] {
        let mail = format!("Content-Type: text/html\n\n<a href='{href}'>Confirm</a> 654321");
        assert_eq!(applied(template, &mail).as_deref(), Ok("123456"), "{href}");
    }
}

#[test]
fn knows_cognitos_own_texts() {
    let templates = Template::of_cognito();
    assert_eq!(templates.len(), 3);
    for what in ["confirmation", "password reset", "authentication"] {
        let mail = format!("Subject: x\n\nYour {what} code is 123456");
        let mail = Message::parse(mail.as_bytes());
        let fitting = templates
            .iter()
            .filter(|template| template.apply(&mail).is_ok());
        assert_eq!(fitting.count(), 1, "{what}");
    }
}
