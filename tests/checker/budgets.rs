//! What a target allows, and how much of it: refused before anything is sent.

use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use reverify::cognito::{AppClient, BudgetError, Ledger, MailRequest, RunNeed};
use reverify::model::{Budget, Rate, RunId, Share};
use reverify::record::{Event, FailureKind};
use reverify::steps::{FixedPool, Permissions, Target};
use wiremock::{Mock, MockServer, ResponseTemplate};

use super::answers::client;
use super::scene::{Ended, ROUND, Scene};

fn need(run: &str, mails: u32, share: Share) -> RunNeed {
    RunNeed {
        run: RunId::new(run),
        target: "staging".into(),
        mails,
        share,
    }
}

fn mail<'a>(run: &'a RunId, address: &'a reverify::model::EmailAddress) -> MailRequest<'a> {
    MailRequest {
        run,
        target: "staging",
        address,
    }
}

#[tokio::test]
async fn nothing_is_sent_where_nothing_is_allowed() {
    let server = MockServer::start().await;
    let any = Mock::given(wiremock::matchers::any());
    any.respond_with(ResponseTemplate::new(500))
        .expect(0)
        .mount(&server)
        .await;
    let scene = Scene::new();
    for (sign_up, delete) in [(false, true), (true, false)] {
        let target = Target {
            name: "staging".into(),
            cognito: client(&server.uri()),
            allowed: Permissions { sign_up, delete },
            ..scene.embedded.target()
        };
        let ended = scene.run_on(target, ROUND).await;
        assert_eq!(ended.summary.failed(FailureKind::Broken), 1);
        let said = ended.failure().unwrap();
        assert!(said.contains("[target.staging]: allow = ["), "{said}");
    }
    scene.embedded.stop().unwrap();
}

#[tokio::test]
async fn a_mail_too_many_is_not_caused() {
    let thrice = "\
Feature: Three mails
  Scenario: Ada
    Given a user pool that verifies e-mail addresses with a code
    And a new user Ada
    When Ada signs up
    Then Ada receives a verification mail within 10 seconds
    When Ada tries to sign up
    Then the request is refused with UsernameExistsException
    When Ada asks for another code
    And Ada asks for another code
";
    let scene = Scene::new();
    let on = |budget| Target {
        budget,
        ..scene.embedded.target()
    };
    let run = Budget {
        mails_per_run: Some(2),
        ..Budget::default()
    };
    let ended = scene.run_on(on(run), thrice).await;
    let said = ended.failure().unwrap();
    // The refused request was not counted in the end; that for a third mail was not sent.
    assert!(
        said.contains("the run has caused the 2 mails that it may"),
        "{said}"
    );
    assert_eq!(
        (ended.calls("SignUp"), ended.calls("ResendConfirmationCode")),
        (2, 1)
    );
    // Two mails of the day are used.
    let day = Budget {
        mails_per_day: Some(3),
        ..Budget::default()
    };
    let ended = scene.run_on(on(day), thrice).await;
    let said = ended.failure().unwrap();
    assert!(said.contains("3 of 3 are used since 09:00 UTC"), "{said}");
    scene.embedded.stop().unwrap();
}

#[tokio::test]
async fn sign_ups_keep_their_pace() {
    let scene = Scene::new();
    let target = Target {
        budget: Budget {
            sign_ups_per_second: Rate::per_second(5.0),
            ..Budget::default()
        },
        ..scene.embedded.target()
    };
    let three = "\
Feature: Three people
  Scenario: All of them
    Given a user pool that verifies e-mail addresses with a code
    And a new user Ada
    And a new user Bob
    And a new user Eve
    When Ada signs up
    And Bob signs up
    And Eve signs up
";
    let started = Instant::now();
    let ended = scene.run_on(target, three).await;
    assert_eq!(ended.failure(), None);
    assert!(started.elapsed() >= Duration::from_millis(390));
    scene.embedded.stop().unwrap();
}

