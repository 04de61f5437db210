//! The front door: AWS JSON 1.1 over HTTP (COGNITO.md 1).

use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{Path, Request, State};
use axum::http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE, CONNECTION, CONTENT_TYPE, DATE,
    HeaderName,
};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri};
use axum::response::Response;
use axum::routing::{any, get, post};
use futures::FutureExt;
use serde::Serialize;

use super::bodies::{Bodies, LOGS_BODY_BYTES_MAX};
use super::caller::is_signed;
use super::cloudtrail::Witness;
use super::cognito::{Answer, Cognito, Exception};
use super::confirm_page;
use super::control::Control;
use super::gate;
use super::invoke_api;
use super::kms;
use super::limits::Limits;
use super::listener;
use super::logs;
use super::panics::Panics;
use super::refusal::Refusal;
use super::ses::VerificationLink;
use super::ses_api;
use super::validation;
use crate::model::UserPoolId;

/// What stands before the operation in `X-Amz-Target`.
const TARGET_PREFIX: &str = "AWSCognitoIdentityProviderService.";
/// The same of CloudWatch Logs.
const LOGS_TARGET_PREFIX: &str = "Logs_20140328.";
/// The same of KMS.
const KMS_TARGET_PREFIX: &str = "TrentService.";
/// The answer to another path or method, which has no `__type` (COGNITO.md 1.4 \[C\]).
const NOT_UNDERSTOOD: &str = "{\"code\":\"BadRequest\",\"message\":\"The server did not understand \
                              the operation that was requested.\",\"type\":\"client\"}";

const JSON_1_1: HeaderValue = HeaderValue::from_static("application/x-amz-json-1.1");
const JSON: HeaderValue = HeaderValue::from_static("application/json");
const HTML: HeaderValue = HeaderValue::from_static("text/html; charset=utf-8");
const REQUEST_ID: HeaderName = HeaderName::from_static("x-amzn-requestid");
const ERROR_TYPE: HeaderName = HeaderName::from_static("x-amzn-errortype");
const ERROR_MESSAGE: HeaderName = HeaderName::from_static("x-amzn-errormessage");

/// What every handler needs.
pub(super) struct Front {
    cognito: Arc<Cognito>,
    control: Control,
    panics: Arc<Panics>,
    bodies: Bodies,
}

/// All paths of the endpoint.
pub(super) fn router(
    cognito: Arc<Cognito>,
    control: Control,
    panics: Arc<Panics>,
    limits: Limits,
) -> Router {
    let front = Front {
        cognito,
        control,
        panics,
        bodies: Bodies::new(limits.patience),
    };
    Router::new()
        .route("/", post(aws_json).options(preflight).get(verify_identity))
        .route("/v2/email/{*operation}", any(ses))
        .route("/{pool}/.well-known/jwks.json", get(jwks))
        .route(
            "/{pool}/.well-known/openid-configuration",
            get(openid_configuration),
        )
        .route("/confirmUser", get(confirm_user))
        .route("/confirmUser/", get(confirm_user))
        .route(
            "/2015-03-31/functions/{name}/invocations",
            post(lambda_invoke),
        )
        .fallback(elsewhere)
        .method_not_allowed_fallback(elsewhere)
        .with_state(Arc::new(front))
}

/// `POST /`: runs the operation that `X-Amz-Target` names.
async fn aws_json(State(front): State<Arc<Front>>, request: Request) -> Response {
    let (head, body) = request.into_parts();
    let mut witness = Witness::of(&front.cognito, &head);
    let answering = answer(&front, &head, body, witness.as_mut());
    let answering = AssertUnwindSafe(answering).catch_unwind();
    let answer = answering.await.unwrap_or_else(|panic| {
        front.panics.record(panic.as_ref());
        let message = "The emulator panicked; its error output says where.".to_owned();
        Err(Exception::InternalError(message).into())
    });
    let (response, refusal) = match answer {
        Ok(body) => (respond(&front, StatusCode::OK, JSON_1_1, body), None),
        Err(refusal) => (refuse(&front, &refusal), Some(refusal)),
    };
    if let Some(witness) = witness {
        witnessed(&front, witness, &response, refusal.as_ref());
    }
    match refusal {
        Some(Refusal::Severed { .. }) => listener::severed(),
        _ => response,
    }
}

/// Writes the call into the trail, with the id that its answer carries.
fn witnessed(front: &Front, witness: Witness, response: &Response, refusal: Option<&Refusal>) {
    let error = match refusal {
        Some(Refusal::Severed { ran: false }) => return,
        None | Some(Refusal::Severed { ran: true }) => None,
        Some(refusal) => Some((refusal.name(), refusal.to_string())),
    };
    let error = error
        .as_ref()
        .map(|(name, message)| (*name, message.as_str()));
    witness.record(&front.cognito, error, request_id(response));
}

