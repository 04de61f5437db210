//! An embedded target whose diagnosis may not read everything, as where a policy of IAM grants less.

use std::sync::Arc;

use reverify::control::{self, Effect, Fault};
use reverify::diagnosis::LogPlaces;
use reverify::embedded::{Embedded, EmbeddedSettings};
use reverify::steps::{Accounts, NoAccount, OwnAccount, Surroundings, Target};
use tokio::runtime::Handle;

/// The access key with which the diagnosis signs at an emulator.
const DIAGNOSIS: &str = "diagnosis";

/// A target that denies the diagnosis these actions, in the accounts of single scenarios too.
pub(super) async fn denying(actions: &[&str]) -> (Embedded, Target) {
    let embedded = Embedded::start(EmbeddedSettings::shared()).unwrap();
    let mut target = embedded.target();
    let faults: Vec<_> = actions.iter().map(|action| denial(action)).collect();
    let around = Arc::into_inner(target.surroundings.take().unwrap()).unwrap();
    inject(&around.control, &faults).await;
    target.surroundings = Some(Arc::new(Surroundings {
        accounts: Arc::new(DenyingAccounts {
            accounts: Arc::clone(&around.accounts),
            faults,
        }),
        ..around
    }));
    (embedded, target)
}

fn denial(action: &str) -> Fault {
    Fault::new(Effect::DenyAccess {})
        .operation(action.parse().unwrap())
        .caller(DIAGNOSIS.parse().unwrap())
}

async fn inject(control: &control::Client, faults: &[Fault]) {
    for fault in faults {
        control.add_fault(fault).await.unwrap();
    }
}

/// Opens accounts in which the same is denied.
struct DenyingAccounts {
    accounts: Arc<dyn Accounts>,
    faults: Vec<Fault>,
}

impl Accounts for DenyingAccounts {
    fn open(&self, places: LogPlaces) -> Result<OwnAccount, NoAccount> {
        let account = self.accounts.open(places)?;
        let around = account.target.surroundings.as_ref().unwrap();
        // A thread that may block: the scenario waits for it without holding up others.
        Handle::current().block_on(inject(&around.control, &self.faults));
        Ok(account)
    }
}
