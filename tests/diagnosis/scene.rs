//! Evidence of the usual story, and ways to change it.

use jiff::{SignedDuration, Timestamp};
use reverify::diagnosis::{
    Call, Case, ClientSettings, ClockSkew, Confidence, Content, Delivery, EmailSettings, Evidence,
    FoundMail, InboxEvidence, LogDelivery, Notification, Place, PoolSettings, PoolSnapshot,
    Recipient, Reply, Role, SesAccount, SesConfigurationSet, SesEvent, SesEventKind, SesEvidence,
    SesIdentity, Source, Trouble, User, Verdict,
};
use reverify::model::{UserPoolId, UserSub};

pub(crate) const POOL: &str = "eu-west-1_AbCdEfGhI";
pub(crate) const FIRST: &str = "11111111-1111-4111-8111-111111111111";
pub(crate) const SECOND: &str = "22222222-2222-4222-8222-222222222222";

/// What makes a story another one.
pub(crate) type Change = fn(&mut Evidence);

/// One cause with evidence for it.
pub(crate) struct Produced {
    /// The cause's name.
    pub(crate) id: &'static str,
    /// How sure the verdict must be.
    pub(crate) confidence: Confidence,
    /// What is different from the healthy story.
    pub(crate) change: Change,
    /// The cause that is proven at the same time, where this one only qualifies it.
    pub(crate) beside: Option<&'static str>,
}

impl Produced {
    /// The same, while another cause is proven.
    pub(crate) fn beside(mut self, id: &'static str) -> Self {
        self.beside = Some(id);
        self
    }
}

pub(crate) fn produced(id: &'static str, confidence: Confidence, change: Change) -> Produced {
    Produced {
        id,
        confidence,
        change,
        beside: None,
    }
}

/// A moment, in seconds after the story's beginning.
pub(crate) fn at(seconds: i64) -> Timestamp {
    let noon: Timestamp = "2026-03-01T12:00:00Z".parse().unwrap();
    noon + SignedDuration::from_secs(seconds)
}

/// A call that was answered with success.
pub(crate) fn accepted(operation: &str, seconds: i64) -> Call {
    Call {
        operation: operation.to_owned(),
        at: at(seconds),
        request_id: Some(format!("request-{seconds}")),
        username: Some("ada@example.com".to_owned()),
        user_pool_id: None,
        client_id: None,
        asked_for_mail: None,
        reply: Reply::Accepted {
            sub: None,
            user_confirmed: None,
            deliveries: Vec::new(),
        },
    }
}

/// A sign-up whose code goes by mail.
pub(crate) fn sign_up(seconds: i64, sub: &str) -> Call {
    Call {
        reply: Reply::Accepted {
            sub: Some(UserSub::new(sub)),
            user_confirmed: Some(false),
            deliveries: vec![by("EMAIL", "a***@e***")],
        },
        ..accepted("SignUp", seconds)
    }
}

pub(crate) fn by(medium: &str, destination: &str) -> Delivery {
    let attribute = if medium == "SMS" {
        "phone_number"
    } else {
        "email"
    };
    Delivery {
        attribute: attribute.to_owned(),
        medium: medium.to_owned(),
        destination: destination.to_owned(),
    }
}

pub(crate) fn user(sub: &str, status: &str, seconds: i64) -> User {
    User {
        username: "ada@example.com".to_owned(),
        sub: UserSub::new(sub),
        status: status.to_owned(),
        enabled: true,
        created: at(seconds),
        email: Some("ada@example.com".to_owned()),
        email_verified: false,
    }
}

/// A mail to the address in the watched folder.
pub(crate) fn mail(seconds: i64) -> FoundMail {
    FoundMail {
        folder: "INBOX".to_owned(),
        place: Place::Watched,
        at: at(seconds),
        after_position: true,
        recipient: Recipient::Exact,
        from: "no-reply@verificationemail.com".to_owned(),
        subject: "Your verification code".to_owned(),
        message_id: Some(format!("<{seconds}@email.amazonses.com>")),
        content: Content::Code,
        used: false,
        repeats_earlier: false,
        seen_by_watch: true,
        follows_template: Some(true),
        dmarc: Some("pass".to_owned()),
    }
}

