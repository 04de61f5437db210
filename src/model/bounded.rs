//! The whole of an input, up to a bound.

use std::io::{self, ErrorKind, Read};

/// Reads an input of at most `bytes_max` bytes to its end. How long it says it is does not count: a
/// pipe or a device says nothing.
///
/// # Errors
///
/// What the input says, or [`ErrorKind::FileTooLarge`].
pub(crate) fn read_bounded(input: impl Read, bytes_max: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let count = input.take(bytes_max + 1).read_to_end(&mut bytes)?;
    if u64::try_from(count).is_ok_and(|count| count <= bytes_max) {
        return Ok(bytes);
    }
    let text = format!("it is larger than {bytes_max} bytes");
    Err(io::Error::new(ErrorKind::FileTooLarge, text))
}

/// The same for a text.
///
/// # Errors
///
/// As [`read_bounded`]; [`ErrorKind::InvalidData`] where it is not UTF-8, of which nothing is shown.
pub(crate) fn read_text(input: impl Read, bytes_max: u64) -> io::Result<String> {
    let bytes = read_bounded(input, bytes_max)?;
    String::from_utf8(bytes).map_err(|_| io::Error::new(ErrorKind::InvalidData, "it is not UTF-8"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_input_is_read_whole_or_not_at_all() {
        assert_eq!(read_text(&b"four"[..], 4).unwrap(), "four");
        assert_eq!(read_text(io::empty(), 0).unwrap(), "");
        for (endless, bytes_max) in [(b'x', 3), (0, 0)] {
            let error = read_bounded(io::repeat(endless), bytes_max).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::FileTooLarge);
        }
        let error = read_text(&b"k\xe9nig"[..], 9).unwrap_err();
        assert_eq!(error.to_string(), "it is not UTF-8");
    }
}
