Feature: The tokens of a sign-in
  A sign-in brings an id token that says who the person is, an access token for calls in the person's
  name, and a refresh token for new ones.

  Background:
    Given a user pool that verifies e-mail addresses with a code
    And the pool has a function that confirms new users and verifies what they give
    And a new user Ada
    When Ada signs up
    And Ada signs in

  @mails:0
  Scenario: The tokens say whose they are
    Then Ada is signed in
    And the id token names Ada
    And the id token of Ada has "true" as "email_verified"
    And the id token of Ada has "id" as "token_use"
    And the access token of Ada has "access" as "token_use"
    And the access token of Ada has "aws.cognito.signin.user.admin" as "scope"

  @mails:0
  Scenario: The refresh token brings new ones
    When Ada renews the tokens
    Then Ada is signed in
    And the id token names Ada

  @mails:0
  Scenario: A revoked refresh token takes its access token along
    When Ada revokes the refresh token
    And Ada tries to use the access token
    Then the request is refused with NotAuthorizedException
    When Ada tries to renew the tokens
    Then the request is refused with NotAuthorizedException

  @mails:0
  Scenario: Signing out everywhere ends all of them
    When Ada signs out everywhere
    And Ada tries to use the access token
    Then the request is refused with NotAuthorizedException
    When Ada tries to renew the tokens
    Then the request is refused with NotAuthorizedException
    When Ada signs in
    Then Ada is signed in

  @mails:0
  Scenario: A deleted user's tokens are worth nothing
    When an administrator deletes Ada
    And Ada tries to use the access token
    Then the request is refused with UserNotFoundException
    When Ada tries to sign in
    Then the request is refused with UserNotFoundException
