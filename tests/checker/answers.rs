//! Answers of an endpoint, as the client sorts them.

use std::net::TcpListener;

use reverify::cognito::{AppClient, Client, CognitoError, Endpoint, NewUser};
use reverify::model::{AppClientId, Secret};
use serde_json::json;
use wiremock::matchers::{header, method};
use wiremock::{Mock, MockServer, ResponseTemplate};

pub(crate) fn client(url: &str) -> Client {
    Client::for_emulator(&Endpoint {
        region: "eu-west-1".into(),
        url: url.into(),
    })
}

/// An endpoint that answers every SignUp so.
pub(crate) async fn endpoint(answer: ResponseTemplate) -> MockServer {
    let server = MockServer::start().await;
    Mock::given(method("POST"))
        .and(header(
            "x-amz-target",
            "AWSCognitoIdentityProviderService.SignUp",
        ))
        .respond_with(answer)
        // A repeated SignUp could create a second user: the client must not repeat.
        .expect(1)
        .mount(&server)
        .await;
    server
}

pub(crate) fn exception(status: u16, code: &str) -> ResponseTemplate {
    ResponseTemplate::new(status)
        .insert_header("x-amzn-requestid", "c77c13f8-d6b9-11e6-9199-a58dc66d5687")
        .insert_header("x-amzn-errortype", format!("{code}:"))
        .set_body_raw(
            json!({ "__type": code, "message": "said the service" }).to_string(),
            "application/x-amz-json-1.1",
        )
}

pub(crate) async fn sign_up(client: &Client) -> CognitoError {
    let app = AppClient {
        id: AppClientId::new("1example23456789"),
        secret: None,
    };
    let user = NewUser::new("ada@example.com").attribute("email", "ada@example.com");
    let password = Secret::new("correct-horse-1A".to_owned());
    let answer = client.sign_up(&app, &user, &password).await;
    answer.unwrap_err()
}

#[tokio::test]
async fn an_exception_is_a_refusal_with_its_request_id() {
    // Exception, status, whether it is certain that no user was created.
    let cases = [
        ("UsernameExistsException", 400, true),
        ("TooManyRequestsException", 400, true),
        ("InvalidPasswordException", 400, true),
        ("LimitExceededException", 400, false),
        ("CodeDeliveryFailureException", 400, false),
        ("UserLambdaValidationException", 400, false),
        ("InternalErrorException", 500, false),
    ];
    for (code, status, no_user) in cases {
        let server = endpoint(exception(status, code)).await;
        let error = sign_up(&client(&server.uri())).await;
        assert!(error.is(code), "{error}");
        let id = error.call().request_id.as_deref();
        assert_eq!(id, Some("c77c13f8-d6b9-11e6-9199-a58dc66d5687"));
        assert_eq!(error.leaves_no_user(), no_user, "{code}");
        assert_eq!(
            error.to_string(),
            format!("SignUp was refused with {code}: said the service")
        );
    }
}

#[tokio::test]
async fn an_answer_that_makes_no_sense_is_no_answer() {
    let json = "application/x-amz-json-1.1";
    let cases = [
        ResponseTemplate::new(200).set_body_raw("{\"UserSub\":", json),
        ResponseTemplate::new(200).set_body_raw("<html>captive portal</html>", "text/html"),
        ResponseTemplate::new(503).set_body_raw("", "text/plain"),
    ];
    for (index, answer) in cases.into_iter().enumerate() {
        let server = endpoint(answer).await;
        let error = sign_up(&client(&server.uri())).await;
        let unanswered = matches!(error, CognitoError::Unanswered { .. });
        assert!(
            unanswered && !error.leaves_no_user(),
            "case {index}: {error:?}"
        );
    }
}

#[tokio::test]
async fn a_refused_connection_says_so() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let error = sign_up(&client(&url)).await;
    assert!(error.to_string().contains("Connection refused"), "{error}");
}

#[tokio::test]
async fn a_connection_that_is_cut_is_no_answer() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let server = std::thread::spawn(move || {
        let (stream, _) = listener.accept().unwrap();
        let mut head = [0; 16];
        std::io::Read::read_exact(&mut &stream, &mut head).unwrap();
        // Dropped with the request half read.
    });
    let error = sign_up(&client(&url)).await;
    assert!(matches!(error, CognitoError::Unanswered { .. }), "{error}");
    server.join().unwrap();
}
