//! Requests as the table writes them, through the AWS SDK.
//!
//! The SDK finds credentials, signs and sends. What it sends is put in place of another operation's
//! request: its typed builders would refuse half of the table before it is sent.

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

/// Replaces the request and notes the answer.
#[derive(Debug)]
struct Replacement {
    request: Request,
    answered: Arc<Mutex<Option<Answered>>>,
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
        let target = format!(
            "AWSCognitoIdentityProviderService.{}",
            self.request.operation
        );
        request.headers_mut().insert("x-amz-target", target);
        let length = self.request.body.len().to_string();
        request.headers_mut().insert("content-length", length);
        *request.body_mut() = self.request.body.clone().into();
        Ok(())
    }

    fn modify_before_transmit(
        &self,
        context: &mut BeforeTransmitInterceptorContextMut<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        if self.request.unsigned {
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
        *self.answered.lock().unwrap() = Some(Answered {
            status: response.status().as_u16(),
            body: serde_json::from_slice(body).unwrap_or_default(),
        });
        Ok(())
    }
}

/// Sends a request; an error says why there was no answer.
pub(super) async fn send(client: &Client, request: Request) -> Result<Answered, String> {
    let answered = Arc::default();
    let replacement = Replacement {
        request,
        answered: Arc::clone(&answered),
    };
    let any = client.list_user_pools().max_results(1).customize();
    let ended = any.interceptor(replacement).send().await;
    let noted = answered.lock().unwrap().take();
    // The answer is another operation's, so that what the SDK makes of it says nothing.
    noted.ok_or_else(|| match ended {
        Ok(_) => "no answer".to_owned(),
        Err(error) => DisplayErrorContext(error).to_string(),
    })
}
