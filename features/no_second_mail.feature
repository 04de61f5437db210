@diagnosis
Feature: Why the second mail does not come
  A user signs up, is deleted, and signs up again; the second mail is missing. Each scenario makes it
  go missing in one way, as it happens on AWS, and demands that the diagnosis names that cause and is
  certain of no other.

  Rule: The request never asked for a mail

    @mails:1
    Scenario: The pool stopped verifying e-mail addresses
      Given a user pool that verifies e-mail addresses with a code
      And a new user Ada
      When Ada signs up
      Then Ada receives a verification mail within 10 seconds
      When an administrator deletes Ada
      And the pool stops verifying e-mail addresses
      And Ada signs up again
      Then Ada receives no mail within 0.1 seconds
      And the diagnosis is certain of config-drift, and then of auto-verify-off

    @mails:0
    Scenario: The pool never verified e-mail addresses
      Given a user pool that verifies e-mail addresses with a code
      And the pool does not verify e-mail addresses
      And a new user Ada
      When Ada signs up
      Then Ada receives no mail within 0.1 seconds
      And the diagnosis is certain of auto-verify-off

    @mails:1
    Scenario: The PreSignUp function confirms whom it has seen before
      Given a user pool that verifies e-mail addresses with a code
      And a new user Ada
      When Ada signs up
      Then Ada receives a verification mail within 10 seconds
      When an administrator deletes Ada
      And the pool gets a PreSignUp function that sets "autoConfirmUser" to "true"
      And Ada signs up again
      Then Ada receives no mail within 0.1 seconds
      And the diagnosis is certain of pre-signup-auto-confirm

    @mails:1
    Scenario: The second sign-up leaves the address out
      Given a user pool that verifies e-mail addresses with a code
      And a new user Ada
      When Ada signs up
      Then Ada receives a verification mail within 10 seconds
      When an administrator deletes Ada
      And Ada signs up again without an e-mail address
      Then Ada receives no mail within 0.1 seconds
      And the diagnosis is certain of no-email-attribute

    @mails:1
    Scenario: The pool started to verify phone numbers
      Given a user pool that verifies e-mail addresses with a code
      And a new user Ada with the phone number "+15555550100"
      When Ada signs up
      Then Ada receives a verification mail within 10 seconds
      When an administrator deletes Ada
      And the pool starts to verify phone numbers too
      And Ada signs up again
      Then Ada receives no mail within 0.1 seconds
      And the diagnosis is certain of phone-preferred

    @mails:0
    Scenario: The pool verifies phone numbers too
      Given a user pool that verifies e-mail addresses with a code
      And the pool verifies phone numbers too
      And a new user Ada with the phone number "+15555550100"
      When Ada signs up
      Then Ada receives no mail within 0.1 seconds
      And the diagnosis is certain of phone-preferred

    @mails:1
    Scenario: An administrator makes the user again, without an invitation
      Given a user pool that verifies e-mail addresses with a code
      And a new user Ada
      When Ada signs up
      Then Ada receives a verification mail within 10 seconds
      When an administrator deletes Ada
      And an administrator creates Ada without an invitation
      Then Ada receives no mail within 0.1 seconds
      And the diagnosis is certain of admin-created-no-verification-mail

    @mails:1
    Scenario: An administrator makes the user again, and names no medium
      Given a user pool that verifies e-mail addresses with a code
      And a new user Ada
      When Ada signs up
      Then Ada receives a verification mail within 10 seconds
      When an administrator deletes Ada
      And an administrator creates Ada without naming a medium
      Then Ada receives no mail within 0.1 seconds
      And the diagnosis is certain of admin-created-no-verification-mail

    @mails:0
    Scenario: A user with a temporary password asks for a code
      Given a user pool that verifies e-mail addresses with a code
      And a new user Ada
      When an administrator creates Ada without an invitation
      And Ada tries to ask for another code
      Then the diagnosis is certain of admin-created-no-verification-mail

    @mails:0
    Scenario: A user with a temporary password has forgotten it
      Given a user pool that verifies e-mail addresses with a code
      And a new user Ada
      When an administrator creates Ada without an invitation
      And Ada tries to ask for a new password
      Then the diagnosis is certain of admin-created-no-verification-mail

    @mails:1
    Scenario: The invitation has no place for the password
      Given a user pool that verifies e-mail addresses with a code
      And the pool invites with the text "Welcome, {username}"
      And a new user Ada
      When Ada signs up
      Then Ada receives a verification mail within 10 seconds
      When an administrator deletes Ada
      And an administrator invites Ada
      Then Ada receives no mail within 0.1 seconds
      And the diagnosis is certain of invite-template-without-placeholder

    @mails:1
    Scenario: Somebody else confirmed the user
      Given an AWS account of its own that keeps every log
      And a user pool that verifies e-mail addresses with a code
      And a new user Ada
      When Ada signs up
      Then Ada receives a verification mail within 10 seconds
      When somebody else confirms Ada
      And Ada tries to ask for another code
      Then the diagnosis is certain of confirmed-by-someone-else, and then of already-confirmed

    @mails:1
    Scenario: A changed address is not verified
      Given a user pool that verifies e-mail addresses with a code
      And a new user Grace
      And a new user Ada
      When Ada signs up
      Then Ada receives a verification mail within 10 seconds
      When Ada confirms with the code of the latest mail
      And the pool stops verifying e-mail addresses
      And Ada changes the e-mail address to that of Grace
      Then Ada receives no mail within 0.1 seconds
      And the diagnosis is certain of config-drift, and then of attribute-update-rules

    @mails:1
    Scenario: The code for a changed address goes to the new one
      Given a user pool that verifies e-mail addresses with a code
      And the pool keeps an address until the new one is confirmed
      And a new user Grace
      And a new user Ada
      When Ada signs up
      Then Ada receives a verification mail within 10 seconds
      When Ada confirms with the code of the latest mail
      And Ada changes the e-mail address to that of Grace
      Then Ada receives no mail within 0.1 seconds
      And the diagnosis is certain of attribute-update-rules

    @mails:1
    Scenario: The user was deleted from the wrong pool
      Given a user pool that verifies e-mail addresses with a code
      And another user pool beside it
      And a new user Ada
      When Ada signs up
      Then Ada receives a verification mail within 10 seconds
      When an administrator tries to delete Ada in the other pool
      And Ada tries to sign up again
      Then the diagnosis is certain of wrong-pool-client-or-region, and then of delete-did-not-delete

    @mails:1
    Scenario: The second sign-up goes to the wrong pool
      Given a user pool that verifies e-mail addresses with a code
      And another user pool beside it
      And a new user Ada
      When Ada signs up
      Then Ada receives a verification mail within 10 seconds
      When an administrator deletes Ada
      And Ada signs up again in the other pool
      Then Ada receives no mail within 0.1 seconds
      And the diagnosis is certain of wrong-pool-client-or-region

    @mails:1
    Scenario: A deleted user asks for another code
      Given a user pool that verifies e-mail addresses with a code
      And an app client that hides which users exist
      And a new user Ada
      When Ada signs up
      Then Ada receives a verification mail within 10 seconds
      When an administrator deletes Ada
      And Ada asks for another code
      Then Ada receives no mail within 0.1 seconds
      And the diagnosis is certain of resend-to-deleted-user-simulated

    @mails:1
    Scenario: A deleted user has forgotten the password
      Given a user pool that verifies e-mail addresses with a code
      And an app client that hides which users exist
      And a new user Ada
      When Ada signs up
      Then Ada receives a verification mail within 10 seconds
      When an administrator deletes Ada
      And Ada asks for a new password
      Then Ada receives no mail within 0.1 seconds
      And the diagnosis is certain of forgot-password-simulated

    @mails:1
    Scenario: A user without a verified address has forgotten the password
      Given a user pool that verifies e-mail addresses with a code
      And an app client that hides which users exist
      And a new user Ada
      When Ada signs up
      Then Ada receives a verification mail within 10 seconds
      When Ada asks for a new password
      Then Ada receives no mail within 0.1 seconds
      And the diagnosis is certain of forgot-password-simulated

    @mails:1
    Scenario: Cognito says that the address is not verified
      Given a user pool that verifies e-mail addresses with a code
      And a new user Ada
      When Ada signs up
      Then Ada receives a verification mail within 10 seconds
      When Ada tries to ask for a new password
      Then the diagnosis is certain of forgot-password-simulated

    @mails:0
    Scenario: The application says that a code was sent
      Given an AWS account of its own that keeps every log
      And a user pool that verifies e-mail addresses with a code
      And a new user Ada
      When an application signs Ada up with the password "short" and hides the answer
      Then Ada receives no mail within 0.1 seconds
      And the diagnosis calls client-swallowed-error likely

  Rule: Cognito refused

    @mails:1
    Scenario: The pool was changed to links without a domain
      Given a user pool that verifies e-mail addresses with a code
      And a new user Ada
      When Ada signs up
      Then Ada receives a verification mail within 10 seconds
      When an administrator deletes Ada
      And the pool is changed to confirm by link
      And Ada tries to sign up again
      Then the diagnosis is certain of config-drift, and then of link-mode-no-domain

    @mails:1
    Scenario: The pool's domain was deleted
      Given a user pool that verifies e-mail addresses with a code
      And the pool has a domain
      And a new user Ada
      When Ada signs up
      Then Ada receives a verification mail within 10 seconds
      When an administrator deletes Ada
      And the pool is changed to confirm by link
      And the pool's domain is deleted
      And Ada tries to sign up again
      Then the diagnosis is certain of config-drift, and then of link-mode-no-domain

    @mails:0
    Scenario: The pool confirms by link and never had a domain
      Given a user pool that verifies e-mail addresses with a code
      And the pool confirms by link
      And a new user Ada
      When Ada tries to sign up
      Then the diagnosis is certain of link-mode-no-domain

    @mails:1
    Scenario: Sign-ups were switched off
      Given a user pool that verifies e-mail addresses with a code
      And a new user Ada
      When Ada signs up
      Then Ada receives a verification mail within 10 seconds
      When an administrator deletes Ada
      And the pool is changed to let only administrators create users
      And Ada tries to sign up again
      Then the diagnosis is certain of config-drift, and then of signup-disabled

    @mails:0
    Scenario: Sign-ups were never allowed
      Given a user pool that verifies e-mail addresses with a code
      And the pool lets only administrators create users
      And a new user Ada
      When Ada tries to sign up
      Then the diagnosis is certain of signup-disabled

    @mails:1
    Scenario: The secret hash is made of another secret
      Given a user pool that verifies e-mail addresses with a code
      And an app client with a secret
      And a new user Ada
      When Ada signs up
      Then Ada receives a verification mail within 10 seconds
      When an administrator deletes Ada
      And Ada tries to sign up again with a wrong client secret
      Then the diagnosis is certain of client-or-secret-wrong

    @mails:1
    Scenario: The app client is gone
      Given a user pool that verifies e-mail addresses with a code
      And a new user Ada
      When Ada signs up
      Then Ada receives a verification mail within 10 seconds
      When an administrator deletes Ada
      And Ada tries to sign up again through an app client that was deleted
      Then the diagnosis is certain of client-or-secret-wrong

    @mails:1
    Scenario: The password is too short
      Given a user pool that verifies e-mail addresses with a code
      And a new user Ada
      When Ada signs up
      Then Ada receives a verification mail within 10 seconds
      When an administrator deletes Ada
      And Ada tries to sign up again with the password "short"
      Then the diagnosis is certain of signup-validation-rejected

    @mails:1
    Scenario: A web ACL blocks the second sign-up
      Given a user pool that verifies e-mail addresses with a code
      And a new user Ada
      When Ada signs up
      Then Ada receives a verification mail within 10 seconds
      When an administrator deletes Ada
      And a web ACL blocks sign-ups
      And Ada tries to sign up again
      Then the diagnosis is certain of waf-block

    @mails:1
    Scenario: The address is still there
      Given a user pool that verifies e-mail addresses with a code
      And a new user Ada
      When Ada signs up
      Then Ada receives a verification mail within 10 seconds
      When Ada tries to sign up again
      Then the diagnosis is certain of username-exists-unconfirmed-leftover

    @mails:1
    Scenario: The deletion failed, and nobody noticed
      Given a user pool that verifies e-mail addresses with a code
      And a new user Ada
      When Ada signs up
      Then Ada receives a verification mail within 10 seconds
      When Cognito fails to delete users
      And an administrator tries to delete Ada
      And Ada tries to sign up again
      Then the diagnosis is certain of delete-did-not-delete

    @mails:1
    Scenario: The deletion succeeded, and the user is still there
      Given a user pool that verifies e-mail addresses with a code
      And a new user Ada
      When Ada signs up
      Then Ada receives a verification mail within 10 seconds
      When deletions take 3600 seconds to be seen
      And an administrator deletes Ada
      And Ada tries to sign up again
      Then the diagnosis is certain of delete-did-not-delete

    @mails:1
    Scenario: The sign-up came too soon after the deletion
      Given an AWS account of its own
      And a user pool that verifies e-mail addresses with a code
      And a new user Ada
      When Ada signs up
      Then Ada receives a verification mail within 10 seconds
      When deletions take 60 seconds to be seen
      And an administrator deletes Ada
      And Ada tries to sign up again
      And 2 hours pass
      Then the diagnosis only suspects delete-not-yet-consistent

    @mails:2
    Scenario: The address belongs to another user
      Given a user pool with e-mail addresses as aliases
      And a new user Ada with the username "ada-1"
      When Ada signs up
      Then Ada receives a verification mail within 10 seconds
      When Ada confirms with the code of the latest mail
      And Ada signs up again under the name "ada-2"
      Then Ada receives another, different verification mail within 10 seconds
      When Ada tries the code of the latest mail
      Then the diagnosis is certain of alias-exists-at-confirm

    @mails:0
    Scenario: A pool with aliases takes no address for a name
      Given a user pool with e-mail addresses as aliases
      And a new user Ada
      When Ada tries to sign up
      Then the diagnosis is certain of username-format-rejected

    @mails:1
    Scenario: A pool of addresses takes no other name
      Given a user pool whose users sign in with their e-mail address
      And a new user Ada
      When Ada signs up
      Then Ada receives a verification mail within 10 seconds
      When an administrator deletes Ada
      And Ada tries to sign up again under the name "ada"
      Then the diagnosis is certain of username-format-rejected

    @mails:1
    Scenario: The name is written in two ways
      Given a user pool that respects capitals in usernames
      And a new user Ada
      When Ada signs up
      Then Ada receives a verification mail within 10 seconds
      When Ada tries to ask for another code with the address in capitals
      Then the diagnosis is certain of username-case-mismatch

    @mails:1
    Scenario: There are too many sign-ups in a second
      Given a user pool that verifies e-mail addresses with a code
      And a new user Ada
      When Ada signs up
      Then Ada receives a verification mail within 10 seconds
      When an administrator deletes Ada
      And Cognito throttles sign-ups
      And Ada tries to sign up again
      Then the diagnosis is certain of api-rate-throttled

    @mails:1
    Scenario: The user asked for too many codes
      Given a user pool that verifies e-mail addresses with a code
      And a new user Ada
      When Ada signs up
      Then Ada receives a verification mail within 10 seconds
      When Ada asks for 5 more codes
      And Ada tries to ask for another code
      Then the diagnosis is certain of resend-hourly-limit
      And the diagnosis also notes quota-burnt-by-tests

    @mails:1
    Scenario: The mails of the day are used up
      Given an AWS account of its own that keeps every log
      And Cognito's own sender sends 1 mail a day
      And a user pool that verifies e-mail addresses with a code
      And a new user Ada
      When Ada signs up
      Then Ada receives a verification mail within 10 seconds
      When an administrator deletes Ada
      And Ada tries to sign up again
      Then the diagnosis is certain of default-mail-daily-quota
      And the diagnosis also notes default-mail-bounce-restricted

    @mails:1
    Scenario: The mails of the day are used up, and the refused sign-up left its user behind
      Given an AWS account of its own
      And Cognito's own sender sends 1 mail a day
      And a user pool that verifies e-mail addresses with a code
      And a new user Ada
      When Ada signs up
      Then Ada receives a verification mail within 10 seconds
      When an administrator deletes Ada
      And Ada tries to sign up again
      And Ada tries to sign up again
      Then the diagnosis is certain of default-mail-daily-quota, and then of username-exists-unconfirmed-leftover

    @mails:0
    Scenario: The pool has no domain, and the refused sign-up left its user behind
      Given a user pool that verifies e-mail addresses with a code
      And the pool confirms by link
      And a new user Ada
      When Ada tries to sign up
      And Ada tries to sign up again
      Then the diagnosis is certain of link-mode-no-domain, and then of username-exists-unconfirmed-leftover

    @mails:1
    Scenario: A confirmed user asks for another code
      Given a user pool that verifies e-mail addresses with a code
      And a new user Ada
      When Ada signs up
      Then Ada receives a verification mail within 10 seconds
      When Ada confirms with the code of the latest mail
      And Ada tries to ask for another code
      Then the diagnosis is certain of already-confirmed

    @mails:1
    Scenario: The PreSignUp function remembers the address
      Given a user pool that verifies e-mail addresses with a code
      And a new user Ada
      When Ada signs up
      Then Ada receives a verification mail within 10 seconds
      When an administrator deletes Ada
      And the pool gets a PreSignUp function that fails with "address seen before"
      And Ada tries to sign up again
      Then the diagnosis is certain of pre-signup-rejected

    @mails:2
    Scenario: The PostConfirmation function remembers the address
      Given a user pool that verifies e-mail addresses with a code
      And a new user Ada
      When Ada signs up
      Then Ada receives a verification mail within 10 seconds
      When an administrator deletes Ada
      And the pool gets a PostConfirmation function that fails with "duplicate key"
      And Ada signs up again
      Then Ada receives another, different verification mail within 10 seconds
      When Ada tries the code of the latest mail
      Then the diagnosis is certain of post-confirmation-side-table

    @mails:1
    Scenario: The PreSignUp function is gone
      Given a user pool that verifies e-mail addresses with a code
      And a new user Ada
      When Ada signs up
      Then Ada receives a verification mail within 10 seconds
      When an administrator deletes Ada
      And the pool gets a PreSignUp function that does not exist
      And Ada tries to sign up again
      Then the diagnosis is certain of trigger-broken

    @mails:1
    Scenario: The CustomMessage function answers rubbish
      Given a user pool that verifies e-mail addresses with a code
      And a new user Ada
      When Ada signs up
      Then Ada receives a verification mail within 10 seconds
      When an administrator deletes Ada
      And the pool gets a CustomMessage function that answers "rubbish"
      And Ada tries to sign up again
      Then the diagnosis is certain of trigger-broken

    @mails:1
    Scenario: The CustomMessage function forgets the code
      Given a user pool that verifies e-mail addresses with a code
      And a new user Ada
      When Ada signs up
      Then Ada receives a verification mail within 10 seconds
      When an administrator deletes Ada
      And the pool gets a CustomMessage function that sets "emailMessage" to "Welcome back"
      And Ada tries to sign up again
      Then the diagnosis is certain of custom-message-invalid

  Rule: The checker itself

    @mails:2
    Scenario: The code of the first mail is taken for the second
      Given a user pool that verifies e-mail addresses with a code
      And a new user Ada
      When Ada signs up
      Then Ada receives a verification mail within 10 seconds
      When an administrator deletes Ada
      And Ada signs up again
      Then Ada receives another, different verification mail within 10 seconds
      When Ada tries the code of the first mail
      Then the diagnosis is certain of stale-first-code

    @mails:1
    Scenario: The code is too old
      Given an AWS account of its own
      And a user pool that verifies e-mail addresses with a code
      And a new user Ada
      When Ada signs up
      Then Ada receives a verification mail within 10 seconds
      When 25 hours pass
      And Ada tries the code of the latest mail
      Then the diagnosis is certain of code-expired-or-attempts-used

    @mails:2
    Scenario: The mail carries a link where a code was expected
      Given a user pool that verifies e-mail addresses with a code
      And the pool has a domain
      And a new user Ada
      When Ada signs up
      Then Ada receives a verification mail within 10 seconds
      When an administrator deletes Ada
      And the pool is changed to confirm by link
      And Ada signs up again
      Then Ada receives a mail without a readable code within 10 seconds
      And the diagnosis is certain of parse-failure

    @mails:2
    Scenario: The mail has several numbers that could be the code
      Given a user pool that verifies e-mail addresses with a code
      And a new user Ada
      When Ada signs up
      Then Ada receives a verification mail within 10 seconds
      When an administrator deletes Ada
      And the pool gets a CustomMessage function that sets "emailMessage" to "Your code: {####}. Your code: 123456."
      And Ada signs up again
      Then Ada receives a mail without a readable code within 10 seconds
      And the diagnosis is certain of parse-failure

    @mails:1
    Scenario: The server's clock is ahead
      Given an AWS account of its own
      And a user pool that verifies e-mail addresses with a code
      And a new user Ada
      When Ada signs up
      Then Ada receives a verification mail within 10 seconds
      When an administrator deletes Ada
      And 2 hours pass
      And the pool stops verifying e-mail addresses
      And Ada signs up again
      Then Ada receives no mail within 0.1 seconds
      And the diagnosis is certain of config-drift, and then of auto-verify-off
      And the diagnosis also notes clock-skew

    @mails:0
    Scenario: Nothing keeps the logs that would tell
      Given a user pool that verifies e-mail addresses with a code
      And the pool does not verify e-mail addresses
      And a new user Ada
      When Ada signs up
      Then Ada receives no mail within 0.1 seconds
      And the diagnosis is certain of auto-verify-off
      And the diagnosis also notes evidence-not-configured

  Rule: Two things went wrong

    @mails:1
    Scenario: The function refuses whom the pool would not have mailed anyway
      Given a user pool that verifies e-mail addresses with a code
      And a new user Ada
      When Ada signs up
      Then Ada receives a verification mail within 10 seconds
      When an administrator deletes Ada
      And the pool stops verifying e-mail addresses
      And the pool gets a PreSignUp function that fails with "address seen before"
      And Ada tries to sign up again
      Then the diagnosis is certain of config-drift, and then of pre-signup-rejected

    @mails:1
    Scenario: The deletion failed, and the pool was changed to links
      Given a user pool that verifies e-mail addresses with a code
      And a new user Ada
      When Ada signs up
      Then Ada receives a verification mail within 10 seconds
      When Cognito fails to delete users
      And an administrator tries to delete Ada
      And the pool is changed to confirm by link
      And Ada tries to sign up again
      Then the diagnosis is certain of delete-did-not-delete, and then of config-drift

    @mails:1
    Scenario: A web ACL blocks what the quota would refuse
      Given an AWS account of its own
      And Cognito's own sender sends 1 mail a day
      And a user pool that verifies e-mail addresses with a code
      And a new user Ada
      When Ada signs up
      Then Ada receives a verification mail within 10 seconds
      When an administrator deletes Ada
      And a web ACL blocks sign-ups
      And Ada tries to sign up again
      Then the diagnosis is certain of waf-block

    @mails:1
    Scenario: The deleted user asks for a code in a pool that sends none
      Given a user pool that verifies e-mail addresses with a code
      And an app client that hides which users exist
      And a new user Ada
      When Ada signs up
      Then Ada receives a verification mail within 10 seconds
      When an administrator deletes Ada
      And the pool starts to verify phone numbers too
      And Ada asks for another code
      Then Ada receives no mail within 0.1 seconds
      And the diagnosis is certain of resend-to-deleted-user-simulated

  Rule: Nothing is wrong

    @mails:2
    Scenario: A second mail from a pool of any names
      Given a user pool that verifies e-mail addresses with a code
      And a new user Ada
      When Ada signs up
      Then Ada receives a verification mail within 10 seconds
      When an administrator deletes Ada
      And Ada signs up again
      Then Ada receives another, different verification mail within 10 seconds
      And the diagnosis finds nothing wrong with the mail of Ada

    @mails:2
    Scenario: A second mail from a pool of addresses
      Given a user pool whose users sign in with their e-mail address
      And a new user Ada
      When Ada signs up
      Then Ada receives a verification mail within 10 seconds
      When an administrator deletes Ada
      And Ada signs up again
      Then Ada receives another, different verification mail within 10 seconds
      And the diagnosis finds nothing wrong with the mail of Ada

    @mails:2
    Scenario: A second mail from a pool with aliases
      Given a user pool with e-mail addresses as aliases
      And a new user Ada with the username "ada-1"
      When Ada signs up
      Then Ada receives a verification mail within 10 seconds
      When an administrator deletes Ada
      And Ada signs up again
      Then Ada receives another, different verification mail within 10 seconds
      And the diagnosis finds nothing wrong with the mail of Ada

    @mails:2
    Scenario: A second mail from a pool that respects capitals
      Given a user pool that respects capitals in usernames
      And a new user Ada
      When Ada signs up
      Then Ada receives a verification mail within 10 seconds
      When an administrator deletes Ada
      And Ada signs up again
      Then Ada receives another, different verification mail within 10 seconds
      And the diagnosis finds nothing wrong with the mail of Ada

    @mails:2
    Scenario: A second mail through a client that hides users
      Given a user pool that verifies e-mail addresses with a code
      And an app client that hides which users exist
      And a new user Ada
      When Ada signs up
      Then Ada receives a verification mail within 10 seconds
      When an administrator deletes Ada
      And Ada signs up again
      Then Ada receives another, different verification mail within 10 seconds
      And the diagnosis finds nothing wrong with the mail of Ada

    @mails:2
    Scenario: A second mail where every log is kept
      Given an AWS account of its own that keeps every log
      And a user pool that verifies e-mail addresses with a code
      And a new user Ada
      When Ada signs up
      Then Ada receives a verification mail within 10 seconds
      When an administrator deletes Ada
      And Ada signs up again
      Then Ada receives another, different verification mail within 10 seconds
      And the diagnosis finds nothing wrong with the mail of Ada

    @mails:2
    Scenario: Another code
      Given a user pool that verifies e-mail addresses with a code
      And a new user Ada
      When Ada signs up
      Then Ada receives a verification mail within 10 seconds
      When Ada asks for another code
      Then Ada receives another, different verification mail within 10 seconds
      And the diagnosis finds nothing wrong with the mail of Ada
