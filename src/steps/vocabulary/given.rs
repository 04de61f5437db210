//! Steps that set up the pool and the people.

use super::super::HasSession;
use super::super::{people, pools};
use super::reach::Reach;
use super::table::{Definition, step};

#[rustfmt::skip]
pub(super) fn given<W: HasSession>() -> Vec<Definition<W>> {
    vec![
        step!(Given "a user pool that verifies e-mail addresses with a code" => pools::plain,
            "a user pool that verifies e-mail addresses with a code",
            "A pool that takes any username and sends a code to the address at sign-up, with one app client."),
        step!(Given "a user pool that ignores capitals in usernames" => pools::ignoring_capitals,
            "a user pool that ignores capitals in usernames",
            "A pool for which Ada and ada are one user."),
        step!(Given "a user pool that respects capitals in usernames" => pools::respecting_capitals,
            "a user pool that respects capitals in usernames",
            "A pool for which Ada and ada are two users."),
        step!(Given "a user pool whose users sign in with their e-mail address" => pools::with_addresses_for_names,
            "a user pool whose users sign in with their e-mail address",
            "A pool with the address as username; Cognito stores a generated name."),
        step!(Given "a user pool with e-mail addresses as aliases" => pools::with_addresses_for_aliases,
            "a user pool with e-mail addresses as aliases",
            "A pool whose users have a name, and sign in by it or by their verified address."),
        step!(Given "an app client with a secret" => pools::client_with_secret,
            "an app client with a secret",
            "From now on requests go through an app client that has a secret."),
        step!(Given "an app client that hides which users exist" => pools::hiding_client,
            "an app client that hides which users exist",
            "From now on requests go through an app client whose PreventUserExistenceErrors is ENABLED, as the console makes them."),
        step!(Given "an app client that tells which users exist" => pools::telling_client,
            "an app client that tells which users exist",
            "From now on requests go through an app client whose PreventUserExistenceErrors is not ENABLED, as it is without this line; it says so of a pool that was there."),
        step!(Given "another user pool beside it" => pools::another,
            "another user pool beside it",
            "A pool that no request goes to unless a step names it; it verifies no addresses.",
            reach: Some(Reach::OwnPool)),
        step!(Given "a second app client of the pool" => pools::second_client,
            "a second app client of the pool",
            "An app client beside the first, for the steps that name it.",
            reach: Some(Reach::OwnPool)),
        step!(Given "a new user {user}" => people::new_user,
            "a new user Ada",
            "A person with a fresh address, who has not signed up yet."),
        step!(Given "a new user {user} with a plus tag in the address" => people::new_user_with_tag,
            "a new user Ada with a plus tag in the address",
            "A person with an address such as ada+tag@example.com."),
        step!(Given "a new user {user} with the username {text}" => people::new_user_with_name,
            "a new user Ada with the username \"ada\"",
            "A person whose username is not the address."),
        step!(Given "a new user {user} with the phone number {text}" => people::new_user_with_phone,
            "a new user Ada with the phone number \"+15555550100\"",
            "A person who gives a phone number too at sign-up."),
        step!(Given "a new user {user} with the address {address}" => people::new_user_with_address,
            "a new user Ada with the address \"ada@example.com\"",
            "A person with an address of your choice, which has to arrive in the inbox. The scenario is tried once only: an earlier attempt's mail could be taken for a later one's."),
        step!(Given "a new user {user} with an address at {domain}" => people::new_user_at_domain,
            "a new user Ada with an address at \"example.com\"",
            "A person with a fresh address in this domain, whose mail has to arrive in the inbox."),
    ]
}
