//! Certificates made for the test.

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair, date_time_ymd,
};

/// What a server shows, and who signed it, in PEM.
pub(crate) struct Certificates {
    pub(crate) chain: String,
    pub(crate) key: String,
    pub(crate) authority: String,
}

impl Certificates {
    /// For `localhost`, signed by an authority of its own.
    pub(crate) fn valid() -> Self {
        Self::signed(|_| {})
    }

    /// The same, but it ended in 2021.
    pub(crate) fn expired() -> Self {
        Self::signed(|parameters| {
            parameters.not_before = date_time_ymd(2020, 1, 1);
            parameters.not_after = date_time_ymd(2021, 1, 1);
        })
    }

    /// Signed by nobody else.
    pub(crate) fn self_signed() -> Self {
        let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
        Self {
            chain: made.cert.pem(),
            key: made.signing_key.serialize_pem(),
            authority: Self::valid().authority,
        }
    }

    fn signed(change: impl Fn(&mut CertificateParams)) -> Self {
        let mut parameters = CertificateParams::default();
        parameters
            .distinguished_name
            .push(DnType::CommonName, "The test's own authority");
        parameters.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let authority_key = KeyPair::generate().unwrap();
        let authority = CertifiedIssuer::self_signed(parameters, authority_key).unwrap();
        let mut parameters = CertificateParams::new(["localhost".to_owned()]).unwrap();
        change(&mut parameters);
        let key = KeyPair::generate().unwrap();
        let certificate = parameters.signed_by(&key, &authority).unwrap();
        Self {
            chain: certificate.pem(),
            key: key.serialize_pem(),
            authority: authority.pem(),
        }
    }
}