/// The story: signed up and confirmed, deleted at 20 s, signed up again at 21 s; a minute later the
/// second mail is not there. Everything could be read, and nothing stands out. The pool mails through
/// an SES of its own, so that every stage has something to say.
pub(crate) fn story() -> Evidence {
    let mut evidence = Evidence::of(Case {
        address: "ada@example.com".parse().unwrap(),
        trouble: Trouble::Missing,
        user_pool_id: UserPoolId::new(POOL),
        client_id: None,
        request: Some(3),
        since: at(20),
        until: at(81),
        emulated: false,
    });
    evidence.calls = vec![
        sign_up(0, FIRST),
        accepted("ConfirmSignUp", 10),
        accepted("AdminDeleteUser", 20),
        sign_up(21, SECOND),
    ];
    evidence.pool = Source::from(vec![
        PoolSnapshot {
            at: at(-5),
            settings: pool(),
        },
        PoolSnapshot {
            at: at(82),
            settings: pool(),
        },
    ]);
    evidence.client = Source::from(ClientSettings {
        user_pool_id: Some(UserPoolId::new(POOL)),
        hides_users: true,
        has_secret: false,
    });
    evidence.user = Source::from(Some(user(SECOND, "UNCONFIRMED", 21)));
    evidence.users_of_address = Source::from(vec![user(SECOND, "UNCONFIRMED", 21)]);
    evidence.log_delivery = Source::from(LogDelivery {
        notification_log_group: Some("exported".to_owned()),
    });
    evidence.notifications = Source::from(Vec::new());
    evidence.functions = Source::from(Vec::new());
    evidence.trail = Source::from(Vec::new());
    evidence.ses = ses();
    evidence.inbox = InboxEvidence {
        mails: Source::from(vec![first_mail()]),
        rejected: Source::from(Vec::new()),
        quota: Source::NotAsked,
        vanished: Source::from(0),
        probe_arrived: Source::from(true),
    };
    evidence.clock = Source::from(ClockSkew { ahead_ms: 12 });
    evidence
}

/// The mail of the first sign-up, before the position.
pub(crate) fn first_mail() -> FoundMail {
    FoundMail {
        after_position: false,
        ..mail(3)
    }
}

fn pool() -> PoolSettings {
    PoolSettings {
        last_modified: Some(at(-86_400)),
        auto_verified: vec!["email".to_owned()],
        case_sensitive: Some(false),
        email: EmailSettings {
            own_ses: true,
            source_arn: Some("arn:aws:ses:eu-west-1:123456789012:identity/example.com".to_owned()),
            from: Some("shop@example.com".to_owned()),
            reply_to: None,
            configuration_set: Some("set".to_owned()),
        },
        ..PoolSettings::default()
    }
}

fn ses() -> SesEvidence {
    SesEvidence {
        account: Source::from(SesAccount {
            production_access: true,
            sending_enabled: true,
            enforcement: "HEALTHY".to_owned(),
            max_24_hours: 50_000,
            sent_24_hours: 120,
            max_per_second: 14,
            suppressed_reasons: vec!["BOUNCE".to_owned(), "COMPLAINT".to_owned()],
            auto_validation: false,
        }),
        sender: Source::from(Some(SesIdentity {
            name: "example.com".to_owned(),
            verified: true,
            status: "SUCCESS".to_owned(),
            error: None,
            mail_from: None,
            dkim: Some("SUCCESS".to_owned()),
            policies: Vec::new(),
            sending_disabled: Some(false),
        })),
        recipient: Source::from(None),
        configuration_set: Source::from(Some(SesConfigurationSet {
            name: "set".to_owned(),
            sending_enabled: true,
            auto_validation: false,
        })),
        suppression: Source::from(None),
        events: Source::from(Vec::new()),
    }
}

/// What was read of a source, to change it.
pub(crate) fn read<T>(source: &mut Source<T>) -> Option<&mut T> {
    match source {
        Source::Read { found } | Source::Lagging { found, .. } => Some(found),
        _ => None,
    }
}

/// Changes the pool's settings in all snapshots.
pub(crate) fn of_pool(evidence: &mut Evidence, change: impl Fn(&mut PoolSettings)) {
    for snapshot in read(&mut evidence.pool).into_iter().flatten() {
        change(&mut snapshot.settings);
    }
}

