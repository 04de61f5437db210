Feature: Confirming users without a code
  A function before sign-up confirms the user and verifies what the sign-up carries, so that no mail
  is sent and none is needed.

  @mails:0 @pause
  Scenario: The user is confirmed, the address verified, and no mail is sent
    Given a user pool that verifies e-mail addresses with a code
    And the pool has a function that confirms new users and verifies what they give
    And a new user Ada
    When Ada signs up
    Then Ada is CONFIRMED
    And the e-mail address of Ada is verified
    And Ada receives no mail within 0.1 seconds
    And Ada can sign in
    And the PreSignUp function was called 1 time
    And the PreSignUp function received "PreSignUp_SignUp" as "triggerSource"
    And the PreSignUp function received the e-mail address of Ada

  @mails:0
  Scenario: A phone number is verified with it
    Given a user pool that verifies e-mail addresses with a code
    And the pool has a function that confirms new users and verifies what they give
    And a new user Ada with the phone number "+15555550111"
    When Ada signs up
    Then Ada is CONFIRMED
    And the e-mail address of Ada is verified
    And the phone number of Ada is verified

  @mails:0
  Scenario: Confirmed alone, the address stays unverified
    Given a user pool that verifies e-mail addresses with a code
    And the pool has a PreSignUp function that sets "autoConfirmUser" to "true"
    And a new user Ada
    When Ada signs up
    Then Ada is CONFIRMED
    And the e-mail address of Ada is not verified

  @mails:0
  Scenario: An address that is an alias moves to the new user
    Given a user pool with e-mail addresses as aliases
    And the pool has a function that confirms new users and verifies what they give
    And a new user Ada with the username "ada"
    And a new user Grace with the username "grace" and the address of Ada
    When Ada signs up
    Then the e-mail address of Ada is verified
    When Grace signs up
    Then Grace is CONFIRMED
    And the e-mail address of Grace is verified
    And the e-mail address of Ada is not verified
    And Ada is CONFIRMED