#[test]
fn a_run_that_does_not_fit_is_refused_before_it_starts() {
    let ledger = Ledger::in_memory().unwrap();
    let now: Timestamp = "2026-11-21T12:00:00Z".parse().unwrap();
    let budget = Budget::default_sender();
    let (run, ada) = (RunId::new("first"), "ada@example.com".parse().unwrap());
    for _ in 0..38 {
        let reserved = ledger.reserve_mail(&mail(&run, &ada), &budget, now);
        assert!(reserved.unwrap().is_some());
    }
    let refused = ledger.begin_run(&need("second", 34, Share::WHOLE), &budget, now);
    let refused = refused.unwrap_err();
    assert_eq!(
        format!("{refused}; {}", refused.help()),
        "this run needs 34 mails, 12 are left today (38 of 50 used since 09:00 UTC); choose fewer \
         with --tags, or raise mails-per-day"
    );
    assert!(
        ledger
            .begin_run(&need("third", 12, Share::WHOLE), &budget, now)
            .is_ok()
    );
    // The day after.
    let tomorrow = "2026-11-22T09:00:00Z".parse().unwrap();
    assert!(
        ledger
            .begin_run(&need("fourth", 34, Share::WHOLE), &budget, tomorrow)
            .is_ok()
    );
    let of_run = Budget {
        mails_per_run: Some(20),
        ..budget
    };
    let refused = ledger.begin_run(&need("fifth", 21, Share::WHOLE), &of_run, tomorrow);
    assert_eq!(
        refused.unwrap_err().to_string(),
        "this run needs 21 mails, and its target allows 20 a run"
    );
}

#[test]
fn an_address_gets_no_more_than_its_share_of_an_hour() {
    let ledger = Ledger::in_memory().unwrap();
    let budget = Budget {
        mails_per_address_and_hour: Some(2),
        ..Budget::default()
    };
    let (run, ada) = (RunId::new("7f3c"), "Ada@example.com".parse().unwrap());
    let other = "bob@example.com".parse().unwrap();
    let now: Timestamp = "2026-11-21T12:00:00Z".parse().unwrap();
    let reserve = |address, at| ledger.reserve_mail(&mail(&run, address), &budget, at);
    let first = reserve(&ada, now).unwrap().unwrap();
    reserve(&ada, now).unwrap();
    assert!(matches!(
        reserve(&ada, now),
        Err(BudgetError::AddressUsedUp { limit: 2, .. })
    ));
    assert!(reserve(&other, now).is_ok());
    ledger.release_mail(first).unwrap();
    assert!(reserve(&ada, now).is_ok());
    assert!(reserve(&ada, now + Duration::from_mins(61)).is_ok());
}

/// Processes, each with a handle of its own on the file, never get more than the day has.
#[test]
fn processes_share_a_day() {
    let folder = tempfile::tempdir().unwrap();
    let path = Arc::new(folder.path().join("ledger.sqlite"));
    let threads: Vec<_> = (0..4)
        .map(|number| {
            let path = Arc::clone(&path);
            std::thread::spawn(move || {
                let ledger = Ledger::open(&path).unwrap();
                let budget = Budget::default_sender();
                let run = RunId::new(format!("run{number}"));
                let ada = format!("ada{number}@example.com").parse().unwrap();
                let now: Timestamp = "2026-11-21T12:00:00Z".parse().unwrap();
                let mut caused = 0;
                loop {
                    match ledger.reserve_mail(&mail(&run, &ada), &budget, now) {
                        Ok(_) => caused += 1,
                        Err(BudgetError::DayUsedUp { .. }) => return caused,
                        Err(error) => panic!("{error}"),
                    }
                }
            })
        })
        .collect();
    let caused: u32 = threads.into_iter().map(|one| one.join().unwrap()).sum();
    assert_eq!(caused, 50);
}

/// Parts of a run, in one ledger or in one each, together get what one run would get.
#[test]
fn parts_of_a_run_divide_what_is_left() {
    let budget = Budget::default_sender();
    let now: Timestamp = "2026-11-21T12:00:00Z".parse().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let shared = Ledger::open(&folder.path().join("ledger.sqlite")).unwrap();
    let mut alive = Vec::new();
    for part in 1..=4 {
        let share = Share::new(part, 4).unwrap();
        let mails = if part <= 2 { 13 } else { 12 };
        let own = Ledger::in_memory().unwrap();
        let name = format!("part{part}");
        assert!(
            own.begin_run(&need(&name, mails, share), &budget, now)
                .is_ok()
        );
        assert!(
            own.begin_run(&need("more", mails + 1, share), &budget, now)
                .is_err()
        );
        alive.push(
            shared
                .begin_run(&need(&name, mails, share), &budget, now)
                .unwrap(),
        );
    }
    // All fifty are set aside for runs that are alive.
    let late = shared.begin_run(&need("late", 1, Share::WHOLE), &budget, now);
    let said = late.unwrap_err().to_string();
    assert!(
        said.contains("0 are left") && said.contains("50 set aside"),
        "{said}"
    );
    drop(alive);
    assert!(
        shared
            .begin_run(&need("late", 1, Share::WHOLE), &budget, now)
            .is_ok()
    );
}

