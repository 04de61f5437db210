//! The requests, as bytes, and what their answers have to be.

use std::net::SocketAddr;

use memchr::memmem;
use serde_json::{Value, json};

use super::args::Codes;
use super::connection::{Answer, Connection};

/// Any credential is taken by an emulator; what counts is that there is one.
const AUTHORIZATION: &str = "Authorization: AWS4-HMAC-SHA256 \
    Credential=test/20260101/us-east-1/cognito-idp/aws4_request, \
    SignedHeaders=host;x-amz-date, Signature=00\r\nX-Amz-Date: 20260101T000000Z\r\n";
const PASSWORD: &str = "Correct-Horse-1";

/// A failed request, in words.
pub(crate) type Failure = String;

/// A pool and its client at a server.
pub(crate) struct Api {
    address: SocketAddr,
    pool: String,
    client: String,
    codes: Codes,
}

/// A received code and the mail that it came with.
pub(crate) struct Received {
    code: String,
    mail: Option<String>,
}

impl Received {
    /// Whether both came with one and the same mail.
    pub(crate) fn same_mail(&self, other: &Self) -> bool {
        self.mail.is_some() && self.mail == other.mail
    }
}

impl Api {
    /// Makes a pool whose users sign in with their address, and a client; `mails` tells whether a
    /// sign-up sends a mail.
    pub(crate) async fn create(address: SocketAddr, codes: Codes, mails: bool) -> Self {
        let mut api = Self {
            address,
            pool: String::new(),
            client: String::new(),
            codes,
        };
        let mut connection = Connection::new(address);
        let verified: &[&str] = if mails { &["email"] } else { &[] };
        let pool = json!({
            "PoolName": "load",
            "UsernameAttributes": ["email"],
            "AutoVerifiedAttributes": verified,
        });
        let created = api.created(&mut connection, "CreateUserPool", &pool).await;
        created["UserPool"]["Id"]
            .as_str()
            .unwrap()
            .clone_into(&mut api.pool);
        let client = json!({ "UserPoolId": api.pool, "ClientName": "load" });
        let created = api
            .created(&mut connection, "CreateUserPoolClient", &client)
            .await;
        created["UserPoolClient"]["ClientId"]
            .as_str()
            .unwrap()
            .clone_into(&mut api.client);
        api
    }

    pub(crate) fn connection(&self) -> Connection {
        Connection::new(self.address)
    }

    pub(crate) async fn sign_up(
        &self,
        connection: &mut Connection,
        user: &str,
    ) -> Result<(), Failure> {
        let client = &self.client;
        let body = format!(
            "{{\"ClientId\":\"{client}\",\"Username\":\"{user}\",\"Password\":\"{PASSWORD}\",\
             \"UserAttributes\":[{{\"Name\":\"email\",\"Value\":\"{user}\"}}]}}"
        );
        self.done(connection, "SignUp", false, &body).await
    }

    pub(crate) async fn confirm_sign_up(
        &self,
        connection: &mut Connection,
        user: &str,
        received: &Received,
    ) -> Result<(), Failure> {
        let (client, code) = (&self.client, &received.code);
        let body = format!(
            "{{\"ClientId\":\"{client}\",\"Username\":\"{user}\",\"ConfirmationCode\":\"{code}\"}}"
        );
        self.done(connection, "ConfirmSignUp", false, &body).await
    }

    pub(crate) async fn admin_get_user(
        &self,
        connection: &mut Connection,
        user: &str,
    ) -> Result<(), Failure> {
        let body = self.of_user(user);
        self.done(connection, "AdminGetUser", true, &body).await
    }

    pub(crate) async fn admin_delete_user(
        &self,
        connection: &mut Connection,
        user: &str,
    ) -> Result<(), Failure> {
        let body = self.of_user(user);
        self.done(connection, "AdminDeleteUser", true, &body).await
    }

    /// The code of the latest sign-up of `user`.
    pub(crate) async fn received(
        &self,
        connection: &mut Connection,
        user: &str,
    ) -> Result<Received, Failure> {
        if let Codes::Fixed(code) = self.codes {
            let code = String::from_utf8(code.to_vec()).map_err(|error| error.to_string())?;
            return Ok(Received { code, mail: None });
        }
        let request = format!(
            "GET /_reverify/v1/mails?to={user}&latest=1 HTTP/1.1\r\nHost: {}\r\n\r\n",
            self.address
        );
        let answer = connection.exchange(request.as_bytes()).await;
        let answer = answer.map_err(|error| format!("mails: {error}"))?;
        let value = |name: &[u8]| {
            let start = memmem::find(answer.body, name)? + name.len();
            let rest = &answer.body[start..];
            let end = memchr::memchr(b'"', rest)?;
            Some(String::from_utf8_lossy(&rest[..end]).into_owned())
        };
        let code = value(b"\"code\":\"").ok_or_else(|| failure("mails", &answer))?;
        let mail = value(b"\"id\":\"");
        Ok(Received { code, mail })
    }

    fn of_user(&self, user: &str) -> String {
        let pool = &self.pool;
        format!("{{\"UserPoolId\":\"{pool}\",\"Username\":\"{user}\"}}")
    }

    async fn done(
        &self,
        connection: &mut Connection,
        operation: &str,
        signed: bool,
        body: &str,
    ) -> Result<(), Failure> {
        let request = request(self.address, operation, signed, body);
        let answer = connection.exchange(request.as_bytes()).await;
        match answer.map_err(|error| format!("{operation}: {error}"))? {
            Answer { status: 200, .. } => Ok(()),
            other => Err(failure(operation, &other)),
        }
    }

    async fn created(&self, connection: &mut Connection, operation: &str, body: &Value) -> Value {
        let request = request(self.address, operation, true, &body.to_string());
        let answer = connection.exchange(request.as_bytes()).await.unwrap();
        assert_eq!(answer.status, 200, "{}", failure(operation, &answer));
        serde_json::from_slice(answer.body).unwrap()
    }
}

/// A request of AWS JSON 1.1.
pub(crate) fn request(address: SocketAddr, operation: &str, signed: bool, body: &str) -> String {
    let (authorization, length) = (if signed { AUTHORIZATION } else { "" }, body.len());
    format!(
        "POST / HTTP/1.1\r\nHost: {address}\r\nContent-Type: application/x-amz-json-1.1\r\n\
         X-Amz-Target: AWSCognitoIdentityProviderService.{operation}\r\n{authorization}\
         Content-Length: {length}\r\n\r\n{body}"
    )
}

fn failure(what: &str, answer: &Answer<'_>) -> Failure {
    let body = String::from_utf8_lossy(answer.body);
    // Some answer errors with a page of HTML.
    let body = body.split_whitespace().collect::<Vec<_>>().join(" ");
    let body: String = body.chars().take(200).collect();
    format!("{what}: HTTP {} {body}", answer.status)
}
