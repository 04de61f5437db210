//! What a function is: its name, its code and its settings.

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use axum::body::Bytes;
use futures::FutureExt as _;
use futures::future::BoxFuture;
use thiserror::Error;

use super::endpoint::Endpoint;
use super::outbox::Outbox;
use super::outcome::FunctionError;
use crate::model::Secret;

/// How long a function may run unless it says otherwise; the default of AWS's `CreateFunction`.
pub const TIMEOUT_DEFAULT_SECONDS: u64 = 3;

/// The longest that any function may run, as on AWS.
pub const TIMEOUT_MAX_SECONDS: u64 = 900;

/// The memory size that a function reports unless it says otherwise, as on AWS.
const MEMORY_DEFAULT_MB: u32 = 128;

/// How many environments of one function run at once unless it says otherwise: enough that a
/// retried call finds a free one, few enough for a laptop.
const ENVIRONMENTS_DEFAULT: usize = 8;

/// AWS's limit of a function name's length in characters.
const NAME_CHARS_MAX: usize = 64;

/// The environment variables that the host sets and a function cannot. Taken from the reserved
/// list of <https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html>; the
/// credentials on that list are left out, because a function may bring its own here.
pub const RESERVED_VARIABLES: [&str; 12] = [
    "_HANDLER",
    "_X_AMZN_TRACE_ID",
    "AWS_DEFAULT_REGION",
    "AWS_LAMBDA_FUNCTION_NAME",
    "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
    "AWS_LAMBDA_FUNCTION_VERSION",
    "AWS_LAMBDA_INITIALIZATION_TYPE",
    "AWS_LAMBDA_LOG_GROUP_NAME",
    "AWS_LAMBDA_LOG_STREAM_NAME",
    "AWS_LAMBDA_RUNTIME_API",
    "AWS_REGION",
    "LAMBDA_TASK_ROOT",
];

/// Why a function cannot be deployed.
#[derive(Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum InvalidFunction {
    /// Neither a name nor a function ARN.
    #[error(
        "`{0}` is no function name: give 1 to 64 of A-Z a-z 0-9 - _, or arn:aws:lambda:REGION:ACCOUNT:function:NAME"
    )]
    Name(String),
    /// A variable that the host sets.
    #[error("the variable {0} is set by Lambda itself: remove it from the function's variables")]
    ReservedVariable(String),
    /// A variable that no process can have.
    #[error("`{0}` is no variable name: it is empty or has a `=` or a NUL")]
    VariableName(String),
    /// A time limit of nothing, or beyond [`TIMEOUT_MAX_SECONDS`].
    #[error("a time limit of {0:?} is not between 1 ms and 900 s")]
    Timeout(Duration),
    /// Something that is no `http://` URL.
    #[error("`{0}` is no http:// URL with a host")]
    EndpointUrl(String),
    /// A host that is not this machine.
    #[error("`{0}` is not on loopback: use a loopback address, or allow remote endpoints")]
    RemoteEndpoint(String),
}

/// The name of a function: 1 to 64 letters, digits, `-` and `_`.
///
/// ```
/// use reverify::emulator::lambda::FunctionName;
///
/// let arn = "arn:aws:lambda:eu-west-1:123456789012:function:welcome:live";
/// assert_eq!(FunctionName::parse(arn)?.as_str(), "welcome");
/// assert!(FunctionName::parse("no spaces").is_err());
/// # Ok::<(), reverify::emulator::lambda::InvalidFunction>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FunctionName(String);

impl FunctionName {
    /// Takes a bare name, or the name out of a function's ARN (a qualifier is ignored).
    ///
    /// # Errors
    ///
    /// [`InvalidFunction::Name`] if the text is neither.
    pub fn parse(text: &str) -> Result<Self, InvalidFunction> {
        let name = match text.split(':').collect::<Vec<_>>().as_slice() {
            [name]
            | ["arn", _, "lambda", _, _, "function", name]
            | ["arn", _, "lambda", _, _, "function", name, _] => *name,
            _ => "",
        };
        let is_allowed = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        if name.is_empty() || name.len() > NAME_CHARS_MAX || !name.chars().all(is_allowed) {
            return Err(InvalidFunction::Name(text.to_owned()));
        }
        Ok(Self(name.to_owned()))
    }

