//! The masked destination in `CodeDeliveryDetails` (COGNITO.md 2.6).

/// Masks an e-mail address: the first character of each side and three stars.
///
/// The top-level domain is dropped, as AWS does since about 2022 \[V, R\].
pub(crate) fn email(address: &str) -> String {
    let (local, domain) = address.split_once('@').unwrap_or((address, ""));
    let first = |part: &str| part.chars().next().map(String::from).unwrap_or_default();
    format!("{}***@{}***", first(local), first(domain))
}

/// Masks a phone number: a star for each digit but the last four, as many as there are \[R\].
pub(crate) fn phone_number(number: &str) -> String {
    let digits = number.strip_prefix('+').unwrap_or(number);
    let hidden = digits.chars().count().saturating_sub(4);
    let shown: String = digits.chars().skip(hidden).collect();
    format!("+{}{shown}", "*".repeat(hidden))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn masks_phone_numbers_as_recorded() {
        let cases = [
            ("+12025559934", "+*******9934"),
            ("+491701231824", "+********1824"),
            ("+8613912344516", "+*********4516"),
            ("+123", "+123"),
        ];
        for (number, masked) in cases {
            assert_eq!(phone_number(number), masked);
        }
    }

    #[test]
    fn masks_as_recorded() {
        let cases = [
            ("test@test.com", "t***@t***"),
            ("u@y.example", "u***@y***"),
            ("ada+tag@mail.example.org", "a***@m***"),
            ("ädä@exämple.org", "ä***@e***"),
        ];
        for (address, masked) in cases {
            assert_eq!(email(address), masked);
        }
    }
}
