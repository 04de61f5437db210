//! What became of an invocation.

use std::fmt;
use std::os::unix::process::ExitStatusExt as _;
use std::process::ExitStatus;
use std::time::Duration;

use axum::body::Bytes;
use serde::Deserialize;
use uuid::Uuid;

/// The largest event and the largest answer, in bytes: six megabytes for synchronous invocations,
/// plus the hundred bytes that AWS's Runtime API grants on top.
pub const PAYLOAD_BYTES_MAX: usize = 6 * 1024 * 1024 + 100;

/// The longest error text that is kept of a function, in bytes; a longer one is cut.
const ERROR_MESSAGE_BYTES_MAX: usize = 64 * 1024;

/// The id of one invocation, as in the function's context and log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct RequestId(Uuid);

impl RequestId {
    /// An id out of sixteen random bytes.
    pub(super) fn from_random(bytes: [u8; 16]) -> Self {
        Self(uuid::Builder::from_random_bytes(bytes).into_uuid())
    }

    /// Reads an id as it stands in a path of the Runtime API.
    pub(super) fn parse(text: &str) -> Option<Self> {
        Uuid::try_parse(text).ok().map(Self)
    }
}

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.hyphenated().fmt(f)
    }
}

/// An error that a function reported about itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FunctionError {
    /// The kind, such as the exception's class (`ValueError`, `Runtime.ImportModuleError`).
    pub error_type: String,
    /// The text; a user pool shows it to the caller.
    pub error_message: String,
    /// Lines of the stack trace, as the runtime wrote them.
    pub stack_trace: Vec<String>,
}

impl FunctionError {
    /// An error without a stack trace.
    pub fn new(error_type: impl Into<String>, error_message: impl Into<String>) -> Self {
        Self {
            error_type: error_type.into(),
            error_message: error_message.into(),
            stack_trace: Vec::new(),
        }
    }

    /// Reads AWS's error document `{"errorMessage", "errorType", "stackTrace"}`, in which everything
    /// is optional. A body that is none is itself the message; the type then comes from the
    /// `Lambda-Runtime-Function-Error-Type` header.
    pub(super) fn from_payload(body: &[u8], type_header: Option<&str>) -> Self {
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct Document {
            error_message: Option<String>,
            error_type: Option<String>,
            // Node's runtime client calls it `trace`.
            #[serde(default, alias = "trace")]
            stack_trace: Vec<String>,
        }
        let unnamed = || type_header.unwrap_or("Unhandled").to_owned();
        let mut error = match serde_json::from_slice::<Document>(body) {
            Ok(document) => Self {
                error_type: document.error_type.unwrap_or_else(unnamed),
                error_message: document.error_message.unwrap_or_default(),
                stack_trace: document.stack_trace,
            },
            Err(_) => Self::new(unnamed(), String::from_utf8_lossy(body)),
        };
        let cut = error
            .error_message
            .floor_char_boundary(ERROR_MESSAGE_BYTES_MAX);
        error.error_message.truncate(cut);
        error
    }
}

/// How a function's process ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RuntimeExit {
    /// By itself, with this code.
    Code(i32),
    /// By a signal of this number.
    Signal(i32),
}

impl From<ExitStatus> for RuntimeExit {
    fn from(status: ExitStatus) -> Self {
        match (status.code(), status.signal()) {
            (Some(code), _) => Self::Code(code),
            (None, signal) => Self::Signal(signal.unwrap_or_default()),
        }
    }
}

impl fmt::Display for RuntimeExit {
    /// The words of Lambda's own logs, which are those of Go's standard library.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Code(0) => f.write_str("Runtime exited without providing a reason"),
            Self::Code(code) => write!(f, "Runtime exited with error: exit status {code}"),
            Self::Signal(number) => {
                let name = match number {
                    2 => "interrupt",
                    6 => "aborted",
                    9 => "killed",
                    11 => "segmentation fault",
                    15 => "terminated",
                    _ => return write!(f, "Runtime exited with error: signal {number}"),
                };
                write!(f, "Runtime exited with error: signal: {name}")
            }
        }
    }
}

/// Which side of an invocation is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PayloadPart {
    /// The event.
    Request,
    /// What the function returned.
    Response,
}