fn request_id(response: &Response) -> &str {
    let id = response.headers().get(REQUEST_ID);
    id.and_then(|id| id.to_str().ok()).unwrap_or_default()
}

async fn answer(
    front: &Front,
    head: &Parts,
    body: Body,
    witness: Option<&mut Witness>,
) -> Result<Answer, Refusal> {
    let target = head
        .headers
        .get("x-amz-target")
        .and_then(|target| target.to_str().ok());
    if let Some(operation) = target.and_then(|target| target.strip_prefix(LOGS_TARGET_PREFIX)) {
        let body = front.bodies.read_up_to(LOGS_BODY_BYTES_MAX, body).await?;
        if !is_signed(&head.headers, head.uri.query()) {
            return Err(Refusal::Unsigned);
        }
        if let Some(witness) = witness.filter(|_| logs::is_management(operation)) {
            witness.saw_other("logs.amazonaws.com", operation);
        }
        let logs = &front.cognito.logs;
        return Ok(logs::call(logs, operation, or_empty_object(body.bytes)).await?);
    }
    if let Some(operation) = target.and_then(|target| target.strip_prefix(KMS_TARGET_PREFIX)) {
        let body = front.bodies.read(body).await?;
        if !is_signed(&head.headers, head.uri.query()) {
            return Err(Refusal::Unsigned);
        }
        if let Some(witness) = witness {
            witness.saw_other("kms.amazonaws.com", operation);
        }
        let kms = &front.cognito.kms;
        return Ok(kms::call(kms, operation, &or_empty_object(body.bytes))?);
    }
    let name = target.and_then(|target| target.strip_prefix(TARGET_PREFIX));
    let operation = name.and_then(validation::operation);
    let body = front.bodies.read(body).await?;
    let operation = operation.ok_or(Refusal::UnknownOperation)?;
    if operation.needs_signature() && !is_signed(&head.headers, head.uri.query()) {
        return Err(Refusal::Unsigned);
    }
    let bytes = or_empty_object(body.bytes);
    if let Some(witness) = witness {
        witness.saw(&front.cognito, operation, &bytes);
    }
    Ok(gate::call(&front.cognito, operation, &bytes).await?)
}

/// That an empty body is an empty object is a guess; no SDK sends one.
fn or_empty_object(body: Vec<u8>) -> Vec<u8> {
    if body.is_empty() {
        b"{}".to_vec()
    } else {
        body
    }
}

/// `OPTIONS /`: browsers call the endpoint directly (COGNITO.md 1.2 \[I\]).
async fn preflight(State(front): State<Arc<Front>>, headers: HeaderMap) -> Response {
    let mut response = respond(&front, StatusCode::OK, JSON_1_1, Vec::new());
    let any = HeaderValue::from_static("*");
    let asked = headers.get("access-control-request-headers").cloned();
    let answer = response.headers_mut();
    // `*` does not cover Authorization, so what was asked for is named.
    answer.insert(ACCESS_CONTROL_ALLOW_HEADERS, asked.unwrap_or(any));
    answer.insert(
        ACCESS_CONTROL_ALLOW_METHODS,
        HeaderValue::from_static("POST, OPTIONS"),
    );
    answer.insert(ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("172800"));
    response
}

/// `GET /POOL/.well-known/jwks.json` (COGNITO.md 1.1 \[D\]).
async fn jwks(State(front): State<Arc<Front>>, Path(pool): Path<String>) -> Response {
    let working = Arc::clone(&front);
    // Waits for the keys if they are still being made.
    let keys = tokio::task::spawn_blocking(move || working.cognito.jwks(&UserPoolId::new(pool)));
    match keys.await {
        Ok(keys) => document(&front, keys),
        Err(_) => refuse(
            &front,
            &Exception::InternalError("no keys".to_owned()).into(),
        ),
    }
}

/// `GET /POOL/.well-known/openid-configuration` (COGNITO.md 1.1 \[R\]).
async fn openid_configuration(
    State(front): State<Arc<Front>>,
    Path(pool): Path<String>,
) -> Response {
    let configuration = front.cognito.openid_configuration(&UserPoolId::new(pool));
    document(&front, configuration)
}

fn document(front: &Front, document: Result<impl Serialize, Exception>) -> Response {
    match document.map(|document| serde_json::to_vec(&document)) {
        Ok(Ok(body)) => respond(front, StatusCode::OK, JSON, body),
        Ok(Err(error)) => refuse(front, &Exception::InternalError(error.to_string()).into()),
        Err(exception) => refuse(front, &exception.into()),
    }
}

/// `GET /confirmUser`: the link of a mail was opened (COGNITO.md 5.3 \[D\]).
async fn confirm_user(State(front): State<Arc<Front>>, method: Method, uri: Uri) -> Response {
    if method == Method::HEAD {
        // Asking whether a link works must not use it up; what AWS does is not known.
        return respond(&front, StatusCode::OK, HTML, Vec::new());
    }
    let page = confirm_page::open(&front.cognito, &uri).await;
    respond(&front, page.status, HTML, page.html)
}

