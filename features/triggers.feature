Feature: Functions at the pool's triggers
  A pool calls functions of its owner when people sign up, are confirmed, sign in, and when it writes
  to them. Each function hears whom it is about, and some may refuse.

  Background:
    Given a user pool that verifies e-mail addresses with a code

  Rule: Before a user signs up

    @mails:1 @pause
    Scenario: Only addresses of one domain are welcome
      Given the pool has a PreSignUp function that fails with "partners only" unless the address is at "partner.test"
      And a new user Ada
      And a new user Grace with an address at "partner.test"
      When Ada tries to sign up
      Then the request is refused with UserLambdaValidationException
      And the refusal says "partners only"
      And Ada receives no mail within 0.1 seconds
      When Grace signs up
      Then Grace receives a verification mail within 60 seconds

    @mails:1 @pause
    Scenario: Addresses of one domain are denied
      Given the pool has a PreSignUp function that fails with "no competitors" for addresses at "rival.test"
      And a new user Ada
      And a new user Eve with an address at "rival.test"
      When Eve tries to sign up
      Then the request is refused with UserLambdaValidationException
      And Eve receives no mail within 0.1 seconds
      When Ada signs up
      Then Ada receives a verification mail within 60 seconds

    @mails:1
    Scenario: A nickname that is taken is refused with a variation that is free
      Given the pool has a PreSignUp function that fails with "taken, try {request.userAttributes.nickname}-7" if "nickname" is "ada"
      And a new user Ada
      And Ada gives "ada" as "nickname"
      When Ada tries to sign up
      Then the request is refused with UserLambdaValidationException
      And the refusal says "taken, try ada-7"
      When Ada now gives "ada-7" as "nickname"
      And Ada signs up
      Then Ada receives a verification mail within 60 seconds
      And the PreSignUp function was called 2 times

  Rule: After a user was confirmed

    @mails:2 @pause
    Scenario: A function greets whom it hears of
      Given the pool has a PostConfirmation function that mails "Welcome to the shop, {request.userAttributes.email}" to the user
      And a new user Ada
      When Ada signs up
      Then Ada receives a verification mail within 60 seconds
      And Ada receives no mail within 0.1 seconds
      And the PostConfirmation function was never called
      When Ada confirms with the code of the latest mail
      Then Ada receives a mail that says "Welcome to the shop, ada." within 60 seconds
      And the PostConfirmation function was called 1 time
      And the PostConfirmation function received "PostConfirmation_ConfirmSignUp" as "triggerSource"
      And the PostConfirmation function received the e-mail address of Ada
      And the PostConfirmation function received "true" as "request.userAttributes.email_verified"

    @mails:1
    Scenario: A function that fails does not take the confirmation back
      Given the pool has a PostConfirmation function that fails with "no greeting today"
      And a new user Ada
      When Ada signs up
      Then Ada receives a verification mail within 60 seconds
      When Ada tries the code of the latest mail
      Then the request is refused with UserLambdaValidationException
      And Ada is CONFIRMED

  Rule: Before and after a sign-in

    @mails:0
    Scenario: A sign-in is refused while the shop is closed
      Given the pool has a function that confirms new users and verifies what they give
      And the pool has a PreAuthentication function that fails with "closed for maintenance"
      And a new user Ada
      When Ada signs up
      And Ada tries to sign in
      Then the request is refused with UserLambdaValidationException
      And the refusal says "closed for maintenance"

    @mails:0
    Scenario: Sign-ins are counted, and wrong passwords are not
      Given the pool has a function that confirms new users and verifies what they give
      And the pool has a PreAuthentication function that does nothing
      And the pool has a PostAuthentication function that does nothing
      And a new user Ada
      When Ada signs up
      And Ada signs in
      And Ada tries to sign in with a wrong password
      Then the request is refused with NotAuthorizedException
      When Ada signs in
      Then the PreAuthentication function was called 3 times
      And the PostAuthentication function was called 2 times
      And the PostAuthentication function received the e-mail address of Ada
