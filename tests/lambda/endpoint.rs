//! A function behind an Invoke endpoint.

use reverify::emulator::lambda::{
    Endpoint, Function, FunctionError, InvokeRefusal, Outcome, PAYLOAD_BYTES_MAX, PayloadPart,
};
use wiremock::matchers::{body_string, header, method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::functions::{LONG, host, name, returned};

#[tokio::test]
async fn it_is_invoked_as_by_an_aws_sdk() {
    let server = MockServer::start().await;
    let answers = |event: &str, response: ResponseTemplate| {
        Mock::given(method("POST"))
            .and(path("/2015-03-31/functions/trigger/invocations"))
            .and(header("x-amz-invocation-type", "RequestResponse"))
            .and(body_string(event))
            .respond_with(response)
    };
    let thrown = ResponseTemplate::new(200)
        .insert_header("X-Amz-Function-Error", "Unhandled")
        .set_body_string(r#"{"errorMessage":"not you","errorType":"ValueError"}"#);
    let huge = ResponseTemplate::new(200).set_body_bytes(vec![b'x'; PAYLOAD_BYTES_MAX + 1]);
    for (event, response) in [
        ("1", ResponseTemplate::new(200).set_body_string("{}")),
        ("2", thrown),
        ("3", ResponseTemplate::new(502)),
        ("4", huge),
    ] {
        answers(event, response).mount(&server).await;
    }

    let (host, _events) = host();
    let endpoint = Endpoint::loopback(&server.uri()).unwrap();
    host.deploy(Function::endpoint(name(), endpoint).timeout(LONG))
        .unwrap();
    assert_eq!(returned(&host.invoke(&name(), "1", LONG).await), "{}");
    assert_eq!(
        host.invoke(&name(), "2", LONG).await,
        Outcome::Failed(FunctionError::new("ValueError", "not you"))
    );
    assert_eq!(
        host.invoke(&name(), "3", LONG).await,
        Outcome::Refused(InvokeRefusal::Endpoint {
            status: 502,
            error: "Bad Gateway".to_owned()
        })
    );
    assert_eq!(
        host.invoke(&name(), "4", LONG).await,
        Outcome::TooLarge(PayloadPart::Response)
    );
}

#[tokio::test]
async fn nobody_there_is_told_with_the_address() {
    let free = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let (host, _events) = host();
    let endpoint = Endpoint::loopback(&format!("http://{free}")).unwrap();
    host.deploy(Function::endpoint(name(), endpoint)).unwrap();
    let outcome = host.invoke(&name(), "{}", LONG).await;
    let Outcome::Refused(InvokeRefusal::Unreachable { why }) = outcome else {
        panic!("{outcome:?}")
    };
    assert!(why.starts_with(&format!("http://{free}: ")), "{why}");
}
