//! The Lambda Runtime API, served to one environment on a loopback port of its own.
//!
//! Paths, headers and status codes: <https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html>.
//! Where that page gives no error type, the names are those of AWS's own local implementation,
//! <https://github.com/aws/aws-lambda-runtime-interface-emulator>.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use futures::StreamExt as _;
use serde::Serialize;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::AbortHandle;

use super::outcome::{FunctionError, PAYLOAD_BYTES_MAX, RequestId};
use super::phase::{Answer, Fetched, Phase, Refusal};

/// The header by which a runtime names the kind of its error.
const ERROR_TYPE_HEADER: &str = "lambda-runtime-function-error-type";

/// The phase of one environment, shared by its runtime's requests and the host.
pub(super) type SharedPhase = Arc<watch::Sender<Phase>>;

/// The Runtime API of one environment. Dropping it closes the port.
#[derive(Debug)]
pub(super) struct RuntimeApi {
    address: SocketAddr,
    server: AbortHandle,
}

impl RuntimeApi {
    /// Binds a free loopback port and serves there.
    pub(super) async fn serve(phase: SharedPhase) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        let router = Router::new()
            .route("/2018-06-01/runtime/invocation/next", get(next))
            .route(
                "/2018-06-01/runtime/invocation/{id}/response",
                post(response),
            )
            .route("/2018-06-01/runtime/invocation/{id}/error", post(error))
            .route("/2018-06-01/runtime/init/error", post(init_error))
            .with_state(phase);
        let server = tokio::spawn(async move { axum::serve(listener, router).await });
        Ok(Self {
            address,
            server: server.abort_handle(),
        })
    }

    /// What `AWS_LAMBDA_RUNTIME_API` is set to.
    pub(super) fn address(&self) -> SocketAddr {
        self.address
    }
}

impl Drop for RuntimeApi {
    fn drop(&mut self) {
        self.server.abort();
    }
}

/// Applies a transition and wakes those who wait for a change.
fn modify<T>(
    phase: &watch::Sender<Phase>,
    transition: impl FnOnce(&mut Phase) -> Result<T, Refusal>,
) -> Result<T, Refusal> {
    let mut result = Err(Refusal::WrongPhase);
    phase.send_if_modified(|phase| {
        result = transition(phase);
        result.is_ok()
    });
    result
}

/// `GET /runtime/invocation/next`: waits, without a limit as AWS does, until there is work.
async fn next(State(phase): State<SharedPhase>) -> Response {
    let mut changes = phase.subscribe();
    if let Err(refusal) = modify(&phase, Phase::ask) {
        return refusal.into_response();
    }
    loop {
        let mut fetched = None;
        phase.send_if_modified(|phase| {
            fetched = phase.fetch();
            fetched.is_some()
        });
        if let Some(fetched) = fetched {
            return fetched.into_response();
        }
        if changes.changed().await.is_err() {
            return Refusal::WrongPhase.into_response();
        }
    }
}

/// `POST /runtime/invocation/{id}/response`.
async fn response(
    State(phase): State<SharedPhase>,
    Path(id): Path<String>,
    request: Request,
) -> Response {
    let id = RequestId::parse(&id);
    if let Err(refusal) = phase.borrow().may_answer(id) {
        return refusal.into_response();
    }
    match read(request.into_body()).await {
        Ok(body) => accept(modify(&phase, |phase| {
            phase.answer(id, Answer::Returned(body))
        })),
        Err(Unread::TooLarge) => match modify(&phase, |phase| phase.answer(id, Answer::TooLarge)) {
            Ok(()) => problem(
                StatusCode::PAYLOAD_TOO_LARGE,
                "RequestEntityTooLarge",
                &format!("the response has more than {PAYLOAD_BYTES_MAX} bytes"),
            ),
            Err(refusal) => refusal.into_response(),
        },
        Err(Unread::Broken) => broken_body(),
    }
}

/// `POST /runtime/invocation/{id}/error`.
async fn error(
    State(phase): State<SharedPhase>,
    Path(id): Path<String>,
    request: Request,
) -> Response {
    let id = RequestId::parse(&id);
    if let Err(refusal) = phase.borrow().may_answer(id) {
        return refusal.into_response();
    }
    match reported_error(request).await {
        Some(error) => accept(modify(&phase, |phase| {
            phase.answer(id, Answer::Failed(error))
        })),
        None => broken_body(),
    }
}

/// `POST /runtime/init/error`.
async fn init_error(State(phase): State<SharedPhase>, request: Request) -> Response {
    match reported_error(request).await {
        Some(error) => accept(modify(&phase, |phase| phase.fail_init(error))),
        None => broken_body(),
    }
}

async fn reported_error(request: Request) -> Option<FunctionError> {
    let error_type = header_text(request.headers());
    let body = read(request.into_body()).await.ok()?;
    Some(FunctionError::from_payload(&body, error_type.as_deref()))
}

fn header_text(headers: &HeaderMap) -> Option<String> {
    headers
        .get(ERROR_TYPE_HEADER)?
        .to_str()
        .ok()
        .map(str::to_owned)
}

/// Why a body was not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unread {
    /// It has more than [`PAYLOAD_BYTES_MAX`] bytes.
    TooLarge,
    /// The connection broke.
    Broken,
}

/// Reads a body of at most [`PAYLOAD_BYTES_MAX`] bytes.
pub(super) async fn read(body: Body) -> Result<Bytes, Unread> {
    let mut whole = Vec::new();
    let mut chunks = body.into_data_stream();
    while let Some(chunk) = chunks.next().await {
        let chunk = chunk.map_err(|_| Unread::Broken)?;
        if whole.len() + chunk.len() > PAYLOAD_BYTES_MAX {
            return Err(Unread::TooLarge);
        }
        whole.extend_from_slice(&chunk);
    }
    Ok(whole.into())
}

fn accept(result: Result<(), Refusal>) -> Response {
    match result {
        Ok(()) => json(StatusCode::ACCEPTED, &Status { status: "OK" }),
        Err(refusal) => refusal.into_response(),
    }
}

fn broken_body() -> Response {
    problem(
        StatusCode::BAD_REQUEST,
        "InvalidRequestBody",
        "the body could not be read to its end",
    )
}

impl IntoResponse for Fetched {
    fn into_response(self) -> Response {
        let headers = [
            ("lambda-runtime-aws-request-id", self.id.to_string()),
            (
                "lambda-runtime-deadline-ms",
                self.deadline.as_millis().to_string(),
            ),
            ("lambda-runtime-invoked-function-arn", self.function_arn),
            ("lambda-runtime-trace-id", self.trace_id),
            ("content-type", "application/json".to_owned()),
        ];
        (headers, self.payload).into_response()
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        match self {
            Self::UnknownRequestId => problem(
                StatusCode::BAD_REQUEST,
                "InvalidRequestID",
                "this is not the id of the invocation that runs",
            ),
            Self::WrongPhase => problem(
                StatusCode::FORBIDDEN,
                "InvalidStateTransition",
                "the environment is in no state for this call",
            ),
        }
    }
}

#[derive(Serialize)]
struct Status {
    status: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Problem<'a> {
    error_message: &'a str,
    error_type: &'a str,
}

fn problem(status: StatusCode, error_type: &str, error_message: &str) -> Response {
    json(
        status,
        &Problem {
            error_message,
            error_type,
        },
    )
}

fn json(status: StatusCode, body: &impl Serialize) -> Response {
    match serde_json::to_vec(body) {
        Ok(body) => (status, [(header::CONTENT_TYPE, "application/json")], body).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}
