//! An emulator with an SES client.

use aws_sdk_sesv2 as sesv2;
use reverify::emulator::{MailView, Starting};
use sesv2::config::retry::RetryConfig;
use sesv2::config::{BehaviorVersion, Credentials, Region};
use sesv2::error::{ProvideErrorMetadata, SdkError};
use sesv2::types::{Body, Content, Destination, EmailContent, Message};

use crate::wire::{Reply, send};
use crate::world::World;

/// An account with production access and a verified domain.
pub(crate) const PRODUCTION: &str = "[ses]\nProductionAccessEnabled = true\n\
                                     [[ses_identity]]\nEmailIdentity = \"example.com\"\n";
pub(crate) const SHOP: &str = "shop@example.com";

pub(crate) struct Account {
    pub(crate) world: World,
    pub(crate) ses: sesv2::Client,
}

impl Account {
    /// A new account, in the sandbox.
    pub(crate) fn sandbox() -> Self {
        Self::of("")
    }

    /// What a seed file describes.
    pub(crate) fn of(toml: &str) -> Self {
        let world = World::of(Starting::from_toml(toml).unwrap());
        let ses = sdk(&world);
        Self { world, ses }
    }

    /// Sends a simple mail from the shop.
    pub(crate) async fn send(&self, to: &str) -> Result<String, (String, String)> {
        let sent = self.mail(SHOP, to).send().await;
        sent.map(|sent| sent.message_id.unwrap())
            .map_err(|error| named(&error))
    }

    /// A simple mail that is not sent yet.
    pub(crate) fn mail(
        &self,
        from: &str,
        to: &str,
    ) -> sesv2::operation::send_email::builders::SendEmailFluentBuilder {
        let text = |text: &str| Content::builder().data(text).build().unwrap();
        let body = Body::builder()
            .text(text("Guten Tag"))
            .html(text("<b>Guten Tag</b>"))
            .build();
        let message = Message::builder().subject(text("Grüße")).body(body).build();
        self.ses
            .send_email()
            .from_email_address(from)
            .destination(Destination::builder().to_addresses(to).build())
            .content(EmailContent::builder().simple(message).build())
    }

    /// Asks the control interface.
    pub(crate) fn control(&self, method: &str, path: &str, body: &str) -> Reply {
        let path = format!("/_reverify/v1/ses/{path}");
        let endpoint = self.world.emulator.endpoint();
        send(&endpoint, method, &path, "", body.as_bytes())
    }

    /// To whom mails arrived, in their order.
    pub(crate) fn recipients(&self) -> Vec<String> {
        let mails = self.world.smtp.mails(None, false);
        mails.into_iter().map(|mail| mail.to).collect()
    }
}

/// A client of an emulator's SES.
pub(crate) fn sdk(world: &World) -> sesv2::Client {
    let config = sesv2::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("us-east-1"))
        .endpoint_url(world.emulator.endpoint())
        .credentials_provider(Credentials::new("AKIDTEST", "test", None, None, "test"))
        .retry_config(RetryConfig::disabled())
        .http_client(aws_smithy_http_client::Builder::new().build_http())
        .build();
    sesv2::Client::from_conf(config)
}

/// An error's name and message.
pub(crate) fn named<E: ProvideErrorMetadata, R>(error: &SdkError<E, R>) -> (String, String) {
    let text = |text: Option<&str>| text.unwrap_or_default().to_owned();
    (text(error.code()), text(error.message()))
}

/// The name alone.
pub(crate) fn name<T, E: ProvideErrorMetadata, R>(result: Result<T, SdkError<E, R>>) -> String {
    named(&result.err().unwrap()).0
}
