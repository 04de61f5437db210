//! Text made comparable: digits, spaces and line ends in one form.

/// The character as a reader sees it: digits of any script as ASCII, any space as a space, and
/// nothing for what is invisible.
///
/// NFKC would do more, but it is the digits and spaces that decide whether a code is found.
pub(super) fn plain(c: char) -> Option<char> {
    // The first digit of each script's ten that mails are written in.
    const ZEROS: [u32; 9] = [
        0x0660, 0x06F0, 0x0966, 0x09E6, 0x0BE6, 0x0E50, 0x1040, 0x17E0, 0xFF10,
    ];
    match c {
        '\u{20}'..='\u{7e}' | '\n' | '\t' => Some(c),
        '\u{ad}'
        | '\u{34f}'
        | '\u{61c}'
        | '\u{180e}'
        | '\u{feff}'
        | '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}'
        // How an emoji shows the character before it: a digit as a key.
        | '\u{20e3}'
        | '\u{fe00}'..='\u{fe0f}' => None,
        '\u{2010}'..='\u{2015}' | '\u{2212}' => Some('-'),
        '\u{1d7ce}'..='\u{1d7ff}' => ascii_digit((u32::from(c) - 0x1D7CE) % 10),
        c if c.is_whitespace() && c != '\r' => Some(' '),
        c if c.is_control() => None,
        c => {
            let code_point = u32::from(c);
            let zero = ZEROS
                .iter()
                .find(|&&zero| (zero..zero + 10).contains(&code_point));
            zero.map_or(Some(c), |zero| ascii_digit(code_point - zero))
        }
    }
}

fn ascii_digit(value: u32) -> Option<char> {
    char::from_digit(value, 10)
}

/// The whole text in plain characters, CR LF as LF.
pub(super) fn plain_text(text: &str) -> String {
    let mut seen = String::with_capacity(text.len());
    let mut rest = text;
    while !rest.is_empty() {
        let as_it_is = |byte: &u8| matches!(byte, b' '..=b'~' | b'\n' | b'\t');
        let run = rest.bytes().take_while(as_it_is).count();
        seen.push_str(&rest[..run]);
        let mut others = rest[run..].chars();
        seen.extend(others.next().and_then(plain));
        rest = others.as_str();
    }
    seen
}

/// Undoes the soft line breaks of `text/plain; format=flowed` (RFC 3676 §4).
pub(super) fn unflow(text: &str, delete_space: bool) -> String {
    let mut unflowed = String::with_capacity(text.len());
    let mut lines = text.split('\n').peekable();
    while let Some(line) = lines.next() {
        let line = line.strip_suffix('\r').unwrap_or(line);
        let line = line.strip_prefix(' ').unwrap_or(line);
        let flows = line.ends_with(' ') && line != "-- ";
        let kept = if flows && delete_space {
            &line[..line.len() - 1]
        } else {
            line
        };
        unflowed.push_str(kept);
        if !flows && lines.peek().is_some() {
            unflowed.push('\n');
        }
    }
    unflowed
}

/// The last bytes of a text, from a character's beginning on.
pub(super) fn tail(text: &str, bytes_max: usize) -> &str {
    let mut start = text.len().saturating_sub(bytes_max);
    while !text.is_char_boundary(start) {
        start += 1;
    }
    &text[start..]
}

/// The first bytes of a text, to a character's end.
pub(super) fn head(text: &str, bytes_max: usize) -> &str {
    let mut end = text.len().min(bytes_max);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shows_digits_and_spaces_in_one_form() {
        let cases = [
            ("１２３４５６", "123456"),
            ("٤٥٦", "456"),
            ("۱۲۳", "123"),
            ("𝟏𝟐𝟑", "123"),
            ("12\u{200b}34\u{ad}56", "123456"),
            ("1\u{fe0f}\u{20e3}2\u{fe0f}\u{20e3}", "12"),
            ("a\u{a0}b\u{3000}c", "a b c"),
            ("a\r\nb", "a\nb"),
            ("code：é", "code：é"),
        ];
        for (text, expected) in cases {
            assert_eq!(plain_text(text), expected);
        }
    }

    #[test]
    fn joins_flowed_lines() {
        let cases = [
            (
                "Your code \r\nis 123456.\r\nBye",
                false,
                "Your code is 123456.\nBye",
            ),
            ("Your co \nde", true, "Your code"),
            ("-- \nAda", false, "-- \nAda"),
            (" >stuffed", false, ">stuffed"),
            ("", false, ""),
        ];
        for (text, delete_space, expected) in cases {
            assert_eq!(unflow(text, delete_space), expected, "{text:?}");
        }
    }
}
