//! What a seed file may say.

use super::*;

#[test]
fn says_what_is_wrong_and_where() {
    let cases = [
        ("user_pool = [", "not valid TOML"),
        ("[[function]]", "function 1: FunctionName is missing"),
        (
            "[[function]]\nFunctionName = \"f\"",
            "function 1: give one of Command",
        ),
        ("[[pool]]", "unknown key `pool` in the file"),
        (
            "[[user_pool]]\nPoolName = \"a\"\nPolicy = 1",
            "unknown key `Policy` in user pool 1",
        ),
        ("[[user_pool]]", "user pool 1: missing field `PoolName`"),
        (
            "[[user_pool]]\nId = \"x\"\nPoolName = \"a\"",
            "Id = \"x\" is not an id",
        ),
        (
            "[[user_pool]]\nPoolName = \"a\"\n[[user_pool.client]]\nName = \"c\"",
            "unknown key `Name` in client 1 of user pool 1",
        ),
        (
            "[[user_pool]]\nPoolName = \"a\"\n[user_pool.Policies.PasswordPolicy]\nMin = 8",
            "unknown key `Policies.PasswordPolicy.Min`",
        ),
        (
            "[[user_pool]]\nPoolName = \"a\"\n[[user_pool.user]]\nUsername = \"ada\"",
            "user 1 of user pool 1: missing field `Password`",
        ),
        (
            "[[user_pool]]\nId = \"a_b\"\nPoolName = \"a\"\n\
             [[user_pool]]\nId = \"a_b\"\nPoolName = \"b\"",
            "`a_b` is given twice",
        ),
    ];
    for (text, expected) in cases {
        let error = Starting::from_toml(text).unwrap_err().to_string();
        assert!(error.contains(expected), "{text}\ngives: {error}");
    }
}

#[test]
fn ids_and_secrets_are_drawn_once() {
    let text = "[[user_pool]]\nPoolName = \"a\"\n\
                [[user_pool.client]]\nClientName = \"c\"\nGenerateSecret = true";
    let pools = Starting::from_toml(text)
        .unwrap()
        .resolved("eu-west-1", &Random::new(None));
    assert!(pools[0].id.as_str().starts_with("eu-west-1_"));
    assert!(is_pool_id(pools[0].id.as_str()));
    assert!(pools[0].clients[0].settings.client_secret.is_some());
}
