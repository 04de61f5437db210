Feature: Users whom an administrator makes
  An administrator invites a person, whom a mail brings a temporary password. The first sign-in
  replaces it.

  @mails:1
  Scenario: The invitation leads to the first sign-in
    Given a user pool that verifies e-mail addresses with a code
    And a new user Ada
    When an administrator invites Ada
    Then Ada receives an invitation within 60 seconds
    And Ada is FORCE_CHANGE_PASSWORD
    And Ada must choose a new password to sign in
    When Ada signs in with the temporary password and chooses another
    Then Ada is CONFIRMED
    And the e-mail address of Ada is not verified
    And Ada can sign in

  @mails:1
  Scenario: The invitation has the pool's own words
    Given a user pool that verifies e-mail addresses with a code
    And the pool invites with the text "<p>Welcome, {username}.</p><p>Begin with {####}</p>"
    And a new user Ada
    When an administrator invites Ada
    Then Ada receives an invitation within 60 seconds
    When Ada signs in with the temporary password and chooses another
    Then Ada is CONFIRMED

  @mails:2
  Scenario: A second invitation brings another password, and the first one ends
    Given a user pool that verifies e-mail addresses with a code
    And a new user Ada
    When an administrator invites Ada
    Then Ada receives an invitation within 60 seconds
    When an administrator invites Ada again
    Then Ada receives an invitation within 60 seconds
    When Ada tries to sign in with the first temporary password
    Then the request is refused with NotAuthorizedException
    When Ada signs in with the temporary password and chooses another
    Then Ada is CONFIRMED

  @mails:0 @pause
  Scenario: Without an invitation nobody hears of the user
    Given a user pool that verifies e-mail addresses with a code
    And a new user Ada
    When an administrator creates Ada without an invitation
    Then Ada receives no mail within 0.1 seconds
    And Ada is FORCE_CHANGE_PASSWORD
    When an administrator sets a password for Ada
    Then Ada is CONFIRMED
    And Ada can sign in

  @mails:2
  Scenario: An address that the administrator vouches for recovers the account
    Given a user pool that verifies e-mail addresses with a code
    And users recover their accounts by mail
    And a new user Ada
    When an administrator invites Ada with a verified address
    Then Ada receives an invitation within 60 seconds
    And the e-mail address of Ada is verified
    When Ada signs in with the temporary password and chooses another
    And Ada asks for a new password
    Then Ada receives a verification mail within 60 seconds
    When Ada sets a new password with the code of the latest mail
    Then Ada can sign in

  @mails:1 @pause
  Scenario: Who is invited already is not made again, and gets no mail
    Given a user pool that verifies e-mail addresses with a code
    And a new user Ada
    When an administrator invites Ada
    Then Ada receives an invitation within 60 seconds
    When an administrator tries to invite Ada
    Then the request is refused with UsernameExistsException
    And Ada receives no mail within 0.1 seconds

  @mails:1
  Scenario: The first password of one's own has to satisfy the policy
    Given a user pool that verifies e-mail addresses with a code
    And a new user Ada
    When an administrator invites Ada
    Then Ada receives an invitation within 60 seconds
    When Ada tries to choose the password "short" at the first sign-in
    Then the request is refused with InvalidPasswordException
    And Ada is FORCE_CHANGE_PASSWORD

  @mails:1
  Scenario: Where sign-ups are closed, invitations still work
    Given a user pool that verifies e-mail addresses with a code
    And the pool lets only administrators create users
    And a new user Ada
    When Ada tries to sign up
    Then the request is refused with NotAuthorizedException
    When an administrator invites Ada
    Then Ada receives an invitation within 60 seconds

  @mails:2
  Scenario: A temporary password ends after its days, and another invitation helps
    Given an AWS account of its own
    And a user pool that verifies e-mail addresses with a code
    And temporary passwords last 1 day
    And a new user Ada
    When an administrator invites Ada
    Then Ada receives an invitation within 60 seconds
    When 25 hours pass
    And Ada tries to sign in with the temporary password
    Then the request is refused with NotAuthorizedException
    When an administrator invites Ada again
    Then Ada receives an invitation within 60 seconds
    When Ada signs in with the temporary password and chooses another
    Then Ada is CONFIRMED