/// The time between a request and its mail, as the record has it, of the last mail.
fn delivery_ms(ended: &Ended) -> f64 {
    let mut mails = ended.events.iter().filter_map(|event| match event {
        Event::MailArrived { delivery_ms, .. } => Some(*delivery_ms),
        _ => None,
    });
    mails.next_back().unwrap()
}

#[tokio::test]
async fn the_wait_for_a_turn_is_no_part_of_a_delivery() {
    let scene = Scene::new();
    let target = Target {
        budget: Budget {
            sign_ups_per_second: Rate::per_second(0.8),
            ..Budget::default()
        },
        ..scene.embedded.target()
    };
    let two = "\
Feature: Two people
  Scenario: Both of them
    Given a user pool that verifies e-mail addresses with a code
    And a new user Ada
    And a new user Bob
    When Ada signs up
    And Bob signs up
    Then Bob receives a verification mail within 10 seconds
";
    let ended = scene.run_on(target, two).await;
    assert_eq!(ended.failure(), None);
    let waited = ended.events.iter().find_map(|event| match event {
        Event::Waiting { what, at_most_ms } if what.starts_with("the pace") => Some(*at_most_ms),
        _ => None,
    });
    let (took, waited) = (delivery_ms(&ended), waited.unwrap());
    assert!(took < waited, "{took} ms, of which {waited} ms were waited");
    scene.embedded.stop().unwrap();
}

#[test]
fn a_run_that_used_up_its_mails_names_the_bound_that_holds() {
    let now: Timestamp = "2026-11-21T12:00:00Z".parse().unwrap();
    let ada = "ada@example.com".parse().unwrap();
    // Mails per run and per day, and which of them is to be raised.
    let cases = [
        (
            Some(2),
            Some(9),
            "2 mails that it may; .*raise mails-per-run$",
        ),
        (Some(9), Some(2), "left for it today.*raise mails-per-day$"),
        (None, Some(2), "left for it today.*raise mails-per-day$"),
        (Some(2), None, "raise mails-per-run$"),
    ];
    for (mails_per_run, mails_per_day, said) in cases {
        let budget = Budget {
            mails_per_run,
            mails_per_day,
            ..Budget::default()
        };
        let ledger = Ledger::in_memory().unwrap();
        let run = RunId::new("first");
        let alive = ledger.begin_run(&need("first", 1, Share::WHOLE), &budget, now);
        let _alive = alive.unwrap();
        for _ in 0..2 {
            ledger
                .reserve_mail(&mail(&run, &ada), &budget, now)
                .unwrap();
        }
        let refused = ledger.reserve_mail(&mail(&run, &ada), &budget, now);
        let refused = refused.unwrap_err();
        let text = format!("{refused}; {}", refused.help());
        assert!(regex::Regex::new(said).unwrap().is_match(&text), "{text}");
    }
}

/// What a pool sends counts for it, whatever its targets are called.
#[tokio::test]
async fn two_targets_on_one_pool_share_its_day() {
    let scene = Scene::new();
    let pool = FixedPool {
        id: scene.embedded.user_pool_id().unwrap().clone(),
        client: AppClient {
            id: scene.embedded.client_id().unwrap().clone(),
            secret: None,
        },
    };
    let on = |name: &str| Target {
        name: name.into(),
        pool: Some(pool.clone()),
        budget: Budget {
            mails_per_day: Some(1),
            ..Budget::default()
        },
        ..scene.embedded.target()
    };
    assert_eq!(scene.run_on(on("staging"), ROUND).await.failure(), None);
    let said = scene.run_on(on("nightly"), ROUND).await.failure();
    let said = said.unwrap();
    assert!(said.contains("1 of 1 are used since 09:00 UTC"), "{said}");
    scene.embedded.stop().unwrap();
}
