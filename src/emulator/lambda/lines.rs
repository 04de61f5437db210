//! Cuts what a function prints into the lines of its log.

/// The longest line that is kept as one log event, in bytes: CloudWatch Logs takes events of up to
/// 256 KiB and counts 26 bytes of each for itself. A longer line is cut into several.
pub(super) const LINE_BYTES_MAX: usize = 256 * 1024 - 26;

/// Collects bytes and gives them out by the line.
#[derive(Debug, Default)]
pub(super) struct Lines {
    partial: Vec<u8>,
}

impl Lines {
    /// Takes bytes as they were read and calls `line` for each line that they complete, without its
    /// end. What is no UTF-8 is replaced.
    pub(super) fn push(&mut self, mut bytes: &[u8], mut line: impl FnMut(&str)) {
        while !bytes.is_empty() {
            let room = LINE_BYTES_MAX - self.partial.len();
            let within = &bytes[..bytes.len().min(room)];
            if let Some(end) = within.iter().position(|&byte| byte == b'\n') {
                self.partial.extend_from_slice(&bytes[..end]);
                self.emit(&mut line);
                bytes = &bytes[end + 1..];
            } else {
                self.partial.extend_from_slice(within);
                bytes = &bytes[within.len()..];
                if self.partial.len() == LINE_BYTES_MAX {
                    self.emit(&mut line);
                }
            }
        }
    }

    /// Gives out a last line that has no end.
    pub(super) fn finish(&mut self, mut line: impl FnMut(&str)) {
        if !self.partial.is_empty() {
            self.emit(&mut line);
        }
    }

    fn emit(&mut self, line: &mut impl FnMut(&str)) {
        let text = self.partial.strip_suffix(b"\r").unwrap_or(&self.partial);
        line(&String::from_utf8_lossy(text));
        self.partial.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines_of(chunks: &[&[u8]]) -> Vec<String> {
        let mut seen = Vec::new();
        let mut lines = Lines::default();
        for chunk in chunks {
            lines.push(chunk, |line| seen.push(line.to_owned()));
        }
        lines.finish(|line| seen.push(line.to_owned()));
        seen
    }

    #[test]
    fn lines_do_not_depend_on_how_they_were_read() {
        let whole = lines_of(&[b"one\ntwo\r\n\nlast"]);
        assert_eq!(whole, ["one", "two", "", "last"]);
        assert_eq!(
            whole,
            lines_of(&[b"o", b"ne\ntw", b"o\r", b"\n\nla", b"st"])
        );
    }

    #[test]
    fn a_line_without_end_is_cut() {
        let flood = vec![b'x'; LINE_BYTES_MAX * 2 + 3];
        let lengths: Vec<_> = lines_of(&[&flood]).iter().map(String::len).collect();
        assert_eq!(lengths, [LINE_BYTES_MAX, LINE_BYTES_MAX, 3]);
    }

    #[test]
    fn rubbish_is_replaced() {
        assert_eq!(lines_of(&[b"a\xff\n"]), ["a\u{fffd}"]);
    }
}
