Feature: What the mails say
  Verification mails carry a code or a link, in Cognito's words, in the pool's, or in those of a
  function.

  Background:
    Given a user pool that verifies e-mail addresses with a code
    And a new user Ada

  @mails:1
  Scenario: The pool's own subject and text
    Given the pool's mails have the subject "Welcome to the shop"
    And the pool's mails say "Hello! Type {####} to go on."
    When Ada signs up
    Then Ada receives a verification mail within 60 seconds
    And the mail's subject is "Welcome to the shop"
    And the mail says "Hello! Type "
    And the mail does not say "{####}"
    And the mail follows the pool's template
    When Ada confirms with the code of the latest mail
    Then Ada is CONFIRMED

  @mails:1
  Scenario: A link in place of a code
    Given the pool has a domain
    And the pool confirms by link
    When Ada signs up
    Then Ada receives a mail with a confirmation link within 60 seconds
    And Ada is UNCONFIRMED
    When Ada opens the link of the latest mail
    Then Ada is CONFIRMED
    And the e-mail address of Ada is verified
    And the link of Ada no longer works

  @mails:2
  Scenario: After a deletion the first link confirms nobody
    Given the pool has a domain
    And the pool confirms by link
    When Ada signs up
    Then Ada receives a mail with a confirmation link within 60 seconds
    When an administrator deletes Ada
    Then the link of Ada no longer works
    When Ada signs up again
    Then Ada is UNCONFIRMED
    And Ada receives a mail with a confirmation link within 60 seconds
    When Ada opens the link of the latest mail
    Then Ada is CONFIRMED

  @mails:1
  Scenario: The pool's own words around the link
    Given the pool has a domain
    And the pool confirms by link
    And the pool's mails say "One click: {##Verify my address##}"
    When Ada signs up
    Then Ada receives a mail with a confirmation link within 60 seconds
    And the mail says "Verify my address"
    When Ada opens the link of the latest mail
    Then Ada is CONFIRMED

  @mails:1
  Scenario: A function writes the mail, with the person's name
    Given the pool has a CustomMessage function that sets "emailMessage" to "Dear {request.userAttributes.given_name}, your code is {####}."
    And the CustomMessage function also sets "emailSubject" to "Welcome, {request.userAttributes.given_name}"
    And Ada gives "Augusta" as "given_name"
    When Ada signs up
    Then Ada receives a verification mail within 60 seconds
    And the mail's subject is "Welcome, Augusta"
    And the mail says "Dear Augusta, your code is "
    And the CustomMessage function received "CustomMessage_SignUp" as "triggerSource"
    And the CustomMessage function received "{####}" as "request.codeParameter"
    When Ada confirms with the code of the latest mail
    Then Ada is CONFIRMED

  @mails:2
  Scenario: The function is told when the code is sent again
    Given the pool has a CustomMessage function that does nothing
    When Ada signs up
    Then Ada receives a verification mail within 60 seconds
    When Ada asks for another code
    Then Ada receives another, different verification mail within 60 seconds
    And the CustomMessage function was called 2 times
    And the CustomMessage function received "CustomMessage_ResendCode" as "triggerSource"

  @mails:2
  Scenario: Another text for each domain
    Given the pool has a CustomMessage function that sets "emailMessage" to "Welcome. Your code is {####}."
    And the pool has a CustomMessage function that sets "emailMessage" to "Dear partner, your code is {####}." for addresses at "partner.test"
    And a new user Grace with an address at "partner.test"
    When Ada signs up
    Then Ada receives a verification mail within 60 seconds
    And the mail says "Welcome. "
    When Grace signs up
    Then Grace receives a verification mail within 60 seconds
    And the mail says "Dear partner, "
