//! From an operation's name and body to its answer.

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::super::exception::Exception;
use super::super::service::Kms;
use super::{aliases, cryptography, keys};

/// Runs one operation.
///
/// # Errors
/// The operation's exception; `NotImplementedException` for one that is not here.
pub(crate) fn call(kms: &Kms, operation: &str, body: &[u8]) -> Result<Vec<u8>, Exception> {
    match operation {
        "CreateAlias" => nothing(aliases::create_alias(kms, &typed(body)?)),
        "CreateKey" => answer(keys::create_key(kms, typed(body)?)?),
        "Decrypt" => answer(cryptography::decrypt(kms, &typed(body)?)?),
        "DeleteAlias" => nothing(aliases::delete_alias(kms, &typed(body)?)),
        "DescribeKey" => answer(keys::describe_key(kms, &typed(body)?)?),
        "DisableKey" => nothing(keys::disable_key(kms, &typed(body)?)),
        "EnableKey" => nothing(keys::enable_key(kms, &typed(body)?)),
        "Encrypt" => answer(cryptography::encrypt(kms, &typed(body)?)?),
        "GenerateDataKey" => answer(cryptography::generate_data_key(kms, &typed(body)?)?),
        "GenerateDataKeyWithoutPlaintext" => answer(
            cryptography::generate_data_key_without_plaintext(kms, &typed(body)?)?,
        ),
        "ListAliases" => answer(aliases::list_aliases(kms, &typed(body)?)?),
        "ListKeys" => answer(keys::list_keys(kms, &typed(body)?)?),
        unknown => Err(Exception::NotImplemented(format!(
            "The operation {unknown} of KMS"
        ))),
    }
}

fn typed<T: DeserializeOwned>(body: &[u8]) -> Result<T, Exception> {
    serde_json::from_slice(body).map_err(|error| Exception::Serialization(error.to_string()))
}

fn answer(response: impl Serialize) -> Result<Vec<u8>, Exception> {
    serde_json::to_vec(&response).map_err(|_| Exception::Internal("the answer has no JSON form"))
}

/// The answer of an operation without output: nothing at all.
fn nothing(done: Result<(), Exception>) -> Result<Vec<u8>, Exception> {
    done.map(|()| Vec::new())
}
