//! The three triggers of the flow `CUSTOM_AUTH` (COGNITO.md 6.5 \[D\]).

use serde::{Deserialize, Serialize};

use super::super::error::Exception;
use super::config::Trigger;
use super::event::{Metadata, Occasion, Particulars, UserAttributes, Who, who_is};
use super::invocation::Triggers;

/// A challenge that was answered, as the functions see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct ChallengeResult {
    /// `CUSTOM_CHALLENGE`, `SRP_A`, `PASSWORD_VERIFIER` or an MFA challenge.
    #[serde(rename = "challengeName")]
    pub(crate) name: String,
    /// Whether the answer was right.
    #[serde(rename = "challengeResult")]
    pub(crate) is_right: bool,
    /// What `CreateAuthChallenge` noted.
    #[serde(rename = "challengeMetadata")]
    pub(crate) metadata: Option<String>,
}

/// What the next step is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Definition {
    /// The next challenge.
    pub(crate) challenge_name: Option<String>,
    /// Whether the user is signed in.
    pub(crate) issue_tokens: Option<bool>,
    /// Whether the sign-in has failed: `Incorrect username or password.` (a guess \[U\]).
    pub(crate) fail_authentication: Option<bool>,
}

/// A challenge that a function made.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Challenge {
    /// `ChallengeParameters` of the answer to the client.
    #[serde(rename = "publicChallengeParameters")]
    pub(crate) public_parameters: Option<Metadata>,
    /// What only `VerifyAuthChallengeResponse` sees.
    #[serde(rename = "privateChallengeParameters")]
    pub(crate) private_parameters: Option<Metadata>,
    /// What later calls find in their `session`.
    #[serde(rename = "challengeMetadata")]
    pub(crate) metadata: Option<String>,
}

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Verdict {
    answer_correct: Option<bool>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct DefineEvent<'a> {
    user_attributes: UserAttributes,
    session: &'a [ChallengeResult],
    #[serde(skip_serializing_if = "Option::is_none")]
    client_metadata: Option<&'a Metadata>,
    user_not_found: bool,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct CreateEvent<'a> {
    user_attributes: UserAttributes,
    challenge_name: &'a str,
    session: &'a [ChallengeResult],
    #[serde(skip_serializing_if = "Option::is_none")]
    client_metadata: Option<&'a Metadata>,
    user_not_found: bool,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct VerifyEvent<'a> {
    user_attributes: UserAttributes,
    private_challenge_parameters: &'a Metadata,
    challenge_answer: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    client_metadata: Option<&'a Metadata>,
    user_not_found: bool,
}

impl Triggers {
    /// Asks what comes next in a sign-in; nothing if the pool has no such trigger.
    ///
    /// Called at the start of `CUSTOM_AUTH` with an empty `session`, or with the result of `SRP_A`
    /// when the client asked for it, and again after each answer.
    ///
    /// # Errors
    /// Those of COGNITO.md 6.2.
    pub(crate) async fn define_auth_challenge(
        &self,
        occasion: &Occasion<'_>,
        who: Who<'_>,
        session: &[ChallengeResult],
        client_metadata: Option<&Metadata>,
    ) -> Result<Option<Definition>, Exception> {
        let particulars = || {
            let (user_name, user_attributes, user_not_found) = who_is(occasion, who)?;
            Ok(Particulars {
                version: "1",
                source: "DefineAuthChallenge_Authentication",
                user_name,
                request: DefineEvent {
                    user_attributes,
                    session,
                    client_metadata,
                    user_not_found,
                },
                response: Definition::default(),
            })
        };
        self.call(occasion, Trigger::DefineAuthChallenge, particulars)
            .await
    }

    /// Asks for the challenge that was defined; nothing if the pool has no such trigger.
    ///
    /// Called after a definition whose `challengeName` is `CUSTOM_CHALLENGE`.
    ///
    /// # Errors
    /// Those of COGNITO.md 6.2.
    pub(crate) async fn create_auth_challenge(
        &self,
        occasion: &Occasion<'_>,
        who: Who<'_>,
        challenge_name: &str,
        session: &[ChallengeResult],
        client_metadata: Option<&Metadata>,
    ) -> Result<Option<Challenge>, Exception> {
        let particulars = || {
            let (user_name, user_attributes, user_not_found) = who_is(occasion, who)?;
            Ok(Particulars {
                version: "1",
                source: "CreateAuthChallenge_Authentication",
                user_name,
                request: CreateEvent {
                    user_attributes,
                    challenge_name,
                    session,
                    client_metadata,
                    user_not_found,
                },
                response: Challenge::default(),
            })
        };
        self.call(occasion, Trigger::CreateAuthChallenge, particulars)
            .await
    }

