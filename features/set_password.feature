Feature: Setting a password by hand
  An administrator sets a user's password, to last or to be replaced at the next sign-in; users change
  their own. None of this sends a mail.

  Background:
    Given a user pool that verifies e-mail addresses with a code
    And a new user Ada
    When Ada signs up
    Then Ada receives a verification mail within 60 seconds

  @mails:1
  Scenario: A password that lasts replaces the old one
    When Ada confirms with the code of the latest mail
    And an administrator sets a password for Ada
    Then Ada is CONFIRMED
    And Ada can sign in
    When Ada tries to sign in with the old password
    Then the request is refused with NotAuthorizedException

  @mails:1
  Scenario: A password that lasts confirms the user, but not the address
    When an administrator sets a password for Ada
    Then Ada is CONFIRMED
    And the e-mail address of Ada is not verified
    And Ada can sign in

  @mails:1
  Scenario: A temporary password has to be replaced at the next sign-in
    When Ada confirms with the code of the latest mail
    And an administrator sets a temporary password for Ada
    Then Ada is FORCE_CHANGE_PASSWORD
    And Ada must choose a new password to sign in
    When Ada signs in with the temporary password and chooses another
    Then Ada is CONFIRMED
    And Ada can sign in

  @mails:1
  Scenario: A password that the policy forbids is refused
    When Ada confirms with the code of the latest mail
    And an administrator tries to set the password "short" for Ada
    Then the request is refused with InvalidPasswordException
    And Ada can sign in

  @mails:1
  Scenario: Users change their password
    When Ada confirms with the code of the latest mail
    And Ada changes the password
    Then Ada can sign in
    When Ada tries to sign in with the old password
    Then the request is refused with NotAuthorizedException

  @mails:1
  Scenario: Who does not know the old password cannot change it
    When Ada confirms with the code of the latest mail
    And Ada tries to change the password without knowing the old one
    Then the request is refused with NotAuthorizedException
    And Ada can sign in
