Feature: Verification mail
  Whoever signs up receives a mail with a code that confirms the account. Whoever signs up again with
  the same address, after the account was deleted, receives another.

  Background:
    Given a user pool that verifies e-mail addresses with a code
    And a new user Ada

  @mails:1
  Scenario: The code of the mail confirms the account
    When Ada signs up
    Then Ada receives a verification mail within 60 seconds
    When Ada confirms with the code of the latest mail
    Then Ada is CONFIRMED
    And Ada can sign in

  @mails:2
  Scenario: The second mail comes too
    When Ada signs up
    Then Ada receives a verification mail within 60 seconds
    When an administrator deletes Ada
    And Ada signs up again
    Then Ada receives another, different verification mail within 60 seconds
    When Ada confirms with the code of the latest mail
    Then Ada is CONFIRMED
