@diagnosis
Feature: Why the second mail does not come
  A user signs up, is deleted, and signs up again; the second mail is missing. Each scenario makes it
  go missing in one way, as it happens on AWS, and demands that the diagnosis names that cause and is
  certain of no other.

  Rule: The request never asked for a mail

    @mails:1
    Scenario: The pool stopped verifying e-mail addresses
      Given a user pool that verifies e-mail addresses with a code
      And a new user Ada
      When Ada signs up
      Then Ada receives a verification mail within 10 seconds
      When an administrator deletes Ada
      And the pool stops verifying e-mail addresses
      And Ada signs up again
      Then Ada receives no mail within 0.1 seconds
      And the diagnosis is certain of config-drift, and then of auto-verify-off

    @mails:0
    Scenario: The pool never verified e-mail addresses
      Given a user pool that verifies e-mail addresses with a code
      And the pool does not verify e-mail addresses
      And a new user Ada
      When Ada signs up
      Then Ada receives no mail within 0.1 seconds
      And the diagnosis is certain of auto-verify-off

    @mails:1
    Scenario: The PreSignUp function confirms whom it has seen before
      Given a user pool that verifies e-mail addresses with a code
      And a new user Ada
      When Ada signs up
      Then Ada receives a verification mail within 10 seconds
      When an administrator deletes Ada
      And the pool gets a PreSignUp function that sets "autoConfirmUser" to "true"
      And Ada signs up again
      Then Ada receives no mail within 0.1 seconds
      And the diagnosis is certain of pre-signup-auto-confirm

  Rule: Cognito refused

    @mails:1
    Scenario: The PreSignUp function remembers the address
      Given a user pool that verifies e-mail addresses with a code
      And a new user Ada
      When Ada signs up
      Then Ada receives a verification mail within 10 seconds
      When an administrator deletes Ada
      And the pool gets a PreSignUp function that fails with "address seen before"
      And Ada tries to sign up again
      Then the diagnosis is certain of pre-signup-rejected

    @mails:1
    Scenario: The address is still there
      Given a user pool that verifies e-mail addresses with a code
      And a new user Ada
      When Ada signs up
      Then Ada receives a verification mail within 10 seconds
      When Ada tries to sign up again
      Then the diagnosis is certain of username-exists-unconfirmed-leftover
