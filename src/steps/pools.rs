//! Steps that set up the user pool and its app clients.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::args::Args;
use super::existing_pool::adopt;
use super::premises::Premises;
use super::reason;
use super::second_factor;
use super::session::{Attempt, Session};
use crate::cognito::{
    AppClient, MailTemplate, NewAppClient, NewUserPool, PoolDesign, SchemaAttribute,
    SecondFactorUse, Trigger, Usernames,
};
use crate::control::FunctionScript;
use crate::diagnosis::{PoolSnapshot, Source};
use crate::mail::Template;
use crate::model::UserPoolId;
use crate::record::Failure;

/// A pool that the scenario made for itself, or found.
pub(super) struct Pool {
    pub(super) id: UserPoolId,
    /// The app client through which requests go.
    pub(super) client: Option<AppClient>,
    pub(super) second_client: Option<AppClient>,
    pub(super) templates: Vec<Template>,
    /// The prefix of its domain, which has to go before the pool can.
    pub(super) domain: Option<String>,
    /// The settings that the scenario gave it.
    pub(super) design: PoolDesign,
    /// Whether it takes second factors, and of whom.
    pub(super) second_factors: Option<SecondFactorUse>,
    /// What its functions without code do.
    pub(super) scripts: BTreeMap<Trigger, FunctionScript>,
    /// Its settings at the moments at which they were looked at.
    pub(super) snapshots: Source<Vec<PoolSnapshot>>,
    /// Whether the templates are the pool's; otherwise they are Cognito's text.
    pub(super) has_own_template: bool,
    /// What the scenario presumes of it, where it was there before; then it is neither changed nor
    /// deleted.
    pub(super) premises: Option<Box<Premises>>,
}

pub(super) async fn plain(session: &mut Session, _: &Args<'_>) -> Result<(), Failure> {
    // As the console makes pools; the API's own default is case sensitive.
    make(session, false, Usernames::Any).await
}

pub(super) async fn ignoring_capitals(s: &mut Session, _: &Args<'_>) -> Result<(), Failure> {
    with_case(s, false).await
}

pub(super) async fn respecting_capitals(s: &mut Session, _: &Args<'_>) -> Result<(), Failure> {
    with_case(s, true).await
}

async fn with_case(session: &mut Session, sensitive: bool) -> Result<(), Failure> {
    make(session, sensitive, Usernames::Any).await?;
    let presumed = session.attempt()?;
    presumed
        .presume(|facts| facts.pool.case_sensitive = sensitive)
        .map(drop)
}

pub(super) async fn with_addresses_for_names(
    session: &mut Session,
    _: &Args<'_>,
) -> Result<(), Failure> {
    make(session, false, Usernames::Email).await
}

pub(super) async fn with_addresses_for_aliases(
    session: &mut Session,
    _: &Args<'_>,
) -> Result<(), Failure> {
    make(session, false, Usernames::EmailAlias).await
}

pub(super) async fn client_with_secret(s: &mut Session, _: &Args<'_>) -> Result<(), Failure> {
    let attempt = s.attempt()?;
    if attempt.presume(|facts| facts.client.has_secret = true)? {
        return Ok(());
    }
    let new = NewAppClient {
        with_secret: true,
        ..NewAppClient::named("with-a-secret")
    };
    let client = make_client(attempt, &new).await?;
    attempt.pool_mut()?.client = Some(client);
    Ok(())
}

pub(super) async fn hiding_client(session: &mut Session, _: &Args<'_>) -> Result<(), Failure> {
    let attempt = session.attempt()?;
    if attempt.presume(|facts| facts.client.hides_users = true)? {
        return Ok(());
    }
    let new = NewAppClient {
        hides_users: true,
        ..NewAppClient::named("hides-users")
    };
    let client = make_client(attempt, &new).await?;
    attempt.pool_mut()?.client = Some(client);
    Ok(())
}

pub(super) async fn telling_client(session: &mut Session, _: &Args<'_>) -> Result<(), Failure> {
    let attempt = session.attempt()?;
    if attempt.presume(|facts| facts.client.hides_users = false)? {
        return Ok(());
    }
    let client = make_client(attempt, &NewAppClient::named("tells-users")).await?;
    attempt.pool_mut()?.client = Some(client);
    Ok(())
}

pub(super) async fn second_client(session: &mut Session, _: &Args<'_>) -> Result<(), Failure> {
    let attempt = session.attempt()?;
    let client = make_client(attempt, &NewAppClient::named("second")).await?;
    attempt.pool_mut()?.second_client = Some(client);
    Ok(())
}

pub(super) async fn another(session: &mut Session, _: &Args<'_>) -> Result<(), Failure> {
    let attempt = session.attempt()?;
    attempt.pool()?;
    let design = PoolDesign {
        verifies_email: false,
        ..PoolDesign::default()
    };
    make_as(attempt, false, Usernames::Any, Vec::new(), design).await?;
    // The pool that requests go to stays the last.
    let count = attempt.pools.len();
    attempt.pools.swap(count - 2, count - 1);
    Ok(())
}