    /// The name alone.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for FunctionName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// How many environments of a function there may be, and what happens to a caller beyond that.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Concurrency {
    /// The caller waits its turn. AWS would start a thousand more; a laptop should not.
    Queued(usize),
    /// The caller is refused with `TooManyRequestsException`, as by AWS's reserved concurrency;
    /// zero stops the function.
    Reserved(usize),
}

/// The code of a function that runs in this program.
pub(super) type Closure = Arc<
    dyn Fn(Bytes, Option<Arc<dyn Outbox>>) -> BoxFuture<'static, Result<Bytes, FunctionError>>
        + Send
        + Sync,
>;

/// Where a function's code runs.
#[derive(Clone)]
pub(super) enum Code {
    Process(Process),
    Endpoint(Endpoint),
    Closure(Closure),
}

impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Process(process) => process.fmt(f),
            Self::Endpoint(endpoint) => endpoint.fmt(f),
            Self::Closure(_) => f.write_str("Closure"),
        }
    }
}

/// A function as it is given to [`Host::deploy`](super::Host::deploy).
#[derive(Debug, Clone)]
pub struct Function {
    pub(super) name: FunctionName,
    pub(super) code: Code,
    pub(super) timeout: Duration,
    pub(super) memory_mb: u32,
    pub(super) concurrency: Concurrency,
}

impl Function {
    /// A function that is a child process.
    pub fn process(name: FunctionName, process: Process) -> Self {
        Self::new(name, Code::Process(process))
    }

    /// A function that is invoked over HTTP, by AWS's Invoke request.
    ///
    /// Its own limits and log are those of whoever answers there.
    pub fn endpoint(name: FunctionName, endpoint: Endpoint) -> Self {
        Self::new(name, Code::Endpoint(endpoint))
    }

    /// A function of this program. A panic counts as a crash.
    pub fn closure<F, R>(name: FunctionName, code: F) -> Self
    where
        F: Fn(Bytes) -> R + Send + Sync + 'static,
        R: Future<Output = Result<Bytes, FunctionError>> + Send + 'static,
    {
        Self::mailing_closure(name, move |event, _| code(event))
    }

    /// The same with a way to send mail, where the host has one.
    pub(crate) fn mailing_closure<F, R>(name: FunctionName, code: F) -> Self
    where
        F: Fn(Bytes, Option<Arc<dyn Outbox>>) -> R + Send + Sync + 'static,
        R: Future<Output = Result<Bytes, FunctionError>> + Send + 'static,
    {
        let code = move |event, outbox| code(event, outbox).boxed();
        Self::new(name, Code::Closure(Arc::new(code)))
    }

    fn new(name: FunctionName, code: Code) -> Self {
        Self {
            name,
            code,
            timeout: Duration::from_secs(TIMEOUT_DEFAULT_SECONDS),
            memory_mb: MEMORY_DEFAULT_MB,
            concurrency: Concurrency::Queued(ENVIRONMENTS_DEFAULT),
        }
    }

    /// Sets how long one invocation may run, without its initialisation; three seconds by default.
    #[must_use]
    pub fn timeout(self, timeout: Duration) -> Self {
        Self { timeout, ..self }
    }

    /// Sets the memory size that the function is told and that its log reports, in megabytes.
    #[must_use]
    pub fn memory_mb(self, memory_mb: u32) -> Self {
        Self { memory_mb, ..self }
    }

    /// Sets how many environments may run at once.
    #[must_use]
    pub fn concurrency(self, concurrency: Concurrency) -> Self {
        Self {
            concurrency,
            ..self
        }
    }

