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
      And users recover their accounts by mail
      And an app client that tells which users exist
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
      And an app client that tells which users exist
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

    @mails:0
    Scenario: The first mail met a full mailbox, and no second one was asked for
      Given a user pool that verifies e-mail addresses with a code
      And a new user Ada
      When the mail server of Ada answers "452 4.2.2 the mailbox is full"
      And Ada signs up
      Then Ada receives no mail within 0.1 seconds
      When an administrator deletes Ada
      And the pool stops verifying e-mail addresses
      And Ada signs up again
      Then Ada receives no mail within 0.1 seconds
      And the diagnosis is certain of config-drift, and then of auto-verify-off

    @mails:0
    Scenario: The first mail was refused for its sender, and no second one was asked for
      Given a user pool that verifies e-mail addresses with a code
      And a new user Ada
      When the mail server of Ada answers "421 4.7.26 unauthenticated mail from shop.test is refused by its DMARC policy"
      And Ada signs up
      Then Ada receives no mail within 0.1 seconds
      When an administrator deletes Ada
      And the pool stops verifying e-mail addresses
      And Ada signs up again
      Then Ada receives no mail within 0.1 seconds
      And the diagnosis is certain of config-drift, and then of auto-verify-off

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

  Rule: Cognito agreed, but did not hand the mail over

    @mails:1
    Scenario: Cognito holds back what is one mail too many for an address
      Given an AWS account of its own that keeps every log
      And a user pool that verifies e-mail addresses with a code
      And Cognito lets 1 mail an hour through to one address
      And a new user Ada
      When Ada signs up
      Then Ada receives a verification mail within 10 seconds
      When an administrator deletes Ada
      And Ada signs up again
      Then Ada receives no mail within 0.1 seconds
      And the diagnosis is certain of per-destination-throttle

    @mails:1
    Scenario: Without the log of delivery errors nothing proves that Cognito held a mail back
      Given a user pool that verifies e-mail addresses with a code
      And Cognito lets 1 mail an hour through to one address
      And a new user Ada
      When Ada signs up
      Then Ada receives a verification mail within 10 seconds
      When an administrator deletes Ada
      And Ada signs up again
      Then Ada receives no mail within 0.1 seconds
      And the diagnosis only suspects per-destination-throttle

    @mails:1
    Scenario: The function that mails in place of Cognito fails
      Given an AWS account of its own that keeps every log
      And a user pool that verifies e-mail addresses with a code
      And a new user Ada
      When Ada signs up
      Then Ada receives a verification mail within 10 seconds
      When an administrator deletes Ada
      And the pool gets a CustomEmailSender function that fails with "connect ETIMEDOUT smtp.example.com:25"
      And Ada signs up again
      Then Ada receives no mail within 0.1 seconds
      And the diagnosis is certain of custom-email-sender-swallowed
      And the diagnosis also notes config-drift

    @mails:0
    Scenario: The function that mails in place of Cognito passes over a sign-up
      Given an AWS account of its own that keeps every log
      And a user pool that verifies e-mail addresses with a code
      And the pool has a CustomEmailSender function that does nothing
      And a new user Ada
      When Ada signs up
      Then Ada receives no mail within 0.1 seconds
      And the diagnosis calls custom-email-sender-swallowed likely

    @mails:0
    Scenario: The function that mails in place of Cognito cannot decrypt the code
      Given an AWS account of its own that keeps every log
      And a user pool that verifies e-mail addresses with a code
      And the pool has a CustomEmailSender function that fails with "InvalidCiphertextException: the key is another one"
      And a new user Ada
      When Ada signs up
      Then Ada receives no mail within 0.1 seconds
      And the diagnosis is certain of custom-email-sender-kms

    @mails:0
    Scenario: Cognito mails faster than SES lets the account
      Given an AWS account of its own that keeps every log
      And a user pool that verifies e-mail addresses with a code
      And the pool mails through the account's own SES
      And SES lets the account send 1 mail a second
      And a new user Grace
      And a new user Ada
      When Grace signs up
      And Ada signs up
      Then Ada receives no mail within 0.1 seconds
      And the diagnosis is certain of handover-throttled-by-ses

    @mails:1
    Scenario: The reply-to address is none
      Given an AWS account of its own that keeps every log
      And a user pool that verifies e-mail addresses with a code
      And a new user Ada
      When Ada signs up
      Then Ada receives a verification mail within 10 seconds
      When an administrator deletes Ada
      And the answers to the pool's mails are to go to "help@@shop.test"
      And Ada tries to sign up again
      Then the diagnosis is certain of code-delivery-failure-other

  Rule: SES refused the mail, dropped it, or got it back

    @mails:0
    Scenario: The SES account is in the sandbox
      Given an AWS account of its own that keeps every log
      And a user pool that verifies e-mail addresses with a code
      And the pool mails through the account's own SES
      And the SES account is in the sandbox
      And a new user Ada
      When Ada tries to sign up
      Then the diagnosis is certain of ses-sandbox

    @mails:1
    Scenario: A pool is moved to an SES account that is still in the sandbox
      Given an AWS account of its own that keeps every log
      And a user pool that verifies e-mail addresses with a code
      And a new user Ada
      When Ada signs up
      Then Ada receives a verification mail within 10 seconds
      When an administrator deletes Ada
      And the pool is changed to mail through the account's own SES
      And the SES account goes back into the sandbox
      And Ada tries to sign up again
      Then the diagnosis is certain of ses-sandbox
      And the diagnosis also notes config-drift

    @mails:1
    Scenario: The sender loses its verification
      Given an AWS account of its own that keeps every log
      And a user pool that verifies e-mail addresses with a code
      And the pool mails through the account's own SES
      And a new user Ada
      When Ada signs up
      Then Ada receives a verification mail within 10 seconds
      When an administrator deletes Ada
      And the pool's sender is no longer verified
      And Ada tries to sign up again
      Then the diagnosis is certain of ses-identity-unverified

    @mails:1
    Scenario: The sender is deleted
      Given an AWS account of its own that keeps every log
      And a user pool that verifies e-mail addresses with a code
      And the pool mails through the account's own SES
      And a new user Ada
      When Ada signs up
      Then Ada receives a verification mail within 10 seconds
      When an administrator deletes Ada
      And the pool's sender is deleted from SES
      And Ada tries to sign up again
      Then the diagnosis is certain of ses-identity-unverified

    @mails:1
    Scenario: The sender is disabled
      Given an AWS account of its own that keeps every log
      And a user pool that verifies e-mail addresses with a code
      And the pool mails through the account's own SES
      And a new user Ada
      When Ada signs up
      Then Ada receives a verification mail within 10 seconds
      When an administrator deletes Ada
      And the pool's sender is disabled in SES
      And Ada tries to sign up again
      Then the diagnosis is certain of ses-reputation-entity-disabled

    @mails:1
    Scenario: Somebody pauses the account
      Given an AWS account of its own that keeps every log
      And a user pool that verifies e-mail addresses with a code
      And the pool mails through the account's own SES
      And a new user Ada
      When Ada signs up
      Then Ada receives a verification mail within 10 seconds
      When an administrator deletes Ada
      And the SES account is paused
      And Ada tries to sign up again
      Then the diagnosis is certain of ses-account-paused

    @mails:1
    Scenario: AWS shuts the account down
      Given an AWS account of its own that keeps every log
      And a user pool that verifies e-mail addresses with a code
      And the pool mails through the account's own SES
      And a new user Ada
      When Ada signs up
      Then Ada receives a verification mail within 10 seconds
      When an administrator deletes Ada
      And SES shuts the account down
      And Ada tries to sign up again
      Then the diagnosis is certain of ses-account-paused

    @mails:1
    Scenario: The configuration set is paused
      Given an AWS account of its own that keeps every log
      And a user pool that verifies e-mail addresses with a code
      And the pool mails through the account's own SES
      And a new user Ada
      When Ada signs up
      Then Ada receives a verification mail within 10 seconds
      When an administrator deletes Ada
      And the configuration set is paused
      And Ada tries to sign up again
      Then the diagnosis is certain of ses-config-set-paused

    @mails:1
    Scenario: The configuration set is gone
      Given an AWS account of its own that keeps every log
      And a user pool that verifies e-mail addresses with a code
      And the pool mails through the account's own SES
      And a new user Ada
      When Ada signs up
      Then Ada receives a verification mail within 10 seconds
      When an administrator deletes Ada
      And the configuration set is deleted
      And Ada tries to sign up again
      Then the diagnosis is certain of ses-config-set-paused

    @mails:1
    Scenario: The account's mails of the day are used up
      Given an AWS account of its own that keeps every log
      And a user pool that verifies e-mail addresses with a code
      And the pool mails through the account's own SES
      And a new user Ada
      When Ada signs up
      Then Ada receives a verification mail within 10 seconds
      When an administrator deletes Ada
      And SES lets the account send 1 mail a day
      And Ada tries to sign up again
      Then the diagnosis is certain of ses-quota

    @mails:1
    Scenario: The MAIL FROM domain loses its MX record
      Given an AWS account of its own that keeps every log
      And a user pool that verifies e-mail addresses with a code
      And the pool mails through the account's own SES
      And the pool's sender refuses mail without an MX record of its MAIL FROM domain
      And a new user Ada
      When Ada signs up
      Then Ada receives a verification mail within 10 seconds
      When an administrator deletes Ada
      And the MAIL FROM domain of the pool's sender loses its MX record
      And Ada tries to sign up again
      Then the diagnosis is certain of ses-mail-from-rejects

    @mails:1
    Scenario: The sender's policy no longer names Cognito
      Given an AWS account of its own that keeps every log
      And a user pool that verifies e-mail addresses with a code
      And Cognito mails for the pool from an address of the account
      And a new user Ada
      When Ada signs up
      Then Ada receives a verification mail within 10 seconds
      When an administrator deletes Ada
      And the pool's sender no longer lets Cognito use it
      And Ada tries to sign up again
      Then the diagnosis is certain of ses-identity-policy

    @mails:1
    Scenario: The first mail was marked as spam
      Given an AWS account of its own that keeps every log
      And a user pool that verifies e-mail addresses with a code
      And the pool mails through the account's own SES
      And a new user Ada
      When Ada signs up
      Then Ada receives a verification mail within 10 seconds
      When an administrator deletes Ada
      And Ada marks the mail as spam
      And Ada signs up again
      Then Ada receives no mail within 0.1 seconds
      And the diagnosis is certain of ses-account-suppressed

    @mails:1
    Scenario: The first mail was sent back late
      Given an AWS account of its own that keeps every log
      And a user pool that verifies e-mail addresses with a code
      And the pool mails through the account's own SES
      And a new user Ada
      When Ada signs up
      Then Ada receives a verification mail within 10 seconds
      When an administrator deletes Ada
      And the mail to Ada is sent back late
      And Ada signs up again
      Then Ada receives no mail within 0.1 seconds
      And the diagnosis is certain of ses-account-suppressed

    @mails:1
    Scenario: Somebody put the address on the suppression list
      Given an AWS account of its own that keeps every log
      And a user pool that verifies e-mail addresses with a code
      And the pool mails through the account's own SES
      And a new user Ada
      When Ada signs up
      Then Ada receives a verification mail within 10 seconds
      When an administrator deletes Ada
      And Ada is put on the account's suppression list
      And Ada signs up again
      Then Ada receives no mail within 0.1 seconds
      And the diagnosis is certain of ses-account-suppressed

    @mails:0
    Scenario: The address bounced for other customers of SES
      Given an AWS account of its own that keeps every log
      And a user pool that verifies e-mail addresses with a code
      And the pool mails through the account's own SES
      And a new user Ada with the address "suppressionlist+ada@simulator.amazonses.com"
      When Ada signs up
      Then Ada receives no mail within 0.1 seconds
      And the diagnosis is certain of ses-global-suppressed

    @mails:1
    Scenario: The mailbox is gone
      Given an AWS account of its own that keeps every log
      And a user pool that verifies e-mail addresses with a code
      And the pool mails through the account's own SES
      And a new user Ada
      When Ada signs up
      Then Ada receives a verification mail within 10 seconds
      When an administrator deletes Ada
      And the mail server of Ada answers "550 5.1.1 nobody here"
      And Ada signs up again
      Then Ada receives no mail within 0.1 seconds
      And the diagnosis is certain of ses-hard-bounce

    @mails:1
    Scenario: The receiving server finds the mail too large
      Given an AWS account of its own that keeps every log
      And a user pool that verifies e-mail addresses with a code
      And the pool mails through the account's own SES
      And a new user Ada
      When Ada signs up
      Then Ada receives a verification mail within 10 seconds
      When an administrator deletes Ada
      And the mail server of Ada answers "552 5.3.4 the message is too large"
      And Ada signs up again
      Then Ada receives no mail within 0.1 seconds
      And the diagnosis is certain of ses-soft-bounce

    @mails:1
    Scenario: SES gives up after fourteen hours
      Given an AWS account of its own that keeps every log
      And a user pool that verifies e-mail addresses with a code
      And the pool mails through the account's own SES
      And a new user Ada
      When Ada signs up
      Then Ada receives a verification mail within 10 seconds
      When an administrator deletes Ada
      And the mail server of Ada greylists
      And Ada signs up again
      Then Ada receives no mail within 0.1 seconds
      When 15 hours pass
      Then the diagnosis is certain of ses-soft-bounce

    @mails:1
    Scenario: The receiving server puts the mail off
      Given an AWS account of its own that keeps every log
      And a user pool that verifies e-mail addresses with a code
      And the pool mails through the account's own SES
      And a new user Ada
      When Ada signs up
      Then Ada receives a verification mail within 10 seconds
      When an administrator deletes Ada
      And the mail server of Ada greylists
      And Ada signs up again
      Then Ada receives no mail within 0.1 seconds
      And the diagnosis is certain of ses-delivery-delay

    @mails:1
    Scenario: The mail's text looks like a virus
      Given an AWS account of its own that keeps every log
      And a user pool that verifies e-mail addresses with a code
      And the pool mails through the account's own SES
      And a new user Ada
      When Ada signs up
      Then Ada receives a verification mail within 10 seconds
      When an administrator deletes Ada
      And the pool's mails are changed to say "{####} X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
      And Ada signs up again
      Then Ada receives no mail within 0.1 seconds
      And the diagnosis is certain of ses-reject

    @mails:0
    Scenario: Cognito's own sender has the address on its suppression list
      Given an AWS account of its own that keeps every log
      And a user pool that verifies e-mail addresses with a code
      And a new user Ada
      When mail to Ada gets lost
      And Ada signs up
      Then Ada receives no mail within 0.1 seconds
      When an administrator deletes Ada
      And 25 hours pass
      And Ada signs up again
      Then Ada receives no mail within 0.1 seconds
      And the diagnosis calls cognito-default-suppressed likely

  Rule: The receiving side has the mail, or lost it

    @mails:1
    Scenario: The second mail is taken for spam
      Given a user pool that verifies e-mail addresses with a code
      And a new user Ada
      When Ada signs up
      Then Ada receives a verification mail within 10 seconds
      When an administrator deletes Ada
      And mail to Ada is taken for spam
      And Ada signs up again
      Then Ada finds no mail in the inbox within 0.1 seconds
      And the diagnosis is certain of spam-folder

    @mails:1
    Scenario: A filter takes the mail and keeps it
      Given an AWS account of its own that keeps every log
      And a user pool that verifies e-mail addresses with a code
      And the pool mails through the account's own SES
      And a new user Ada
      When Ada signs up
      Then Ada receives a verification mail within 10 seconds
      When an administrator deletes Ada
      And a filter takes the mail for Ada and keeps it
      And Ada signs up again
      Then Ada receives no mail within 0.1 seconds
      And the diagnosis calls gateway-quarantine likely

    @mails:1
    Scenario: The sender's domain asks receivers to refuse its unsigned mail
      Given an AWS account of its own that keeps every log
      And a user pool that verifies e-mail addresses with a code
      And the pool mails through the account's own SES
      And a new user Ada
      When Ada signs up
      Then Ada receives a verification mail within 10 seconds
      When an administrator deletes Ada
      And the mail server of Ada answers "550 5.7.26 unauthenticated mail from shop.test is refused by its DMARC policy"
      And Ada signs up again
      Then Ada receives no mail within 0.1 seconds
      And the diagnosis is certain of authentication-failure

    @mails:1
    Scenario: The mailbox is full
      Given an AWS account of its own that keeps every log
      And a user pool that verifies e-mail addresses with a code
      And the pool mails through the account's own SES
      And a new user Ada
      When Ada signs up
      Then Ada receives a verification mail within 10 seconds
      When an administrator deletes Ada
      And the mail server of Ada answers "552 5.2.2 the mailbox is full"
      And Ada signs up again
      Then Ada receives no mail within 0.1 seconds
      And the diagnosis is certain of mailbox-full

    @mails:1
    Scenario: The mailbox is full for Cognito's own sender too
      Given a user pool that verifies e-mail addresses with a code
      And a new user Ada
      When Ada signs up
      Then Ada receives a verification mail within 10 seconds
      When an administrator deletes Ada
      And the mail server of Ada answers "452 4.2.2 the mailbox is full"
      And Ada signs up again
      Then Ada receives no mail within 0.1 seconds
      And the diagnosis is certain of mailbox-full

    @mails:1
    Scenario: The mail comes after a minute
      Given an AWS account of its own that keeps every log
      And a user pool that verifies e-mail addresses with a code
      And a new user Ada
      When Ada signs up
      Then Ada receives a verification mail within 10 seconds
      When an administrator deletes Ada
      And mail to Ada is held up for 60 seconds
      And Ada signs up again
      Then Ada receives no mail within 0.1 seconds
      When 61 seconds pass
      Then the diagnosis is certain of late-delivery

    @mails:0
    Scenario: The provider drops the tag of the address
      Given an AWS account of its own that keeps every log
      And a user pool that verifies e-mail addresses with a code
      And a new user Ada with a plus tag in the address
      When the mail server of Ada drops the tag of the address
      And Ada signs up
      Then Ada receives no mail within 0.1 seconds
      And the diagnosis is certain of plus-or-dot-address

    @mails:2
    Scenario: Both mails are there, and the mail program shows one
      Given a user pool that verifies e-mail addresses with a code
      And the pool mails Cognito's own text
      And a new user Ada
      When Ada signs up
      Then Ada receives a verification mail within 10 seconds
      When an administrator deletes Ada
      And Ada signs up again
      Then Ada receives another, different verification mail within 10 seconds
      And asked about the address of Ada alone, the diagnosis is certain of threaded-with-first

  Rule: Two things at once on the way

    @mails:1
    Scenario: Of two hindrances the mail met the first
      Given an AWS account of its own that keeps every log
      And a user pool that verifies e-mail addresses with a code
      And the pool mails through the account's own SES
      And a new user Ada
      When Ada signs up
      Then Ada receives a verification mail within 10 seconds
      When an administrator deletes Ada
      And the SES account is paused
      And the mail server of Ada answers "552 5.2.2 the mailbox is full"
      And Ada tries to sign up again
      Then the diagnosis is certain of ses-account-paused

    @mails:1
    Scenario: A suppressed address would have been taken for spam too
      Given an AWS account of its own that keeps every log
      And a user pool that verifies e-mail addresses with a code
      And the pool mails through the account's own SES
      And a new user Ada
      When Ada signs up
      Then Ada receives a verification mail within 10 seconds
      When an administrator deletes Ada
      And Ada marks the mail as spam
      And mail to Ada is taken for spam
      And Ada signs up again
      Then Ada receives no mail within 0.1 seconds
      And the diagnosis is certain of ses-account-suppressed

    @mails:1
    Scenario: A mail that was put off lies in the folder for spam
      Given an AWS account of its own that keeps every log
      And a user pool that verifies e-mail addresses with a code
      And the pool mails through the account's own SES
      And a new user Ada
      When Ada signs up
      Then Ada receives a verification mail within 10 seconds
      When an administrator deletes Ada
      And the mail server of Ada greylists once
      And mail to Ada is taken for spam
      And Ada signs up again
      Then Ada receives no mail within 0.1 seconds
      When 61 seconds pass
      Then the diagnosis is certain of spam-folder

  Rule: Nothing is wrong with the sender

    @mails:2
    Scenario: A pool with the account's own SES
      Given an AWS account of its own that keeps every log
      And a user pool that verifies e-mail addresses with a code
      And the pool mails through the account's own SES
      And a new user Ada
      When Ada signs up
      Then Ada receives a verification mail within 10 seconds
      When an administrator deletes Ada
      And Ada signs up again
      Then Ada receives another, different verification mail within 10 seconds
      And the diagnosis finds nothing wrong with the mail of Ada

    @mails:2
    Scenario: A pool with Cognito's own sender and an address of the account
      Given an AWS account of its own that keeps every log
      And a user pool that verifies e-mail addresses with a code
      And Cognito mails for the pool from an address of the account
      And a new user Ada
      When Ada signs up
      Then Ada receives a verification mail within 10 seconds
      When an administrator deletes Ada
      And Ada signs up again
      Then Ada receives another, different verification mail within 10 seconds
      And the diagnosis finds nothing wrong with the mail of Ada
