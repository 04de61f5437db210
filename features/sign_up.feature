Feature: Signing up
  A person signs up with an e-mail address, receives a code by mail, and confirms with it.

  Background:
    Given a user pool that verifies e-mail addresses with a code

  @mails:1
  Scenario: The mail arrives and its code confirms the user
    Given a new user Ada
    When Ada signs up
    Then the service names the masked address of Ada as the destination
    And Ada is UNCONFIRMED
    And Ada receives a verification mail within 60 seconds
    When Ada confirms with the code of the latest mail
    Then Ada is CONFIRMED
    And the e-mail address of Ada is verified
    And Ada can sign in

  @mails:1
  Scenario: A wrong code is refused and leaves the user unconfirmed
    Given a new user Ada
    When Ada signs up
    Then Ada receives a verification mail within 60 seconds
    When Ada tries a wrong code
    Then the request is refused with CodeMismatchException
    And Ada is UNCONFIRMED
    And the e-mail address of Ada is not verified
    When Ada confirms with the code of the latest mail
    Then Ada is CONFIRMED

  @mails:2
  Scenario: The code of another user is refused
    Given a new user Ada
    And a new user Grace
    When Ada signs up
    And Grace signs up
    Then Ada receives a verification mail within 60 seconds
    And Grace receives a verification mail within 60 seconds
    When Ada tries the code of Grace
    Then the request is refused with CodeMismatchException
    And Ada is UNCONFIRMED
    And Grace is UNCONFIRMED

  @mails:1
  Scenario: An address with a plus tag receives its mail
    Given a new user Ada with a plus tag in the address
    When Ada signs up
    Then Ada receives a verification mail within 60 seconds
    When Ada confirms with the code of the latest mail
    Then Ada is CONFIRMED

  @mails:2
  Scenario: Another code replaces the first one
    Given a new user Ada
    When Ada signs up
    Then Ada receives a verification mail within 60 seconds
    When Ada asks for another code
    Then Ada receives another, different verification mail within 60 seconds
    When Ada tries the code of the first mail
    Then the request is refused with CodeMismatchException
    When Ada confirms with the code of the latest mail
    Then Ada is CONFIRMED

  @mails:1 @pause
  Scenario: Signing up twice without confirming is refused and sends nothing
    Given a new user Ada
    When Ada signs up
    Then Ada receives a verification mail within 60 seconds
    When Ada tries to sign up again
    Then the request is refused with UsernameExistsException
    And Ada receives no mail within 0.5 seconds
    And Ada is UNCONFIRMED

  @mails:1
  Scenario: A code works only once
    Given a new user Ada
    When Ada signs up
    Then Ada receives a verification mail within 60 seconds
    When Ada confirms with the code of the latest mail
    And Ada tries the code of the first mail
    Then the request is refused with NotAuthorizedException

  @mails:1
  Scenario: An administrator's confirmation does not verify the address
    Given a new user Ada
    When Ada signs up
    Then Ada receives a verification mail within 60 seconds
    When an administrator confirms Ada
    Then Ada is CONFIRMED
    And the e-mail address of Ada is not verified

  @mails:1
  Scenario: In a pool with addresses for usernames the mail arrives too
    Given a user pool whose users sign in with their e-mail address
    And a new user Ada
    When Ada signs up
    Then Ada receives a verification mail within 60 seconds
    When Ada confirms with the code of the latest mail
    Then Ada is CONFIRMED
    And Ada can sign in

  @mails:1
  Scenario: An app client with a secret receives the mail too
    Given an app client with a secret
    And a new user Ada
    When Ada signs up
    Then Ada receives a verification mail within 60 seconds
    When Ada confirms with the code of the latest mail
    Then Ada is CONFIRMED

  @mails:1
  Scenario: The mail is the pool's own and comes in time
    Given the pool mails Cognito's own text
    And the pool mails from Cognito's own address
    And a new user Ada
    When Ada signs up
    Then Ada receives a verification mail within 60 seconds
    And the mail arrived within 60 seconds of the request
    And the mail follows the pool's template
    And the mail is sent by "no-reply@verificationemail.com"
    And the mail's subject contains "verification"
