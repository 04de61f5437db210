//! Where evidence comes from: the only I/O of the diagnosis, over the AWS SDKs.
//!
//! [`Sources`] asks all services side by side under one deadline. Each place has its own outcome, so
//! that one which is closed, slow or missing leaves the others as they are. Asking and understanding
//! are apart: functions that convert answers do no I/O.

mod clients;
mod collect;
mod collected;
mod function_line;
mod functions;
mod insights;
mod invocations;
mod lag;
mod log;
mod lookup;
mod miss;
mod notifications;
mod permission;
mod person;
mod pool;
mod query_text;
mod round;
mod server_date;
mod ses;
mod ses_events;
mod ses_round;
mod ses_settings;
mod shown;
mod trail_events;
mod users;
mod values;

pub use collect::{LogPlaces, Sources};
pub use permission::PERMISSIONS;
