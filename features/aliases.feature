Feature: Aliases
  In a pool with aliases, users have a name and may sign in by their verified address instead. An
  address is the alias of one user at a time.

  Rule: The e-mail address

    @mails:1
    Scenario: The address is an alias once it is verified
      Given a user pool with e-mail addresses as aliases
      And a new user Ada with the username "ada"
      When Ada signs up
      Then Ada receives a verification mail within 60 seconds
      And Ada cannot sign in with the e-mail address
      When Ada confirms with the code of the latest mail
      Then Ada can sign in with the e-mail address
      And Ada can sign in

    @mails:2
    Scenario: The address of another user is refused at the confirmation
      Given a user pool with e-mail addresses as aliases
      And a new user Ada with the username "ada"
      And a new user Grace with the username "grace" and the address of Ada
      When Ada signs up
      Then Ada receives a verification mail within 60 seconds
      When Ada confirms with the code of the latest mail
      And Grace signs up
      Then Grace receives a verification mail within 60 seconds
      When Grace tries the code of the latest mail
      Then the request is refused with AliasExistsException
      And Grace is UNCONFIRMED
      And Ada can sign in with the e-mail address

    @mails:2
    Scenario: Taking the address leaves its former owner unverified
      Given a user pool with e-mail addresses as aliases
      And a new user Ada with the username "ada"
      And a new user Grace with the username "grace" and the address of Ada
      When Ada signs up
      Then Ada receives a verification mail within 60 seconds
      When Ada confirms with the code of the latest mail
      And Grace signs up
      Then Grace receives a verification mail within 60 seconds
      When Grace confirms with the code of the latest mail and takes the address from its owner
      Then Grace can sign in with the e-mail address
      And the e-mail address of Grace is verified
      And the e-mail address of Ada is not verified
      And Ada cannot sign in with the e-mail address
      And Ada can sign in

    @mails:2
    Scenario: Deleting the owner frees the address
      Given a user pool with e-mail addresses as aliases
      And a new user Ada with the username "ada"
      And a new user Grace with the username "grace" and the address of Ada
      When Ada signs up
      Then Ada receives a verification mail within 60 seconds
      When Ada confirms with the code of the latest mail
      And an administrator deletes Ada
      And Grace signs up
      Then Grace receives a verification mail within 60 seconds
      When Grace confirms with the code of the latest mail
      Then Grace can sign in with the e-mail address

  Rule: A name of one's own choice

    @mails:2
    Scenario: A preferred username is one user's alone
      Given a user pool with preferred usernames as aliases
      And a new user Ada
      And a new user Grace
      When Ada signs up
      Then Ada receives a verification mail within 60 seconds
      When Ada confirms with the code of the latest mail
      And Ada changes the attribute "preferred_username" to "countess"
      Then Ada can sign in as "countess"
      When Grace signs up
      Then Grace receives a verification mail within 60 seconds
      When Grace confirms with the code of the latest mail
      And Grace tries to change the attribute "preferred_username" to "countess"
      Then the request is refused with AliasExistsException
