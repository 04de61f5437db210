Feature: A second factor at sign-in
  Beside the password Cognito asks for a code, of an authenticator app or by text message.

  Background:
    Given a user pool that verifies e-mail addresses with a code
    And the pool has a function that confirms new users and verifies what they give

  @mails:0
  Scenario: Without a second factor of one's own the password is enough
    Given the pool takes second factors
    And a new user Ada
    When Ada signs up
    And Ada signs in
    Then Ada is signed in

  @mails:0
  Scenario: A code of the authenticator app
    Given the pool takes second factors
    And a new user Ada
    When Ada signs up
    And Ada signs in
    And Ada sets up an authenticator app
    And Ada signs in
    Then Ada is asked for a code of the authenticator app
    When Ada answers with the code of the authenticator app
    Then Ada is signed in

  @mails:0
  Scenario: A wrong code is refused, and the right one still works
    Given the pool takes second factors
    And a new user Ada
    When Ada signs up
    And Ada signs in
    And Ada sets up an authenticator app
    And Ada signs in
    And Ada tries to answer with a wrong code
    Then the request is refused with CodeMismatchException
    When Ada signs in
    And Ada answers with the code of the authenticator app
    Then Ada is signed in

  @mails:0
  Scenario: A code by text message
    Given the pool takes second factors
    And a new user Ada with the phone number "+15555550112"
    When Ada signs up
    And Ada signs in
    And Ada chooses codes by text message
    And Ada signs in
    Then Ada is asked for a code by text message
    When Ada answers with the code of the latest text message
    Then Ada is signed in

  @mails:0
  Scenario: Where a second factor is demanded, a user without one has to set it up
    Given the pool demands a second factor
    And a new user Ada
    When Ada signs up
    And Ada signs in
    Then Ada is asked to set up a second factor
    When Ada sets up an authenticator app to sign in
    Then Ada is signed in
    When Ada signs in
    Then Ada is asked for a code of the authenticator app
    When Ada answers with the code of the authenticator app
    Then Ada is signed in
