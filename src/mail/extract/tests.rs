use super::*;

fn extracted(mail: &str) -> String {
    match extract(&Message::parse(mail.as_bytes()), &[]) {
        Extraction::Code { code, .. } => code.expose().to_owned(),
        Extraction::Link { link, .. } => format!("link {}", link.code.expose()),
        Extraction::None => "none".to_owned(),
        Extraction::Ambiguous { candidates } => {
            let codes: Vec<&str> = candidates.iter().map(ConfirmationCode::expose).collect();
            format!("ambiguous {}", codes.join(" "))
        }
    }
}

#[test]
fn weighs_what_stands_around_a_number() {
    let cases = [
        ("Your confirmation code is 123456", "123456"),
        ("123456 is your verification code.", "123456"),
        (
            "Use this verification code to finish:\n\n  123456\n\nIt expires in 10 minutes.",
            "123456",
        ),
        ("Order 558211: your code is 123456", "123456"),
        (
            "Your verification code for order 558211 is 123456",
            "123456",
        ),
        ("Your PIN is 4821", "4821"),
        (
            "Ihr Bestätigungscode lautet 123456. Kundennummer 7788990",
            "123456",
        ),
        ("您的验证码是123456，请勿泄露。", "123456"),
        ("Votre code de vérification : 123 456", "123456"),
        (
            "Your code is 111111.\nYour code is 222222.",
            "ambiguous 222222 111111",
        ),
        (
            "To activate your account, enter 123456 to verify your address.",
            "123456",
        ),
        ("123456 is your order number.", "none"),
        (
            "Your old code 111111 is void, your new code is 222222.",
            "222222",
        ),
        ("Doğrulama kodunuz: 123456. Sipariş no 445566", "123456"),
        ("Код подтверждения: 123456. Номер заказа 445566", "123456"),
        ("Il tuo codice di verifica è 123456", "123456"),
        ("인증번호는 123456 입니다. 주문번호 445566", "123456"),
        ("Your order number is 123456", "none"),
        ("We sold 123456 shoes in 2024.", "none"),
        (
            "We will never ask for your code. Call 0800 555 1234.",
            "none",
        ),
        ("Your invoice 2024110042 over 119.00 EUR", "none"),
        ("Promo code: 200300", "none"),
        ("Seattle, WA 98109", "none"),
        ("", "none"),
    ];
    check(&cases);
}

#[test]
fn a_word_speaks_of_one_number() {
    let cases = [
        ("Code 482913 for order 7, building 654321", "482913"),
        (
            "Your verification code is 482913. Unit 654321 of our house.",
            "482913",
        ),
        ("Your codes are 111111 or 222222", "ambiguous 222222 111111"),
        (
            "Your security code to confirm your payment is 482913.",
            "482913",
        ),
        ("Your verification code and order number: 482913", "none"),
        ("482913 is your Acme order verification code", "482913"),
        ("G-482913 is your Google verification code", "482913"),
        ("Your verification code: #482913", "482913"),
        ("Colour of the code: #482913", "none"),
        ("Enter 482913, try it: this is your code", "482913"),
        (
            "> Your verification code is 111111\n\nYour verification code is 222222",
            "222222",
        ),
    ];
    check(&cases);
}

#[test]
fn knows_the_words_of_many_languages() {
    let cases = [
        (
            "Din verifieringskod är 482913. Ordernummer 445566",
            "482913",
        ),
        ("Din bekræftelseskode er 482913", "482913"),
        ("Vahvistuskoodisi on 482913", "482913"),
        ("Váš ověřovací kód je 482913. Objednávka 445566", "482913"),
        ("Az Ön ellenőrző kódja: 482913", "482913"),
        ("Codul dumneavoastră de verificare este 482913", "482913"),
        ("Ο κωδικός επαλήθευσής σας είναι 482913", "482913"),
        ("Ваш код підтвердження: 482913. Замовлення 445566", "482913"),
        ("Вашият код за потвърждение е 482913", "482913"),
        ("Vaš kod za potvrdu je 482913", "482913"),
        ("رمز التحقق الخاص بك هو 482913. رقم الطلب 445566", "482913"),
        ("کد تایید شما ۴۸۲۹۱۳ است", "482913"),
        ("קוד האימות שלך הוא 482913. מספר הזמנה 445566", "482913"),
        ("आपका सत्यापन कोड ४८२९१३ है", "482913"),
        ("รหัสยืนยันของคุณคือ 482913", "482913"),
        ("Mã xác minh của bạn là 482913. Đơn hàng 445566", "482913"),
        ("Kode verifikasi Anda adalah 482913", "482913"),
        ("El teu codi de verificació és 482913", "482913"),
        ("Jūsų patvirtinimo kodas: 482913", "482913"),
    ];
    check(&cases);
}

/// Each body, and what is to be read from it.
fn check(cases: &[(&str, &str)]) {
    let mut wrong = Vec::new();
    for (body, expected) in cases {
        let mail = format!("Subject: Hello\nContent-Type: text/plain; charset=utf-8\n\n{body}\n");
        let got = extracted(&mail);
        if got != *expected {
            wrong.push(format!("{body}: {got}, not {expected}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_subject_says_what_the_mail_is_about() {
    assert_eq!(
        extracted("Subject: Your verification code\n\n123456\n"),
        "123456"
    );
    assert_eq!(
        extracted("Subject: 123456 is your verification code\n\nHello\n"),
        "123456"
    );
    assert_eq!(extracted("Subject: Lottery\n\n123456\n"), "none");
}

#[test]
fn a_failed_template_does_not_end_the_search() {
    let template = Template::new(None, "Exactly this: {####}").unwrap();
    let mail = Message::parse(b"Subject: x\n\nYour verification code is 123456");
    let Extraction::Code { how, .. } = extract(&mail, &[template]) else {
        panic!()
    };
    assert_eq!(how, How::Cues);
}

#[test]
fn links_in_plain_text_are_found() {
    let url = "https://d.example/confirmUser/?client_id=c&user_name=u&confirmation_code=123456";
    assert_eq!(
        extracted(&format!("Subject: x\n\nOpen <{url}>.")),
        "link 123456"
    );
    let two = format!("Subject: x\n\n{url} {}", url.replace("123456", "654321"));
    assert_eq!(extracted(&two), "ambiguous 123456 654321");
}
