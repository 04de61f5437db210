//! Names that follow an attribute, and move with it (COGNITO.md 2.3, 3.5 and 3.8).

use crate::attributes::{ADA, NEW, admin_update, error, named, update, verify, with_ada};
use crate::world::World;

/// COGNITO.md 3.5 \[M, R\] and 3.8 \[T\]: an alias is one user's.
#[test]
fn a_verified_address_of_another_is_refused() {
    let pool = "AliasAttributes = [\"email\", \"preferred_username\"]";
    let (world, _) = with_ada(pool, "");
    world.sign_up("bob", "bob@example.com");
    world.confirm("bob", &world.code("bob@example.com"));
    let bob = world.access_token("bob", "Passw0rd!");
    // Unverified, the address may be two users'.
    assert_eq!(update(&world, &bob, &[("email", ADA)]).status, 200);
    assert_eq!(world.admin_get_user("bob@example.com").status, 400);
    let taken = "An account with the given email already exists.";
    let taken = named("AliasExistsException", taken);
    let code = world.code(ADA);
    assert_eq!(error(&verify(&world, &bob, "email", &code)), taken);
    let said = [("email", ADA), ("email_verified", "true")];
    assert_eq!(error(&admin_update(&world, "bob", &said)), taken);
    assert_eq!(
        world.attribute("bob", "email_verified").as_deref(),
        Some("false")
    );
    assert_eq!(world.admin_get_user(ADA).json()["Username"], "ada");
    // Ada gives it up, and Bob's code still works.
    assert_eq!(
        admin_update(&world, "ada", &[("email_verified", "false")]).status,
        200
    );
    assert_eq!(verify(&world, &bob, "email", &code).status, 200);
    assert_eq!(world.admin_get_user(ADA).json()["Username"], "bob");

    assert_eq!(
        update(&world, &bob, &[("preferred_username", "bobby")]).status,
        200
    );
    assert_eq!(world.admin_get_user("bobby").json()["Username"], "bob");
    let taken = error(&admin_update(
        &world,
        "ada",
        &[("preferred_username", "bobby")],
    ));
    assert_eq!(taken.0, "AliasExistsException");
}

/// COGNITO.md 3.8 \[M, T\]: where the address is the username, it is unique although not verified.
#[test]
fn a_username_that_is_an_address_moves_with_it() {
    let world = World::with_pool("UsernameAttributes = [\"email\"]");
    for name in [ADA, "bob@example.com"] {
        world.sign_up(name, name);
    }
    let sub = world.admin_get_user(ADA).json()["Username"].clone();
    let taken = error(&admin_update(&world, ADA, &[("email", "bob@example.com")]));
    let message = "An account with the given email already exists.";
    assert_eq!(taken, named("AliasExistsException", message));
    assert_eq!(admin_update(&world, ADA, &[("email", NEW)]).status, 200);
    assert_eq!(world.admin_get_user(NEW).json()["Username"], sub);
    assert_eq!(world.admin_get_user(ADA).status, 400);
    assert_eq!(
        world.sign_up(ADA, ADA).status,
        200,
        "the name is free again"
    );
}

/// COGNITO.md 2.3 \[M, D\]: without case, an address is one however it is written.
#[test]
fn an_alias_without_case_stays_when_its_capitals_change() {
    let pool = "AliasAttributes = [\"email\"]\nUsernameConfiguration = { CaseSensitive = false }";
    let (world, _) = with_ada(pool, "");
    let said = [("email", "Ada@Example.com"), ("email_verified", "true")];
    assert_eq!(admin_update(&world, "ADA", &said).status, 200);
    for name in [ADA, "ADA@EXAMPLE.COM"] {
        assert_eq!(
            world.admin_get_user(name).json()["Username"],
            "ada",
            "{name}"
        );
    }
}
