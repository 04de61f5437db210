Feature: A forgotten password
  A person asks for a new password, receives a code at the verified address, and sets the password
  with it.

  @mails:2
  Scenario: The code sets a new password
    Given a user pool that verifies e-mail addresses with a code
    And users recover their accounts by mail
    And a new user Ada
    When Ada signs up
    Then Ada receives a verification mail within 60 seconds
    When Ada confirms with the code of the latest mail
    And Ada asks for a new password
    Then Ada receives another, different verification mail within 60 seconds
    And Ada can sign in
    When Ada sets a new password with the code of the latest mail
    Then Ada can sign in
    When Ada tries to sign in with the old password
    Then the request is refused with NotAuthorizedException

  @mails:2
  Scenario: Neither a wrong code nor a weak password changes anything
    Given a user pool that verifies e-mail addresses with a code
    And users recover their accounts by mail
    And a new user Ada
    When Ada signs up
    Then Ada receives a verification mail within 60 seconds
    When Ada confirms with the code of the latest mail
    And Ada asks for a new password
    Then Ada receives another, different verification mail within 60 seconds
    When Ada tries to set a new password with a wrong code
    Then the request is refused with CodeMismatchException
    When Ada tries to set the password "short" with the code of the latest mail
    Then the request is refused with InvalidPasswordException
    And Ada can sign in

  @mails:1 @pause
  Scenario: An address that was never verified gets no code
    Given a user pool that verifies e-mail addresses with a code
    And users recover their accounts by mail
    And an app client that tells which users exist
    And a new user Ada
    When Ada signs up
    Then Ada receives a verification mail within 60 seconds
    When an administrator confirms Ada
    And Ada tries to ask for a new password
    Then the request is refused with InvalidParameterException
    And Ada receives no mail within 0.1 seconds

  @mails:2
  Scenario: Where administrators alone recover accounts, users have to ask them
    Given a user pool that verifies e-mail addresses with a code
    And the pool lets only administrators recover accounts
    And a new user Ada
    When Ada signs up
    Then Ada receives a verification mail within 60 seconds
    When Ada confirms with the code of the latest mail
    And Ada tries to ask for a new password
    Then the request is refused with NotAuthorizedException
    And the refusal says "Contact administrator to reset password"
    When an administrator resets the password of Ada
    Then Ada receives another, different verification mail within 60 seconds
    When Ada sets a new password with the code of the latest mail
    Then Ada can sign in

  @mails:0 @pause
  Scenario: Who never signed up is told the same where users are hidden, and gets no mail
    Given a user pool that verifies e-mail addresses with a code
    And an app client that hides which users exist
    And a new user Ada
    When Ada asks for a new password
    Then Ada receives no mail within 0.1 seconds

  @mails:0
  Scenario: Who never signed up is told so elsewhere
    Given a user pool that verifies e-mail addresses with a code
    And users recover their accounts by mail
    And an app client that tells which users exist
    And a new user Ada
    When Ada tries to ask for a new password
    Then the request is refused with UserNotFoundException
