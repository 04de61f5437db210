//! `Authentication-Results`: what a receiving host found out about a mail's sender (RFC 8601).

/// How many results of one header are read.
const RESULTS_MAX: usize = 50;

/// What one host found out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuthenticationResults {
    /// The host, as it names itself (the authserv-id); empty if it does not.
    pub host: String,
    /// What it found out, method by method.
    pub results: Vec<AuthenticationResult>,
}

/// What one method found out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuthenticationResult {
    /// The method.
    pub method: Method,
    /// Its result.
    pub verdict: Verdict,
    /// What it looked at, such as `header.d` with the domain that signed.
    pub properties: Vec<(String, String)>,
}

/// A method by which senders are authenticated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Method {
    /// Whether the sender's domain lets this host send (RFC 7208).
    Spf,
    /// Whether a domain signed the mail (RFC 6376).
    Dkim,
    /// Whether one of them agrees with the From header (RFC 7489).
    Dmarc,
    /// Whether an earlier host found it in order (RFC 8617).
    Arc,
    /// Any other.
    Other,
}

/// The result of a method.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Verdict {
    /// It is authentic.
    Pass,
    /// It is not.
    Fail,
    /// It is probably not.
    SoftFail,
    /// The domain does not say.
    Neutral,
    /// There was nothing to look at.
    None,
    /// The host accepts a failure by its own rules.
    Policy,
    /// It could not be found out now.
    TempError,
    /// It cannot be found out.
    PermError,
    /// A word that no standard has.
    Other,
}

impl Verdict {
    /// The word for it in the header (RFC 8601 §2.7).
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Fail => "fail",
            Self::SoftFail => "softfail",
            Self::Neutral => "neutral",
            Self::None => "none",
            Self::Policy => "policy",
            Self::TempError => "temperror",
            Self::PermError => "permerror",
            Self::Other => "unknown",
        }
    }
}

impl AuthenticationResults {
    /// Reads a header's value; nothing if it names no host.
    pub(super) fn parse(value: &str) -> Option<Self> {
        let value = without_comments(value);
        let mut parts = value.split(';');
        // A version may follow the host.
        let host = parts.next()?.split_whitespace().next()?.to_owned();
        let results = parts.take(RESULTS_MAX).filter_map(AuthenticationResult::of);
        // Some hosts leave their own name out.
        let (host, own) = match host.split_once('=') {
            Some(_) => (
                String::new(),
                AuthenticationResult::of(value.split(';').next()?),
            ),
            None => (host, None),
        };
        Some(Self {
            host,
            results: own.into_iter().chain(results).collect(),
        })
    }

    /// What a method found out. Of several signatures the best counts: one is enough.
    pub fn verdict(&self, method: Method) -> Option<Verdict> {
        let mut of_method = self.results.iter().filter(|found| found.method == method);
        let first = of_method.next()?.verdict;
        let passes =
            first == Verdict::Pass || of_method.any(|found| found.verdict == Verdict::Pass);
        Some(if passes { Verdict::Pass } else { first })
    }
}

impl AuthenticationResult {
    fn of(part: &str) -> Option<Self> {
        let mut words = part.split_whitespace();
        let (method, verdict) = words.next()?.split_once('=')?;
        // `dkim/1` has a version.
        let method = method.split('/').next().unwrap_or(method);
        let property = |word: &str| {
            let (name, value) = word.split_once('=')?;
            Some((
                name.to_ascii_lowercase(),
                value.trim_matches('"').to_owned(),
            ))
        };
        Some(Self {
            method: match method.to_ascii_lowercase().as_str() {
                "spf" => Method::Spf,
                "dkim" => Method::Dkim,
                "dmarc" => Method::Dmarc,
                "arc" => Method::Arc,
                _ => Method::Other,
            },
            verdict: match verdict.to_ascii_lowercase().as_str() {
                "pass" => Verdict::Pass,
                "fail" | "hardfail" => Verdict::Fail,
                "softfail" => Verdict::SoftFail,
                "neutral" => Verdict::Neutral,
                "none" => Verdict::None,
                "policy" => Verdict::Policy,
                "temperror" => Verdict::TempError,
                "permerror" => Verdict::PermError,
                _ => Verdict::Other,
            },
            properties: words.filter_map(property).collect(),
        })
    }
}

/// The value without its comments, which may hold one another (RFC 5322 §3.2.2).
fn without_comments(value: &str) -> String {
    let (mut kept, mut depth, mut quoted) = (String::with_capacity(value.len()), 0_usize, false);
    for c in value.chars() {
        match c {
            '"' if depth == 0 => {
                quoted = !quoted;
                kept.push(c);
            }
            '(' if !quoted => depth += 1,
            ')' if !quoted && depth > 0 => depth -= 1,
            _ if depth == 0 => kept.push(c),
            _ => {}
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_receivers_write() {
        let results = AuthenticationResults::parse(
            "mx.google.com; dkim=pass header.i=@amazonses.com header.s=abc header.b=\"x/y\"; \
             dkim=neutral (no key) header.i=@verificationemail.com; \
             spf=pass (google.com: domain of a@b.example (really) designates 1.2.3.4) \
             smtp.mailfrom=a@b.example; dmarc=fail (p=NONE; dis=NONE) header.from=b.example",
        )
        .unwrap();
        assert_eq!(results.host, "mx.google.com");
        assert_eq!(results.results.len(), 4);
        assert_eq!(results.verdict(Method::Dkim), Some(Verdict::Pass));
        assert_eq!(results.verdict(Method::Spf), Some(Verdict::Pass));
        assert_eq!(results.verdict(Method::Dmarc), Some(Verdict::Fail));
        assert_eq!(results.verdict(Method::Arc), None);
        let signed = ("header.b".to_owned(), "x/y".to_owned());
        assert_eq!(results.results[0].properties[2], signed);
    }

    #[test]
    fn reads_odd_forms() {
        let parse = |value| AuthenticationResults::parse(value);
        assert_eq!(parse("mx.example 1; none").unwrap().results, []);
        assert_eq!(parse(""), None);
        let without_host = parse("spf=SoftFail smtp.mailfrom=b.example; dkim/1=none").unwrap();
        assert_eq!(without_host.verdict(Method::Spf), Some(Verdict::SoftFail));
        assert_eq!(without_host.verdict(Method::Dkim), Some(Verdict::None));
        let unclosed = parse("mx.example; spf=pass (oops; dmarc=pass").unwrap();
        assert_eq!(unclosed.verdict(Method::Dmarc), None);
    }
}
