Feature: Attributes
  What a pool knows of its users: some of it must be given at sign-up, some never changes, and a new
  address has to be verified again.

  Rule: At sign-up

    @mails:1
    Scenario: A required attribute must be given
      Given a user pool that requires the attribute "name"
      And a new user Ada
      When Ada tries to sign up
      Then the request is refused with InvalidParameterException
      And the refusal says "name: The attribute is required"
      Given Ada gives "Ada Lovelace" as "name"
      When Ada signs up
      Then Ada receives a verification mail within 60 seconds
      And the attribute "name" of Ada is "Ada Lovelace"

    @mails:0
    Scenario: An attribute that the pool does not have is refused
      Given a user pool that verifies e-mail addresses with a code
      And a new user Ada whose "custom:team" is "blue"
      When Ada tries to sign up
      Then the request is refused with InvalidParameterException

    @mails:1
    Scenario: A custom attribute has the length that the pool allows
      Given a user pool with the custom attribute "team" of at most 8 characters
      And a new user Ada whose "custom:team" is "blue"
      When Ada signs up
      Then Ada receives a verification mail within 60 seconds
      And the attribute "custom:team" of Ada is "blue"
      When Ada confirms with the code of the latest mail
      And Ada tries to change the attribute "custom:team" to a text of 9 characters
      Then the request is refused with InvalidParameterException
      And the attribute "custom:team" of Ada is "blue"

  Rule: Later

    @mails:1
    Scenario: Users change what they said of themselves
      Given a user pool that verifies e-mail addresses with a code
      And a new user Ada whose "nickname" is "Ada"
      When Ada signs up
      Then Ada receives a verification mail within 60 seconds
      When Ada confirms with the code of the latest mail
      And Ada changes the attribute "nickname" to "Countess"
      Then the attribute "nickname" of Ada is "Countess"
      When Ada takes the attribute "nickname" away
      Then Ada has no attribute "nickname"
      When an administrator changes the attribute "nickname" of Ada to "Enchantress"
      Then the attribute "nickname" of Ada is "Enchantress"

    @mails:1
    Scenario: What never changes stays as it was given
      Given a user pool with the custom attribute "badge" that never changes
      And a new user Ada whose "custom:badge" is "1815"
      When Ada signs up
      Then Ada receives a verification mail within 60 seconds
      When Ada confirms with the code of the latest mail
      And Ada tries to change the attribute "custom:badge" to "1852"
      Then the request is refused with InvalidParameterException
      When an administrator tries to change the attribute "custom:badge" of Ada to "1852"
      Then the request is refused with InvalidParameterException
      And the attribute "custom:badge" of Ada is "1815"

  Rule: A new e-mail address

    @mails:2
    Scenario: A new address counts at once, but as unverified
      Given a user pool that verifies e-mail addresses with a code
      And the pool replaces an address at once
      And a new user Ada
      When Ada signs up
      Then Ada receives a verification mail within 60 seconds
      When Ada confirms with the code of the latest mail
      And Ada changes the e-mail address to a new one
      Then Ada receives another, different verification mail within 60 seconds
      And the e-mail address of Ada is the new one
      And the e-mail address of Ada is not verified
      When Ada tries to verify the e-mail address with a wrong code
      Then the request is refused with CodeMismatchException
      When Ada verifies the e-mail address with the code of the latest mail
      Then the e-mail address of Ada is verified

    @mails:2
    Scenario: Where the pool keeps the address, the old one counts until the new one is verified
      Given a user pool that verifies e-mail addresses with a code
      And the pool keeps an address until the new one is confirmed
      And a new user Ada
      When Ada signs up
      Then Ada receives a verification mail within 60 seconds
      When Ada confirms with the code of the latest mail
      And Ada changes the e-mail address to a new one
      Then Ada receives another, different verification mail within 60 seconds
      And the e-mail address of Ada is still the old one
      And the e-mail address of Ada is verified
      When Ada verifies the e-mail address with the code of the latest mail
      Then the e-mail address of Ada is the new one
      And the e-mail address of Ada is verified

    @mails:2
    Scenario: Who was confirmed by hand asks for a code later
      Given a user pool that verifies e-mail addresses with a code
      And a new user Ada
      When Ada signs up
      Then Ada receives a verification mail within 60 seconds
      When an administrator confirms Ada
      And Ada asks for a code for the e-mail address
      Then Ada receives another, different verification mail within 60 seconds
      When Ada verifies the e-mail address with the code of the latest mail
      Then the e-mail address of Ada is verified

    @mails:2
    Scenario: An administrator's change is verified by the user, or vouched for
      Given a user pool that verifies e-mail addresses with a code
      And the pool replaces an address at once
      And a new user Ada
      When Ada signs up
      Then Ada receives a verification mail within 60 seconds
      When Ada confirms with the code of the latest mail
      And an administrator changes the e-mail address of Ada to a new one
      Then Ada receives another, different verification mail within 60 seconds
      And the e-mail address of Ada is not verified
      When an administrator vouches for the e-mail address of Ada
      Then the e-mail address of Ada is verified
