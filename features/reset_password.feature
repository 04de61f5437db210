Feature: An administrator resets a password
  The old password ends at once, and a mail brings the code for a new one.

  Background:
    Given a user pool that verifies e-mail addresses with a code
    And a new user Ada
    When Ada signs up
    Then Ada receives a verification mail within 60 seconds

  @mails:2
  Scenario: The mail's code sets a new password
    When Ada confirms with the code of the latest mail
    And an administrator resets the password of Ada
    Then Ada receives another, different verification mail within 60 seconds
    And Ada is RESET_REQUIRED
    When Ada tries to sign in
    Then the request is refused with PasswordResetRequiredException
    When Ada sets a new password with the code of the latest mail
    Then Ada is CONFIRMED
    And Ada can sign in

  @mails:2
  Scenario: Neither a wrong code nor that of the sign-up sets a password
    When Ada confirms with the code of the latest mail
    And an administrator resets the password of Ada
    Then Ada receives another, different verification mail within 60 seconds
    When Ada tries to set a new password with a wrong code
    Then the request is refused with CodeMismatchException
    When Ada tries to set a new password with the code of the first mail
    Then the request is refused with CodeMismatchException
    And Ada is RESET_REQUIRED
    When Ada sets a new password with the code of the latest mail
    Then Ada can sign in

  @mails:1 @pause
  Scenario: Who is not confirmed has no password to reset
    When an administrator tries to reset the password of Ada
    Then the request is refused with NotAuthorizedException
    And Ada receives no mail within 0.1 seconds

  @mails:1 @pause
  Scenario: Without a verified address there is no way to send the code
    When an administrator confirms Ada
    And an administrator tries to reset the password of Ada
    Then the request is refused with InvalidParameterException
    And Ada receives no mail within 0.1 seconds
    When an administrator sets a password for Ada
    Then Ada can sign in
