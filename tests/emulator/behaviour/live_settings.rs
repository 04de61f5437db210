//! Which real pool the table is run against, as the environment says it.

use std::time::{SystemTime, UNIX_EPOCH};

/// Asks for the run; everything else is only read when it is `1`.
const LIVE: &str = "REVERIFY_LIVE";
const USER_POOL_ID: &str = "REVERIFY_LIVE_USER_POOL_ID";
const CLIENT_ID: &str = "REVERIFY_LIVE_CLIENT_ID";
const ADDRESS: &str = "REVERIFY_LIVE_ADDRESS";
const ENDPOINT: &str = "REVERIFY_LIVE_ENDPOINT";

/// A pool that belongs to somebody, and an inbox for what it sends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct LiveSettings {
    pub(super) user_pool_id: String,
    pub(super) client_id: String,
    /// Whose mailbox takes `local+anything@domain` too.
    pub(super) local: String,
    pub(super) domain: String,
    /// AWS's own for the pool's region unless given.
    pub(super) endpoint: Option<String>,
    /// In the name of every user of this run, so that it is nobody else's.
    pub(super) run: String,
}

impl LiveSettings {
    /// What the environment asks for; nothing unless it asks.
    ///
    /// # Errors
    /// What is missing or wrong, in words.
    pub(super) fn read(
        variable: impl Fn(&str) -> Option<String>,
        run: String,
    ) -> Result<Option<Self>, String> {
        if variable(LIVE).as_deref() != Some("1") {
            return Ok(None);
        }
        let needed = |name: &str| {
            let value = variable(name).filter(|value| !value.is_empty());
            value.ok_or_else(|| format!("{LIVE}=1 needs {name} too"))
        };
        let address = needed(ADDRESS)?;
        let (local, domain) = match address.split_once('@') {
            Some((local, domain)) if !local.is_empty() && !local.contains('+') => (local, domain),
            _ => return Err(format!("{ADDRESS} has to be an address without a `+`")),
        };
        let user_pool_id = needed(USER_POOL_ID)?;
        if !user_pool_id.contains('_') {
            return Err(format!("{USER_POOL_ID} has to be REGION_ID"));
        }
        Ok(Some(Self {
            user_pool_id,
            client_id: needed(CLIENT_ID)?,
            local: local.to_owned(),
            domain: domain.to_owned(),
            endpoint: variable(ENDPOINT).filter(|value| !value.is_empty()),
            run,
        }))
    }

    /// The region that the pool's id names.
    pub(super) fn region(&self) -> &str {
        self.user_pool_id.split('_').next().unwrap_or_default()
    }
}

/// A word that no other run has.
pub(super) fn run_name() -> String {
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    format!("{:x}{:x}", now.as_secs(), std::process::id())
}

#[test]
fn what_is_missing_is_said() {
    let read = |set: &[(&str, &str)]| {
        let set = |name: &str| {
            let found = set.iter().find(|(known, _)| *known == name);
            found.map(|(_, value)| (*value).to_owned())
        };
        LiveSettings::read(set, "r".to_owned())
    };
    assert_eq!(read(&[(CLIENT_ID, "c")]), Ok(None));
    let live = (LIVE, "1");
    let address = (ADDRESS, "ada@example.com");
    let needs = |name: &str| Err(format!("REVERIFY_LIVE=1 needs {name} too"));
    assert_eq!(read(&[live]), needs(ADDRESS));
    assert_eq!(read(&[live, address]), needs(USER_POOL_ID));
    assert_eq!(
        read(&[live, address, (USER_POOL_ID, "eu-west-1_a")]),
        needs(CLIENT_ID)
    );
    let plus = read(&[live, (ADDRESS, "ada+1@example.com")]);
    assert_eq!(
        plus,
        Err("REVERIFY_LIVE_ADDRESS has to be an address without a `+`".to_owned())
    );
    let all = read(&[
        live,
        address,
        (USER_POOL_ID, "eu-west-1_a"),
        (CLIENT_ID, "c"),
    ]);
    assert_eq!(all.unwrap().unwrap().region(), "eu-west-1");
}
