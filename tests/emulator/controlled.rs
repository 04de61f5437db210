//! The control interface's own client, for tests that wait for nothing else.

use std::time::Duration;

use jiff::Timestamp;
use reverify::control::{ActiveFault, Client, ClientError, ClockState, Effect, Fault, Quotas};
use tokio::runtime::Runtime;

use crate::wire::{Reply, send};
use crate::world::World;

/// A client and a runtime to wait on.
pub(crate) struct Controlled {
    pub(crate) client: Client,
    runtime: Runtime,
    endpoint: String,
}

impl Controlled {
    pub(crate) fn of(world: &World) -> Self {
        let endpoint = world.emulator.endpoint();
        Self {
            client: Client::new(&endpoint).unwrap(),
            runtime: tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .unwrap(),
            endpoint,
        }
    }

    /// Waits for what the client is asked.
    pub(crate) fn wait<T>(&self, asked: impl Future<Output = T>) -> T {
        self.runtime.block_on(asked)
    }

    pub(crate) fn clock(&self) -> ClockState {
        self.wait(self.client.clock()).unwrap()
    }

    pub(crate) fn advance(&self, by: Duration) -> ClockState {
        self.wait(self.client.advance(by)).unwrap()
    }

    pub(crate) fn set_clock(&self, now: Timestamp) -> Result<ClockState, ClientError> {
        self.wait(self.client.set_clock(now))
    }

    pub(crate) fn reset(&self) {
        self.wait(self.client.reset()).unwrap();
    }

    /// Injects a fault for this address.
    pub(crate) fn fault(&self, effect: Effect, address: &str) -> ActiveFault {
        self.inject(&Fault::new(effect).address(address.parse().unwrap()))
    }

    pub(crate) fn inject(&self, fault: &Fault) -> ActiveFault {
        self.wait(self.client.add_fault(fault)).unwrap()
    }

    /// How often the fault struck.
    pub(crate) fn hits(&self, fault: &ActiveFault) -> u32 {
        let faults = self.wait(self.client.faults()).unwrap();
        let found = faults.iter().find(|active| active.id == fault.id);
        found.unwrap().hits
    }

    pub(crate) fn set_quotas(&self, quotas: &Quotas) {
        assert_eq!(self.wait(self.client.set_quotas(quotas)).unwrap(), *quotas);
    }

    /// One request as bytes, for what the client would not send.
    pub(crate) fn raw(&self, method: &str, below: &str, body: &str) -> Reply {
        let path = format!("/_reverify/v1/{below}");
        send(&self.endpoint, method, &path, "", body.as_bytes())
    }
}
