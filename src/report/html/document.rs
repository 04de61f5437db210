//! The frame of a document: its policy, its style and its script.

use maud::{DOCTYPE, Markup, PreEscaped, html};
use serde::Serialize;

use crate::shown::policy;

const STYLE: &str = concat!(
    include_str!("../../shown/base.css"),
    include_str!("style.css")
);
const SCRIPT: &str = include_str!("script.js");

/// A whole document around `body`, with `data` for the script.
///
/// # Errors
///
/// When `data` is nothing that JSON can say.
pub(super) fn document(
    title: &str,
    body: &Markup,
    data: &impl Serialize,
) -> Result<String, serde_json::Error> {
    let data = inert_json(data)?;
    let document = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content=(policy(STYLE, SCRIPT));
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="referrer" content="no-referrer";
                title { (title) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                (body)
                script type="application/json" id="data" { (PreEscaped(data)) }
                script { (PreEscaped(SCRIPT)) }
            }
        }
    };
    Ok(document.into_string())
}

/// JSON that cannot end the element it stands in: `<` occurs in strings only, and has an escape.
fn inert_json(data: &impl Serialize) -> Result<String, serde_json::Error> {
    Ok(serde_json::to_string(data)?.replace('<', "\\u003c"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn data_cannot_end_its_element() {
        let json = inert_json(&["</script><script>alert(1)</script><!--"]).unwrap();
        assert!(!json.contains('<'), "{json}");
        let back: Vec<String> = serde_json::from_str(&json).unwrap();
        assert_eq!(back, ["</script><script>alert(1)</script><!--"]);
    }

    #[test]
    fn style_and_script_cannot_end_their_elements() {
        assert!(!STYLE.contains("</"), "style.css");
        assert!(
            !SCRIPT.contains("</") && !SCRIPT.contains("<!--"),
            "script.js"
        );
    }
}