/// Why Invoke itself answered with an error, before or instead of the function.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum InvokeRefusal {
    /// No function of this name is deployed.
    NoSuchFunction,
    /// More at once than the function's reserved concurrency.
    TooManyRequests,
    /// The function's endpoint answered with an error of Invoke.
    Endpoint {
        /// The HTTP status.
        status: u16,
        /// AWS's name of the error, or the status in words if it gave none.
        error: String,
    },
    /// The function's endpoint could not be reached, or broke off.
    Unreachable {
        /// What went wrong.
        why: String,
    },
}

/// What became of an invocation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The function returned; the bytes are whatever it returned, JSON or not.
    Returned(Bytes),
    /// The function reported an error.
    Failed(FunctionError),
    /// The function could not be initialised, and said so.
    InitFailed(FunctionError),
    /// The function's own time limit was over; it was killed.
    TimedOut {
        /// The invocation.
        request_id: RequestId,
        /// The limit.
        after: Duration,
    },
    /// The function's process ended without an answer.
    Crashed {
        /// The invocation.
        request_id: RequestId,
        /// How it ended.
        exit: RuntimeExit,
    },
    /// The event or the answer has more than [`PAYLOAD_BYTES_MAX`] bytes.
    TooLarge(PayloadPart),
    /// The function's command could not be started.
    CouldNotStart {
        /// What the operating system said.
        why: String,
    },
    /// Invoke itself answered with an error.
    Refused(InvokeRefusal),
    /// The caller stopped waiting. The function runs on, if it had begun.
    NoAnswer {
        /// How long the caller waited.
        waited: Duration,
    },
}

impl Outcome {
    /// The error document that Invoke would carry, if the invocation counts as a function error.
    ///
    /// A crash has the words of a recorded trigger failure: `RequestId: ... Error: Runtime exited
    /// with error: exit status 129`, <https://github.com/aws-amplify/amplify-js/issues/9127>.
    pub fn function_error(&self) -> Option<FunctionError> {
        match self {
            Self::Failed(error) | Self::InitFailed(error) => Some(error.clone()),
            Self::TimedOut { request_id, after } => Some(FunctionError::new(
                "Sandbox.Timedout",
                format!(
                    "RequestId: {request_id} Error: Task timed out after {:.2} seconds",
                    after.as_secs_f64()
                ),
            )),
            Self::Crashed { request_id, exit } => Some(FunctionError::new(
                "Runtime.ExitError",
                format!("RequestId: {request_id} Error: {exit}"),
            )),
            Self::TooLarge(PayloadPart::Response) => Some(FunctionError::new(
                "Function.ResponseSizeTooLarge",
                format!(
                    "Response payload size exceeded maximum allowed payload size ({PAYLOAD_BYTES_MAX} bytes)."
                ),
            )),
            Self::Returned(_)
            | Self::TooLarge(PayloadPart::Request)
            | Self::CouldNotStart { .. }
            | Self::Refused(_)
            | Self::NoAnswer { .. } => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn error_documents_of_several_runtimes() {
        let python =
            br#"{"errorMessage":"no","errorType":"ValueError","requestId":"1","stackTrace":["a"]}"#;
        let node = br#"{"errorType":"Error","errorMessage":"no","trace":["Error: no"]}"#;
        for (body, header, error_type, message, lines) in [
            (&python[..], Some("ignored"), "ValueError", "no", 1),
            (&node[..], None, "Error", "no", 1),
            (b"{}", Some("Runtime.Unknown"), "Runtime.Unknown", "", 0),
            (b"plain text", None, "Unhandled", "plain text", 0),
            (b"[1]", None, "Unhandled", "[1]", 0),
            (b"", None, "Unhandled", "", 0),
        ] {
            let error = FunctionError::from_payload(body, header);
            let shown = (
                &*error.error_type,
                &*error.error_message,
                error.stack_trace.len(),
            );
            assert_eq!(shown, (error_type, message, lines));
        }
        let long = FunctionError::from_payload("ü".repeat(40_000).as_bytes(), None);
        assert_eq!(long.error_message.len(), ERROR_MESSAGE_BYTES_MAX);
    }

    #[test]
    fn exits_read_as_in_lambdas_log() {
        for (exit, text) in [
            (
                RuntimeExit::Code(1),
                "Runtime exited with error: exit status 1",
            ),
            (
                RuntimeExit::Code(0),
                "Runtime exited without providing a reason",
            ),
            (
                RuntimeExit::Signal(9),
                "Runtime exited with error: signal: killed",
            ),
            (
                RuntimeExit::Signal(31),
                "Runtime exited with error: signal 31",
            ),
        ] {
            assert_eq!(exit.to_string(), text);
        }
    }
}
