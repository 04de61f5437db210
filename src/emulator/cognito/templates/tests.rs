use super::*;

const CODE: Fillings<'_> = Fillings {
    code: "012345",
    username: None,
    link: None,
};

#[test]
fn placeholders_are_filled_once_and_escaped_where_it_is_html() {
    let invited = Fillings {
        code: "a<b&{username}",
        username: Some("{####}"),
        ..CODE
    };
    let linked = Fillings {
        link: Some("http://h/confirmUser/?a=1&b=2"),
        ..CODE
    };
    let cases = [
        ("{####} and {####}", CODE, "012345 and 012345"),
        // COGNITO.md 5.2 [D]: the name is not told in verification mails.
        ("{username}: {####}", CODE, "{username}: 012345"),
        ("{username} {####}", invited, "{####} a&lt;b&amp;{username}"),
        (
            "<p>{##Verify Email##}</p>",
            linked,
            "<p><a href=\"http://h/confirmUser/?a=1&amp;b=2\">Verify Email</a></p>",
        ),
        ("{##no end #}", linked, "{##no end #}"),
        ("{{####}}{", CODE, "{012345}{"),
    ];
    for (template, fillings, expected) in cases {
        assert_eq!(fill_html(template, fillings), expected, "{template}");
    }
    assert_eq!(fill_text("{####}", invited), "a<b&{username}");
}

#[test]
fn templates_are_bounded_and_say_the_code() {
    let at = |length: usize| format!("{}{{####}}", "ä".repeat(length - 6));
    let cases = [
        ("EmailMessage", at(20_000), None),
        (
            "EmailMessage",
            at(20_001),
            Some("more than 20000 characters"),
        ),
        (
            "EmailMessage",
            "no code".to_owned(),
            Some("does not contain {####}"),
        ),
        (
            "EmailMessageByLink",
            "no link".to_owned(),
            Some("does not contain {##."),
        ),
        ("EmailSubject", at(140), None),
        ("EmailSubject", at(141), Some("more than 140")),
        ("SmsMessage", at(141), Some("more than 140")),
    ];
    for (name, template, expected) in cases {
        let json = serde_json::json!({
            "PoolName": "p", "VerificationMessageTemplate": {name: template},
        });
        let settings: PoolSettings = serde_json::from_value(json).unwrap();
        let refused = check(&settings).err().map(|error| error.to_string());
        let matches = match (&refused, expected) {
            (Some(text), Some(expected)) => text.contains(expected),
            (refused, expected) => refused.is_none() && expected.is_none(),
        };
        assert!(matches, "{name}: {refused:?}");
    }
}

#[test]
fn each_occasion_has_its_words() {
    let settings: PoolSettings = serde_json::from_str(
        r#"{"PoolName":"p","VerificationMessageTemplate":
           {"DefaultEmailOption":"CONFIRM_WITH_LINK","EmailSubject":"Code","SmsMessage":"s {####}"}}"#,
    )
    .unwrap();
    let cases = [
        (Occasion::SignUp, "Your verification link", "s {####}"),
        (Occasion::ResendCode, "Your verification link", "s {####}"),
        // COGNITO.md 3.5 [D]: these have a code in a pool that sends links.
        (Occasion::ForgotPassword, "Code", "s {####}"),
        (Occasion::UpdateUserAttribute, "Code", "s {####}"),
        (
            Occasion::AdminCreateUser,
            "Your temporary password",
            "Your username is {username} and temporary password is {####}.",
        ),
    ];
    for (occasion, subject, text) in cases {
        assert_eq!(email(&settings, occasion).subject, subject, "{occasion:?}");
        assert_eq!(sms(&settings, occasion), text, "{occasion:?}");
    }
}
