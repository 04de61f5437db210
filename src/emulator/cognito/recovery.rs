//! How a user gets a new password: whether, by which address, and with which code (COGNITO.md 3.3).

use super::codes::IssuedCode;
use super::error::Exception;
use super::messages::Delivery;
use super::pool_members::VerifiedAttribute;
use super::pool_settings::PoolSettings;
use super::service::Cognito;
use super::templates::Occasion;
use super::users::{User, UserKey, UserStatus};

/// The recovery mechanism that leaves it to administrators.
const ADMIN_ONLY: &str = "admin_only";

/// Whether users may ask for a new password themselves.
///
/// # Errors
/// `NotAuthorizedException` (COGNITO.md 3.3 \[T\]).
pub(crate) fn check_self_service(settings: &PoolSettings) -> Result<(), Exception> {
    if mechanisms(settings).contains(&ADMIN_ONLY) {
        return Err(Exception::not_authorized(
            "Contact administrator to reset password.",
        ));
    }
    Ok(())
}

/// Gives the user a code for a new password; the one before it stops working, of which the reports
/// contradict each other (COGNITO.md 3.4).
///
/// # Errors
/// `NotAuthorizedException` for a user whose password is temporary, `InvalidParameterException` for
/// one without a verified address \[R\].
pub(crate) fn issue_code(
    cognito: &Cognito,
    settings: &PoolSettings,
    (key, user): (UserKey, &mut User),
) -> Result<Delivery, Exception> {
    if user.status == UserStatus::ForceChangePassword {
        return Err(Exception::not_resettable());
    }
    let attribute = channel(settings, user).ok_or_else(Exception::no_recovery_channel)?;
    let code = IssuedCode::draw_for_recovery(&cognito.random, cognito.now(), attribute);
    let occasion = Occasion::ForgotPassword;
    let delivery = Delivery::new((key, user), attribute, occasion, code.text());
    user.seldom().recovery = Some(code);
    Ok(delivery)
}

/// The first verified address in the order of the pool's mechanisms; without any, the phone number
/// comes first. An address to which codes of a second factor go is left out: whoever has it would
/// have both factors \[D\].
fn channel(settings: &PoolSettings, user: &User) -> Option<VerifiedAttribute> {
    let attribute = |mechanism: &str| match mechanism {
        "verified_phone_number" => Some(VerifiedAttribute::PhoneNumber),
        "verified_email" => Some(VerifiedAttribute::Email),
        _ => None,
    };
    let listed = mechanisms(settings);
    let order: Vec<VerifiedAttribute> = match listed.as_slice() {
        // A pool that leaves it to administrators still has a way to send their codes.
        [] | [ADMIN_ONLY] => vec![VerifiedAttribute::PhoneNumber, VerifiedAttribute::Email],
        listed => listed.iter().copied().filter_map(attribute).collect(),
    };
    order.into_iter().find(|kind| {
        let has_address = user.is_verified(*kind) && user.attribute(kind.name()).is_some();
        has_address && !user.gets_mfa_codes_at(*kind)
    })
}

/// The names of the pool's mechanisms, the first priority first.
fn mechanisms(settings: &PoolSettings) -> Vec<&str> {
    let setting = settings.account_recovery_setting.as_ref();
    let options = setting.and_then(|setting| setting.recovery_mechanisms.as_deref());
    let mut options: Vec<_> = options.unwrap_or_default().iter().collect();
    options.sort_by_key(|option| option.priority);
    let names = options
        .into_iter()
        .filter_map(|option| option.name.as_deref());
    names.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mechanisms_are_in_the_order_of_their_priorities() {
        let settings = |json: &str| serde_json::from_str::<PoolSettings>(json).unwrap();
        let listed = settings(
            r#"{"PoolName":"p","AccountRecoverySetting":{"RecoveryMechanisms":[
               {"Priority":2,"Name":"verified_phone_number"},{"Priority":1,"Name":"verified_email"}]}}"#,
        );
        assert_eq!(
            mechanisms(&listed),
            ["verified_email", "verified_phone_number"]
        );
        assert!(check_self_service(&listed).is_ok());
        let admin = settings(
            r#"{"PoolName":"p","AccountRecoverySetting":{"RecoveryMechanisms":[
               {"Priority":1,"Name":"admin_only"}]}}"#,
        );
        assert!(check_self_service(&admin).is_err());
        assert!(check_self_service(&settings(r#"{"PoolName":"p"}"#)).is_ok());
    }
}
