//! The server against clients: fixed answers of pycognito, and a client written here.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::*;

/// A sign-in by pycognito 2024.5.1 (`aws_srp.AWSSRP` with `small_a_value` set to `a`, whose
/// `process_challenge` gave `signature`). `amazon-cognito-identity-js` 6 gives the same signatures.
/// The hashes of the public values were taken of their hexadecimal digits.
struct SignIn {
    pool_id: &'static str,
    user_id: &'static str,
    password: &'static str,
    salt: &'static str,
    a: &'static str,
    b: &'static str,
    srp_a_sha256: &'static str,
    srp_b_sha256: &'static str,
    timestamp: &'static str,
    secret_block: &'static str,
    signature: &'static str,
}

const SIGN_INS: [SignIn; 3] = [
    SignIn {
        pool_id: "us-east-1_AbCdEfGhI",
        user_id: "5f3c1d52-7061-70a0-1deb-6de1a938431d",
        password: "Correct-horse-1",
        salt: "e513270e269e0d37f2a74de452e6b438",
        a: "9531985d5d9dc9f81818e811892f902bd23f0824128b2f330c5c7fd0a6a3a450",
        b: "6b0d549b6f03675a1600a35a099950d836f675cc81e74ef5e8e25d940ed90475",
        srp_a_sha256: "e92e73d914f5c5e04dc3dd20f2d7b6e356d51e51a905d851f1ed01cbaf5c41e1",
        srp_b_sha256: "d6f824e46b6fb96da959d637191b2604c8715e3c47d66705dc6b36ad6d63b6e5",
        timestamp: "Sat Nov 21 01:28:27 UTC 2026",
        secret_block: "first secret block",
        signature: "NIApoCX15wYEb9WOslifHmi6lsWk3fbiRg30rGXLlmY=",
    },
    // A salt with leading zeros and an odd number of digits, and a password that is not ASCII.
    SignIn {
        pool_id: "eu-west-1_Zz9",
        user_id: "ada",
        password: "pässwörd 😀 \"x\"",
        salt: "0004688b1738f7d93d9c172411e20b8f",
        a: "a170b33839263059f28c105d1fb17c2390c192cfd3ac94af0f21ddb66cad4a26",
        b: "0cb1e29c658cda1495e60af593bd04cf0fd630f1f29d0da9953f48f1a09f76b5",
        srp_a_sha256: "e06bb3f7f667bea087dcede25c0ac592bf9c54ebd2dfc737c65b3426db535b28",
        srp_b_sha256: "3ee39919853a4b36b2bf4ccfe7403d159d1ea115583fea3d5ea71a758867a8ed",
        timestamp: "Tue Nov 3 23:05:09 UTC 2026",
        secret_block: "second block",
        signature: "Qnbc3zJVZdXYL/OLplrDMPzaggeABq0vwbNgsD8zubk=",
    },
    // Both public values have 767 digits.
    SignIn {
        pool_id: "us-east-1_AbCdEfGhI",
        user_id: "bob@example.com",
        password: "Another-1-word",
        salt: "fd6bb14eb6b78139dca4c955ac42e5f1",
        a: "9b1bec7978c23e3ce1709a47b12904f7783570c3a6481938b7820dc13d62d2a8",
        b: "b321d958100fd6fd61b6b402995cc4a97f7b0158e8b5f8bf1e4ee42c244b6ea8",
        srp_a_sha256: "10c99f34bc8c371ebebcab74549c12283abebcc543ad4de51737b2939fc4dcf8",
        srp_b_sha256: "18ba6c38d8e474c8e8b3c4e2bc4fb77f5ef23e4769f82b3851ee667353994720",
        timestamp: "Fri Jan 1 00:00:00 UTC 2027",
        secret_block: "third block",
        signature: "Afto5ayg3mGgWX/pKp24PfmnpAzFGZEqFD8IH+ZmJJA=",
    },
];

fn number(hex: &str) -> BigUint {
    BigUint::parse_bytes(hex.as_bytes(), 16).unwrap()
}

fn bytes<const N: usize>(hex: &str) -> [u8; N] {
    let bytes = number(hex).to_bytes_be();
    let mut out = [0; N];
    out[N - bytes.len()..].copy_from_slice(&bytes);
    out
}

fn sha256_of(text: &str) -> String {
    data_encoding::HEXLOWER.encode(&sha256(&[text.as_bytes()]))
}

#[test]
fn takes_the_answers_of_pycognito() {
    for case in SIGN_INS {
        let srp_a = GROUP.g.modpow(&number(case.a), &GROUP.n).to_str_radix(16);
        assert_eq!(sha256_of(&srp_a), case.srp_a_sha256, "{}", case.user_id);
        let pool_name = case.pool_id.split_once('_').unwrap().1;
        let salt = bytes(case.salt);
        let key = private_key(&salt, pool_name, case.user_id, case.password);
        let client = ClientPublic::parse(&srp_a).unwrap();
        let challenge = Challenge::new(salt, key, &client, bytes(case.b));
        assert_eq!(challenge.salt, case.salt.trim_start_matches('0'));
        assert_eq!(
            sha256_of(&challenge.srp_b),
            case.srp_b_sha256,
            "{}",
            case.user_id
        );
        let signature = STANDARD.decode(case.signature).unwrap();
        let claim = Claim {
            pool_name,
            user_id: case.user_id,
            secret_block: case.secret_block.as_bytes(),
            timestamp: case.timestamp,
            signature: &signature,
        };
        assert!(challenge.key.verifies(&claim), "{}", case.user_id);
        assert_refuses_every_change(&challenge.key, &claim);
    }
}