/// `POST /2015-03-31/functions/NAME/invocations`: Lambda's Invoke.
async fn lambda_invoke(
    State(front): State<Arc<Front>>,
    Path(name): Path<String>,
    request: Request,
) -> Response {
    let (head, body) = request.into_parts();
    if !is_signed(&head.headers, head.uri.query()) {
        return refuse(&front, &Refusal::Unsigned);
    }
    let event = match front.bodies.read(body).await {
        Ok(event) => event.bytes.into(),
        Err(unreadable) => return refuse(&front, &unreadable.into()),
    };
    let invoked = invoke_api::invoke(&front.cognito, &name, &head.headers, event).await;
    let mut response = respond(&front, invoked.status, JSON, invoked.body);
    response.headers_mut().extend(invoked.headers);
    response
}

/// All of SES v2.
async fn ses(State(front): State<Arc<Front>>, request: Request) -> Response {
    let (head, body) = request.into_parts();
    let body = match front.bodies.read(body).await {
        Ok(body) => body,
        Err(unreadable) => return refuse(&front, &unreadable.into()),
    };
    let is_signed = is_signed(&head.headers, head.uri.query());
    let ses = &front.cognito.ses;
    let witness = Witness::of(&front.cognito, &head);
    let answered = ses_api::answer(ses, &head, &body.bytes, is_signed).await;
    let mut response = respond(&front, answered.status, JSON, answered.body);
    response.headers_mut().extend(answered.headers);
    if let (Some(mut witness), Some(name)) = (witness, ses_api::recorded_operation(&head)) {
        witness.saw_other("ses.amazonaws.com", name);
        let error = answered.error.as_ref();
        let error = error.map(|(name, message)| (*name, message.as_str()));
        witness.record(&front.cognito, error, request_id(&response));
    }
    response
}

/// `GET /`: the link of a mail that verifies an address for SES, or nothing that AWS knows.
async fn verify_identity(State(front): State<Arc<Front>>, uri: Uri) -> Response {
    let Some(link) = uri.query().and_then(VerificationLink::parse) else {
        return respond(&front, StatusCode::BAD_REQUEST, JSON_1_1, NOT_UNDERSTOOD);
    };
    let page = confirm_page::verify_identity(&front.cognito.ses, &link);
    respond(&front, page.status, HTML, page.html)
}

/// Every other path and method: the control interface, or AWS's answer to what it does not know
/// (COGNITO.md 1.4 \[C\]).
async fn elsewhere(State(front): State<Arc<Front>>, request: Request) -> Response {
    let (head, body) = request.into_parts();
    let body = match front.bodies.read(body).await {
        Ok(body) => body,
        Err(unreadable) => return refuse(&front, &unreadable.into()),
    };
    if let Some(reply) = front.control.answer(&head, &body.bytes).await {
        return respond(&front, reply.status, reply.content_type, reply.body);
    }
    respond(&front, StatusCode::BAD_REQUEST, JSON_1_1, NOT_UNDERSTOOD)
}

/// The error of COGNITO.md 1.3, in body and headers.
fn refuse(front: &Front, refusal: &Refusal) -> Response {
    let (name, message) = (refusal.name(), refusal.to_string());
    let body = refusal.body(&message);
    let mut response = respond(front, refusal.status(), JSON_1_1, body);
    let headers = response.headers_mut();
    if let Ok(error_type) = HeaderValue::from_str(&format!("{name}:")) {
        headers.insert(ERROR_TYPE, error_type);
    }
    // Messages of the schema end in line feeds, which a header cannot carry.
    let line: String = message.chars().filter(|c| !c.is_control()).collect();
    if let Ok(line) = HeaderValue::from_bytes(line.as_bytes())
        && !line.is_empty()
    {
        headers.insert(ERROR_MESSAGE, line);
    }
    if refusal.ends_connection() {
        headers.insert(CONNECTION, HeaderValue::from_static("close"));
    }
    response
}

/// A response with the headers that all of them have (COGNITO.md 1.2 \[R\]).
fn respond(
    front: &Front,
    status: StatusCode,
    content_type: HeaderValue,
    body: impl Into<Body>,
) -> Response {
    let mut response = Response::new(body.into());
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, content_type);
    headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    headers.insert(
        ACCESS_CONTROL_EXPOSE_HEADERS,
        HeaderValue::from_static("x-amzn-RequestId,x-amzn-ErrorType,x-amzn-ErrorMessage,Date"),
    );
    let date = front
        .cognito
        .now()
        .strftime("%a, %d %b %Y %H:%M:%S GMT")
        .to_string();
    let id = front.cognito.random.uuid().to_string();
    for (name, value) in [(DATE, date), (REQUEST_ID, id)] {
        if let Ok(value) = HeaderValue::from_str(&value) {
            headers.insert(name, value);
        }
    }
    response
}
