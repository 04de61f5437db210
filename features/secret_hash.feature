Feature: App clients with a secret
  Whoever calls through an app client with a secret proves to know it by a hash of the username and
  the client's id. Without the proof nothing happens, and no mail is sent.

  Background:
    Given a user pool that verifies e-mail addresses with a code
    And an app client with a secret
    And a new user Ada

  @mails:1
  Scenario: The right secret leads from sign-up to sign-in
    When Ada signs up
    Then Ada receives a verification mail within 60 seconds
    When Ada confirms with the code of the latest mail
    And Ada signs in
    Then Ada is signed in
    When Ada renews the tokens
    Then Ada is signed in

  @mails:0 @pause
  Scenario: A wrong secret signs nobody up
    When Ada tries to sign up with a wrong client secret
    Then the request is refused with NotAuthorizedException
    And Ada receives no mail within 0.1 seconds

  @mails:0 @pause
  Scenario: A missing hash signs nobody up
    When Ada tries to sign up without the client secret
    Then the request is refused with NotAuthorizedException
    And the refusal says "secret was not received"
    And Ada receives no mail within 0.1 seconds

  @mails:1
  Scenario: Without the right secret nobody signs in
    When Ada signs up
    Then Ada receives a verification mail within 60 seconds
    When Ada confirms with the code of the latest mail
    And Ada tries to sign in without the client secret
    Then the request is refused with NotAuthorizedException
    When Ada tries to sign in with a wrong client secret
    Then the request is refused with NotAuthorizedException
    When Ada signs in
    Then Ada is signed in