fn assert_refuses_every_change(key: &ClaimKey, claim: &Claim<'_>) {
    let mut flipped = claim.signature.to_vec();
    flipped[31] ^= 1;
    let changed = [
        Claim {
            pool_name: "Other",
            ..*claim
        },
        Claim {
            user_id: "eve",
            ..*claim
        },
        Claim {
            secret_block: b"other",
            ..*claim
        },
        Claim {
            timestamp: "Sat Nov 21 01:28:28 UTC 2026",
            ..*claim
        },
        Claim {
            signature: &flipped,
            ..*claim
        },
        Claim {
            signature: &claim.signature[..31],
            ..*claim
        },
        Claim {
            signature: b"",
            ..*claim
        },
    ];
    for claim in changed {
        assert!(!key.verifies(&claim), "{claim:?}");
    }
}

/// The client's half, from RFC 5054 and with Cognito's padding.
fn client_key(a: &BigUint, challenge: &Challenge, private_key: &[u8; 32]) -> ClaimKey {
    let Group { n, g, k } = &*GROUP;
    let b = number(&challenge.srp_b);
    let u = hash(&[&padded(&g.modpow(a, n)), &padded(&b)]);
    let x = BigUint::from_bytes_be(private_key);
    let base = (b + n * k - k * g.modpow(&x, n)) % n;
    ClaimKey::derive(&base.modpow(&(a + &u * x), n), &u)
}

#[test]
fn both_sides_agree_if_and_only_if_the_password_is_right() {
    for round in 1..=4_u8 {
        let salt = [round - 1; 16];
        let right = private_key(&salt, "AbC", "ada", "Right-1");
        let wrong = private_key(&salt, "AbC", "ada", "wrong-1");
        let other_user = private_key(&salt, "AbC", "adam", "Right-1");
        let a = BigUint::from_bytes_be(&[round.wrapping_mul(61); 128]);
        let srp_a = GROUP.g.modpow(&a, &GROUP.n).to_str_radix(16).to_uppercase();
        let client = ClientPublic::parse(&srp_a).unwrap();
        let challenge = Challenge::new(salt, right, &client, [round * 3; 32]);
        assert_eq!(client_key(&a, &challenge, &right).0, challenge.key.0);
        assert_ne!(client_key(&a, &challenge, &wrong).0, challenge.key.0);
        assert_ne!(client_key(&a, &challenge, &other_user).0, challenge.key.0);
    }
}

#[test]
fn a_public_value_that_gives_the_secret_away_is_refused() {
    let multiple = |factor: u8| (&GROUP.n * factor).to_str_radix(16);
    let rows = [
        ("0".to_owned(), Err(InvalidPublic::MultipleOfPrime)),
        ("000".to_owned(), Err(InvalidPublic::MultipleOfPrime)),
        (multiple(1), Err(InvalidPublic::MultipleOfPrime)),
        (multiple(2), Err(InvalidPublic::MultipleOfPrime)),
        (String::new(), Err(InvalidPublic::Malformed)),
        ("xyz".to_owned(), Err(InvalidPublic::Malformed)),
        ("-1".to_owned(), Err(InvalidPublic::Malformed)),
        ("1_0".to_owned(), Err(InvalidPublic::Malformed)),
        ("+1".to_owned(), Err(InvalidPublic::Malformed)),
        ("1".repeat(771), Err(InvalidPublic::Malformed)),
        ("1".repeat(1_000_000), Err(InvalidPublic::Malformed)),
        ("1".to_owned(), Ok(BigUint::from(1_u8))),
        ("00fF".to_owned(), Ok(BigUint::from(255_u8))),
    ];
    for (text, expected) in rows {
        let shown = &text[..text.len().min(20)];
        assert_eq!(
            ClientPublic::parse(&text).map(|public| public.0),
            expected,
            "{shown}"
        );
    }
}

#[test]
fn the_group_is_the_one_of_rfc_3526() {
    // p = 2^3072 - 2^3008 - 1 + 2^64 * ([2^2942 pi] + 1690314): its ends are all ones.
    assert_eq!(GROUP.n.bits(), 3072);
    let digits = GROUP.n.to_str_radix(16);
    assert!(digits.starts_with("ffffffffffffffffc90fdaa2") && digits.ends_with("ffffffffffffffff"));
    assert_eq!(
        GROUP.g.modpow(&(&GROUP.n - 1_u8), &GROUP.n),
        BigUint::from(1_u8)
    );
}

#[test]
fn numbers_are_hashed_with_a_sign_bit() {
    for (hex, expected) in [
        ("0", &[0][..]),
        ("7f", &[0x7f]),
        ("80", &[0, 0x80]),
        ("123", &[1, 0x23]),
        ("f00", &[0x0f, 0]),
    ] {
        assert_eq!(padded(&number(hex)), expected, "{hex}");
    }
}

#[test]
fn a_claim_key_is_never_shown() {
    assert_eq!(format!("{:?}", ClaimKey([7; 16])), "ClaimKey(••••)");
}