async fn make(
    session: &mut Session,
    case_sensitive: bool,
    usernames: Usernames,
) -> Result<(), Failure> {
    let attempt = session.attempt()?;
    let design = PoolDesign::default();
    make_as(attempt, case_sensitive, usernames, Vec::new(), design).await
}

pub(super) async fn make_as(
    attempt: &mut Attempt,
    case_sensitive: bool,
    usernames: Usernames,
    schema: Vec<SchemaAttribute>,
    design: PoolDesign,
) -> Result<(), Failure> {
    let target = Arc::clone(&attempt.setting.target);
    if let Some(existing) = &target.pool {
        return adopt(attempt, existing, usernames, schema).await;
    }
    if !target.emulated {
        let text = format!("the target {} names no user pool to test", target.name);
        return Err(Failure::broken(text)
            .help("name its pool and app client: on AWS no pool is made for a scenario"));
    }
    // A pool of the scenario's own is there for its users, and is deleted after it.
    attempt.may_sign_up()?;
    attempt.may_delete()?;
    let cognito = attempt.cognito();
    let new = NewUserPool {
        name: format!("reverify-{}", attempt.setting.run),
        case_sensitive,
        usernames,
        schema,
        design,
    };
    let made = attempt.call(
        None,
        Box::pin(cognito.create_user_pool(&new)),
        ToString::to_string,
    );
    let id = made.await.map_err(|error| reason::unwanted(&error))?;
    // Noted before anything else can fail: what was made must be deleted.
    attempt.pools.push(Pool::new(id, new.design));
    let client = make_client(attempt, &NewAppClient::named("first")).await?;
    attempt.pool_mut()?.client = Some(client);
    export_delivery_errors(attempt).await?;
    Box::pin(read_settings(attempt)).await
}

pub(super) async fn gets_domain(session: &mut Session, _: &Args<'_>) -> Result<(), Failure> {
    let attempt = session.attempt()?;
    if attempt.presume(|facts| facts.pool.has_domain = true)? {
        return Ok(());
    }
    let pool = attempt.pool()?.id.clone();
    // A prefix is the region's alone, in small letters without underscores (API: DomainType).
    let prefix = format!(
        "reverify-{}",
        pool.as_str().to_lowercase().replace('_', "-")
    );
    let cognito = attempt.cognito();
    let made = cognito.create_domain(&pool, &prefix);
    let made = attempt.call(None, made, |()| String::new()).await;
    made.map_err(|error| reason::unwanted(&error))?;
    attempt.pool_mut()?.domain = Some(prefix);
    Box::pin(read_settings(attempt)).await
}

pub(super) async fn loses_domain(session: &mut Session, _: &Args<'_>) -> Result<(), Failure> {
    let attempt = session.attempt()?;
    let pool = attempt.pool_mut()?;
    let (id, domain) = (pool.id.clone(), pool.domain.take());
    let Some(prefix) = domain else {
        return Err(Failure::broken("the pool has no domain")
            .help("write before it: Given the pool has a domain"));
    };
    let cognito = attempt.cognito();
    let deleted = cognito.delete_domain(&id, &prefix);
    let deleted = attempt.call(None, deleted, |()| String::new()).await;
    deleted.map_err(|error| reason::unwanted(&error))?;
    Box::pin(read_settings(attempt)).await
}

/// Reads the templates that mails follow, and keeps a snapshot for a diagnosis.
async fn read_settings(attempt: &mut Attempt) -> Result<(), Failure> {
    let cognito = attempt.cognito();
    let id = attempt.pool()?.id.clone();
    let described = Box::pin(cognito.describe_user_pool(&id));
    let described = attempt.call(None, described, |settings| {
        let own = settings.template.is_some();
        format!("template: {}", if own { "its own" } else { "Cognito's" })
    });
    let settings = described.await.map_err(|error| reason::unwanted(&error))?;
    note_template(attempt, settings.template.as_ref())?;
    attempt.keep_snapshot().await;
    Ok(())
}

/// Notes the text that the pool's mails follow.
pub(super) fn note_template(
    attempt: &mut Attempt,
    own: Option<&MailTemplate>,
) -> Result<(), Failure> {
    let pool = attempt.pool_mut()?;
    pool.has_own_template = own.is_some();
    pool.templates = template(own, pool.design.confirms_by_link)
        .into_iter()
        .collect();
    Ok(())
}

