//! Where a service is.

/// Where a service is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoint {
    /// The region, such as `eu-west-1`.
    pub region: String,
    /// A URL other than AWS's own.
    pub url: String,
}