/// Changes the SES account, where there is one.
pub(crate) fn of_account(evidence: &mut Evidence, change: impl Fn(&mut SesAccount)) {
    read(&mut evidence.ses.account).into_iter().for_each(change);
}

/// Changes the latest mail in the inbox.
pub(crate) fn of_last_mail(evidence: &mut Evidence, change: impl Fn(&mut FoundMail)) {
    let mails = read(&mut evidence.inbox.mails);
    mails
        .and_then(|mails| mails.last_mut())
        .into_iter()
        .for_each(change);
}

/// Lets the pool mail by Cognito's own sender.
pub(crate) fn by_default(evidence: &mut Evidence) {
    of_pool(evidence, |pool| pool.email = EmailSettings::default());
    evidence.ses = SesEvidence::default();
}

/// Changes the request that should have caused the mail.
pub(crate) fn of_request(evidence: &mut Evidence, change: impl Fn(&mut Call)) {
    let request = evidence
        .case
        .request
        .and_then(|request| evidence.calls.get_mut(request));
    request.into_iter().for_each(change);
}

/// Lets the request be refused.
pub(crate) fn refused(evidence: &mut Evidence, code: &str, message: &str) {
    of_request(evidence, |call| call.reply = refusal(code, message));
}

pub(crate) fn refusal(code: &str, message: &str) -> Reply {
    Reply::Refused {
        code: code.to_owned(),
        message: message.to_owned(),
    }
}

/// Lets another operation have asked for the mail.
pub(crate) fn asked_with(evidence: &mut Evidence, operation: &str) {
    of_request(evidence, |call| operation.clone_into(&mut call.operation));
}

/// Adds a line to the log of delivery errors.
pub(crate) fn logged(evidence: &mut Evidence, details: &str) {
    let line = Notification {
        at: at(22),
        details: details.to_owned(),
    };
    if let Some(lines) = read(&mut evidence.notifications) {
        lines.push(line);
    }
}

/// Adds an event of SES.
pub(crate) fn event(evidence: &mut Evidence, seconds: i64, kind: SesEventKind) {
    let event = SesEvent {
        at: at(seconds),
        message_id: "0102-000000".to_owned(),
        kind,
    };
    if let Some(events) = read(&mut evidence.ses.events) {
        events.push(event);
    }
}

/// Adds a mail to the inbox.
pub(crate) fn found(evidence: &mut Evidence, mail: FoundMail) {
    if let Some(mails) = read(&mut evidence.inbox.mails) {
        mails.push(mail);
    }
}

/// Leaves only the request of what the run called.
pub(crate) fn only_the_last_call(evidence: &mut Evidence) {
    if let Some(request) = evidence.case.request.as_mut() {
        evidence.calls.drain(..*request);
        *request = 0;
    }
}

/// Takes the run away: a person reported the trouble.
pub(crate) fn reported_by_a_person(evidence: &mut Evidence) {
    evidence.calls.clear();
    evidence.case.request = None;
}

/// The evidence of a produced cause.
pub(crate) fn evidence_of(one: &Produced) -> Evidence {
    let mut evidence = story();
    (one.change)(&mut evidence);
    evidence
}

/// Checks each produced cause: it has the confidence, and if it is certain, it is the headline and
/// nothing else is certain.
pub(crate) fn check(all: &[Produced]) {
    for one in all {
        let verdict = Verdict::of(&evidence_of(one));
        let finding = verdict
            .findings
            .iter()
            .find(|found| found.cause.id == one.id);
        let finding = finding.unwrap_or_else(|| panic!("no cause is called {}", one.id));
        assert_eq!(
            finding.opinion.confidence, one.confidence,
            "{}: {:#?}",
            one.id, finding.opinion
        );
        let proven: Vec<_> = verdict.proven().map(|found| found.cause.id).collect();
        let explains = finding.cause.role == Role::Explains;
        let itself = (one.confidence == Confidence::Certain && explains).then_some(one.id);
        let expected: Vec<_> = itself.into_iter().chain(one.beside).collect();
        assert_eq!(proven, expected, "proven for {}", one.id);
    }
}