/// Changes the settings of the scenario's pool, as its owner would; where the pool was there before,
/// the scenario presumes that they are so.
pub(super) async fn change(
    attempt: &mut Attempt,
    change: impl FnOnce(&mut PoolDesign),
) -> Result<(), Failure> {
    if let Some(premises) = &mut attempt.pool_mut()?.premises {
        premises.presume(|facts| change(&mut facts.pool.design));
        return Ok(());
    }
    let cognito = attempt.cognito();
    let has_asked = attempt.people.values().any(|person| person.requests > 0);
    let pool = attempt.pool_mut()?;
    change(&mut pool.design);
    if !has_asked {
        // How the pool was before anybody asked for a mail explains none.
        pool.snapshots = Source::NotAsked;
    }
    let (id, design) = (pool.id.clone(), pool.design.clone());
    let updated = Box::pin(cognito.update_user_pool(&id, &design));
    let updated = attempt.call(None, updated, |()| String::new()).await;
    updated.map_err(|error| reason::unwanted(&error))?;
    second_factor::restore(attempt).await?;
    Box::pin(read_settings(attempt)).await
}

/// Where the account keeps logs, the pool's delivery errors go into one.
async fn export_delivery_errors(attempt: &mut Attempt) -> Result<(), Failure> {
    let Some(group) = attempt.delivery_errors.clone() else {
        return Ok(());
    };
    let cognito = attempt.cognito();
    let pool = attempt.pool()?.id.clone();
    let exported = Box::pin(cognito.export_delivery_errors(&pool, &group));
    let exported = attempt.call(None, exported, |()| String::new()).await;
    exported.map_err(|error| reason::unwanted(&error))
}

/// Makes an app client of the scenario's pool.
pub(super) async fn make_client(
    attempt: &mut Attempt,
    new: &NewAppClient,
) -> Result<AppClient, Failure> {
    let cognito = attempt.cognito();
    let pool = attempt.pool()?.id.clone();
    let made = Box::pin(cognito.create_app_client(&pool, new));
    let made = attempt
        .call(None, made, |client| client.id.to_string())
        .await;
    let client = made.map_err(|error| reason::unwanted(&error))?;
    if let Some(secret) = &client.secret {
        attempt.setting.recorder.run().hide(secret, "client secret");
    }
    Ok(client)
}

/// The pool's own template, or the text that Cognito sends without one (COGNITO.md 5.1, a guess
/// there: a mail that differs is still read by the words around its code).
///
/// A template without a placeholder cannot be turned around; then, too, the words decide. So does the form
/// of a link where Cognito's own words are around it: they are not known.
fn template(own: Option<&MailTemplate>, confirms_by_link: bool) -> Option<Template> {
    const COGNITOS_SUBJECT: &str = "Your verification code";
    const COGNITOS_BODY: &str = "Your confirmation code is {####}";
    let template = match own {
        Some(own) => Template::new(own.subject.as_deref(), &own.body),
        None if confirms_by_link => return None,
        None => Template::new(Some(COGNITOS_SUBJECT), COGNITOS_BODY),
    };
    template.ok()
}

impl Pool {
    /// One of which nothing is known but its settings.
    pub(super) fn new(id: UserPoolId, design: PoolDesign) -> Self {
        Self {
            id,
            client: None,
            second_client: None,
            templates: Vec::new(),
            domain: None,
            design,
            second_factors: None,
            scripts: BTreeMap::new(),
            snapshots: Source::NotAsked,
            has_own_template: false,
            premises: None,
        }
    }

    /// The app client, once it was made.
    pub(super) fn client(&self) -> Result<AppClient, Failure> {
        let client = self.client.clone();
        client.ok_or_else(|| Failure::broken("the pool has no app client"))
    }
}

impl Attempt {
    /// The pool beside the one that requests go to.
    pub(super) fn other_pool(&self) -> Result<&Pool, Failure> {
        let beside = self.pools.len().checked_sub(2);
        beside.and_then(|at| self.pools.get(at)).ok_or_else(|| {
            Failure::broken("the scenario has no other user pool")
                .help("write before it: Given another user pool beside it")
        })
    }

    /// Deletes the pools that the scenario made, and with them all their users. One that was there
    /// before stays.
    ///
    /// Answers what could not be deleted.
    pub(super) async fn delete_pools(&mut self) -> Vec<String> {
        let cognito = self.cognito();
        let mut left = Vec::new();
        let pools = std::mem::take(&mut self.pools).into_iter();
        for pool in pools.filter(|pool| pool.premises.is_none()) {
            if let Some(prefix) = &pool.domain {
                let deleted = cognito.delete_domain(&pool.id, prefix);
                // If this fails, so does the pool's deletion, which says so.
                let _ = self.call(None, deleted, |()| String::new()).await;
            }
            let deleted = Box::pin(cognito.delete_user_pool(&pool.id));
            if let Err(error) = self.call(None, deleted, |()| String::new()).await {
                left.push(format!("user pool {}: {error}", pool.id));
            }
        }
        left
    }
}
