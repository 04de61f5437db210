//! Scenarios that share something of which there is little.

use std::num::NonZeroUsize;

use super::{InvalidSelection, TagExpression};

/// Named groups of scenarios, each with a limit of how many of them run at once.
///
/// A scenario that waits for its group takes no other scenario's place: the next one that may
/// start does.
///
/// ```
/// use std::num::NonZeroUsize;
/// use reverify::suite::Groups;
///
/// let groups = Groups::default()
///     .with("one-mailbox", NonZeroUsize::MIN)
///     .with_members("one-mailbox", "@catch-all or @forwarded")?;
/// assert!(!groups.is_empty());
/// # Ok::<(), reverify::suite::InvalidSelection>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct Groups(Vec<Group>);

#[derive(Debug, Clone)]
struct Group {
    name: String,
    jobs_max: Option<NonZeroUsize>,
    members: Vec<TagExpression>,
}

impl Groups {
    /// Sets how many scenarios of a group run at once.
    #[must_use]
    pub fn with(mut self, name: &str, jobs_max: NonZeroUsize) -> Self {
        self.group(name).jobs_max = Some(jobs_max);
        self
    }

    /// Puts the scenarios whose tags fulfil an expression into a group; one may be in several.
    ///
    /// # Errors
    ///
    /// When the expression cannot be parsed.
    pub fn with_members(mut self, name: &str, tags: &str) -> Result<Self, InvalidSelection> {
        let tags = tags.parse()?;
        self.group(name).members.push(tags);
        Ok(self)
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The limit of each group.
    pub(super) fn limits(&self) -> Vec<usize> {
        let limit = |group: &Group| group.jobs_max.map_or(usize::MAX, NonZeroUsize::get);
        self.0.iter().map(limit).collect()
    }

    /// The places, in `limits`, of the groups in which a scenario with these tags is.
    pub(super) fn of(&self, tags: &[String]) -> Vec<usize> {
        let is_in = |group: &Group| group.members.iter().any(|one| one.matches(tags));
        let groups = self.0.iter().enumerate();
        groups
            .filter(|(_, group)| is_in(group))
            .map(|(place, _)| place)
            .collect()
    }

    fn group(&mut self, name: &str) -> &mut Group {
        let place = self.0.iter().position(|group| group.name == name);
        let place = place.unwrap_or_else(|| {
            self.0.push(Group {
                name: name.to_owned(),
                jobs_max: None,
                members: Vec::new(),
            });
            self.0.len() - 1
        });
        &mut self.0[place]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scenario_is_in_every_group_whose_tags_it_has() {
        let groups = Groups::default()
            .with_members("mailbox", "@catch-all")
            .and_then(|groups| groups.with_members("mailbox", "@forwarded"))
            .and_then(|groups| groups.with_members("free", "not @slow"))
            .unwrap()
            .with("mailbox", NonZeroUsize::MIN);
        assert_eq!(groups.limits(), [1, usize::MAX]);
        let of =
            |tags: &[&str]| groups.of(&tags.iter().map(|&tag| tag.to_owned()).collect::<Vec<_>>());
        assert_eq!(of(&["catch-all"]), [0, 1]);
        assert_eq!(of(&["forwarded", "slow"]), [0]);
        assert_eq!(of(&["slow"]), [0; 0]);
        assert!(Groups::default().with_members("a", "and and").is_err());
    }
}
