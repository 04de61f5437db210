//! Patterns of columns that white space separates: `[ip, user, ..., status = 4*, bytes > 1000]`.

use super::condition::Condition;
use super::operand::Test;
use super::pattern::InvalidPattern;
use super::scanner::Scanner;

/// A pattern of columns.
#[derive(Debug)]
pub(in crate::emulator::logs) struct ColumnsPattern {
    /// The columns from the first on.
    first: Vec<Column>,
    /// The columns up to the last, if any number of others may stand between (`...`).
    last: Option<Vec<Column>>,
}

/// A column and what is asked of it, if anything is.
#[derive(Debug)]
struct Column(Option<Condition<Test>>);

impl Column {
    fn holds(&self, value: &str) -> bool {
        let condition = self.0.as_ref();
        condition.is_none_or(|condition| condition.holds(&|test| test.holds(value)))
    }
}

impl ColumnsPattern {
    pub(super) fn parse(scanner: &mut Scanner<'_>) -> Result<Self, InvalidPattern> {
        scanner.expect("[")?;
        let mut pattern = Self {
            first: Vec::new(),
            last: None,
        };
        loop {
            if scanner.takes("...") {
                if pattern.last.is_some() {
                    return Err(scanner.error("`...` can stand once"));
                }
                pattern.last = Some(Vec::new());
            } else {
                let column = column(scanner)?;
                let Self { first, last } = &mut pattern;
                last.as_mut().unwrap_or(first).push(column);
            }
            if !scanner.takes(",") {
                break;
            }
        }
        scanner.expect("]")?;
        scanner.end()?;
        Ok(pattern)
    }

    pub(super) fn matches(&self, message: &str) -> bool {
        let values = columns_of(message);
        let hold = |columns: &[Column], values: &[&str]| {
            let mut pairs = columns.iter().zip(values);
            pairs.all(|(column, value)| column.holds(value))
        };
        let needed = self.first.len() + self.last.as_ref().map_or(0, Vec::len);
        match &self.last {
            None => values.len() == needed && hold(&self.first, &values),
            Some(last) => {
                values.len() >= needed
                    && hold(&self.first, &values)
                    && hold(last, &values[values.len() - last.len()..])
            }
        }
    }
}

/// A name, and conditions that repeat it: `status = 404 || status = 410`.
fn column(scanner: &mut Scanner<'_>) -> Result<Column, InvalidPattern> {
    let name = name(scanner)?;
    scanner.skip_space();
    if matches!(scanner.peek(), Some(',' | ']') | None) {
        return Ok(Column(None));
    }
    let mut is_first = true;
    let condition = Condition::parse(scanner, &mut |scanner| {
        if !std::mem::take(&mut is_first) && self::name(scanner)? != name {
            return Err(scanner.error(format!("`{name}` is expected")));
        }
        let test = Test::parse(scanner)?;
        test.ok_or_else(|| scanner.error("a comparison is expected"))
    })?;
    Ok(Column(Some(condition)))
}

fn name<'a>(scanner: &mut Scanner<'a>) -> Result<&'a str, InvalidPattern> {
    scanner.skip_space();
    let name = scanner.take_while(|c| c.is_alphanumeric() || matches!(c, '_' | '-'));
    if name.is_empty() {
        return Err(scanner.error("a column's name is expected"));
    }
    Ok(name)
}

/// The columns of a message: words, and what stands in quotes or square brackets, without these.
fn columns_of(message: &str) -> Vec<&str> {
    let mut columns = Vec::new();
    let message = message.trim();
    let mut rest = message;
    // Behind the last of them there is no need to look for another.
    let last = ['"', ']'].map(|close| message.rfind(close));
    while let Some(first) = rest.chars().next() {
        let behind = message.len() - rest.len();
        let close = match first {
            '"' => Some(('"', last[0])),
            '[' => Some((']', last[1])),
            _ => None,
        };
        let close = close.filter(|(_, last)| last.is_some_and(|last| last > behind));
        let inner = close.and_then(|(close, _)| rest.get(1..)?.split_once(close));
        let column;
        (column, rest) = match inner {
            Some(pair) => pair,
            None => rest.split_once(char::is_whitespace).unwrap_or((rest, "")),
        };
        columns.push(column);
        rest = rest.trim_start();
    }
    columns
}
