//! What stands below a step's line, as types, and the steps that need it.

use cucumber::gherkin::Step;

use super::args::{Args, BadArgument, is_name};
use super::people;
use super::pools::change;
use super::session::Session;
use crate::model::EmailAddress;
use crate::record::Failure;

/// Where Cognito puts the code in a text of the pool (COGNITO.md 5.1).
const CODE_PLACE: &str = "{####}";

pub(super) async fn new_users(session: &mut Session, args: &Args<'_>) -> Result<(), Failure> {
    let attempt = session.attempt()?;
    for (name, address) in persons(args.step())? {
        people::introduce_new(attempt, name, address)?;
    }
    Ok(())
}

pub(super) async fn mail_says(session: &mut Session, args: &Args<'_>) -> Result<(), Failure> {
    let body = mail_text(args.step())?;
    change(session.attempt()?, |design| design.body = Some(body)).await
}

pub(super) fn check_persons(step: &Step) -> Result<(), BadArgument> {
    persons(step).map(drop)
}

pub(super) fn check_mail_text(step: &Step) -> Result<(), BadArgument> {
    mail_text(step).map(drop)
}

/// The names and addresses of a table with the column `name`, and `address` if there is one.
fn persons(step: &Step) -> Result<Vec<(&str, Option<EmailAddress>)>, BadArgument> {
    let rows = step.table.as_ref().map_or(&[][..], |table| &table.rows);
    let Some((header, rows)) = rows.split_first() else {
        return Err(bad("a table of the users is missing below this line"));
    };
    let column = |name: &str| header.iter().position(|cell| cell == name);
    let known = ["name", "address"];
    if let Some(unknown) = header.iter().find(|cell| !known.contains(&cell.as_str())) {
        return Err(bad(&format!(
            "the table has a column `{unknown}`; it may have `name` and `address`"
        )));
    }
    let Some(name_column) = column("name") else {
        return Err(bad("the table's first row has no column `name`"));
    };
    let persons = rows.iter().map(|row| {
        let cell = |column: usize| row.get(column).map(String::as_str).unwrap_or_default();
        let name = cell(name_column);
        if !is_name(name) {
            return Err(bad(&format!(
                "`{name}` is not a name; write one word that begins with a capital"
            )));
        }
        let address = column("address").map(cell).filter(|text| !text.is_empty());
        let address = address.map(str::parse::<EmailAddress>).transpose();
        let address = address.map_err(|error| bad(&error.to_string()))?;
        Ok((name, address))
    });
    persons.collect()
}

/// The text below the line, without what may stand behind the first quotation marks.
fn mail_text(step: &Step) -> Result<String, BadArgument> {
    let text = step.docstring.as_deref().unwrap_or_default();
    let (_, text) = text.split_once('\n').unwrap_or_default();
    let text = text.trim_end();
    if text.contains(CODE_PLACE) {
        return Ok(text.to_owned());
    }
    Err(bad(
        "the text below this line has no `{####}`, where Cognito puts the code",
    ))
}

fn bad(reason: &str) -> BadArgument {
    BadArgument {
        reason: reason.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use cucumber::gherkin::{Feature, GherkinEnv};

    use super::*;

    /// The step of a feature, with these lines below it.
    fn step(below: &str) -> Step {
        let text = format!("Feature: A\n  Scenario: B\n    Given it:\n{below}\n");
        let feature = Feature::parse(text, GherkinEnv::default()).unwrap();
        feature.scenarios[0].steps[0].clone()
    }

    #[test]
    fn a_table_gives_people() {
        let good =
            step("    | address      | name |\n    | ada@b.example | Ada |\n    | | Grace |");
        let persons = persons(&good).unwrap();
        let shown: Vec<_> = persons
            .iter()
            .map(|(name, address)| (*name, address.as_ref().map(ToString::to_string)))
            .collect();
        let ada = Some("ada@b.example".to_owned());
        assert_eq!(shown, [("Ada", ada), ("Grace", None)]);
        let cases = [
            ("", "a table of the users is missing"),
            ("    | who |", "a column `who`"),
            ("    | address |", "no column `name`"),
            ("    | name |\n    | ada |", "`ada` is not a name"),
            ("    | name | address |\n    | Ada | ada |", "`ada`"),
        ];
        for (below, said) in cases {
            let reason = check_persons(&step(below)).unwrap_err().reason;
            assert!(reason.contains(said), "{below}: {reason}");
        }
    }

    #[test]
    fn a_doc_string_gives_a_text() {
        let text = |below: &str| mail_text(&step(below));
        let plain = "      \"\"\"\n      Hello,\n        {####}\n      \"\"\"";
        assert_eq!(text(plain).unwrap(), "Hello,\n  {####}");
        let typed = "      \"\"\"text\n      {####}\n      \"\"\"";
        assert!(text(typed).unwrap().contains(CODE_PLACE));
        assert!(text("").unwrap_err().reason.contains("{####}"));
    }
}
