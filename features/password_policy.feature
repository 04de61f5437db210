Feature: The password policy
  Cognito checks each password against the pool's policy, and says what is missing.

  @mails:0
  Scenario Outline: A password without <missing> is refused at sign-up
    Given a user pool that verifies e-mail addresses with a code
    And the pool has the usual password policy
    And a new user Ada
    When Ada tries to sign up with the password "<password>"
    Then the request is refused with InvalidPasswordException
    And the refusal says "<reason>"

    Examples:
      | missing           | password   | reason                                       |
      | eight characters  | Abc1!      | Password not long enough                     |
      | a small letter    | ABCDEFG1!  | Password must have lowercase characters      |
      | a capital letter  | abcdefg1!  | Password must have uppercase characters      |
      | a digit           | Abcdefgh!  | Password must have numeric characters        |
      | a symbol          | Abcdefgh1  | Password must have symbol characters         |

  @mails:1
  Scenario: What the pool does not demand need not be there
    Given a user pool that verifies e-mail addresses with a code
    And the pool has the usual password policy
    And the pool demands no symbols in passwords
    And a new user Ada
    When Ada tries to sign up with the password "Abcdefgh1"
    Then Ada receives a verification mail within 60 seconds
    And Ada is UNCONFIRMED

  @mails:0
  Scenario: A pool may demand longer passwords
    Given a user pool that verifies e-mail addresses with a code
    And the pool demands passwords of at least 12 characters
    And a new user Ada
    When Ada tries to sign up with the password "Abcdefg1!"
    Then the request is refused with InvalidPasswordException
    And the refusal says "Password not long enough"

  @mails:1
  Scenario: The policy counts for administrators and for changes, too
    Given a user pool that verifies e-mail addresses with a code
    And the pool has the usual password policy
    And a new user Ada
    When Ada signs up
    Then Ada receives a verification mail within 60 seconds
    When Ada confirms with the code of the latest mail
    And an administrator tries to set the password "abcdefg1!" for Ada
    Then the request is refused with InvalidPasswordException
    When Ada tries to change the password to "abcdefg1!"
    Then the request is refused with InvalidPasswordException
    And Ada can sign in
