Feature: Codes that are too old
  A verification code counts for 24 hours. A user who comes later asks for another one.

  @mails:1
  Scenario: After 23 hours the code still confirms
    Given an AWS account of its own
    And a user pool that verifies e-mail addresses with a code
    And a new user Ada
    When Ada signs up
    Then Ada receives a verification mail within 60 seconds
    When 23 hours pass
    And Ada confirms with the code of the latest mail
    Then Ada is CONFIRMED

  @mails:2
  Scenario: After 24 hours it does not, and another one does
    Given an AWS account of its own
    And a user pool that verifies e-mail addresses with a code
    And a new user Ada
    When Ada signs up
    Then Ada receives a verification mail within 60 seconds
    When 24 hours pass
    And Ada tries the code of the latest mail
    Then the request is refused with ExpiredCodeException
    And Ada is UNCONFIRMED
    When Ada asks for another code
    Then Ada receives another, different verification mail within 60 seconds
    When Ada confirms with the code of the latest mail
    Then Ada is CONFIRMED

  @mails:1
  Scenario: A link expires as a code does
    Given an AWS account of its own
    And a user pool that verifies e-mail addresses with a code
    And the pool has a domain
    And the pool confirms by link
    And a new user Ada
    When Ada signs up
    Then Ada receives a mail with a confirmation link within 60 seconds
    When 24 hours pass
    Then the link of Ada no longer works
    And Ada is UNCONFIRMED
