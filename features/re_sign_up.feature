Feature: Signing up again after the user was deleted
  The question that this tool exists for: a user is deleted and signs up again with the same
  address. Does the second verification mail come, is it a new one, and does only its code count?

  Background:
    Given a user pool that verifies e-mail addresses with a code
    And a new user Ada

  @mails:2
  Scenario: Deleted after confirming
    When Ada signs up
    Then Ada receives a verification mail within 60 seconds
    When Ada confirms with the code of the latest mail
    Then Ada is CONFIRMED
    When an administrator deletes Ada
    Then the pool has no user Ada
    When Ada signs up again
    Then Ada receives another, different verification mail within 60 seconds
    And Ada is UNCONFIRMED
    When Ada confirms with the code of the latest mail
    Then Ada is CONFIRMED
    And the e-mail address of Ada is verified
    And the accounts of Ada have different identifiers
    And all mails to Ada have different message ids and codes

  @mails:2
  Scenario: Deleted while unconfirmed
    When Ada signs up
    Then Ada receives a verification mail within 60 seconds
    When an administrator deletes Ada
    And Ada signs up again
    Then Ada receives another, different verification mail within 60 seconds
    When Ada confirms with the code of the latest mail
    Then Ada is CONFIRMED
    And the accounts of Ada have different identifiers

  @mails:2
  Scenario: The user deletes the account
    When Ada signs up
    Then Ada receives a verification mail within 60 seconds
    When Ada confirms with the code of the latest mail
    And Ada signs in and deletes the account
    Then the pool has no user Ada
    When Ada signs up again
    Then Ada receives another, different verification mail within 60 seconds
    When Ada confirms with the code of the latest mail
    Then Ada is CONFIRMED

  @mails:2
  Scenario Outline: A pause of <pause> after the deletion makes no difference
    When Ada signs up
    Then Ada receives a verification mail within 60 seconds
    When Ada confirms with the code of the latest mail
    And an administrator deletes Ada
    And Ada signs up again after <pause>
    Then Ada receives another, different verification mail within 60 seconds
    When Ada confirms with the code of the latest mail
    Then Ada is CONFIRMED

    Examples: At once
      | pause     |
      | 0 seconds |

    @pause
    Examples: After the pause that is often recommended
      | pause     |
      | 2 seconds |

  @mails:2
  Scenario: The first mail's code does not confirm the second account
    When Ada signs up
    Then Ada receives a verification mail within 60 seconds
    When an administrator deletes Ada
    And Ada signs up again
    Then Ada receives another, different verification mail within 60 seconds
    When Ada tries the code of the first mail
    Then the request is refused with CodeMismatchException
    And Ada is UNCONFIRMED

  @mails:5
  Scenario: Five rounds in a row bring five different mails
    When Ada goes through 5 rounds of sign-up, mail, confirmation and deletion
    Then all mails to Ada have different message ids and codes
    And the accounts of Ada have different identifiers
    And the pool has no user Ada

  @mails:2
  Scenario: Signing up again through another app client
    Given a second app client of the pool
    When Ada signs up
    Then Ada receives a verification mail within 60 seconds
    When Ada confirms with the code of the latest mail
    And an administrator deletes Ada
    And Ada signs up again through the second app client
    Then Ada receives another, different verification mail within 60 seconds
    When Ada confirms with the code of the latest mail
    Then Ada is CONFIRMED

  @mails:1 @pause
  Scenario: Not deleted at all, signing up again is refused and sends nothing
    When Ada signs up
    Then Ada receives a verification mail within 60 seconds
    When Ada confirms with the code of the latest mail
    And Ada tries to sign up again
    Then the request is refused with UsernameExistsException
    And Ada receives no mail within 0.5 seconds

  @mails:2
  Scenario: Not deleted and not confirmed, asking for another code brings the mail
    When Ada signs up
    Then Ada receives a verification mail within 60 seconds
    When Ada tries to sign up again
    Then the request is refused with UsernameExistsException
    When Ada asks for another code
    Then Ada receives another, different verification mail within 60 seconds
    When Ada confirms with the code of the latest mail
    Then Ada is CONFIRMED

  Rule: Capitals in the address

    @mails:2
    Scenario: A pool that ignores capitals sends to the address as it was written
      Given a user pool that ignores capitals in usernames
      When Ada signs up
      Then Ada receives a verification mail within 60 seconds
      When an administrator deletes Ada
      And Ada signs up again with the address in capitals
      Then Ada receives another, different verification mail within 60 seconds
      When Ada confirms with the code of the latest mail
      Then Ada is CONFIRMED

    @mails:1 @pause
    Scenario: A pool that ignores capitals knows the user who was not deleted
      Given a user pool that ignores capitals in usernames
      When Ada signs up
      Then Ada receives a verification mail within 60 seconds
      When Ada tries to sign up again with the address in capitals
      Then the request is refused with UsernameExistsException
      And Ada receives no mail within 0.5 seconds

    @mails:2
    Scenario: A pool that respects capitals takes the address in capitals for another user
      Given a user pool that respects capitals in usernames
      When Ada signs up
      Then Ada receives a verification mail within 60 seconds
      When Ada signs up again with the address in capitals
      Then Ada receives another, different verification mail within 60 seconds
      When Ada confirms with the code of the latest mail
      Then Ada is CONFIRMED
      And the accounts of Ada have different identifiers
