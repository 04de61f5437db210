//! The list of routes, for people and for the tests that hold the interface to it.

/// One line of the list of routes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RouteEntry {
    /// The HTTP method.
    pub method: &'static str,
    /// The path below the version; a segment in capitals stands for a name.
    pub path: &'static str,
    /// The query's parameters, as a person writes them.
    pub query: &'static str,
    /// What it does.
    pub summary: &'static str,
}

/// Every route of the interface.
pub const ROUTES: [RouteEntry; 26] = [
    entry("GET", "mails", "lists the mails that arrived").with("?to=ADDRESS&latest=1"),
    entry("GET", "mails/ID/raw", "gives one mail's bytes"),
    entry("GET", "sms", "lists the text messages").with("?to=+PHONE&latest=1"),
    entry("POST", "reset", "brings back the state of the start"),
    entry("GET", "clock", "shows the emulator's clock"),
    entry("PUT", "clock", "moves the clock to a moment or by seconds"),
    entry("POST", "clock", "the same as PUT"),
    entry("GET", "faults", "lists the faults"),
    entry("POST", "faults", "injects a fault"),
    entry("DELETE", "faults", "removes all faults"),
    entry("DELETE", "faults/ID", "removes one fault"),
    entry("GET", "quotas", "shows the account's quotas"),
    entry("PUT", "quotas", "sets the account's quotas"),
    entry("GET", "logs", "tells how much the log groups hold"),
    entry(
        "GET",
        "cloudtrail",
        "shows where the trail of API calls goes",
    ),
    entry(
        "PUT",
        "cloudtrail",
        "sets where the trail of API calls goes",
    ),
    entry("PUT", "ses/account", "changes the SES account"),
    entry(
        "PUT",
        "ses/identities/NAME",
        "changes an SES identity's verification",
    ),
    entry("POST", "ses/feedback", "has a recipient complain or bounce"),
    entry("GET", "ses/event-rules", "lists where SES's events go"),
    entry("PUT", "ses/event-rules", "sets where SES's events go"),
    entry("GET", "functions", "lists the functions"),
    entry("PUT", "functions/NAME", "deploys a function"),
    entry("DELETE", "functions/NAME", "removes a function"),
    entry("GET", "functions/NAME/log", "gives what a function wrote"),
    entry(
        "GET",
        "functions/NAME/invocations",
        "tells how often a function was invoked, and with what",
    ),
];

const fn entry(method: &'static str, path: &'static str, summary: &'static str) -> RouteEntry {
    RouteEntry {
        method,
        path,
        query: "",
        summary,
    }
}

impl RouteEntry {
    const fn with(self, query: &'static str) -> Self {
        Self { query, ..self }
    }

    /// Whether a path has this shape, whatever the method.
    pub(super) fn has_shape(&self, segments: &[&str]) -> bool {
        let own = self.path.split('/');
        own.clone().count() == segments.len()
            && own.zip(segments).all(|(own, given)| {
                own == *given || own.starts_with(|c: char| c.is_ascii_uppercase())
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::control::{Route, Unroutable};

    /// A path that has the entry's shape.
    fn sample(entry: &RouteEntry) -> String {
        let path = entry.path.replace("ID", "7").replace("NAME", "welcome");
        format!("/_reverify/v1/{path}")
    }

    #[test]
    fn every_entry_is_a_route_and_no_other_method_is() {
        for entry in &ROUTES {
            let path = sample(entry);
            for method in ["GET", "POST", "PUT", "DELETE", "PATCH"] {
                let listed = |known: &RouteEntry| known.method == method && sample(known) == path;
                let read = Route::read(method, &path, None).unwrap();
                match read {
                    Ok(_) => assert!(ROUTES.iter().any(listed), "{method} {path}"),
                    Err(Unroutable::Method { .. }) => {
                        assert!(!ROUTES.iter().any(listed), "{method} {path}");
                    }
                    Err(other) => panic!("{method} {path}: {other}"),
                }
            }
        }
    }
}
