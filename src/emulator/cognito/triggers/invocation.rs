//! Calling the function behind a trigger, and what its failures are to the caller.

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::super::error::Exception;
use super::config::Trigger;
use super::event::{Event, Occasion, Particulars, Returned};
use crate::emulator::lambda::{CallLimits, Host, Reply, call_trigger};

/// The functions, and how long they are waited for.
#[derive(Debug)]
pub(crate) struct Triggers {
    /// Where the functions run; their logs are there too.
    pub(crate) host: Host,
    limits: CallLimits,
}

impl Triggers {
    /// Triggers that are functions of this host.
    pub(crate) const fn new(host: Host, limits: CallLimits) -> Self {
        Self { host, limits }
    }

    /// Calls a pool's function for a trigger; nothing if the pool names none.
    ///
    /// The event is put together only where there is a function to receive it.
    ///
    /// # Errors
    /// Those of COGNITO.md 6.2, and whatever `particulars` throws.
    pub(super) async fn call<Q, R>(
        &self,
        occasion: &Occasion<'_>,
        trigger: Trigger,
        particulars: impl FnOnce() -> Result<Particulars<Q, R>, Exception>,
    ) -> Result<Option<R>, Exception>
    where
        Q: Serialize,
        R: Serialize + DeserializeOwned,
    {
        let config = &occasion.pool.settings.lambda_config;
        let Some(function) = config.function(trigger) else {
            return Ok(None);
        };
        let mut particulars = particulars()?;
        let user_name = std::mem::take(&mut particulars.user_name);
        let event = serde_json::to_vec(&Event::new(occasion, &user_name, particulars));
        let event = event.map_err(|error| {
            Exception::InternalError(format!("the event has no JSON form: {error}"))
        })?;
        let call = call_trigger(&self.host, function, event, self.limits).await;
        answer(trigger, call.into_reply()).map(Some)
    }
}

/// What a function's reply means (COGNITO.md 6.2 \[R\]).
fn answer<R: DeserializeOwned>(trigger: Trigger, reply: Reply) -> Result<R, Exception> {
    let trigger = trigger.name();
    match reply {
        Reply::Returned(body) => serde_json::from_slice::<Returned<R>>(&body)
            .map(|event| event.response)
            .map_err(|_| Exception::unrecognizable_lambda_output()),
        Reply::FunctionError(error) => Err(Exception::UserLambdaValidation {
            trigger,
            error: error.error_message,
        }),
        Reply::NotInvoked { error } => Err(Exception::UnexpectedLambda { trigger, error }),
    }
}

#[cfg(test)]
mod tests {
    use super::super::event::AnyObject;
    use super::super::sign_up::PreSignUpAnswer;
    use super::*;
    use crate::emulator::lambda::FunctionError;

    const COMMON: &str = r#""version":"1","region":"r","userPoolId":"r_p","userName":"ada",
        "callerContext":{"clientId":"c"},"triggerSource":"s","request":{}"#;

    fn returned(text: &str) -> Reply {
        Reply::Returned(text.to_owned().into())
    }

    #[test]
    fn an_answer_is_read_out_of_the_whole_event() {
        let body = format!(r#"{{{COMMON},"response":{{"autoConfirmUser":true,"other":[]}}}}"#);
        let read: PreSignUpAnswer = answer(Trigger::PreSignUp, returned(&body)).unwrap();
        assert!(read.confirms() && !read.verifies_email());
        let null = format!(r#"{{{COMMON},"response":{{"autoConfirmUser":null}}}}"#);
        let read: PreSignUpAnswer = answer(Trigger::PreSignUp, returned(&null)).unwrap();
        assert!(!read.confirms());
    }

    /// COGNITO.md 6.2 \[R, U\].
    #[test]
    fn rubbish_is_not_recognised() {
        let cases = [
            "\"text\"".to_owned(),
            "null".to_owned(),
            "[]".to_owned(),
            "not JSON".to_owned(),
            "{}".to_owned(),
            r#"{"response":{"autoConfirmUser":true}}"#.to_owned(),
            format!("{{{COMMON}}}"),
            format!(r#"{{{COMMON},"response":null}}"#),
            format!(r#"{{{COMMON},"response":[true]}}"#),
            format!(r#"{{{COMMON},"response":{{"autoConfirmUser":"true"}}}}"#),
            format!(r#"{{{COMMON},"response":{{"autoConfirmUser":1}}}}"#),
        ];
        for body in cases {
            let error = answer::<PreSignUpAnswer>(Trigger::PreSignUp, returned(&body)).unwrap_err();
            assert_eq!(error, Exception::unrecognizable_lambda_output(), "{body}");
        }
        let none = format!(r#"{{{COMMON},"response":null}}"#);
        assert!(answer::<AnyObject>(Trigger::PostConfirmation, returned(&none)).is_err());
    }

    /// COGNITO.md 6.2 \[R\]: a full stop is appended, and the key of `LambdaConfig` comes first.
    #[test]
    fn failures_have_the_words_of_aws() {
        let thrown = Reply::FunctionError(FunctionError::new(
            "TypeError",
            "callback is not a function",
        ));
        let silent = Reply::NotInvoked {
            error: "Socket timeout while invoking Lambda function".to_owned(),
        };
        let cases = [
            (
                thrown,
                "UserLambdaValidationException",
                "PreSignUp failed with error callback is not a function.",
            ),
            (
                silent,
                "UnexpectedLambdaException",
                "PreSignUp invocation failed due to error Socket timeout while invoking Lambda \
                 function.",
            ),
        ];
        for (reply, name, message) in cases {
            let error = answer::<AnyObject>(Trigger::PreSignUp, reply).unwrap_err();
            assert_eq!((error.name(), &*error.to_string()), (name, message));
        }
    }
}
