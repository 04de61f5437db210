Feature: Looking after users
  Administrators look users up, confirm them by hand, shut them out and let them in again.

  Background:
    Given a user pool that verifies e-mail addresses with a code
    And a new user Ada whose "name" is "Ada Lovelace"
    When Ada signs up
    Then Ada receives a verification mail within 60 seconds

  @mails:1
  Scenario: A user is found by the address, until it is deleted
    Then an administrator finds Ada by the e-mail address
    When an administrator deletes Ada
    Then an administrator finds nobody by the e-mail address of Ada

  @mails:2
  Scenario: Users are found by name and by status
    Given a new user Grace whose "name" is "Grace Hopper"
    When Grace signs up
    Then Grace receives a verification mail within 60 seconds
    When Grace confirms with the code of the latest mail
    Then an administrator finds 1 user whose "name" begins with "Ada"
    And an administrator finds 1 user whose "cognito:user_status" is "CONFIRMED"
    And an administrator finds 1 user whose "cognito:user_status" is "UNCONFIRMED"
    And an administrator finds 2 users whose "status" is "Enabled"

  @mails:1
  Scenario: Who never typed the code is confirmed by hand
    When an administrator confirms Ada
    Then Ada is CONFIRMED
    And Ada can sign in

  @mails:1
  Scenario: Who is disabled cannot sign in until enabled again
    When Ada confirms with the code of the latest mail
    And an administrator disables Ada
    Then Ada is disabled
    And Ada is CONFIRMED
    When Ada tries to sign in
    Then the request is refused with NotAuthorizedException
    And the refusal says "User is disabled"
    When an administrator enables Ada
    Then Ada is enabled
    And Ada can sign in

  @mails:1 @pause
  Scenario: Who is disabled gets no code for a new password
    Given an app client that tells which users exist
    When Ada confirms with the code of the latest mail
    And an administrator disables Ada
    And Ada tries to ask for a new password
    Then the request is refused with NotAuthorizedException
    And Ada receives no mail within 0.1 seconds

  @mails:1
  Scenario: Who is disabled still holds the address
    When Ada confirms with the code of the latest mail
    And an administrator disables Ada
    And Ada tries to sign up again
    Then the request is refused with UsernameExistsException
