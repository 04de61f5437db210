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
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri};
use axum::response::Response;
use axum::routing::{any, get, post};
use futures::FutureExt;
use serde::Serialize;
use uuid::Uuid;

use super::aws_json;
use super::bodies::Bodies;
use super::caller::is_signed;
use super::cloudtrail::Witness;
use super::cognito::{Cognito, Exception};
use super::confirm_page;
use super::control::Control;
use super::gate::Cut;
use super::invoke_api;
use super::limits::Limits;
use super::listener;
use super::panics::Panics;
use super::refusal::Refusal;
use super::ses::VerificationLink;
use super::ses_api;
use crate::model::UserPoolId;

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
    let answering = aws_json::answer(&front.cognito, &front.bodies, (&head, body), &mut witness);
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
    let request_id = request_id(&response);
    match refusal {
        None => witness.record(&front.cognito, None, request_id),
        Some(Refusal::Severed(cut)) => return severed(&front, cut, Some(witness)),
        Some(refusal) => {
            let error = (refusal.name(), refusal.to_string());
            witness.record(&front.cognito, Some(error), request_id);
        }
    }
    response
}

/// Cuts the connection; a call that ran leaves its event all the same.
fn severed(front: &Front, cut: Cut, witness: Option<Witness>) -> Response {
    if let Some(witness) = witness.filter(|_| cut.ran) {
        witness.record(&front.cognito, None, front.cognito.random.uuid());
    }
    listener::severed()
}

/// The id that an answer carries.
fn request_id(response: &Response) -> Uuid {
    let id = response.headers().get(REQUEST_ID);
    id.and_then(|id| Uuid::try_parse_ascii(id.as_bytes()).ok())
        .unwrap_or_default()
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
    match confirm_page::open(&front.cognito, &uri).await {
        Ok(page) => respond(&front, page.status, HTML, page.html),
        Err(cut) => severed(&front, cut, None),
    }
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
    let invoked = match invoke_api::invoke(&front.cognito, &name, &head.headers, event).await {
        Ok(invoked) => invoked,
        Err(cut) => return severed(&front, cut, None),
    };
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
    let mut witness = Witness::of(&front.cognito, &head);
    let answer = ses_api::answer(&front.cognito, &head, &body.bytes, &mut witness);
    let answered = match answer.await {
        Ok(answered) => answered,
        Err(cut) => return severed(&front, cut, Some(witness)),
    };
    let mut response = respond(&front, answered.status, JSON, answered.body);
    response.headers_mut().extend(answered.headers);
    witness.record(&front.cognito, answered.error, request_id(&response));
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