    /// Asks whether an answer is right; nothing if the pool has no such trigger.
    ///
    /// Called in `RespondToAuthChallenge` with the client's `ANSWER`, before the next definition.
    ///
    /// # Errors
    /// Those of COGNITO.md 6.2.
    pub(crate) async fn verify_auth_challenge(
        &self,
        occasion: &Occasion<'_>,
        who: Who<'_>,
        private_challenge_parameters: &Metadata,
        challenge_answer: &str,
        client_metadata: Option<&Metadata>,
    ) -> Result<Option<bool>, Exception> {
        let particulars = || {
            let (user_name, user_attributes, user_not_found) = who_is(occasion, who)?;
            Ok(Particulars {
                version: "1",
                source: "VerifyAuthChallengeResponse_Authentication",
                user_name,
                request: VerifyEvent {
                    user_attributes,
                    private_challenge_parameters,
                    challenge_answer,
                    client_metadata,
                    user_not_found,
                },
                response: Verdict::default(),
            })
        };
        let trigger = Trigger::VerifyAuthChallengeResponse;
        let verdict = self.call(occasion, trigger, particulars).await?;
        Ok(verdict.map(|verdict| verdict.answer_correct == Some(true)))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use jiff::Timestamp;

    use super::super::super::pools::UserPool;
    use super::*;
    use crate::emulator::lambda::{CallLimits, Function, FunctionName, Host, HostSettings};
    use crate::model::{SystemClock, UserPoolId};

    const ARN: &str = "arn:aws:lambda:eu-west-1:123456789012:function:challenge";

    /// Triggers whose function answers so, the pool that names it for all three, and the events.
    fn stage(response: &'static str) -> (Triggers, UserPool, Arc<Mutex<Vec<String>>>) {
        let events: Arc<Mutex<Vec<String>>> = Arc::default();
        let seen = Arc::clone(&events);
        let name = FunctionName::parse("challenge").unwrap();
        let function = Function::closure(name, move |event| {
            let text = String::from_utf8(event.to_vec()).unwrap();
            let (common, _) = text.split_once(r#","response":"#).unwrap();
            let answer = format!(r#"{common},"response":{response}}}"#);
            seen.lock().unwrap().push(text);
            async move { Ok(answer.into()) }
        });
        let settings = HostSettings::new(Arc::new(SystemClock), "eu-west-1", "123456789012", 7);
        let host = Host::new(settings);
        host.deploy(function).unwrap();
        let settings = format!(
            r#"{{"PoolName":"p","LambdaConfig":{{"DefineAuthChallenge":"{ARN}",
                "CreateAuthChallenge":"{ARN}","VerifyAuthChallengeResponse":"{ARN}"}}}}"#
        );
        let settings = serde_json::from_str(&settings).unwrap();
        let id = UserPoolId::new("eu-west-1_AbCdEfGhI".to_owned());
        let pool = UserPool::new(id, String::new(), settings, Timestamp::UNIX_EPOCH).unwrap();
        (Triggers::new(host, CallLimits::default()), pool, events)
    }

    #[tokio::test]
    async fn a_challenge_is_defined_created_and_verified() {
        let who = Who::Unknown("eve");
        let session = [ChallengeResult {
            name: "SRP_A".to_owned(),
            is_right: true,
            metadata: None,
        }];

        let (triggers, pool, events) = stage(r#"{"challengeName":"CUSTOM_CHALLENGE"}"#);
        let occasion = Occasion {
            pool: &pool,
            client: None,
        };
        let defined = triggers.define_auth_challenge(&occasion, who, &session, None);
        let defined = defined.await.unwrap().unwrap();
        assert_eq!(defined.challenge_name.as_deref(), Some("CUSTOM_CHALLENGE"));
        assert_eq!(defined.issue_tokens, None);
        let request = r#""request":{"userAttributes":{},"session":[{"challengeName":"SRP_A","challengeResult":true,"challengeMetadata":null}],"userNotFound":true}"#;
        let response =
            r#""response":{"challengeName":null,"issueTokens":null,"failAuthentication":null}"#;
        let event = events.lock().unwrap().remove(0);
        assert!(
            event.contains(request) && event.contains(response),
            "{event}"
        );

        let (triggers, pool, events) =
            stage(r#"{"publicChallengeParameters":{"hint":"h"},"challengeMetadata":"m"}"#);
        let occasion = Occasion {
            pool: &pool,
            client: None,
        };
        let name = "CUSTOM_CHALLENGE";
        let created = triggers.create_auth_challenge(&occasion, who, name, &session, None);
        let created = created.await.unwrap().unwrap();
        assert_eq!(created.public_parameters.unwrap()["hint"], "h");
        assert_eq!(created.metadata.as_deref(), Some("m"));
        let event = events.lock().unwrap().remove(0);
        assert!(event.contains(r#""triggerSource":"CreateAuthChallenge_Authentication""#));

        for (response, right) in [
            (r#"{"answerCorrect":true}"#, true),
            (r#"{"answerCorrect":false}"#, false),
            ("{}", false),
        ] {
            let (triggers, pool, events) = stage(response);
            let occasion = Occasion {
                pool: &pool,
                client: None,
            };
            let private = Metadata::from([("answer".to_owned(), "7".to_owned())]);
            let verdict = triggers.verify_auth_challenge(&occasion, who, &private, "7", None);
            assert_eq!(verdict.await, Ok(Some(right)), "{response}");
            let event = events.lock().unwrap().remove(0);
            let request = r#""privateChallengeParameters":{"answer":"7"},"challengeAnswer":"7""#;
            assert!(event.contains(request), "{event}");
        }
    }

    #[tokio::test]
    async fn a_pool_without_the_triggers_has_no_answer() {
        let (triggers, _, _) = stage("{}");
        let settings = serde_json::from_str(r#"{"PoolName":"p"}"#).unwrap();
        let id = UserPoolId::new("eu-west-1_AbCdEfGhI".to_owned());
        let pool = UserPool::new(id, String::new(), settings, Timestamp::UNIX_EPOCH).unwrap();
        let occasion = Occasion {
            pool: &pool,
            client: None,
        };
        let defined = triggers.define_auth_challenge(&occasion, Who::Unknown("eve"), &[], None);
        assert_eq!(defined.await, Ok(None));
    }
}
