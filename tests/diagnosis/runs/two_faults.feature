Feature: Two faults at once
  A mail meets the faults on its way one after the other: the first that stops it is the cause, and of
  the second the diagnosis may be certain only where it is at work too, told in the order of time.

  Scenario Outline: Refused through the account's own SES: <first>; <second>
    Given an AWS account of its own that keeps every log
    And a user pool that verifies e-mail addresses with a code
    And the pool mails through the account's own SES
    And a new user Ada
    When Ada signs up
    Then Ada receives a verification mail within 10 seconds
    When an administrator deletes Ada
    And <first>
    And <second>
    And Ada tries to sign up again
    Then the diagnosis is certain of <cause>

    Examples: SES refuses what would not have arrived anyway
      | first                                    | second                                                  | cause                          |
      | the SES account goes back into the sandbox | mail to Ada is taken for spam                         | ses-sandbox                    |
      | the SES account goes back into the sandbox | Ada marks the mail as spam                            | ses-sandbox                    |
      | the SES account is paused                | Ada is put on the account's suppression list            | ses-account-paused             |
      | SES shuts the account down               | mail to Ada is taken for spam                           | ses-account-paused             |
      | the pool's sender is no longer verified  | the mail server of Ada answers "552 5.2.2 the mailbox is full" | ses-identity-unverified |
      | the pool's sender is deleted from SES    | the mail to Ada is sent back late                       | ses-identity-unverified        |
      | the pool's sender is disabled in SES     | the mail server of Ada answers "550 5.1.1 nobody here"  | ses-reputation-entity-disabled |
      | the configuration set is paused          | Ada is put on the account's suppression list            | ses-config-set-paused          |
      | the configuration set is deleted         | the mail server of Ada greylists                        | ses-config-set-paused          |
      | SES lets the account send 1 mail a day   | a filter takes the mail for Ada and keeps it            | ses-quota                      |

    Examples: Cognito refuses what SES would have refused
      | first                                                                 | second                                     | cause                       |
      | a web ACL blocks sign-ups                                             | the SES account goes back into the sandbox | waf-block                   |
      | Cognito throttles sign-ups                                            | the SES account is paused                  | api-rate-throttled          |
      | the pool gets a PreSignUp function that fails with "seen before"      | the SES account goes back into the sandbox | pre-signup-rejected         |
      | the pool gets a PreSignUp function that does not exist                | the configuration set is paused            | trigger-broken              |
      | the pool gets a CustomMessage function that answers "rubbish"         | the pool's sender is no longer verified    | trigger-broken              |
      | the pool gets a CustomMessage function that sets "emailMessage" to "Welcome back" | SES lets the account send 1 mail a day | custom-message-invalid |

  Scenario Outline: The deletion failed, and <second>
    Given an AWS account of its own that keeps every log
    And a user pool that verifies e-mail addresses with a code
    And the pool mails through the account's own SES
    And a new user Ada
    When Ada signs up
    Then Ada receives a verification mail within 10 seconds
    When Cognito fails to delete users
    And an administrator tries to delete Ada
    And <second>
    And Ada tries to sign up again
    Then the diagnosis is certain of delete-did-not-delete

    Examples:
      | second                                       |
      | the SES account goes back into the sandbox   |
      | Ada is put on the account's suppression list |
      | the pool's sender is deleted from SES        |

  Scenario Outline: A change and its refusal, and <second>
    Given an AWS account of its own that keeps every log
    And a user pool that verifies e-mail addresses with a code
    And the pool mails through the account's own SES
    And a new user Ada
    When Ada signs up
    Then Ada receives a verification mail within 10 seconds
    When an administrator deletes Ada
    And <first>
    And <second>
    And Ada tries to sign up again
    Then the diagnosis is certain of config-drift, and then of <cause>

    Examples:
      | first                                                        | second                                       | cause               |
      | the pool is changed to let only administrators create users  | Ada is put on the account's suppression list | signup-disabled     |
      | the pool is changed to let only administrators create users  | the SES account is paused                    | signup-disabled     |
      | the pool is changed to confirm by link                       | the SES account goes back into the sandbox   | link-mode-no-domain |

  Scenario Outline: Accepted, and stopped on the way through the account's own SES: <first>; <second>
    Given an AWS account of its own that keeps every log
    And a user pool that verifies e-mail addresses with a code
    And the pool mails through the account's own SES
    And a new user Ada
    When Ada signs up
    Then Ada receives a verification mail within 10 seconds
    When an administrator deletes Ada
    And <first>
    And <second>
    And Ada signs up again
    Then Ada receives no mail within 0.1 seconds
    And the diagnosis is certain of <cause>

    Examples: SES stops what the receiving side would have refused
      | first                                        | second                                                         | cause                  |
      | Ada is put on the account's suppression list | the mail server of Ada answers "552 5.2.2 the mailbox is full" | ses-account-suppressed |
      | Ada marks the mail as spam                   | the mail server of Ada answers "550 5.1.1 nobody here"         | ses-account-suppressed |
      | the mail to Ada is sent back late            | the mail server of Ada greylists                               | ses-account-suppressed |
      | Ada is put on the account's suppression list | a filter takes the mail for Ada and keeps it                   | ses-account-suppressed |

    Examples: The receiving server answers before its filters look
      | first                                                          | second                                       | cause              |
      | the mail server of Ada answers "550 5.1.1 nobody here"         | mail to Ada is taken for spam                | ses-hard-bounce    |
      | the mail server of Ada answers "552 5.2.2 the mailbox is full" | a filter takes the mail for Ada and keeps it | mailbox-full       |
      | the mail server of Ada greylists                               | a filter takes the mail for Ada and keeps it | ses-delivery-delay |
      | the mail server of Ada answers "550 5.7.26 unauthenticated mail from shop.test is refused by its DMARC policy" | mail to Ada is taken for spam | authentication-failure |

    Examples: Cognito never handed it over
      | first                                                                     | second                                       | cause                         |
      | the pool gets a PreSignUp function that sets "autoConfirmUser" to "true"  | Ada is put on the account's suppression list | pre-signup-auto-confirm       |
      | the pool gets a PreSignUp function that sets "autoConfirmUser" to "true"  | the SES account is paused                    | pre-signup-auto-confirm       |
      | the pool gets a CustomEmailSender function that fails with "timed out"    | the SES account is paused                    | custom-email-sender-swallowed |
      | the pool gets a CustomEmailSender function that fails with "timed out"    | Ada is put on the account's suppression list | custom-email-sender-swallowed |

  Scenario Outline: The pool stopped verifying, and <second>
    Given an AWS account of its own that keeps every log
    And a user pool that verifies e-mail addresses with a code
    And the pool mails through the account's own SES
    And a new user Ada
    When Ada signs up
    Then Ada receives a verification mail within 10 seconds
    When an administrator deletes Ada
    And the pool stops verifying e-mail addresses
    And <second>
    And Ada signs up again
    Then Ada receives no mail within 0.1 seconds
    And the diagnosis is certain of config-drift, and then of auto-verify-off

    Examples:
      | second                                                 |
      | Ada is put on the account's suppression list           |
      | the SES account goes back into the sandbox             |
      | the mail server of Ada answers "550 5.1.1 nobody here" |

  Scenario Outline: Cognito's own sender: <first>; <second>
    Given an AWS account of its own that keeps every log
    And a user pool that verifies e-mail addresses with a code
    And a new user Ada
    When Ada signs up
    Then Ada receives a verification mail within 10 seconds
    When an administrator deletes Ada
    And <first>
    And <second>
    And Ada signs up again
    Then Ada receives no mail within 0.1 seconds
    And the diagnosis is certain of <cause>

    Examples:
      | first                                                                    | second                                                         | cause                         |
      | the mail server of Ada answers "452 4.2.2 the mailbox is full"           | mail to Ada is taken for spam                                  | mailbox-full                  |
      | the pool gets a CustomEmailSender function that fails with "timed out"   | the mail server of Ada answers "552 5.2.2 the mailbox is full" | custom-email-sender-swallowed |

  Scenario Outline: The mails of the day are used up, and <second>
    Given an AWS account of its own that keeps every log
    And Cognito's own sender sends 1 mail a day
    And a user pool that verifies e-mail addresses with a code
    And a new user Ada
    When Ada signs up
    Then Ada receives a verification mail within 10 seconds
    When an administrator deletes Ada
    And <second>
    And Ada tries to sign up again
    Then the diagnosis is certain of <cause>

    Examples:
      | second                                                           | cause                    |
      | the mail server of Ada answers "550 5.1.1 nobody here"           | default-mail-daily-quota |
      | mail to Ada is taken for spam                                    | default-mail-daily-quota |
      | the pool gets a PreSignUp function that fails with "seen before" | pre-signup-rejected      |
      | Cognito throttles sign-ups                                       | api-rate-throttled       |

  Scenario Outline: Cognito holds a mail back, and <second>
    Given an AWS account of its own that keeps every log
    And a user pool that verifies e-mail addresses with a code
    And Cognito lets 1 mail an hour through to one address
    And a new user Ada
    When Ada signs up
    Then Ada receives a verification mail within 10 seconds
    When an administrator deletes Ada
    And <second>
    And Ada signs up again
    Then Ada receives no mail within 0.1 seconds
    And the diagnosis is certain of <cause>

    Examples:
      | second                                                                   | cause                    |
      | mail to Ada is taken for spam                                            | per-destination-throttle |
      | the mail server of Ada answers "552 5.2.2 the mailbox is full"           | per-destination-throttle |
      | a filter takes the mail for Ada and keeps it                             | per-destination-throttle |
      | the pool gets a PreSignUp function that sets "autoConfirmUser" to "true" | pre-signup-auto-confirm  |

  Scenario Outline: Cognito holds a mail back from the account's own SES, and <second>
    Given an AWS account of its own that keeps every log
    And a user pool that verifies e-mail addresses with a code
    And the pool mails through the account's own SES
    And Cognito lets 1 mail an hour through to one address
    And a new user Ada
    When Ada signs up
    Then Ada receives a verification mail within 10 seconds
    When an administrator deletes Ada
    And <second>
    And Ada signs up again
    Then Ada receives no mail within 0.1 seconds
    And the diagnosis is certain of per-destination-throttle

    Examples:
      | second                                                 |
      | Ada is put on the account's suppression list           |
      | the mail server of Ada answers "550 5.1.1 nobody here" |

  Scenario Outline: A promise that was simulated, and <second>
    Given an AWS account of its own that keeps every log
    And a user pool that verifies e-mail addresses with a code
    And the pool mails through the account's own SES
    And an app client that hides which users exist
    And a new user Ada
    When Ada signs up
    Then Ada receives a verification mail within 10 seconds
    When an administrator deletes Ada
    And <second>
    And Ada asks for another code
    Then Ada receives no mail within 0.1 seconds
    And the diagnosis is certain of resend-to-deleted-user-simulated

    Examples:
      | second                                                         |
      | Ada is put on the account's suppression list                   |
      | the SES account is paused                                      |
      | the mail server of Ada answers "552 5.2.2 the mailbox is full" |

  Scenario: A forgotten password of an address that is not verified, and on the suppression list
    Given an AWS account of its own that keeps every log
    And a user pool that verifies e-mail addresses with a code
    And the pool mails through the account's own SES
    And an app client that hides which users exist
    And a new user Ada
    When Ada signs up
    Then Ada receives a verification mail within 10 seconds
    When Ada is put on the account's suppression list
    And Ada asks for a new password
    Then Ada receives no mail within 0.1 seconds
    And the diagnosis is certain of forgot-password-simulated

  Scenario: The code went to the phone, and the address is on the suppression list
    Given an AWS account of its own that keeps every log
    And a user pool that verifies e-mail addresses with a code
    And the pool mails through the account's own SES
    And the pool verifies phone numbers too
    And a new user Ada with the phone number "+15555550100"
    When Ada is put on the account's suppression list
    And Ada signs up
    Then Ada receives no mail within 0.1 seconds
    And the diagnosis is certain of phone-preferred
