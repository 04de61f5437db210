//! What a target lets scenarios do, as far as that is known before it is asked anything.

use super::target::Target;

/// What a target lets scenarios do: whether its steps can be taken there at all. Whether a pool that was there
/// before is as a scenario presumes, the pool itself has to be asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ground {
    /// The target's name.
    pub target: String,
    /// How the pool is called that was there before; none where scenarios make pools of their own.
    pub existing_pool: Option<String>,
    /// Whether scenarios may set what is around the pools: faults, time, functions, SES.
    pub is_changeable: bool,
}

impl Ground {
    /// Whether every step can be taken there, as on the embedded target.
    pub fn takes_all(&self) -> bool {
        self.is_changeable && self.existing_pool.is_none()
    }
}

impl Target {
    /// What it lets scenarios do.
    pub fn ground(&self) -> Ground {
        Ground {
            target: self.name.clone(),
            existing_pool: self.pool.as_ref().map(|pool| pool.id.to_string()),
            is_changeable: self.surroundings.is_some(),
        }
    }
}
