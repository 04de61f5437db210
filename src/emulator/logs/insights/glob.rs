//! The patterns of `parse` in which `*` stands for a field.

use std::ops::Range;

use memchr::memmem::Finder;

/// Texts with a field between each two.
#[derive(Debug)]
pub(super) struct Glob {
    /// What stands before the first field.
    start: Finder<'static>,
    /// What follows each field; nothing after the last one means that it goes to the end.
    after: Vec<Finder<'static>>,
}

impl Glob {
    /// Reads a pattern.
    pub(super) fn new(pattern: &str) -> Self {
        let mut parts = pattern.split('*');
        let finder = |part: &str| Finder::new(part).into_owned();
        let start = finder(parts.next().unwrap_or_default());
        Self {
            start,
            after: parts.map(finder).collect(),
        }
    }

    /// How many fields it has.
    pub(super) fn field_count(&self) -> usize {
        self.after.len()
    }

    /// Where the fields of the first place that fits are, if one fits. Each is as short as what
    /// follows allows.
    pub(super) fn fields(&self, text: &str) -> Option<Vec<Range<usize>>> {
        let bytes = text.as_bytes();
        let mut from = self.start.find(bytes)? + self.start.needle().len();
        let mut fields = Vec::with_capacity(self.after.len());
        for (index, after) in self.after.iter().enumerate() {
            let is_last = index + 1 == self.after.len();
            if is_last && after.needle().is_empty() {
                fields.push(from..bytes.len());
                break;
            }
            let to = from + after.find(bytes.get(from..)?)?;
            fields.push(from..to);
            from = to + after.needle().len();
        }
        Some(fields)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_fields_out_of_texts() {
        let cases = [
            (
                "user=*, ip=*",
                "at: user=ada, ip=10.0.0.1",
                Some(vec!["ada", "10.0.0.1"]),
            ),
            (
                "[*] *",
                "[ERROR] disk full",
                Some(vec!["ERROR", "disk full"]),
            ),
            ("*:*:*", "a:b:c:d", Some(vec!["a", "b", "c:d"])),
            ("id=* end", "id= end", Some(vec![""])),
            ("id=* end", "id=1", None),
            ("**", "ab", Some(vec!["", "ab"])),
            ("no field", "no field", Some(vec![])),
            ("ü*ö", "aüxö", Some(vec!["x"])),
        ];
        for (pattern, text, expected) in cases {
            let fields = Glob::new(pattern).fields(text);
            let fields = fields.map(|fields| {
                let texts = fields.into_iter().map(|field| &text[field]);
                texts.collect::<Vec<_>>()
            });
            assert_eq!(fields, expected, "{pattern} in {text}");
        }
    }
}
