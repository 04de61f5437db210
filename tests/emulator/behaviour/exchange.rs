//! Requests as the tables write them, through the AWS SDKs.
//!
//! The SDK finds credentials, signs and sends. What it sends is put in place of another operation's
//! request: its typed builders would refuse half of the tables before it is sent.

use std::sync::{Arc, Mutex};

use aws_sdk_cognitoidentityprovider::Client;
use aws_sdk_cognitoidentityprovider::config::interceptors::{
    AfterDeserializationInterceptorContextRef, BeforeTransmitInterceptorContextMut,
};
use aws_sdk_cognitoidentityprovider::config::{ConfigBag, Intercept, RuntimeComponents};
use aws_sdk_cognitoidentityprovider::error::{BoxError, DisplayErrorContext};
use serde_json::Value;

/// A request that is still to be sent.
#[derive(Debug, Clone)]
pub(super) struct Request {
    pub(super) operation: String,
    pub(super) body: String,
    pub(super) unsigned: bool,
}

/// An answer as it came.
#[derive(Debug, Clone, Default)]
pub(super) struct Answered {
    pub(super) status: u16,
    /// `null` for a body that is no JSON, as that of an operation without output.
    pub(super) body: Value,
}

/// What a request calls.
#[derive(Debug, Clone)]
pub(super) enum Called {
    /// An operation by the header of AWS's JSON protocols, such as `TrentService.ListKeys`.
    Target(String),
    /// An operation of a REST protocol by its method and address.
    Address { method: String, uri: String },
}

/// Replaces the request and notes the answer.
#[derive(Debug, Clone)]
pub(super) struct Replacement {
    called: Called,
    body: String,
    unsigned: bool,
    answered: Arc<Mutex<Option<Answered>>>,
}

impl Replacement {
    pub(super) fn new(called: Called, body: String, unsigned: bool) -> Self {
        Self {
            called,
            body,
            unsigned,
            answered: Arc::default(),
        }
    }

    /// The answer, once it is there.
    pub(super) fn answered(&self) -> Option<Answered> {
        self.answered.lock().unwrap().take()
    }
}

impl Intercept for Replacement {
    fn name(&self) -> &'static str {
        "Replacement"
    }

    fn modify_before_signing(
        &self,
        context: &mut BeforeTransmitInterceptorContextMut<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let request = context.request_mut();
        match &self.called {
            Called::Target(target) => {
                let headers = request.headers_mut();
                headers.insert("x-amz-target", target.clone());
                headers.insert("content-type", "application/x-amz-json-1.1");
            }
            Called::Address { method, uri } => {
                request.set_method(method)?;
                request.set_uri(uri.as_str())?;
                let headers = request.headers_mut();
                headers.insert("content-type", "application/json");
            }
        }
        let length = self.body.len().to_string();
        request.headers_mut().insert("content-length", length);
        *request.body_mut() = self.body.clone().into();
        Ok(())
    }

    fn modify_before_transmit(
        &self,
        context: &mut BeforeTransmitInterceptorContextMut<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        if self.unsigned {
            context.request_mut().headers_mut().remove("authorization");
        }
        Ok(())
    }

    fn read_after_deserialization(
        &self,
        context: &AfterDeserializationInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let response = context.response();
        let body = response.body().bytes().unwrap_or_default();
        let mut body: Value = serde_json::from_slice(body).unwrap_or_default();
        // A REST protocol names the exception in a header alone.
        let name = response.headers().get("x-amzn-errortype");
        if let (Some(name), Value::Object(members)) = (name, &mut body) {
            let name = name.trim_end_matches(':');
            members.entry("__type").or_insert_with(|| name.into());
        }
        *self.answered.lock().unwrap() = Some(Answered {
            status: response.status().as_u16(),
            body,
        });
        Ok(())
    }
}

/// Sends a request; an error says why there was no answer.
pub(super) async fn send(client: &Client, request: Request) -> Result<Answered, String> {
    let target = format!("AWSCognitoIdentityProviderService.{}", request.operation);
    let replacement = Replacement::new(Called::Target(target), request.body, request.unsigned);
    let any = client.list_user_pools().max_results(1).customize();
    let ended = any.interceptor(replacement.clone()).send().await;
    // The answer is another operation's, so that what the SDK makes of it says nothing.
    replacement.answered().ok_or_else(|| match ended {
        Ok(_) => "no answer".to_owned(),
        Err(error) => DisplayErrorContext(error).to_string(),
    })
}
