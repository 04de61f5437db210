//! Where a service is.

/// Where a service is.
///
/// ```
/// use reverify::model::Endpoint;
///
/// let endpoint = Endpoint::new("eu-west-1", "http://127.0.0.1:9229/");
/// assert_eq!(endpoint.url, "http://127.0.0.1:9229");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoint {
    /// The region, such as `eu-west-1`.
    pub region: String,
    /// A URL other than AWS's own, without a slash at its end.
    pub url: String,
}

impl Endpoint {
    /// The endpoint at a URL; a slash at its end is taken away, for the SDK puts its own there.
    pub fn new(region: impl Into<String>, url: impl AsRef<str>) -> Self {
        Self {
            region: region.into(),
            url: url.as_ref().trim_end_matches('/').to_owned(),
        }
    }
}