    /// Checks what the types cannot.
    pub(super) fn check(&self) -> Result<(), InvalidFunction> {
        let longest = Duration::from_secs(TIMEOUT_MAX_SECONDS);
        if self.timeout < Duration::from_millis(1) || self.timeout > longest {
            return Err(InvalidFunction::Timeout(self.timeout));
        }
        let Code::Process(process) = &self.code else {
            return Ok(());
        };
        for name in process.variables.keys() {
            if RESERVED_VARIABLES.contains(&name.as_str()) {
                return Err(InvalidFunction::ReservedVariable(name.clone()));
            }
            if name.is_empty() || name.contains(['=', '\0']) {
                return Err(InvalidFunction::VariableName(name.clone()));
            }
        }
        Ok(())
    }
}

/// A function as a child process: a command that finds the Runtime API in its environment.
///
/// ```
/// use reverify::emulator::lambda::Process;
///
/// let function = Process::new("python3", "triggers/")
///     .args(["-m", "awslambdaric", "app.lambda_handler"])
///     .handler("app.lambda_handler")
///     .variable("TABLE_NAME", "accounts");
/// # let _ = function;
/// ```
#[derive(Debug, Clone)]
pub struct Process {
    pub(super) program: String,
    pub(super) args: Vec<String>,
    pub(super) directory: PathBuf,
    pub(super) handler: String,
    pub(super) variables: BTreeMap<String, Secret<String>>,
}

impl Process {
    /// A command without arguments that is started in a directory, its `LAMBDA_TASK_ROOT`.
    ///
    /// A bare name is looked for in the function's own `PATH`, not in this process's.
    pub fn new(program: impl Into<String>, directory: impl AsRef<Path>) -> Self {
        Self {
            program: program.into(),
            args: Vec::new(),
            directory: directory.as_ref().to_owned(),
            handler: String::new(),
            variables: BTreeMap::new(),
        }
    }

    /// Adds arguments of the command.
    #[must_use]
    pub fn args<A: Into<String>>(mut self, args: impl IntoIterator<Item = A>) -> Self {
        self.args.extend(args.into_iter().map(Into::into));
        self
    }

    /// Sets `_HANDLER`, by which a runtime finds the code to call.
    #[must_use]
    pub fn handler(self, handler: impl Into<String>) -> Self {
        Self {
            handler: handler.into(),
            ..self
        }
    }

    /// Sets an environment variable of the function. `PATH`, `TZ` and `LANG` have defaults that this
    /// replaces; nothing else is inherited.
    #[must_use]
    pub fn variable(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.variables
            .insert(name.into(), Secret::new(value.into()));
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_arns() {
        for (text, name) in [
            ("welcome", Some("welcome")),
            (
                "arn:aws:lambda:eu-west-1:123456789012:function:pre-sign_up",
                Some("pre-sign_up"),
            ),
            (
                "arn:aws-cn:lambda:cn-north-1:123456789012:function:a:$LATEST",
                Some("a"),
            ),
            ("arn:aws:iam:eu-west-1:123456789012:function:a", None),
            ("a:b", None),
            ("", None),
            ("ünicode", None),
        ] {
            let parsed = FunctionName::parse(text).ok();
            assert_eq!(parsed.as_ref().map(FunctionName::as_str), name, "{text}");
        }
        assert!(FunctionName::parse(&"a".repeat(65)).is_err());
    }

    #[test]
    fn settings_that_lambda_keeps_to_itself_are_refused() {
        let name = || FunctionName::parse("f").unwrap();
        let with = |variable| {
            Function::process(name(), Process::new("true", "/").variable(variable, "x")).check()
        };
        assert_eq!(with("TABLE"), Ok(()));
        assert_eq!(
            with("AWS_REGION"),
            Err(InvalidFunction::ReservedVariable("AWS_REGION".to_owned()))
        );
        assert_eq!(
            with("A=B"),
            Err(InvalidFunction::VariableName("A=B".to_owned()))
        );
        let endless = Function::closure(name(), |event| async { Ok(event) });
        assert!(endless.timeout(Duration::from_secs(901)).check().is_err());
    }

    #[test]
    fn debug_shows_no_value_of_a_variable() {
        let process = Process::new("true", "/").variable("API_KEY", "s3cret");
        assert!(!format!("{process:?}").contains("s3cret"));
    }
}
