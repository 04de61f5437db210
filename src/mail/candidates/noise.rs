//! What holds digits and is no code.

use std::sync::LazyLock;

use regex::Regex;

/// What holds digits and is no code: addresses of the web and of mail, dates and times, money,
/// decimals and IP addresses, percentages, telephone numbers, `#` numbers and colours.
///
/// The text is folded, and all that matters beyond ASCII is written out: tables of Unicode classes
/// would make the automaton large and slow.
static NOISE: LazyLock<Regex> = LazyLock::new(|| {
    const SIGN: &str = r"(?:[$]|£|€|¥|￥|₹|₽|₺|₩|₴|₪|₫|฿|₱|₦|₸)";
    const CURRENCY: &str = r"(?:usd|eur|gbp|jpy|chf|cad|aud|inr|brl|pln|sek|nok|dkk|czk|huf)";
    let money = [
        format!(r"{SIGN}[ \t]?\d[\d.,' ]*"),
        format!(r"\b(?:{CURRENCY}|rs)\.?[ \t]?\d[\d.,']*"),
        format!(r"\d[\d.,']*[ \t]?(?:{SIGN}|(?:{CURRENCY}|kr|tl|руб|тг|грн)\b|zł|kč|円|元|원)"),
    ];
    let others = [
        r"\b(?:https?|ftp|mailto|tel):[!-~]+",
        r"\bwww\.[!-~]+",
        r"[a-z0-9_.+%-]+@[a-z0-9_.-]+",
        r"\b[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}/[!-~]*",
        r"#[0-9a-f]*[a-f][0-9a-f]*\b",
        r"(?:№|\b(?:no|nr|num)\.|\bn(?:°|º))[ \t]?[\w-]+",
        r"\d{4}-\d{1,2}-\d{1,2}(?:t[\d:.]+z?)?",
        r"\d{1,4}[./]\d{1,2}[./]\d{2,4}",
        r"\d{1,2}:\d{2}(?::\d{2})?",
        r"\d+[ \t]?(?:年|月|日|時|时|分|秒|년|월|일|분|초)",
        r"\d+(?:[.,]\d+)+",
        r"\d+[ \t]?%",
        r"\+\d[\d ().\-/]{5,}\d",
        r"\(\+?\d{1,5}\)[\d .\-/]{4,}\d",
        r"\b0x[0-9a-f]+",
    ];
    let all: Vec<String> = money.into_iter().chain(others.map(str::to_owned)).collect();
    compiled(&format!("(?-u:{})", all.join("|")))
});

/// Compiles one of this program's own patterns.
#[expect(
    clippy::expect_used,
    reason = "the patterns are constants, and a test compiles each"
)]
fn compiled(pattern: &str) -> Regex {
    Regex::new(pattern).expect("a constant pattern")
}

/// The line with noise overwritten, byte for byte, by a character that joins nothing.
pub(super) fn without_noise(line: &str) -> String {
    let mut clear = String::with_capacity(line.len());
    let mut kept = 0;
    for noise in NOISE.find_iter(line) {
        clear.push_str(&line[kept..noise.start()]);
        clear.extend(std::iter::repeat_n('\u{1}', noise.len()));
        kept = noise.end();
    }
    clear.push_str(&line[kept..]);
    clear
}
