//! What may be done to a target's users.

/// What a person allows on a target. Nothing is allowed by itself: a pool may have users who are
/// people.
///
/// ```
/// use reverify::model::Permissions;
///
/// assert!(!Permissions::default().delete);
/// assert!(Permissions::ALL.delete);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Permissions {
    /// Users may be signed up, and invited by an administrator.
    pub sign_up: bool,
    /// Users and pools that this tool created may be deleted.
    pub delete: bool,
}

impl Permissions {
    /// Everything: right where nothing real can be lost.
    pub const ALL: Self = Self {
        sign_up: true,
        delete: true,
    };

    /// As a configuration says it.
    pub(crate) fn words(self) -> impl Iterator<Item = &'static str> {
        let all = [(self.sign_up, "sign-up"), (self.delete, "delete")];
        all.into_iter()
            .filter_map(|(is_allowed, word)| is_allowed.then_some(word))
    }
}
