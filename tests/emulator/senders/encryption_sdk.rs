//! A reader of the AWS Encryption SDK's messages, written from their documentation and sharing
//! nothing with the writer:
//! <https://docs.aws.amazon.com/encryption-sdk/latest/developer-guide/message-format.html>.

use std::collections::BTreeMap;

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use aws_lc_rs::hkdf::{HKDF_SHA384, Salt};
use aws_lc_rs::signature::{ECDSA_P384_SHA384_ASN1, UnparsedPublicKey};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;

/// A message, taken apart.
#[derive(Debug)]
pub(super) struct Message {
    bytes: Vec<u8>,
    pub(super) version: u8,
    pub(super) kind: u8,
    pub(super) algorithm: u16,
    id: [u8; 16],
    /// Bytes of the encryption context.
    pub(super) context_bytes: u16,
    pub(super) context: BTreeMap<String, String>,
    pub(super) provider: String,
    pub(super) key: String,
    pub(super) data_key: Vec<u8>,
    /// Where the header ends and its authentication begins.
    header_end: usize,
    header_nonce: [u8; 12],
    header_tag: [u8; 16],
    frame: Frame,
    /// Where the signature's length stands.
    body_end: usize,
    signature: Vec<u8>,
}

#[derive(Debug)]
struct Frame {
    number: u32,
    nonce: [u8; 12],
    length: u32,
    sealed: Vec<u8>,
}

/// Bytes that are read from the front.
struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Reader<'_> {
    fn take<const N: usize>(&mut self) -> [u8; N] {
        let taken = self.bytes[self.at..self.at + N].try_into().unwrap();
        self.at += N;
        taken
    }

    fn take_sized(&mut self) -> Vec<u8> {
        let length = usize::from(u16::from_be_bytes(self.take()));
        let taken = self.bytes[self.at..self.at + length].to_vec();
        self.at += length;
        taken
    }

    fn take_text(&mut self) -> String {
        String::from_utf8(self.take_sized()).unwrap()
    }
}

impl Message {
    /// Reads the base64 of an event.
    pub(super) fn parse(code: &str) -> Self {
        let bytes = BASE64_STANDARD.decode(code).unwrap();
        let mut reader = Reader {
            bytes: &bytes,
            at: 0,
        };
        let [version, kind] = reader.take();
        let algorithm = u16::from_be_bytes(reader.take());
        let id = reader.take();
        let context_bytes = u16::from_be_bytes(reader.take());
        let context_end = reader.at + usize::from(context_bytes);
        let pairs = u16::from_be_bytes(reader.take());
        let context = (0..pairs).map(|_| (reader.take_text(), reader.take_text()));
        let context = context.collect();
        assert_eq!(reader.at, context_end, "the length of the context is wrong");
        assert_eq!(u16::from_be_bytes(reader.take()), 1, "one data key");
        let (provider, key) = (reader.take_text(), reader.take_text());
        let data_key = reader.take_sized();
        let [framed, reserved @ .., nonce_length] = reader.take::<6>();
        assert_eq!((framed, reserved, nonce_length), (2, [0; 4], 12));
        assert_eq!(u32::from_be_bytes(reader.take()), 4096, "bytes of a frame");
        let header_end = reader.at;
        let (header_nonce, header_tag) = (reader.take(), reader.take());
        assert_eq!(reader.take(), [0xff; 4], "the first frame is the last");
        let number = u32::from_be_bytes(reader.take());
        let nonce = reader.take();
        let length = u32::from_be_bytes(reader.take());
        let sealed_end = reader.at + usize::try_from(length).unwrap() + 16;
        let sealed = bytes[reader.at..sealed_end].to_vec();
        reader.at = sealed_end;
        let signature = reader.take_sized();
        assert_eq!(reader.at, bytes.len(), "something follows the signature");
        Self {
            version,
            kind,
            algorithm,
            id,
            context_bytes,
            context,
            provider,
            key,
            data_key,
            header_end,
            header_nonce,
            header_tag,
            frame: Frame {
                number,
                nonce,
                length,
                sealed,
            },
            body_end: sealed_end,
            signature,
            bytes,
        }
    }

    /// Verifies the signature and the header, and decrypts the body with the data key that KMS gave.
    pub(super) fn open(&self, data_key: &[u8]) -> String {
        let verifier = &self.context["aws-crypto-public-key"];
        let verifier = BASE64_STANDARD.decode(verifier).unwrap();
        assert_eq!(verifier.len(), 49, "a compressed point of P-384");
        let verifier = UnparsedPublicKey::new(&ECDSA_P384_SHA384_ASN1, verifier);
        let signed = &self.bytes[..self.body_end];
        verifier.verify(signed, &self.signature).unwrap();

        let info = [&self.algorithm.to_be_bytes()[..], &self.id];
        let derived = Salt::new(HKDF_SHA384, &[0; 48]).extract(data_key);
        let derived = derived.expand(&info, &AES_256_GCM).unwrap();
        let cipher = LessSafeKey::new(UnboundKey::from(derived));
        let mut tag = self.header_tag;
        let nonce = Nonce::assume_unique_for_key(self.header_nonce);
        let header = Aad::from(&self.bytes[..self.header_end]);
        assert!(cipher.open_in_place(nonce, header, &mut tag).is_ok());

        let Frame {
            number,
            nonce,
            length,
            sealed,
        } = &self.frame;
        let mut aad = self.id.to_vec();
        aad.extend(b"AWSKMSEncryptionClient Final Frame");
        aad.extend(number.to_be_bytes());
        aad.extend(u64::from(*length).to_be_bytes());
        let mut opened = sealed.clone();
        let nonce = Nonce::assume_unique_for_key(*nonce);
        let text = cipher.open_in_place(nonce, Aad::from(aad), &mut opened);
        String::from_utf8(text.unwrap().to_vec()).unwrap()
    }
}
